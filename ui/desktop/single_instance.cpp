#include "ui/desktop/single_instance.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>
#include <QLockFile>
#include <QThread>
#include <QTimer>
#include <QUrl>

namespace aap {
namespace {

constexpr int kPatienceMs = 3000;
constexpr qint64 kLongestRequest = 256 * 1024;
constexpr qsizetype kMostUrls = 100;
const QByteArray kUnderstood = "ok\n";

QString fileIn(const std::filesystem::path& folder, const char* name)
{
    return QString::fromStdString((folder / name).string());
}

/// What the desktop gave the second start, so that it may bring a window to the front.
QString activationTokenOfStart()
{
    const auto token = qEnvironmentVariable("XDG_ACTIVATION_TOKEN");
    return token.isEmpty() ? qEnvironmentVariable("DESKTOP_STARTUP_ID") : token;
}

} // namespace

SingleInstance::SingleInstance(const std::filesystem::path& folder, QObject* parent) :
    QObject(parent), m_folder(folder), m_lock(std::make_unique<QLockFile>(fileIn(folder, "window.lock"))), m_server(new QLocalServer(this))
{
    m_lock->setStaleLockTime(0); // a window may be open for weeks; whether its program still lives is looked at all the same
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, &SingleInstance::receive);
}

SingleInstance::~SingleInstance() = default;

QStringList SingleInstance::urlsOf(const QStringList& arguments, const QString& workingFolder)
{
    QStringList urls;
    for (const auto& argument : arguments.first(std::min(arguments.size(), kMostUrls))) {
        const auto url = QUrl::fromUserInput(argument, workingFolder, QUrl::AssumeLocalFile);
        if (url.isValid())
            urls << url.toString(QUrl::FullyEncoded);
    }
    return urls;
}

Result<SingleInstance::Role> SingleInstance::begin(const QStringList& arguments)
{
    if (m_lock->tryLock(0))
        return listen();
    if (m_lock->error() != QLockFile::LockFailedError)
        return Error{ErrorCode::Io, "the folder " + m_folder.string() + " cannot be written to", {}, "Correct its permissions, then start again."};
    return handOver(arguments);
}

Result<SingleInstance::Role> SingleInstance::listen()
{
    QFile::setPermissions(fileIn(m_folder, "window.lock"), QFile::ReadOwner | QFile::WriteOwner);
    const auto socket = fileIn(m_folder, "window.socket");
    QLocalServer::removeServer(socket); // left by one that was killed; the lock is ours
    if (!m_server->listen(socket))
        return Error{ErrorCode::Io, "nobody can be listened to in " + m_folder.string() + ": " + m_server->errorString().toStdString(), {},
                     "Correct the folder's permissions, then start again."};
    return Role::First;
}

Result<SingleInstance::Role> SingleInstance::handOver(const QStringList& arguments)
{
    const QJsonObject request{{QStringLiteral("open"), QJsonArray::fromStringList(urlsOf(arguments, QDir::currentPath()))},
                              {QStringLiteral("token"), activationTokenOfStart()}};
    const auto line = QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n';
    const QDeadlineTimer deadline(kPatienceMs);
    const auto left = [&deadline] { return int(std::max<qint64>(1, deadline.remainingTime())); };
    QByteArray answer;
    while (!deadline.hasExpired() && answer != kUnderstood) { // the first one may be about to listen
        QLocalSocket socket;
        socket.connectToServer(fileIn(m_folder, "window.socket"));
        if (!socket.waitForConnected(left())) {
            QThread::msleep(20);
            continue;
        }
        socket.write(line);
        while (!socket.canReadLine() && socket.waitForReadyRead(left())) { }
        answer = socket.readLine(16);
    }
    if (answer == kUnderstood)
        return Role::HandedOver;
    return Error{ErrorCode::Unavailable, "a window is open already and does not answer", {}, "Close it, or end its program, then start again."};
}

void SingleInstance::receive()
{
    while (auto* caller = m_server->nextPendingConnection()) {
        caller->setReadBufferSize(kLongestRequest);
        connect(caller, &QLocalSocket::disconnected, caller, &QObject::deleteLater);
        connect(caller, &QLocalSocket::readyRead, this, [this, caller] { read(*caller); });
        QTimer::singleShot(kPatienceMs, caller, [caller] { caller->abort(); });
        read(*caller);
    }
}

void SingleInstance::read(QLocalSocket& caller)
{
    if (!caller.canReadLine()) {
        if (caller.bytesAvailable() >= kLongestRequest)
            caller.abort();
        return;
    }
    const auto request = QJsonDocument::fromJson(caller.readLine(kLongestRequest));
    if (!request.isObject()) {
        caller.abort();
        return;
    }
    caller.write(kUnderstood);
    caller.disconnectFromServer(); // after what is written
    const auto token = request[QStringLiteral("token")].toString();
    if (!token.isEmpty() && !token.contains(QChar(0)))
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8()); // Qt takes it from there when the window is raised next
    QStringList urls;
    for (const auto& url : request[QStringLiteral("open")].toArray())
        if (url.isString() && urls.size() < kMostUrls)
            urls << url.toString();
    emit asked(urls);
}

} // namespace aap
