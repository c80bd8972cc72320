#pragma once

#include <QAction>
#include <QHash>

class QMainWindow;
class QMenu;

namespace aap {

/// Every action of the window in its menu, and the few of the tool bar. What they do is the window's affair.
class WindowActions : public QObject {
    Q_OBJECT

public:
    explicit WindowActions(QMainWindow& window);

    QAction* operator[](const char* name) const;
    template <typename Receiver, typename Slot>
    void on(const char* name, Receiver* receiver, Slot slot) const
    {
        connect((*this)[name], &QAction::triggered, receiver, std::move(slot));
    }
    QList<QAction*> all() const { return m_all; }

private:
    QAction* add(QMenu* menu, const char* name, const QString& label, const QKeySequence& keys, const QString& tip);
    void makeFileMenu(QMainWindow& window);
    void makeEditMenu(QMainWindow& window);
    void makeViewMenu(QMainWindow& window);
    void makeSchemes(QMenu* view);
    void makeRunMenu(QMainWindow& window);
    void makeHelpMenu(QMainWindow& window);
    void makeToolBar(QMainWindow& window);

    QHash<QByteArray, QAction*> m_actions;
    QList<QAction*> m_all; ///< in the order of the menus
};

} // namespace aap
