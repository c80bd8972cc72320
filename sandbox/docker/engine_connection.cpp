#include "sandbox/docker/engine_connection.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/pause.h"
#include "sandbox/docker/tcp_connection.h"

namespace aap {
namespace {

Error connectError(int number, const DockerEndpoint& endpoint)
{
    const auto where = fmt::format("{} ({})", endpoint.text(), endpoint.source);
    switch (number) {
    case ENOENT:
        return Error{ErrorCode::Unavailable, fmt::format("there is no Docker socket at {}", where), {},
                     "Install or start Docker, or name another engine in the settings (sandbox.docker_host)."};
    case ECONNREFUSED:
        return Error{ErrorCode::Unavailable, fmt::format("nobody listens at {}", where), {},
                     "Start Docker with 'sudo systemctl start docker'."};
    case EACCES:
    case EPERM:
        return Error{ErrorCode::Unauthorized, fmt::format("you may not use Docker at {}", where), {},
                     "Run 'sudo usermod -aG docker $USER' and log in again, or use rootless Docker or Podman."};
    default:
        return Error{ErrorCode::Unavailable,
                     fmt::format("cannot connect to {}: {}", where, std::generic_category().message(number)), {},
                     "Check Docker with 'docker version'."};
    }
}

/// Straight on the system's calls: Qt throws away what was received when sending fails, and there the engine's reason stands.
class UnixConnection final : public EngineConnection {
public:
    explicit UnixConnection(int fd) : m_fd(fd) {}
    ~UnixConnection() override { ::close(m_fd); }

    Result<Traffic> step(std::string_view toSend, Milliseconds wait) override
    {
        const bool sends = !toSend.empty() && !m_deaf;
        pollfd waitFor{m_fd, short(POLLIN | (sends ? POLLOUT : 0)), 0};
        Traffic traffic{.otherSideDeaf = m_deaf};
        if (::poll(&waitFor, 1, int(wait.count())) <= 0)
            return traffic;
        if (sends && (waitFor.revents & (POLLOUT | POLLERR | POLLHUP)) != 0)
            send(toSend, traffic);
        if ((waitFor.revents & (POLLIN | POLLERR | POLLHUP)) != 0)
            receive(traffic);
        return traffic;
    }

private:
    void send(std::string_view bytes, Traffic& traffic)
    {
        const auto sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            traffic.sent = std::size_t(sent);
        else if (errno != EAGAIN && errno != EINTR)
            traffic.otherSideDeaf = m_deaf = true;
    }

    void receive(Traffic& traffic)
    {
        const auto received = ::recv(m_fd, m_buffer.data(), m_buffer.size(), MSG_DONTWAIT);
        if (received > 0)
            traffic.received = std::string_view(m_buffer.data(), std::size_t(received));
        else if (received == 0 || (errno != EAGAIN && errno != EINTR))
            traffic.ended = true;
    }

    int m_fd;
    bool m_deaf = false;
    std::array<char, 65536> m_buffer{};
};

Result<std::unique_ptr<EngineConnection>> connectToSocket(const DockerEndpoint& endpoint, Milliseconds timeout,
                                                          const std::stop_token& stop)
{
    sockaddr_un address{};
    if (endpoint.path.size() >= sizeof address.sun_path)
        return Error{ErrorCode::Invalid, "the path of the Docker socket is too long: " + endpoint.path, {},
                     "Make a shorter symbolic link to it and name that in the settings (sandbox.docker_host)."};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, endpoint.path.data(), endpoint.path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return connectError(errno, endpoint);
    auto connection = std::make_unique<UnixConnection>(fd);
    const auto deadline = Deadline::in(timeout);
    while (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (errno != EAGAIN && errno != EINTR) // EAGAIN: too many are waiting to be accepted
            return connectError(errno, endpoint);
        if (deadline.hasPassed())
            return Error{ErrorCode::Timeout, fmt::format("{} does not accept connections", endpoint.text()), {},
                         "Docker is overloaded or stuck; try again or restart it with 'sudo systemctl restart docker'."};
        if (!pause(Milliseconds(20), stop))
            return Error{ErrorCode::Stopped, "stopped while connecting to Docker"};
    }
    return std::unique_ptr<EngineConnection>(std::move(connection));
}

} // namespace

Result<std::unique_ptr<EngineConnection>> connectTo(const DockerEndpoint& endpoint, Milliseconds timeout,
                                                    const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before Docker was asked"};
    return endpoint.transport == DockerEndpoint::Transport::Unix ? connectToSocket(endpoint, timeout, stop)
                                                                 : connectByTcp(endpoint, timeout, stop);
}

} // namespace aap
