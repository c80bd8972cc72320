#include "ui/desktop/bus_line.h"

#include <atomic>
#include <mutex>
#include <thread>

#include <QFileInfo>

namespace aap {
namespace {

/// Where libdbus would look, too; empty where it would start a bus of its own.
QString addressOf(BusLine::Bus bus)
{
    const bool isSession = bus == BusLine::Bus::Session;
    const auto named = qEnvironmentVariable(isSession ? "DBUS_SESSION_BUS_ADDRESS" : "DBUS_SYSTEM_BUS_ADDRESS");
    if (!named.isEmpty())
        return named;
    const auto socket = isSession ? qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus") : QStringLiteral("/run/dbus/system_bus_socket");
    return QFileInfo::exists(socket) ? QStringLiteral("unix:path=") + socket : QString();
}

QString newConnectionName()
{
    static std::atomic<int> made = 0;
    return QStringLiteral("agent-pipeline-%1").arg(++made);
}

} // namespace

struct BusLine::Caller {
    std::mutex mutex{};
    BusLine* line = nullptr; ///< guarded by mutex; null when the line has gone
};

BusLine::BusLine(Bus bus, QObject* parent) :
    QObject(parent), m_caller(std::make_shared<Caller>()), m_name(newConnectionName())
{
    m_caller->line = this;
    const auto address = addressOf(bus);
    if (address.isEmpty()) {
        QMetaObject::invokeMethod(this, &BusLine::missing, Qt::QueuedConnection);
        return;
    }
    std::thread([caller = m_caller, name = m_name, address] {
        const auto made = QDBusConnection::connectToBus(address, name);
        const std::lock_guard lock(caller->mutex);
        if (caller->line != nullptr)
            QMetaObject::invokeMethod(caller->line, [line = caller->line, made] { line->take(made); }, Qt::QueuedConnection);
        else
            QDBusConnection::disconnectFromBus(name);
    }).detach(); // it may hang as long as the bus does, and ends with the program
}

BusLine::~BusLine()
{
    {
        const std::lock_guard lock(m_caller->mutex);
        m_caller->line = nullptr;
    }
    if (!m_connection)
        return; // while one is being made Qt holds a lock that the next line would wait for
    m_connection.reset();
    QDBusConnection::disconnectFromBus(m_name);
}

void BusLine::take(const QDBusConnection& connection)
{
    if (!connection.isConnected()) {
        emit missing();
        return;
    }
    m_connection = connection;
    emit opened();
}

} // namespace aap
