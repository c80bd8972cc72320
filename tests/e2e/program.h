#pragma once

#include <memory>

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace aap::e2e {

inline const QByteArray kKey = "sk-ant-test-0123456789abcdefghijklmnopqrstuv";

/// How a program ended and what it said.
struct Ended {
    int exitCode = -1;
    QByteArray out{};
    QByteArray err{};
};

/// The real binary in a home of its own: no settings, key or history of the person who runs the tests are found.
class Home {
public:
    Home();

    QString path(const QString& relative = {}) const { return m_folder.filePath(relative); }
    void write(const QString& relative, const QByteArray& content, QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner) const;
    QByteArray read(const QString& relative) const;
    void set(const QString& name, const QString& value) { m_environment.insert(name, value); }
    const QProcessEnvironment& environment() const { return m_environment; }

    /// Starts agent-pipeline with its working directory here; standard input is closed at once.
    std::unique_ptr<QProcess> start(const QStringList& arguments) const;
    Ended run(const QStringList& arguments, int timeoutMs = 240'000) const;

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
};

/// A fake Messages API in a process of its own.
class FakeApi {
public:
    explicit FakeApi(const QStringList& arguments);
    ~FakeApi();
    QString url() const { return m_url; }

private:
    QProcess m_process;
    QString m_url;
};

/// Ids of containers, or networks, that carry `label`, by the engine's own answer.
QStringList containers(const QString& label);
QStringList networks(const QString& label);
QJsonObject parsed(const QByteArray& json);

} // namespace aap::e2e
