#include <cstdio>
#include <filesystem>

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>

#include "app/composition.h"
#include "app/desktop/composed_workbench.h"
#include "core/base/process.h"
#include "ui/describe.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

namespace {

/// Settings that cannot be read leave nothing to show but why.
int explain(const aap::Error& error)
{
    std::fprintf(stderr, "agent-pipeline-gui: %s. %s\n", error.text().c_str(), error.remedy.c_str());
    QMessageBox box(QMessageBox::Warning, QApplication::applicationDisplayName(), aap::describe(error));
    box.setTextFormat(Qt::PlainText);
    box.open();
    QObject::connect(&box, &QDialog::finished, qApp, &QApplication::quit);
    QApplication::exec();
    return 2;
}

} // namespace

int main(int argc, char** argv)
{
    aap::protectProcess();
    const QApplication program(argc, argv);
    QApplication::setApplicationName(QStringLiteral("agent-pipeline"));
    QApplication::setApplicationDisplayName(QStringLiteral("Agent Pipeline"));
    QApplication::setApplicationVersion(QStringLiteral(AAP_VERSION));
    QCommandLineParser options;
    options.setApplicationDescription(QStringLiteral("Five agents turn requirements into a verified project."));
    options.addHelpOption();
    options.addVersionOption();
    options.process(program);
    aap::applyScheme(aap::Scheme::System);
    const auto composition = aap::Composition::make({.environment = aap::processEnvironment(), .workingFolder = std::filesystem::current_path()});
    if (!composition)
        return explain(composition.error());
    aap::ComposedWorkbench workbench(**composition);
    aap::MainWindow window(workbench, QString::fromStdString(((*composition)->folders().data / "draft.md").string()));
    window.show();
    return QApplication::exec();
}
