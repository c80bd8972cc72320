#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QIcon>
#include <QMessageBox>
#include <QUrl>

#include "app/composition.h"
#include "app/desktop/composed_workbench.h"
#include "core/base/paths.h"
#include "core/base/process.h"
#include "core/config/keychain_store.h"
#include "ui/describe.h"
#include "ui/desktop/desktop_integration.h"
#include "ui/desktop/single_instance.h"
#include "ui/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
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

constexpr const char* kLanguage = "language";

/// Before there is a QApplication, which wants a display: who only asks for the version may have none.
bool asksForText(int argc, char** argv)
{
    return std::any_of(argv + 1, argv + argc, [](const std::string_view argument) {
        return argument == "--version" || argument == "-v" || argument == "--help" || argument == "--help-all" || argument == "-h";
    });
}

void readArguments(const QCoreApplication& program, QCommandLineParser& options)
{
    options.addOption({QString::fromLatin1(kLanguage), QStringLiteral("Speak another language than the system's: en or de."), QStringLiteral("code")});
    options.setApplicationDescription(QStringLiteral("Five agents turn requirements into a verified project."));
    options.addHelpOption();
    options.addVersionOption();
    options.addPositionalArgument(QStringLiteral("files"), QStringLiteral("Projects, folders or URLs to open."), QStringLiteral("[file…]"));
    options.process(program);
}

QString memoryFile(const aap::AppFolders& folders)
{
    return QString::fromStdString((folders.state / "window.ini").string());
}

/// As the command line says, or the window's settings, or the system.
void speakAsWished(QCoreApplication& program, const QCommandLineParser& options, const aap::Environment& environment)
{
    auto wish = options.value(QString::fromLatin1(kLanguage));
    if (const auto folders = aap::appFolders(environment); folders && wish.isEmpty())
        wish = aap::rememberedLanguage(memoryFile(*folders));
    aap::speak(program, aap::localeFor(wish));
}

/// Null: a window that is open already has taken over.
aap::Result<std::unique_ptr<aap::SingleInstance>> enter(const aap::Environment& environment, const QStringList& arguments)
{
    const auto folders = aap::appFolders(environment);
    if (!folders)
        return folders.error();
    if (auto made = aap::makePrivateFolder(folders->runtime); !made)
        return std::move(made).error();
    auto instance = std::make_unique<aap::SingleInstance>(folders->runtime);
    const auto role = instance->begin(arguments);
    if (!role)
        return role.error();
    if (*role == aap::SingleInstance::Role::HandedOver)
        instance.reset();
    return instance;
}

/// Projects by path or URL; what is none is said in the window.
void openAll(aap::MainWindow& window, const QStringList& named)
{
    for (const auto& place : named)
        window.openProject(QUrl::fromUserInput(place, QDir::currentPath(), QUrl::AssumeLocalFile).toLocalFile());
}

void connectDesktop(aap::DesktopIntegration& desktop, aap::ComposedWorkbench& workbench, aap::MainWindow& window, const aap::SingleInstance& instance)
{
    workbench.watchRuns([&desktop](std::shared_ptr<aap::RunObserver> observer) { return desktop.watched(std::move(observer)); });
    QObject::connect(&desktop, &aap::DesktopIntegration::coloursChanged, &window, &aap::setDesktopColours);
    QObject::connect(&desktop, &aap::DesktopIntegration::stopAsked, &window, [&workbench, &window] {
        window.saveNow();
        workbench.stopAll();
    });
    QObject::connect(&desktop, &aap::DesktopIntegration::runAsked, &window, &aap::MainWindow::showRun);
    const auto wish = [&desktop, &window] { desktop.setWishes(window.preferences().desktop()); };
    QObject::connect(&window.preferences(), &aap::Preferences::changed, &desktop, wish);
    wish();
    QObject::connect(&instance, &aap::SingleInstance::asked, &desktop, &aap::DesktopIntegration::raise);
    QObject::connect(&instance, &aap::SingleInstance::asked, &window, [&window](const QStringList& urls) { openAll(window, urls); });
}

} // namespace

int main(int argc, char** argv)
{
    aap::protectProcess();
    QCoreApplication::setApplicationName(QStringLiteral("agent-pipeline-gui"));
    QCoreApplication::setApplicationVersion(QStringLiteral(AAP_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Agent Pipeline"));
    QGuiApplication::setDesktopFileName(QStringLiteral(AAP_APP_ID));
    QCommandLineParser options;
    if (asksForText(argc, argv)) {
        readArguments(QCoreApplication(argc, argv), options);
        return 0;
    }
    QApplication program(argc, argv);
    readArguments(program, options);
    QApplication::setWindowIcon(QIcon::fromTheme(QStringLiteral(AAP_APP_ID), QIcon(QStringLiteral(":/icons/agent-pipeline.svg"))));
    aap::applyScheme(aap::Scheme::System);
    const auto environment = aap::processEnvironment();
    speakAsWished(program, options, environment);
    aap::Result<std::unique_ptr<aap::SingleInstance>> instance = enter(environment, options.positionalArguments());
    if (!instance)
        return explain(instance.error());
    if (!*instance)
        return 0;
    const aap::CompositionSettings settings{.environment = environment,
                                            .workingFolder = std::filesystem::current_path(),
                                            .keychain = std::make_shared<aap::KeychainStore>(std::chrono::seconds(5))};
    auto composition = aap::Composition::make(settings);
    if (!composition)
        return explain(composition.error());
    const auto folders = (*composition)->folders();
    aap::ComposedWorkbench workbench(*std::move(composition), settings);
    aap::MainWindow window(workbench, {.draft = QString::fromStdString((folders.data / "draft.agentpipeline").string()),
                                       .memory = memoryFile(folders),
                                       .templates = QString::fromStdString((folders.config / "templates").string())});
    aap::DesktopIntegration desktop(window);
    connectDesktop(desktop, workbench, window, **instance);
    window.show();
    openAll(window, options.positionalArguments());
    return QApplication::exec();
}
