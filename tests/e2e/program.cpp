#include "tests/e2e/program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

namespace aap::e2e {

Home::Home()
{
    m_environment = QProcessEnvironment::systemEnvironment();
    for (const auto& name : m_environment.keys())
        if (name.startsWith(QStringLiteral("ANTHROPIC_")) || name.startsWith(QStringLiteral("DOCKER_")))
            m_environment.remove(name);
    for (const auto& [name, folder] : {std::pair{"HOME", "home"}, {"XDG_CONFIG_HOME", "config"}, {"XDG_DATA_HOME", "data"},
                                       {"XDG_STATE_HOME", "state"}, {"XDG_CACHE_HOME", "cache"}, {"XDG_RUNTIME_DIR", "runtime"}}) {
        QDir().mkpath(path(QLatin1String(folder)));
        QFile::setPermissions(path(QLatin1String(folder)), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        m_environment.insert(QLatin1String(name), path(QLatin1String(folder)));
    }
    m_environment.insert(QStringLiteral("WORKSPACE_PATH"), path(QStringLiteral("workspaces")));
    m_environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    m_environment.remove(QStringLiteral("DISPLAY"));
}

void Home::write(const QString& relative, const QByteArray& content, QFile::Permissions permissions) const
{
    QDir().mkpath(QFileInfo(path(relative)).path());
    QFile file(path(relative));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(path(relative)));
    file.setPermissions(permissions);
}

QByteArray Home::read(const QString& relative) const
{
    QFile file(path(relative));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::unique_ptr<QProcess> Home::start(const QStringList& arguments) const
{
    auto program = std::make_unique<QProcess>();
    program->setProcessEnvironment(m_environment);
    program->setWorkingDirectory(path());
    program->start(QStringLiteral(AAP_BINARY_DIR "/bin/agent-pipeline"), arguments);
    program->closeWriteChannel();
    return program;
}

Ended Home::run(const QStringList& arguments, int timeoutMs) const
{
    const auto program = start(arguments);
    if (!program->waitForFinished(timeoutMs)) {
        program->kill();
        program->waitForFinished();
        return {.exitCode = -1, .out = program->readAllStandardOutput(), .err = program->readAllStandardError() + "\n(it did not end in time)"};
    }
    return {.exitCode = program->exitStatus() == QProcess::NormalExit ? program->exitCode() : -2,
            .out = program->readAllStandardOutput(),
            .err = program->readAllStandardError()};
}

FakeApi::FakeApi(const QStringList& arguments)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral(AAP_BINARY_DIR "/tests/fake-messages-api"), arguments);
    while (!m_process.canReadLine() && m_process.waitForReadyRead(10'000)) { }
    m_url = QString::fromUtf8(m_process.readLine()).trimmed();
}

FakeApi::~FakeApi()
{
    m_process.kill();
    m_process.waitForFinished();
}

namespace {

QStringList idsAt(const QString& path, const QString& label)
{
    const auto filters = QUrl::toPercentEncoding(QStringLiteral(R"({"label":["%1"]})").arg(label));
    QProcess curl;
    curl.start(QStringLiteral("curl"),
               {QStringLiteral("--silent"), QStringLiteral("--fail"), QStringLiteral("--max-time"), QStringLiteral("20"), QStringLiteral("--unix-socket"),
                QStringLiteral("/var/run/docker.sock"), QStringLiteral("http://docker/") + path + QStringLiteral("filters=") + QString::fromLatin1(filters)});
    curl.waitForFinished(30'000);
    if (curl.exitCode() != 0)
        return {QStringLiteral("(the engine did not answer)")};
    QStringList ids;
    for (const auto& container : QJsonDocument::fromJson(curl.readAllStandardOutput()).array())
        ids << container.toObject().value(QStringLiteral("Id")).toString();
    return ids;
}

} // namespace

QStringList containers(const QString& label)
{
    return idsAt(QStringLiteral("containers/json?all=1&"), label);
}

QStringList networks(const QString& label)
{
    return idsAt(QStringLiteral("networks?"), label);
}

QJsonObject parsed(const QByteArray& json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace aap::e2e
