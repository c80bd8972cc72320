#include "sandbox/proxy/session.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sandbox/proxy/client_hello.h"
#include "sandbox/proxy/request_head.h"
#include "sandbox/proxy/resolver.h"

namespace aap::proxy {
namespace {

constexpr int kHeadMs = 10'000;
constexpr int kConnectMs = 10'000;
constexpr int kIdleMs = 120'000;
constexpr unsigned kLongestSeconds = 3600;
constexpr std::size_t kPiece = 64U << 10U;
constexpr std::size_t kMostSubject = 270;

long long clockMs()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1'000'000;
}

std::string printable(std::string_view text)
{
    std::string clean(text.substr(0, kMostSubject));
    for (char& c : clean)
        if (c <= ' ' || c >= 0x7f)
            c = '?';
    return clean;
}

/// False: it does not take them within the time.
bool sendAll(int to, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        pollfd on{to, POLLOUT, 0};
        if (sent > 0)
            bytes.remove_prefix(std::size_t(sent));
        else if ((errno != EAGAIN && errno != EINTR) || ::poll(&on, 1, kIdleMs) <= 0)
            return false;
    }
    return true;
}

void answer(int client, const char* status, const std::string& text)
{
    (void)sendAll(client, std::string("HTTP/1.1 ") + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " + std::to_string(text.size() + 1)
                              + "\r\nConnection: close\r\n\r\n" + text + "\n");
    ::shutdown(client, SHUT_WR);
    char rest[4096]; // else what it still sends would reset the connection and with it our answer
    pollfd on{client, POLLIN, 0};
    for (const auto deadline = clockMs() + 500; clockMs() < deadline && ::poll(&on, 1, 100) > 0;)
        if (::recv(client, rest, sizeof rest, 0) <= 0)
            break;
}

int connectTo(const Address& address, int port)
{
    const int fd = ::socket(address.isV4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    sockaddr_in short4{};
    sockaddr_in6 long6{};
    short4.sin_family = AF_INET;
    short4.sin_port = long6.sin6_port = htons(std::uint16_t(port));
    long6.sin6_family = AF_INET6;
    long6.sin6_addr = address.bytes;
    std::memcpy(&short4.sin_addr, address.bytes.s6_addr + 12, 4);
    const auto* to = address.isV4() ? reinterpret_cast<const sockaddr*>(&short4) : reinterpret_cast<const sockaddr*>(&long6);
    int failed = 0;
    socklen_t size = sizeof failed;
    pollfd on{fd, POLLOUT, 0};
    if (::connect(fd, to, address.isV4() ? sizeof short4 : sizeof long6) == 0
        || (errno == EINPROGRESS && ::poll(&on, 1, kConnectMs) > 0 && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0))
        return fd;
    ::close(fd);
    return -1;
}

/// One connection.
class Session {
public:
    Session(int client, const AllowList& list, const DecisionLog& log) : m_client(client), m_list(list), m_log(log) {}
    ~Session()
    {
        ::close(m_client);
        if (m_server >= 0)
            ::close(m_server);
    }
    void serve()
    {
        if (!readHead() || !isPermitted())
            return;
        if (m_request.isTunnel && !sendAll(m_client, "HTTP/1.1 200 Connection established\r\n\r\n"))
            return;
        if (m_request.isTunnel || sendAll(m_server, m_request.head))
            relay();
    }

private:
    std::string subject() const { return m_request.host.empty() ? "?" : m_request.host + ":" + std::to_string(m_request.port); }

    bool refuse(const char* status, const std::string& why)
    {
        (void)m_log.write(false, subject(), why);
        answer(m_client, status, "Refused by the sandbox's proxy: " + why + ". Allowed: " + m_list.text() + ".");
        return false;
    }

    bool readHead()
    {
        const auto deadline = clockMs() + kHeadMs;
        auto end = std::string::npos;
        while ((end = endOfHead(m_up)) == std::string::npos) {
            pollfd on{m_client, POLLIN, 0};
            char piece[4096];
            const auto left = deadline - clockMs();
            if (m_up.size() > kMostHeadBytes)
                return refuse("431 Request Header Fields Too Large", "the head of the request is too long");
            if (left <= 0 || ::poll(&on, 1, int(left)) <= 0)
                return m_up.empty() ? false : refuse("408 Request Timeout", "the head of the request did not come in time");
            const auto got = ::recv(m_client, piece, sizeof piece, 0);
            if (got <= 0)
                return false;
            m_up.append(piece, std::size_t(got));
        }
        m_request = parseRequest(std::string_view(m_up).substr(0, end));
        m_up.erase(0, end);
        return m_request.fault.empty() || refuse("400 Bad Request", "the request has " + m_request.fault);
    }

    /// Says so in the log before it connects to anybody.
    bool isPermitted()
    {
        const auto& host = m_request.host;
        if (!m_list.allows(host, m_request.port))
            return refuse("403 Forbidden", "it is not on the allow list");
        Address literal;
        const auto addresses = Address::parse(host, literal) ? std::vector<Address>{literal} : resolve(host);
        if (addresses.empty())
            return refuse("502 Bad Gateway", "its name is not known");
        for (const auto& address : addresses)
            if (!m_list.mayReach(address, m_request.port))
                return refuse("403 Forbidden", "its name leads to " + address.text() + ", which is not in the open internet");
        if (!m_log.write(true, subject(), addresses.front().text()))
            return refuse("403 Forbidden", "the log of decisions is full");
        for (const auto& address : addresses) // the very ones that were judged: no second question that could be answered otherwise
            if ((m_server = connectTo(address, m_request.port)) >= 0)
                return true;
        answer(m_client, "504 Gateway Timeout", "The sandbox's proxy allows it, but it does not answer.");
        return false;
    }

    /// What the client sent and may go on; false: the connection ends.
    bool passGate(std::string& waiting)
    {
        if (!m_request.isTunnel) {
            if (waiting.size() > m_bodyLeft)
                waiting.resize(std::size_t(m_bodyLeft)); // a second request behind the first is nobody's
            m_bodyLeft -= waiting.size();
            return true;
        }
        if (m_isJudged)
            return true;
        const auto opening = openingOf(waiting);
        Address literal;
        const bool isNamed = !Address::parse(m_request.host, literal);
        if (opening.kind == Opening::Kind::More)
            return true;
        m_isJudged = true;
        if (opening.kind == Opening::Kind::Broken || (opening.kind == Opening::Kind::Plain && m_request.port == 443))
            return m_log.write(false, subject(), "the tunnel does not begin with TLS") && false;
        if (opening.kind == Opening::Kind::Tls && (opening.serverName.empty() ? isNamed : opening.serverName != m_request.host))
            return m_log.write(false, subject(), "inside the tunnel another server is asked for: " + printable(opening.serverName)) && false;
        return true;
    }
    bool mayGoOn() const { return !m_request.isTunnel || m_isJudged; }
    bool wantsMore() const { return m_request.isTunnel || m_bodyLeft > 0; }

    /// From the client to the server. False: it ends.
    bool moveUp()
    {
        char piece[kPiece];
        const auto got = ::recv(m_client, piece, sizeof piece, 0);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        if (got == 0) {
            m_clientIsDone = true;
            ::shutdown(m_server, SHUT_WR);
            return true;
        }
        m_up.append(piece, std::size_t(got));
        return forwardUp();
    }
    bool forwardUp()
    {
        if (!passGate(m_up))
            return false;
        if (!mayGoOn())
            return m_up.size() < kMostHelloBytes;
        const bool isSent = sendAll(m_server, m_up);
        m_up.clear();
        return isSent;
    }
    bool moveDown()
    {
        char piece[kPiece];
        const auto got = ::recv(m_server, piece, sizeof piece, 0);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        if (got == 0) {
            m_serverIsDone = true;
            ::shutdown(m_client, SHUT_WR);
            return m_request.isTunnel; // an answer is all there is to one request
        }
        return sendAll(m_client, {piece, std::size_t(got)});
    }
    void relay()
    {
        m_bodyLeft = m_request.bodyBytes;
        if (!forwardUp())
            return;
        while (!m_serverIsDone || !m_clientIsDone) {
            pollfd on[2] = {{m_clientIsDone || !wantsMore() ? -1 : m_client, POLLIN, 0}, {m_serverIsDone ? -1 : m_server, POLLIN, 0}};
            if (::poll(on, 2, kIdleMs) <= 0)
                return;
            if ((on[0].revents != 0 && !moveUp()) || (on[1].revents != 0 && !moveDown()))
                return;
        }
    }

    const int m_client;
    const AllowList& m_list;
    const DecisionLog& m_log;
    int m_server = -1;
    Request m_request{};
    std::string m_up{}; ///< of the client, not passed on yet
    std::uint64_t m_bodyLeft = 0;
    bool m_isJudged = false; ///< how the tunnel begins
    bool m_clientIsDone = false;
    bool m_serverIsDone = false;
};

} // namespace

bool DecisionLog::write(bool isAllowed, std::string_view subject, std::string_view why) const
{
    const auto line = std::string(isAllowed ? "allow" : "deny") + "\t" + printable(subject) + "\t" + std::string(why.substr(0, kMostSubject)) + "\n";
    return ::write(m_file, line.data(), line.size()) == ssize_t(line.size()); // O_APPEND: lines of two processes do not mix
}

void serveClient(int client, const AllowList& list, const DecisionLog& log)
{
    ::alarm(kLongestSeconds);
    ::fcntl(client, F_SETFL, O_NONBLOCK);
    Session(client, list, log).serve();
}

} // namespace aap::proxy
