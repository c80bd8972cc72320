#pragma once

#include <optional>

#include <QDBusVariant>
#include <QObject>

class QDBusPendingCallWatcher;

namespace aap {

class BusLine;

/// Whether the desktop wants dark or light windows, as its portal says and goes on saying.
class SystemColours : public QObject {
    Q_OBJECT

public:
    explicit SystemColours(BusLine& session, QObject* parent = nullptr);

    /// Empty: the desktop has no wish, or nobody to ask.
    std::optional<bool> wantsDark() const { return m_wantsDark; }

signals:
    void changed(std::optional<bool> wantsDark);

private slots:
    void settingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void ask();
    void take(const QVariant& value);

    BusLine& m_session;
    std::optional<bool> m_wantsDark;
};

} // namespace aap
