#pragma once

#include <memory>

#include <QObject>
#include <QString>

class QMenu;
class QSystemTrayIcon;

namespace aap {

class BusLine;

/// An icon in the desktop's tray while work goes on, when the desktop has a tray. A click brings the window back.
class TrayIcon : public QObject {
    Q_OBJECT

public:
    explicit TrayIcon(BusLine& session, QObject* parent = nullptr);
    ~TrayIcon() override;

    /// Empty: nothing is at work, and there is no icon. One line, plain text.
    void setWork(const QString& what);
    bool isShown() const;

signals:
    void openAsked();

private:
    void ask();
    void refresh();

    BusLine& m_session;
    bool m_hasTray = false;
    QString m_work;
    std::unique_ptr<QMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon;
};

} // namespace aap
