#pragma once

#include <memory>
#include <optional>

#include <QDBusConnection>
#include <QObject>

namespace aap {

/// A connection to one of the machine's message buses, made on a thread of its own: a bus that hangs, or is not there, keeps nobody
/// waiting. Lives on the GUI thread.
class BusLine : public QObject {
    Q_OBJECT

public:
    enum class Bus { Session, System };

    /// Returns at once. Without an address nothing is ever tried, and nothing is started either.
    explicit BusLine(Bus bus, QObject* parent = nullptr);
    ~BusLine() override;

    /// Empty until it is open, and for ever when there is no bus. Calls on it must be asynchronous ones.
    const std::optional<QDBusConnection>& connection() const { return m_connection; }

signals:
    /// Once; afterwards connection() is there.
    void opened();
    /// Once, instead of the other: there is no bus, or it does not take us.
    void missing();

private:
    struct Caller;

    void take(const QDBusConnection& connection);

    std::shared_ptr<Caller> m_caller; ///< shared with the thread, which may outlive us
    QString m_name;
    std::optional<QDBusConnection> m_connection;
};

} // namespace aap
