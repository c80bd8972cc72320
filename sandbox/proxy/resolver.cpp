#include "sandbox/proxy/resolver.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace aap::proxy {
namespace {

constexpr std::size_t kHeader = 12;
constexpr int kMostServers = 3;
constexpr int kTries = 2;
constexpr int kTryMs = 1200;
constexpr std::size_t kMostAddresses = 16;

unsigned at(std::string_view packet, std::size_t offset)
{
    return static_cast<unsigned char>(packet[offset]);
}

unsigned pairAt(std::string_view packet, std::size_t offset)
{
    return at(packet, offset) << 8U | at(packet, offset + 1);
}

/// Moves behind a name, compressed or not. False: it runs out of the packet.
bool skipName(std::string_view packet, std::size_t& offset)
{
    while (offset < packet.size()) {
        const auto length = at(packet, offset);
        if (length >= 0xc0U) {
            offset += 2;
            return offset <= packet.size();
        }
        offset += 1 + length;
        if (length == 0)
            return offset <= packet.size();
    }
    return false;
}

std::string encodedName(std::string_view name)
{
    std::string encoded;
    while (!name.empty()) {
        const auto dot = name.find('.');
        const auto label = name.substr(0, dot);
        encoded += char(label.size());
        encoded += label;
        name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
    }
    return encoded + '\0';
}

std::vector<sockaddr_in> nameServers()
{
    std::vector<sockaddr_in> servers;
    std::FILE* file = std::fopen("/etc/resolv.conf", "re");
    if (file == nullptr)
        return servers;
    char line[512];
    while (std::fgets(line, sizeof line, file) != nullptr && servers.size() < kMostServers) {
        char text[64]{};
        sockaddr_in server{};
        server.sin_family = AF_INET;
        server.sin_port = htons(53);
        if (std::sscanf(line, " nameserver %63s", text) == 1 && ::inet_pton(AF_INET, text, &server.sin_addr) == 1)
            servers.push_back(server);
    }
    std::fclose(file);
    return servers;
}

long long milliseconds()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1'000'000;
}

/// One question to one server. False: no answer that fits came in time.
bool askOne(const sockaddr_in& server, std::string_view name, std::uint16_t type, std::vector<Address>& addresses)
{
    std::uint16_t id = 0;
    if (::getrandom(&id, sizeof id, 0) != sizeof id)
        return false;
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto question = dnsQuestion(name, type, id);
    const auto deadline = milliseconds() + kTryMs;
    // Connected, so that only this server's packets come in.
    bool isAnswered = false;
    if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0 && ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) > 0)
        for (auto left = deadline - milliseconds(); !isAnswered && left > 0; left = deadline - milliseconds()) {
            pollfd on{fd, POLLIN, 0};
            char packet[4096];
            if (::poll(&on, 1, int(left)) <= 0)
                break;
            const auto got = ::recv(fd, packet, sizeof packet, 0);
            if (got < 0 && errno != EAGAIN)
                break;
            isAnswered = got > 0 && readDnsAnswer({packet, std::size_t(got)}, name, type, id, addresses);
        }
    if (fd >= 0)
        ::close(fd);
    return isAnswered;
}

} // namespace

std::string dnsQuestion(std::string_view name, std::uint16_t type, std::uint16_t id)
{
    std::string packet{char(id >> 8U), char(id & 0xffU), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}; // one question, recursion desired
    packet += encodedName(name);
    packet += {char(type >> 8U), char(type & 0xffU), 0, 1};
    return packet;
}

bool readDnsAnswer(std::string_view packet, std::string_view name, std::uint16_t type, std::uint16_t id, std::vector<Address>& addresses)
{
    const auto question = dnsQuestion(name, type, id).substr(kHeader);
    if (packet.size() < kHeader + question.size() || pairAt(packet, 0) != id || (at(packet, 2) & 0x80U) == 0 || pairAt(packet, 4) != 1)
        return false;
    for (std::size_t i = 0; i < question.size(); ++i) { // servers may change the case of letters
        const auto lower = [](unsigned c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
        if (lower(at(packet, kHeader + i)) != lower(static_cast<unsigned char>(question[i])))
            return false;
    }
    std::size_t offset = kHeader + question.size();
    for (unsigned left = pairAt(packet, 6); left > 0; --left) {
        if (!skipName(packet, offset) || offset + 10 > packet.size())
            break; // cut: what came counts
        const auto recordType = pairAt(packet, offset);
        const auto length = pairAt(packet, offset + 8);
        offset += 10;
        if (offset + length > packet.size())
            break;
        const auto* bytes = reinterpret_cast<const unsigned char*>(packet.data()) + offset;
        if (recordType == type && length == (type == kTypeA ? 4U : 16U) && addresses.size() < kMostAddresses)
            addresses.push_back(type == kTypeA ? Address::v4(bytes) : Address::v6(bytes));
        offset += length;
    }
    return true;
}

std::vector<Address> resolve(std::string_view name)
{
    std::vector<Address> addresses;
    for (const auto type : {kTypeA, kTypeAaaa})
        for (const auto& server : nameServers()) {
            bool isAnswered = false;
            for (int tries = 0; tries < kTries && !isAnswered; ++tries)
                isAnswered = askOne(server, name, type, addresses);
            if (!addresses.empty())
                return addresses;
            if (isAnswered)
                break;
        }
    return addresses;
}

} // namespace aap::proxy
