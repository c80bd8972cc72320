#include <QApplication>

#include "ui/shell/main_window.h"

int main(int argc, char** argv)
{
    const QApplication program(argc, argv);
    QApplication::setApplicationName(QStringLiteral("agent-pipeline"));
    QApplication::setApplicationVersion(QStringLiteral(AAP_VERSION));
    aap::MainWindow window;
    window.show();
    return QApplication::exec();
}
