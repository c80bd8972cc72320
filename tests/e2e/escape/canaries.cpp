#include "tests/e2e/escape/canaries.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <QtGlobal>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/ids.h"

namespace aap::escape {
namespace {

constexpr auto kVariable = "AAP_ESCAPE_CANARY";

int bound(int family, int kind, const sockaddr* address, socklen_t length)
{
    const int fd = ::socket(family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int only6 = 1;
    if (family == AF_INET6)
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only6, sizeof only6);
    if (fd < 0 || ::bind(fd, address, length) != 0 || (kind == SOCK_STREAM && ::listen(fd, 8) != 0))
        qFatal("a canary cannot listen: %s", std::strerror(errno));
    return fd;
}

int everywhere(int kind, int port)
{
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(std::uint16_t(port)), .sin_addr = {INADDR_ANY}, .sin_zero = {}};
    return bound(AF_INET, kind, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int everywhere6(int port)
{
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(std::uint16_t(port));
    return bound(AF_INET6, SOCK_STREAM, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int portOf(int fd)
{
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
}

int listeningAt(const std::filesystem::path& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    return bound(AF_UNIX, SOCK_STREAM, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

bool isVisited(int fd)
{
    char buffer[16];
    int kind = 0;
    socklen_t length = sizeof kind;
    ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &length);
    return (kind == SOCK_DGRAM ? int(::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT)) : ::accept(fd, nullptr, nullptr)) >= 0;
}

} // namespace

Canaries::Canaries(const std::filesystem::path& folder) : m_folder(folder), m_token("CANARY-" + sha256(newRunId()).substr(0, 24))
{
    if (!writeFileAtomically(m_folder / "secret.txt", m_token + "\n"))
        qFatal("a canary cannot be written");
    std::filesystem::permissions(m_folder / "secret.txt", std::filesystem::perms(0666)); // nothing but the sandbox protects it
    ::setenv(kVariable, m_token.c_str(), 1);
    m_tcp = everywhere(SOCK_STREAM, 0);
    m_tcpPort = portOf(m_tcp);
    m_tcp6 = everywhere6(m_tcpPort);
    m_udp = everywhere(SOCK_DGRAM, 0);
    m_udpPort = portOf(m_udp);
    m_unix = listeningAt(m_folder / "docker.sock");
    std::filesystem::permissions(m_folder / "docker.sock", std::filesystem::perms(0666));
}

Canaries::~Canaries()
{
    ::unsetenv(kVariable);
    for (const int fd : {m_tcp, m_tcp6, m_udp, m_unix})
        ::close(fd);
}

Target Canaries::target() const
{
    return {.secret = m_folder / "secret.txt", .socket = m_folder / "docker.sock", .tcpPort = m_tcpPort, .udpPort = m_udpPort};
}

std::string Canaries::alarms() const
{
    std::string alarms;
    if (readFile(m_folder / "secret.txt").value_or("") != m_token + "\n")
        alarms += "the secret was changed\n";
    for (const auto& [fd, name] : {std::pair(m_tcp, "TCP"), std::pair(m_tcp6, "TCP over IPv6"), std::pair(m_udp, "UDP"), std::pair(m_unix, "the engine's socket")})
        if (isVisited(fd))
            alarms += std::string("somebody reached us by ") + name + "\n";
    for (const auto& entry : std::filesystem::directory_iterator(m_folder)) {
        const auto name = entry.path().filename().string();
        if (name != "secret.txt" && name != "docker.sock" && name != "mine" && name != "other")
            alarms += "a file was planted: " + name + "\n";
    }
    return alarms;
}

std::vector<std::string> processesWith(const std::string& text)
{
    std::vector<std::string> found;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", failed)) {
        const auto pid = entry.path().filename().string();
        if (pid.find_first_not_of("0123456789") != pid.npos || pid == std::to_string(::getpid()))
            continue;
        auto line = readFile(entry.path() / "cmdline", 1U << 20U).value_or("");
        std::ranges::replace(line, '\0', ' ');
        if (line.find(text) != line.npos)
            found.push_back(std::move(line));
    }
    return found;
}

} // namespace aap::escape
