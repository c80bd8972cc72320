#include "sandbox/docker/tcp_connection.h"

#include <algorithm>
#include <array>

#include <QEventLoop>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTimer>
#include <fmt/format.h>

#include "core/base/files.h"

namespace aap {
namespace {

constexpr qint64 kMostUnsent = 256 << 10;

Error connectError(const QAbstractSocket& socket, const DockerEndpoint& endpoint)
{
    const auto detail = fmt::format("cannot connect to {} ({}): {}", endpoint.text(), endpoint.source,
                                    socket.errorString().toStdString());
    if (socket.error() == QAbstractSocket::SslHandshakeFailedError)
        return Error{ErrorCode::Unauthorized, detail, {},
                     "Check the certificates that DOCKER_CERT_PATH or the Docker context names."};
    return Error{ErrorCode::Unavailable, detail, {}, "Check the address, and that the engine listens there."};
}

/// A QSslSocket serves both: without encryption it is a plain QTcpSocket.
class TcpConnection final : public EngineConnection {
public:
    ~TcpConnection() override { m_socket.abort(); }
    QSslSocket& socket() { return m_socket; }

    Result<Traffic> step(std::string_view toSend, Milliseconds wait) override
    {
        Traffic traffic;
        if (!toSend.empty() && isOpen() && m_socket.bytesToWrite() < kMostUnsent) {
            const auto written = m_socket.write(toSend.data(), std::min<qint64>(qint64(toSend.size()), kMostUnsent));
            traffic.sent = std::size_t(std::max<qint64>(written, 0));
            m_socket.flush();
        }
        if (m_socket.bytesAvailable() == 0 && isOpen())
            waitForTraffic(traffic.sent == 0 ? wait : Milliseconds(0));
        const auto received = m_socket.read(m_buffer.data(), qint64(m_buffer.size()));
        traffic.received = std::string_view(m_buffer.data(), std::size_t(std::max<qint64>(received, 0)));
        traffic.ended = traffic.received.empty() && !isOpen();
        traffic.otherSideDeaf = !isOpen();
        return traffic;
    }

private:
    bool isOpen() const { return m_socket.state() == QAbstractSocket::ConnectedState; }
    void waitForTraffic(Milliseconds wait)
    {
        if (m_socket.bytesToWrite() > 0)
            m_socket.waitForBytesWritten(int(wait.count()));
        else
            m_socket.waitForReadyRead(int(wait.count()));
    }

    QSslSocket m_socket;
    std::array<char, 65536> m_buffer{};
};

Error certificateError(const std::filesystem::path& file)
{
    return Error{ErrorCode::Invalid, fmt::format("{} is no usable PEM file", file.string()), {},
                 "Put ca.pem, cert.pem and key.pem into the folder that DOCKER_CERT_PATH names."};
}

Result<QByteArray> readPem(const std::filesystem::path& file)
{
    auto text = readFile(file, 1U << 20U);
    if (!text)
        return std::move(text).error().during("read the certificates of the Docker engine");
    return QByteArray::fromStdString(*text);
}

/// ca.pem may be missing (the system's authorities count then), cert.pem and key.pem both or neither.
Result<QSslConfiguration> configurationFor(const EngineTls& tls)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(tls.verifiesServer ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    if (std::filesystem::exists(tls.folder / "ca.pem")) {
        const auto pem = readPem(tls.folder / "ca.pem");
        if (!pem)
            return pem.error();
        const auto authorities = QSslCertificate::fromData(*pem);
        if (authorities.isEmpty())
            return certificateError(tls.folder / "ca.pem");
        configuration.setCaCertificates(authorities);
    }
    if (!std::filesystem::exists(tls.folder / "cert.pem"))
        return configuration;
    const auto certificatePem = readPem(tls.folder / "cert.pem");
    const auto keyPem = readPem(tls.folder / "key.pem");
    if (!certificatePem || !keyPem)
        return certificatePem ? keyPem.error() : certificatePem.error();
    const auto chain = QSslCertificate::fromData(*certificatePem);
    QSslKey key(*keyPem, QSsl::Rsa);
    if (key.isNull())
        key = QSslKey(*keyPem, QSsl::Ec);
    if (chain.isEmpty() || key.isNull())
        return certificateError(tls.folder / (chain.isEmpty() ? "cert.pem" : "key.pem"));
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    return configuration;
}

/// Runs an event loop of this thread's own: the blocking waits of QSslSocket give the connection up when a slice ends.
/// The loop was made before the socket was connected: on a thread without one, a socket asks for no notice.
Result<void> waitUntilConnected(QEventLoop& loop, QSslSocket& socket, const DockerEndpoint& endpoint,
                                const Deadline& deadline, const std::stop_token& stop)
{
    QTimer slices;
    bool failed = false;
    const auto isReady = [&] {
        return endpoint.tls ? socket.isEncrypted() : socket.state() == QAbstractSocket::ConnectedState;
    };
    QObject::connect(&socket, &QSslSocket::connected, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QSslSocket::encrypted, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QSslSocket::errorOccurred, &loop, [&] {
        failed = true;
        loop.quit();
    });
    QObject::connect(&slices, &QTimer::timeout, &loop, &QEventLoop::quit);
    slices.start(kStopSlice);
    while (!isReady() && !failed) {
        loop.exec();
        if (stop.stop_requested())
            return Error{ErrorCode::Stopped, "stopped while connecting to Docker"};
        if (deadline.hasPassed())
            return Error{ErrorCode::Timeout, fmt::format("no connection to {} in time", endpoint.text()), {},
                         "Check the address and the network in between."};
    }
    if (failed)
        return connectError(socket, endpoint);
    return {};
}

} // namespace

Result<std::unique_ptr<EngineConnection>> connectByTcp(const DockerEndpoint& endpoint, Milliseconds timeout,
                                                       const std::stop_token& stop)
{
    QEventLoop loop;
    auto connection = std::make_unique<TcpConnection>();
    auto& socket = connection->socket();
    socket.setReadBufferSize(65536);
    socket.setProxy(QNetworkProxy::NoProxy);
    const auto host = QString::fromStdString(endpoint.host);
    if (endpoint.tls) {
        const auto configuration = configurationFor(*endpoint.tls);
        if (!configuration)
            return configuration.error();
        socket.setSslConfiguration(*configuration);
        socket.connectToHostEncrypted(host, quint16(endpoint.port));
    } else {
        socket.connectToHost(host, quint16(endpoint.port));
    }
    if (auto connected = waitUntilConnected(loop, socket, endpoint, Deadline::in(timeout), stop); !connected)
        return std::move(connected).error();
    return std::unique_ptr<EngineConnection>(std::move(connection));
}

} // namespace aap
