#include "tests/ui/desktop/private_bus.h"

#include <QDBusError>
#include <QFile>

namespace aap {
namespace {

constexpr auto kBusConfig = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%1/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";

} // namespace

PrivateBus::PrivateBus()
{
    QFile config(m_folder.filePath(QStringLiteral("bus.conf")));
    if (!config.open(QIODevice::WriteOnly) || config.write(QString::fromLatin1(kBusConfig).arg(m_folder.path()).toUtf8()) < 0)
        qFatal("the configuration of the bus cannot be written");
    config.close();
    m_daemon.start(QStringLiteral("dbus-daemon"),
                   {QStringLiteral("--nofork"), QStringLiteral("--nosyslog"), QStringLiteral("--print-address"), QStringLiteral("--config-file=") + config.fileName()});
    while (!m_daemon.canReadLine())
        if (!m_daemon.waitForReadyRead(20'000))
            qFatal("dbus-daemon does not start: %s", qPrintable(QString::fromUtf8(m_daemon.readAllStandardError())));
    m_address = QString::fromUtf8(m_daemon.readLine()).trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address.toUtf8());
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_address.toUtf8());
}

PrivateBus::~PrivateBus()
{
    for (const auto& name : m_names)
        QDBusConnection::disconnectFromBus(name);
    m_daemon.kill();
    m_daemon.waitForFinished();
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qunsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

void PrivateBus::serve(const QString& name, const QString& path, QObject& object)
{
    auto bus = QDBusConnection::connectToBus(m_address, name);
    m_names << name;
    if (!bus.registerObject(path, &object, QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals) || !bus.registerService(name))
        qFatal("%s cannot be served: %s", qPrintable(name), qPrintable(bus.lastError().message()));
}

NoBus::NoBus() : m_runtime(qgetenv("XDG_RUNTIME_DIR"))
{
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("XDG_RUNTIME_DIR", "/nonexistent");
}

NoBus::~NoBus()
{
    qputenv("XDG_RUNTIME_DIR", m_runtime);
}

} // namespace aap
