#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <QDBusUnixFileDescriptor>
#include <QDBusVariant>
#include <QList>
#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace aap {

/// The desktop's portal, as far as it tells of colours.
class FakePortal : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

public:
    QVariant scheme = 0U;
    int asked = 0;

public slots:
    QDBusVariant Read(const QString& group, const QString& key)
    {
        ++asked;
        const bool isOurs = group == QStringLiteral("org.freedesktop.appearance") && key == QStringLiteral("color-scheme");
        return QDBusVariant(QVariant::fromValue(QDBusVariant(isOurs ? scheme : QVariant(QStringLiteral("?"))))); // one in another, as portals do
    }

signals:
    void SettingChanged(const QString& group, const QString& key, const QDBusVariant& value);
};

/// A notification server that keeps what it was asked to show.
class FakeNotices : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Shown {
        QString program{};
        uint replaces = 0;
        QString title{};
        QString body{};
        QStringList actions{};
        QVariantMap hints{};
    };
    QStringList capabilities{QStringLiteral("body"), QStringLiteral("actions")};
    QList<Shown> shown{};

public slots:
    QStringList GetCapabilities() { return capabilities; }
    uint Notify(const QString& program, uint replaces, const QString& /*icon*/, const QString& title, const QString& body,
                const QStringList& actions, const QVariantMap& hints, int /*milliseconds*/)
    {
        shown.append({program, replaces, title, body, actions, hints});
        return replaces != 0 ? replaces : uint(41 + shown.size());
    }

signals:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);
};

/// The login service, which hands out the end of a pipe and so sees whether it is still held.
class FakeLogin : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")

public:
    ~FakeLogin() override { end(); }

    QStringList asked{};
    bool isHeld() const
    {
        char letter = 0;
        return m_held >= 0 && ::read(m_held, &letter, 1) != 0; // 0: nobody has the other end any more
    }

public slots:
    QDBusUnixFileDescriptor Inhibit(const QString& what, const QString& who, const QString& why, const QString& mode)
    {
        end();
        asked = {what, who, why, mode};
        std::array<int, 2> pipe{};
        if (::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            return {};
        m_held = pipe[0];
        const QDBusUnixFileDescriptor given(pipe[1]); // a copy
        ::close(pipe[1]);
        return given;
    }

private:
    void end()
    {
        if (m_held >= 0)
            ::close(m_held);
        m_held = -1;
    }

    int m_held = -1;
};

} // namespace aap
