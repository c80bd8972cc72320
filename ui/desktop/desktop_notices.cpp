#include "ui/desktop/desktop_notices.h"

#include <algorithm>

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QGuiApplication>
#include <QVariantMap>

#include "ui/desktop/bus_line.h"

namespace aap {
namespace {

const QString kNotices = QStringLiteral("org.freedesktop.Notifications");
const QString kNoticesPath = QStringLiteral("/org/freedesktop/Notifications");
constexpr int kLongestNotice = 300;
constexpr int kServersOwnTime = -1;

QDBusMessage noticeCall(const QString& method)
{
    return QDBusMessage::createMethodCall(kNotices, kNoticesPath, kNotices, method);
}

/// One line or a few, without what could steer a terminal or turn the reading direction around.
QString plainNotice(const QString& text)
{
    QString plain;
    for (const QChar c : text.left(4 * kLongestNotice)) {
        const auto category = c.category();
        if (c == QLatin1Char('\n') || (category != QChar::Other_Control && category != QChar::Other_Format))
            plain += c;
    }
    plain = plain.trimmed();
    if (plain.size() > kLongestNotice)
        plain = plain.left(kLongestNotice - 1) + QChar(0x2026);
    return plain;
}

} // namespace

DesktopNotices::DesktopNotices(BusLine& session, QObject* parent) : QObject(parent), m_session(session)
{
    connect(&session, &BusLine::opened, this, &DesktopNotices::listen);
    if (session.connection())
        listen();
}

void DesktopNotices::listen()
{
    auto bus = *m_session.connection();
    // Without the sender's name: Qt would wait for the bus to tell who owns it.
    bus.connect({}, kNoticesPath, kNotices, QStringLiteral("ActionInvoked"), this, SLOT(actionInvoked(uint, QString)));
    bus.connect({}, kNoticesPath, kNotices, QStringLiteral("ActivationToken"), this, SLOT(activationToken(uint, QString)));
    bus.connect({}, kNoticesPath, kNotices, QStringLiteral("NotificationClosed"), this, SLOT(notificationClosed(uint, uint)));
}

void DesktopNotices::show(const Notice& notice)
{
    if (!m_session.connection()) {
        emit notShown();
        return;
    }
    // Asked each time, for servers come and go: one that reads markup must be given text that has none.
    auto* answer = new QDBusPendingCallWatcher(m_session.connection()->asyncCall(noticeCall(QStringLiteral("GetCapabilities"))), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer, notice] {
        answer->deleteLater();
        const QDBusPendingReply<QStringList> capabilities = *answer;
        if (capabilities.isValid())
            send(notice, capabilities.value().contains(QStringLiteral("body-markup")));
        else
            emit notShown();
    });
}

void DesktopNotices::send(const Notice& notice, bool serverReadsMarkup)
{
    const auto body = plainNotice(notice.body);
    const QVariantMap hints{{QStringLiteral("desktop-entry"), QStringLiteral(AAP_APP_ID)},
                            {QStringLiteral("urgency"), QVariant::fromValue(uchar(notice.urgent ? 2 : 1))}};
    // "default" is a click on the message; some servers know only buttons, so there is one as well.
    const QStringList actions{QStringLiteral("default"), tr("Open"), QStringLiteral("open"), tr("Open")};
    const auto earlier = m_idOfRun.find(notice.run);
    auto call = noticeCall(QStringLiteral("Notify"));
    call << QGuiApplication::applicationDisplayName() << (earlier == m_idOfRun.end() ? 0U : earlier->second) << QStringLiteral(AAP_APP_ID)
         << plainNotice(notice.title) << (serverReadsMarkup ? body.toHtmlEscaped() : body) << actions << hints << kServersOwnTime;
    auto* answer = new QDBusPendingCallWatcher(m_session.connection()->asyncCall(call), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer, run = notice.run] {
        answer->deleteLater();
        const QDBusPendingReply<uint> id = *answer;
        if (id.isValid())
            m_idOfRun[run] = id.value();
        else
            emit notShown();
    });
}

void DesktopNotices::actionInvoked(uint id, const QString& /*action*/)
{
    const auto found = std::ranges::find(m_idOfRun, id, [](const auto& entry) { return entry.second; });
    if (found != m_idOfRun.end())
        emit openAsked(found->first);
}

void DesktopNotices::activationToken(uint id, const QString& token)
{
    if (std::ranges::any_of(m_idOfRun, [id](const auto& entry) { return entry.second == id; }))
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8()); // Qt takes it from there when the window is raised next
}

void DesktopNotices::notificationClosed(uint id, uint /*reason*/)
{
    std::erase_if(m_idOfRun, [id](const auto& entry) { return entry.second == id; });
}

} // namespace aap
