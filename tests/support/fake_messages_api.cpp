#include "tests/support/fake_messages_api.h"

#include <sys/socket.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>

namespace aap {
namespace {

Json listedModels()
{
    const Json sonnet{{"type", "model"}, {"id", "claude-sonnet-5-5"}, {"display_name", "Claude Sonnet 5.5"}, {"lifecycle", "active"},
                      {"max_input_tokens", 1'000'000}, {"max_tokens", 128'000}};
    return {{"data", Json::array({sonnet})}, {"has_more", false}, {"first_id", "claude-sonnet-5-5"}, {"last_id", "claude-sonnet-5-5"}};
}

std::string head(const Step& step, bool isChunked)
{
    std::string text = fmt::format("HTTP/1.1 {} Scripted\r\n", step.status);
    for (const auto& [name, value] : step.headers)
        text += name + ": " + value + "\r\n";
    if (step.end == Step::End::Close)
        text += "connection: close\r\n";
    else if (isChunked)
        text += "transfer-encoding: chunked\r\n";
    else
        text += fmt::format("content-length: {}\r\n", step.body.size());
    return text + "\r\n";
}

/// What to answer and what was asked; shared by the server's thread and the test's.
struct Script {
    Step answerTo(const SeenRequest& request);

    mutable std::mutex mutex; // guards everything below
    mutable std::condition_variable changed;
    std::deque<Step> steps;
    std::deque<RecordedTurn> turns;
    std::function<Step(const SeenRequest&)> answer;
    std::map<std::size_t, std::function<Step(Step)>> spoilers;
    std::size_t repliesAsked = 0;
    std::string key;
    std::vector<SeenRequest> requests;
    int connections = 0;
    int closed = 0;
    bool isReleased = false;
};

Step Script::answerTo(const SeenRequest& request)
{
    const std::lock_guard lock(mutex);
    requests.push_back(request);
    changed.notify_all();
    if (!key.empty() && request.header("x-api-key") != key && request.header("authorization") != "Bearer " + key)
        return Step::error(401, "authentication_error", "invalid x-api-key");
    if (!steps.empty()) {
        auto step = std::move(steps.front());
        steps.pop_front();
        return step;
    }
    if (request.path.starts_with("/v1/models"))
        return Step::json(200, listedModels());
    if (request.path.ends_with("/count_tokens"))
        return Step::json(200, Json{{"input_tokens", request.body.size() / 3}});
    if (answer)
        return answer(request);
    if (turns.empty())
        return Step::error(400, "invalid_request_error", "the script has no answer left");
    auto step = request.path == "/v1/chat/completions" ? Step::chatReply(turns.front()) : Step::reply(turns.front());
    if (const auto spoiler = spoilers.find(++repliesAsked); spoiler != spoilers.end())
        step = spoiler->second(std::move(step));
    if (step.status == 200 && step.end == Step::End::Complete)
        turns.pop_front();
    return step;
}

/// One connection: reads requests, plays the answers piece by piece.
class Connection : public QObject {
public:
    Connection(QTcpSocket* socket, Script& script) : QObject(socket), m_socket(socket), m_script(script)
    {
        {
            const std::lock_guard lock(script.mutex);
            m_number = ++script.connections;
        }
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(m_socket, &QTcpSocket::readyRead, this, [this] { read(); });
        connect(m_socket, &QTcpSocket::disconnected, this, [this] { closed(); });
        connect(&m_flood, &QTimer::timeout, this, [this] {
            if (m_socket->bytesToWrite() < (1 << 20))
                sendPiece(m_step.body);
        });
    }

    void release()
    {
        if (std::exchange(m_isStalled, false))
            endProperly();
    }

private:
    void closed()
    {
        {
            const std::lock_guard lock(m_script.mutex);
            ++m_script.closed;
        }
        m_script.changed.notify_all();
        m_socket->deleteLater();
    }

    void read()
    {
        m_input += m_socket->readAll().toStdString();
        const auto headEnd = m_input.find("\r\n\r\n");
        if (m_isBusy || headEnd == std::string::npos)
            return;
        auto request = parseHead(m_input.substr(0, headEnd));
        const auto length = QByteArray::fromStdString(request.header("content-length")).toULong();
        if (m_input.size() < headEnd + 4 + length)
            return;
        request.body = m_input.substr(headEnd + 4, length);
        m_input.erase(0, headEnd + 4 + length);
        m_isBusy = true;
        play(m_script.answerTo(request));
    }

    SeenRequest parseHead(const std::string& text) const
    {
        const auto lines = QByteArray::fromStdString(text).split('\n');
        const auto words = lines.first().trimmed().split(' ');
        SeenRequest request{.method = words.value(0).toStdString(), .path = words.value(1).toStdString(), .connection = m_number};
        for (const auto& line : lines.mid(1)) {
            const auto colon = line.indexOf(':');
            request.headers[line.left(colon).trimmed().toLower().toStdString()] = line.mid(colon + 1).trimmed().toStdString();
        }
        return request;
    }

    void play(Step step)
    {
        m_step = std::move(step);
        m_sent = 0;
        m_nextCut = 0;
        const bool isStream = headerValue(m_step.headers, "content-type").find("event-stream") != std::string::npos;
        const bool hasNoLength = m_step.end == Step::End::Close || m_step.end == Step::End::Raw;
        m_isChunked = !hasNoLength && (isStream || m_step.end != Step::End::Complete);
        if (m_step.end != Step::End::Raw)
            m_socket->write(QByteArray::fromStdString(head(m_step, m_isChunked)));
        sendNext();
    }

    void sendNext()
    {
        if (m_sent >= m_step.body.size())
            return end();
        while (m_nextCut < m_step.cuts.size() && m_step.cuts[m_nextCut] <= m_sent)
            ++m_nextCut;
        const auto until = m_nextCut < m_step.cuts.size() ? std::min(m_step.cuts[m_nextCut], m_step.body.size()) : m_step.body.size();
        sendPiece(m_step.body.substr(m_sent, until - m_sent));
        m_sent = until;
        m_socket->flush();
        QTimer::singleShot(m_step.betweenPieces, this, [this] { sendNext(); });
    }

    void sendPiece(const std::string& piece)
    {
        if (m_isChunked)
            m_socket->write(QByteArray::number(qulonglong(piece.size()), 16) + "\r\n");
        m_socket->write(piece.data(), qint64(piece.size()));
        if (m_isChunked)
            m_socket->write("\r\n");
    }

    void end()
    {
        switch (m_step.end) {
        case Step::End::Complete:
            return endProperly();
        case Step::End::Close:
        case Step::End::Cut:
        case Step::End::Raw:
            return m_socket->disconnectFromHost();
        case Step::End::Reset:
            return reset();
        case Step::End::Endless:
            // As fast as a good line and no faster: from a sender that never pauses Qt reads on without looking whether it may.
            m_flood.start(1);
            return sendPiece(m_step.body);
        case Step::End::Stall:
            return stall();
        }
    }

    void reset()
    {
        const ::linger atOnce{1, 0};
        ::setsockopt(int(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
        m_socket->abort();
    }

    void stall()
    {
        m_isStalled = true;
        bool isReleased = false;
        {
            const std::lock_guard lock(m_script.mutex);
            isReleased = m_script.isReleased;
        }
        if (isReleased)
            release();
    }

    void endProperly()
    {
        if (m_isChunked)
            m_socket->write("0\r\n\r\n");
        m_isBusy = false;
        if (!m_input.empty())
            read();
    }

    QTcpSocket* m_socket;
    Script& m_script;
    int m_number = 0;
    std::string m_input;
    Step m_step;
    std::size_t m_sent = 0;
    std::size_t m_nextCut = 0;
    bool m_isChunked = false;
    bool m_isBusy = false;
    bool m_isStalled = false;
    QTimer m_flood{}; ///< of Endless
};

class Listener : public QTcpServer {
    Q_OBJECT

public:
    explicit Listener(Script& script)
    {
        connect(this, &QTcpServer::newConnection, this, [this, &script] {
            while (auto* socket = nextPendingConnection()) {
                auto* connection = new Connection(socket, script); // the socket owns it
                connect(this, &Listener::released, connection, [connection] { connection->release(); });
            }
        });
    }

signals:
    void released();
};

} // namespace

class FakeMessagesApi::Server {
public:
    explicit Server(int port)
    {
        thread.start();
        listener->moveToThread(&thread);
        QObject::connect(&thread, &QThread::finished, listener, &QObject::deleteLater);
        bool listens = false;
        QMetaObject::invokeMethod(
            listener, [&] { listens = listener->listen(QHostAddress::LocalHost, quint16(port)); }, Qt::BlockingQueuedConnection);
        if (!listens) {
            stop();
            throw std::runtime_error(fmt::format("the fake server cannot listen on port {}", port));
        }
        baseUrl = fmt::format("http://127.0.0.1:{}", listener->serverPort());
    }
    ~Server() { stop(); }

    void stop()
    {
        thread.quit();
        thread.wait();
    }

    Script script;
    QThread thread;
    Listener* listener = new Listener(script); // lives on the thread and dies with it
    std::string baseUrl;
};

FakeMessagesApi::FakeMessagesApi(int port) : m_server(std::make_unique<Server>(port)) {}
FakeMessagesApi::~FakeMessagesApi() = default;

std::string FakeMessagesApi::baseUrl() const
{
    return m_server->baseUrl;
}

void FakeMessagesApi::enqueue(Step step)
{
    const std::lock_guard lock(m_server->script.mutex);
    m_server->script.steps.push_back(std::move(step));
}

void FakeMessagesApi::serveRecording(Recording recording)
{
    const std::lock_guard lock(m_server->script.mutex);
    m_server->script.turns.assign(std::make_move_iterator(recording.turns.begin()), std::make_move_iterator(recording.turns.end()));
}

void FakeMessagesApi::answerWith(std::function<Step(const SeenRequest&)> answer)
{
    const std::lock_guard lock(m_server->script.mutex);
    m_server->script.answer = std::move(answer);
}

void FakeMessagesApi::spoil(std::size_t request, std::function<Step(Step)> how)
{
    const std::lock_guard lock(m_server->script.mutex);
    m_server->script.spoilers[request] = std::move(how);
}

void FakeMessagesApi::requireKey(std::string key)
{
    const std::lock_guard lock(m_server->script.mutex);
    m_server->script.key = std::move(key);
}

void FakeMessagesApi::release()
{
    {
        const std::lock_guard lock(m_server->script.mutex);
        m_server->script.isReleased = true;
    }
    emit m_server->listener->released(); // queued to the connections' thread
}

std::vector<SeenRequest> FakeMessagesApi::requests() const
{
    const std::lock_guard lock(m_server->script.mutex);
    return m_server->script.requests;
}

int FakeMessagesApi::connections() const
{
    const std::lock_guard lock(m_server->script.mutex);
    return m_server->script.connections;
}

bool FakeMessagesApi::waitForRequests(std::size_t count, Milliseconds atMost) const
{
    auto& script = m_server->script;
    std::unique_lock lock(script.mutex);
    return script.changed.wait_for(lock, atMost, [&] { return script.requests.size() >= count; });
}

bool FakeMessagesApi::waitForClosedConnections(int count, Milliseconds atMost) const
{
    auto& script = m_server->script;
    std::unique_lock lock(script.mutex);
    return script.changed.wait_for(lock, atMost, [&] { return script.closed >= count; });
}

} // namespace aap

#include "fake_messages_api.moc"
