#include "ui/shell/main_window.h"

namespace aap {

MainWindow::MainWindow(QWidget* parent) :
    QMainWindow(parent)
{
    setWindowTitle(tr("Agent Pipeline"));
    setMinimumSize(960, 600);
    resize(1280, 800);
}

} // namespace aap
