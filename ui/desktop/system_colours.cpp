#include "ui/desktop/system_colours.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include "ui/desktop/bus_line.h"

namespace aap {
namespace {

const QString kPortal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPortalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kPortalSettings = QStringLiteral("org.freedesktop.portal.Settings");
const QString kAppearance = QStringLiteral("org.freedesktop.appearance");
const QString kColorScheme = QStringLiteral("color-scheme");

/// Old portals put a variant into a variant.
QVariant unwrapped(QVariant value)
{
    while (value.metaType() == QMetaType::fromType<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value;
}

} // namespace

SystemColours::SystemColours(BusLine& session, QObject* parent) : QObject(parent), m_session(session)
{
    connect(&session, &BusLine::opened, this, &SystemColours::ask);
    if (session.connection())
        ask();
}

void SystemColours::ask()
{
    auto bus = *m_session.connection();
    qRegisterMetaType<QDBusVariant>(); // by whose name the slot is found
    // Without the sender's name: Qt would wait for the bus to tell who owns it.
    bus.connect({}, kPortalPath, kPortalSettings, QStringLiteral("SettingChanged"), this, SLOT(settingChanged(QString, QString, QDBusVariant)));
    auto question = QDBusMessage::createMethodCall(kPortal, kPortalPath, kPortalSettings, QStringLiteral("Read"));
    question << kAppearance << kColorScheme;
    auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        answer->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *answer;
        if (reply.isValid())
            take(reply.value().variant());
    });
}

void SystemColours::settingChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group == kAppearance && key == kColorScheme)
        take(value.variant());
}

void SystemColours::take(const QVariant& value)
{
    bool isNumber = false;
    const auto scheme = unwrapped(value).toUInt(&isNumber);
    std::optional<bool> wants;
    if (isNumber && (scheme == 1 || scheme == 2)) // 0: no wish; others are not ours to guess
        wants = scheme == 1;
    if (wants == m_wantsDark)
        return;
    m_wantsDark = wants;
    emit changed(wants);
}

} // namespace aap
