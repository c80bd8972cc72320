#pragma once

#include <QMainWindow>

namespace aap {

/// The one window of the program.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
};

} // namespace aap
