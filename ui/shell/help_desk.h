#pragma once

#include <QObject>

class QWidget;

namespace aap {

class WindowActions;

/// What explains the program: every action by its words, every key, what each page is for, and whose work it is.
class HelpDesk : public QObject {
    Q_OBJECT

public:
    HelpDesk(WindowActions& actions, QWidget* window);

    /// What the page with this number is for, 0 for the first; other topics follow.
    void explain(int topic);
    void showKeys();
    void showPalette();
    void showAbout();

private:
    WindowActions& m_actions;
    QWidget* m_window;
};

} // namespace aap
