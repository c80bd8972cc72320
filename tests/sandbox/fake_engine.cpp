#include "fake_engine.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/llm/http_exchange.h"

namespace aap {
namespace {

bool waitForBytes(int fd, const std::stop_token& stop)
{
    pollfd waitFor{fd, POLLIN, 0};
    while (!stop.stop_requested()) {
        if (::poll(&waitFor, 1, 20) > 0)
            return true;
    }
    return false;
}

/// More of what the client says; false at the end.
bool readMore(int fd, std::string& said, const std::stop_token& stop)
{
    if (!waitForBytes(fd, stop))
        return false;
    char buffer[65536];
    const auto count = ::recv(fd, buffer, sizeof buffer, 0);
    if (count > 0)
        said.append(buffer, std::size_t(count));
    return count > 0;
}

std::size_t bodyLength(const std::string& head)
{
    const auto at = head.find("Content-Length: ");
    return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
}

bool isWhole(const std::string& request)
{
    const auto end = request.find("\r\n\r\n");
    if (end == request.npos)
        return false;
    if (request.find("Transfer-Encoding: chunked") < end)
        return request.ends_with("0\r\n\r\n");
    return request.size() >= end + 4 + bodyLength(request);
}

void say(int fd, std::string_view bytes, bool oneByOne)
{
    while (!bytes.empty()) {
        const auto sent = ::send(fd, bytes.data(), oneByOne ? 1 : bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes.remove_prefix(std::size_t(sent));
    }
}

} // namespace

FakeEngine::FakeEngine(std::vector<Answer> script, std::string version) :
    m_path(m_folder.filePath(QStringLiteral("engine.sock")).toStdString()), m_version(std::move(version)),
    m_script(std::move(script))
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, m_path.data(), std::min(m_path.size(), sizeof address.sun_path - 1));
    m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(m_listener, 8) != 0)
        qFatal("the fake engine cannot listen at %s", m_path.c_str());
    m_thread = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

FakeEngine::~FakeEngine()
{
    m_thread.request_stop();
    m_thread.join();
    ::close(m_listener);
}

std::vector<std::string> FakeEngine::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

void FakeEngine::serve(const std::stop_token& stop)
{
    while (waitForBytes(m_listener, stop)) {
        const int connection = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        handle(connection, stop);
        ::close(connection);
    }
}

void FakeEngine::handle(int connection, const std::stop_token& stop)
{
    const bool answersEarly = m_next < m_script.size() && m_script[m_next].beforeBody;
    std::string request;
    const auto isEnough = [&] {
        return isWhole(request) || (answersEarly && !request.starts_with("GET /version") && request.find("\r\n\r\n") != request.npos);
    };
    while (!isEnough()) {
        if (!readMore(connection, request, stop))
            return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
    }
    if (request.starts_with("GET /version "))
        return say(connection, httpAnswer("200 OK", m_version), false);
    if (m_next >= m_script.size())
        return;
    const auto& answer = m_script[m_next++];
    say(connection, answer.bytes, answer.oneByOne);
    std::string input;
    while (input.size() < answer.input.size() && readMore(connection, input, stop)) { }
    if (input == answer.input)
        say(connection, answer.afterInput, answer.oneByOne);
    if (answer.beforeBody)
        ::shutdown(connection, SHUT_RD);
    while (answer.staysOpen && readMore(connection, input, stop)) { }
}

std::string httpAnswer(const std::string& statusLine, const std::string& body, const std::string& headers)
{
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", statusLine, headers, body.size(), body);
}

} // namespace aap
