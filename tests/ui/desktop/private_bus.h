#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

namespace aap {

/// A message bus for one test, session's and system's at once, on which nothing is started by itself.
class PrivateBus {
public:
    PrivateBus();
    ~PrivateBus();
    PrivateBus(const PrivateBus&) = delete;
    PrivateBus& operator=(const PrivateBus&) = delete;

    /// Puts `object` behind a well-known name, on a connection of its own.
    void serve(const QString& name, const QString& path, QObject& object);

private:
    QTemporaryDir m_folder;
    QProcess m_daemon;
    QString m_address;
    QStringList m_names;
};

/// As long as it lives the program has no bus at all.
class NoBus {
public:
    NoBus();
    ~NoBus();
    NoBus(const NoBus&) = delete;
    NoBus& operator=(const NoBus&) = delete;

private:
    QByteArray m_runtime;
};

} // namespace aap
