// The only way out of a run's sandboxes, in a container of its own between their network and the outer one: passes HTTP and tunnels on to
// the hosts and ports of a list, writes down each decision, and resolves names itself, so that nobody inside needs to.
//
// proxy SECONDS PORT NETWORK/BITS FILE [ENTRY …]: lives so long, listens there, serves clients of that network alone, logs into FILE.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/proxy/session.h"

namespace {

using namespace aap::proxy;

constexpr int kMostClients = 64;
constexpr int kFirstEntry = 5;

/// "172.20.0.0/16"
struct Network {
    std::uint32_t address = 0;
    std::uint32_t mask = 0;

    bool parse(std::string_view text)
    {
        const auto slash = text.find('/');
        in_addr parsed{};
        const int bits = slash == std::string_view::npos ? 0 : portFrom(text.substr(slash + 1));
        if (bits < 1 || bits > 32 || ::inet_pton(AF_INET, std::string(text.substr(0, slash)).c_str(), &parsed) != 1)
            return false;
        mask = 0xffffffffU << unsigned(32 - bits);
        address = ntohl(parsed.s_addr) & mask;
        return true;
    }
    bool has(const sockaddr_in& peer) const { return peer.sin_family == AF_INET && (ntohl(peer.sin_addr.s_addr) & mask) == address; }
};

int listenAt(int port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    const bool isReady = fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(fd, 128) == 0;
    return isReady ? fd : -1;
}

/// Children that have ended; waits for one when there are as many as may be.
void reap(int& children)
{
    while (children > 0 && ::waitpid(-1, nullptr, children >= kMostClients ? 0 : WNOHANG) > 0)
        --children;
}

[[noreturn]] void serve(int listener, const Network& clients, const AllowList& list, const DecisionLog& log)
{
    int children = 0;
    for (;;) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        const int client = ::accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
        reap(children);
        if (client < 0)
            continue;
        const pid_t child = clients.has(peer) ? ::fork() : -1;
        if (child == 0) {
            ::close(listener);
            serveClient(client, list, log);
            ::_exit(0);
        }
        children += child > 0 ? 1 : 0;
        ::close(client);
    }
}

} // namespace

int main(int count, char** words)
{
    if (count < kFirstEntry)
        return 2;
    Network clients;
    AllowList list;
    for (int i = kFirstEntry; i < count; ++i)
        if (!list.add(words[i]))
            return 2;
    const int lifetime = std::atoi(words[1]);
    const int file = ::open(words[4], O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (lifetime <= 0 || !clients.parse(words[3]) || file < 0)
        return 2;
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a full log is an answer of its own
    ::alarm(unsigned(lifetime));
    const int listener = listenAt(portFrom(words[2]));
    if (listener < 0)
        return 1;
    serve(listener, clients, list, DecisionLog(file));
}
