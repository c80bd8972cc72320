#include "ui/desktop/keep_awake.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QGuiApplication>

#include "ui/desktop/bus_line.h"

namespace aap {

KeepAwake::KeepAwake(BusLine& system, QObject* parent) : QObject(parent), m_system(system)
{
    connect(&system, &BusLine::opened, this, &KeepAwake::ask);
}

void KeepAwake::setWorking(bool working, const QString& why)
{
    if (working == m_working)
        return;
    m_working = working;
    m_why = why;
    if (working)
        ask();
    else
        drop();
}

void KeepAwake::ask()
{
    if (!m_working || m_asked || isHeld() || !m_system.connection())
        return;
    m_asked = true;
    auto call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"),
                                               QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("Inhibit"));
    call << QStringLiteral("sleep:idle") << QGuiApplication::applicationDisplayName() << m_why << QStringLiteral("block");
    auto* answer = new QDBusPendingCallWatcher(m_system.connection()->asyncCall(call), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        m_asked = false;
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *answer;
        if (!reply.isValid())
            return;
        m_hold = reply.value();
        if (!m_working)
            return drop(); // the work was quicker than the answer
        emit changed();
    });
}

void KeepAwake::drop()
{
    if (!isHeld())
        return;
    m_hold = QDBusUnixFileDescriptor();
    emit changed();
}

} // namespace aap
