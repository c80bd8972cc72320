#include "tests/e2e/engine_proxy.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace aap::e2e {
namespace {

constexpr int kSliceMs = 50;
constexpr auto kEngineSocket = "/var/run/docker.sock";

sockaddr_un addressOf(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        std::abort(); // a test that cannot work
    std::strcpy(address.sun_path, path.c_str());
    return address;
}

bool sendAll(int to, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(std::size_t(sent));
    }
    return true;
}

/// What came; empty: the end. `isIdle`: nothing within a slice.
std::string receive(int from, bool& isIdle)
{
    pollfd waiting{.fd = from, .events = POLLIN, .revents = 0};
    isIdle = ::poll(&waiting, 1, kSliceMs) == 0;
    std::array<char, 65536> piece{};
    const auto count = isIdle ? 0 : ::recv(from, piece.data(), piece.size(), 0);
    return count > 0 ? std::string(piece.data(), std::size_t(count)) : std::string();
}

} // namespace

EngineProxy::EngineProxy(std::string path) : m_path(std::move(path))
{
    listen();
    m_server = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

EngineProxy::~EngineProxy()
{
    m_server.request_stop();
    m_server.join();
    vanish();
    m_carriers.clear();
}

void EngineProxy::listen()
{
    m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto address = addressOf(m_path);
    if (m_listener < 0 || ::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(m_listener, 64) != 0) {
        std::perror("cannot stand in front of the engine");
        std::abort();
    }
}

void EngineProxy::vanish()
{
    const std::lock_guard lock(m_mutex);
    m_isGone = true;
    ::close(std::exchange(m_listener, -1));
    ::unlink(m_path.c_str());
    for (const int descriptor : m_open)
        ::shutdown(descriptor, SHUT_RDWR);
}

void EngineProxy::comeBack()
{
    const std::lock_guard lock(m_mutex);
    m_isGone = false;
    listen();
}

void EngineProxy::answer(const std::string& part, std::string bytes)
{
    const std::lock_guard lock(m_mutex);
    m_answers[part] = std::move(bytes);
}

void EngineProxy::answerTruly()
{
    const std::lock_guard lock(m_mutex);
    m_answers.clear();
}

int EngineProxy::lies() const
{
    const std::lock_guard lock(m_mutex);
    return m_lies;
}

void EngineProxy::serve(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        int client = -1;
        {
            const std::lock_guard lock(m_mutex);
            client = m_listener < 0 ? -1 : ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (client >= 0)
                m_carriers.emplace_back([this, client](const std::stop_token& enough) { carry(client, enough); });
        }
        if (client < 0)
            ::poll(nullptr, 0, 2);
    }
}

/// False: there is nobody any more to talk to.
bool EngineProxy::join(int descriptor)
{
    const std::lock_guard lock(m_mutex);
    m_open.push_back(descriptor);
    return !m_isGone;
}

void EngineProxy::leave(int descriptor)
{
    const std::lock_guard lock(m_mutex);
    std::erase(m_open, descriptor);
    ::close(descriptor);
}

std::string EngineProxy::lieFor(const std::string& head)
{
    const auto first = head.substr(0, head.find('\r'));
    const std::lock_guard lock(m_mutex);
    const auto found = std::ranges::find_if(m_answers, [&](const auto& answer) { return first.find(answer.first) != std::string::npos; });
    if (found == m_answers.end())
        return {};
    ++m_lies;
    return found->second;
}

void EngineProxy::carry(int client, const std::stop_token& stop)
{
    std::string head;
    bool isIdle = true;
    if (join(client))
        while (!stop.stop_requested() && head.find("\r\n\r\n") == std::string::npos) {
            const auto piece = receive(client, isIdle);
            if (piece.empty() && !isIdle)
                break;
            head += piece;
        }
    if (const auto lie = lieFor(head); !lie.empty())
        sendAll(client, lie);
    else if (!head.empty())
        pass(client, head, stop);
    ::shutdown(client, SHUT_RDWR);
    leave(client);
}

void EngineProxy::pass(int client, const std::string& head, const std::stop_token& stop)
{
    const int engine = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = addressOf(kEngineSocket);
    const bool isThere = join(engine) && ::connect(engine, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && sendAll(engine, head);
    std::array<pollfd, 2> sides{{{client, POLLIN, 0}, {engine, POLLIN, 0}}};
    for (bool isOver = !isThere; !isOver && !stop.stop_requested();) {
        if (::poll(sides.data(), sides.size(), kSliceMs) <= 0)
            continue;
        for (std::size_t from = 0; from < sides.size() && !isOver; ++from) {
            if (sides[from].revents == 0)
                continue;
            bool isIdle = false;
            const auto bytes = receive(sides[from].fd, isIdle);
            if (bytes.empty() && from == 0) { // it has said everything, and listens
                ::shutdown(engine, SHUT_WR);
                sides[0].fd = -1;
            } else {
                isOver = bytes.empty() || !sendAll(from == 0 ? engine : client, bytes);
            }
        }
    }
    ::shutdown(engine, SHUT_RDWR);
    leave(engine);
}

std::string engineAnswer(const std::string& status, const std::string& body)
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

} // namespace aap::e2e
