#include "ui/desktop/tray_icon.h"

#include <QApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QMenu>
#include <QSystemTrayIcon>

#include "ui/desktop/bus_line.h"

namespace aap {

TrayIcon::TrayIcon(BusLine& session, QObject* parent) : QObject(parent), m_session(session)
{
    connect(&session, &BusLine::opened, this, &TrayIcon::ask);
    if (session.connection())
        ask();
}

TrayIcon::~TrayIcon() = default;

void TrayIcon::setWork(const QString& what)
{
    m_work = what;
    refresh();
}

bool TrayIcon::isShown() const
{
    return m_icon != nullptr;
}

void TrayIcon::ask()
{
    // Qt would ask as well, and wait for the answer; so it is only let to where one is known to come.
    auto question = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
                                                   QStringLiteral("org.freedesktop.DBus"), QStringLiteral("NameHasOwner"));
    question << QStringLiteral("org.kde.StatusNotifierWatcher");
    auto* answer = new QDBusPendingCallWatcher(m_session.connection()->asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        const QDBusPendingReply<bool> reply = *answer;
        m_hasTray = reply.isValid() && reply.value() && QSystemTrayIcon::isSystemTrayAvailable();
        refresh();
    });
}

void TrayIcon::refresh()
{
    if (!m_hasTray || m_work.isEmpty()) {
        m_icon.reset();
        m_menu.reset();
        return;
    }
    if (!m_icon) {
        m_icon = std::make_unique<QSystemTrayIcon>(QApplication::windowIcon());
        m_menu = std::make_unique<QMenu>();
        connect(m_menu->addAction(tr("Show window")), &QAction::triggered, this, &TrayIcon::openAsked);
        connect(m_icon.get(), &QSystemTrayIcon::activated, this, &TrayIcon::openAsked);
        m_icon->setContextMenu(m_menu.get());
        m_icon->show();
    }
    m_icon->setToolTip(m_work.toHtmlEscaped()); // some trays read markup
}

} // namespace aap
