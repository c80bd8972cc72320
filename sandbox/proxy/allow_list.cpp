#include "sandbox/proxy/allow_list.h"

#include <cstring>

#include <arpa/inet.h>

namespace aap::proxy {
namespace {

struct Range {
    unsigned char first[4];
    int bits;
};

constexpr Range kNotPublic[] = {
    {{0, 0, 0, 0}, 8},     {{10, 0, 0, 0}, 8},      {{100, 64, 0, 0}, 10},  {{127, 0, 0, 0}, 8},      {{169, 254, 0, 0}, 16},
    {{172, 16, 0, 0}, 12}, {{192, 0, 0, 0}, 24},    {{192, 0, 2, 0}, 24},   {{192, 88, 99, 0}, 24},   {{192, 168, 0, 0}, 16},
    {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24}, {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 3},
};

bool startsWith(const unsigned char* address, const unsigned char* first, int bits)
{
    const int whole = bits / 8;
    if (std::memcmp(address, first, std::size_t(whole)) != 0)
        return false;
    const int rest = bits % 8;
    const int mask = 0xff00 >> rest & 0xff;
    return rest == 0 || (address[whole] & mask) == (first[whole] & mask);
}

bool isPublicV4(const unsigned char* four)
{
    for (const auto& range : kNotPublic)
        if (startsWith(four, range.first, range.bits))
            return false;
    return true;
}

/// Global unicast alone, and of that no tunnels, which carry another address inside.
bool isPublicV6(const unsigned char* sixteen)
{
    constexpr unsigned char global[] = {0x20};
    constexpr unsigned char special[] = {0x20, 0x01, 0x00};       // Teredo, benchmarks and their like: 2001::/23
    constexpr unsigned char examples[] = {0x20, 0x01, 0x0d, 0xb8};
    constexpr unsigned char sixToFour[] = {0x20, 0x02};
    constexpr unsigned char moreExamples[] = {0x3f, 0xff, 0x00};
    return startsWith(sixteen, global, 3) && !startsWith(sixteen, special, 23) && !startsWith(sixteen, examples, 32)
        && !startsWith(sixteen, sixToFour, 16) && !startsWith(sixteen, moreExamples, 20);
}

bool isLabel(std::string_view label)
{
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
        return false;
    for (const char c : label)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    return true;
}

} // namespace

std::string Address::text() const
{
    char buffer[INET6_ADDRSTRLEN]{};
    const auto* shown = isV4() ? ::inet_ntop(AF_INET, bytes.s6_addr + 12, buffer, sizeof buffer) : ::inet_ntop(AF_INET6, &bytes, buffer, sizeof buffer);
    return shown == nullptr ? std::string() : std::string(shown);
}

Address Address::v4(const unsigned char* four)
{
    Address address;
    address.bytes.s6_addr[10] = address.bytes.s6_addr[11] = 0xff;
    std::memcpy(address.bytes.s6_addr + 12, four, 4);
    return address;
}

Address Address::v6(const unsigned char* sixteen)
{
    Address address;
    std::memcpy(address.bytes.s6_addr, sixteen, 16);
    return address;
}

bool Address::parse(std::string_view text, Address& into)
{
    const std::string copy(text);
    unsigned char bytes[16]{};
    if (::inet_pton(AF_INET, copy.c_str(), bytes) == 1)
        into = v4(bytes);
    else if (::inet_pton(AF_INET6, copy.c_str(), bytes) == 1)
        into = v6(bytes);
    else
        return false;
    return into.text() == text; // the one way to write it; ::ffff:1.2.3.4 is none
}

bool isPublic(const Address& address)
{
    return address.isV4() ? isPublicV4(address.bytes.s6_addr + 12) : isPublicV6(address.bytes.s6_addr);
}

bool isHostName(std::string_view text)
{
    if (text.empty() || text.size() > 253)
        return false;
    for (std::string_view rest = text;;) {
        const auto dot = rest.find('.');
        if (!isLabel(rest.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        rest.remove_prefix(dot + 1);
    }
}

bool AllowList::add(std::string_view entry)
{
    const bool isWild = entry.substr(0, 2) == "*.";
    Entry made;
    if (!splitAuthority(isWild ? entry.substr(2) : entry, made.host, made.port, 443))
        return false;
    if (isWild)
        made.host.insert(0, ".");
    m_entries.push_back(made);
    return true;
}

bool AllowList::allows(std::string_view host, int port) const
{
    for (const auto& entry : m_entries) {
        const bool isWild = entry.host.front() == '.';
        const bool fits = isWild ? host.size() > entry.host.size() && host.substr(host.size() - entry.host.size()) == entry.host : host == entry.host;
        if (fits && entry.port == port)
            return true;
    }
    return false;
}

bool AllowList::mayReach(const Address& address, int port) const
{
    return isPublic(address) || allows(address.text(), port);
}

std::string AllowList::text() const
{
    std::string text;
    for (const auto& entry : m_entries) {
        const bool isV6 = entry.host.find(':') != std::string::npos;
        text += (text.empty() ? "" : ", ") + std::string(entry.host.front() == '.' ? "*" : "") + (isV6 ? "[" + entry.host + "]" : entry.host) + ":"
            + std::to_string(entry.port);
    }
    return text;
}

int portFrom(std::string_view digits)
{
    if (digits.empty() || digits.size() > 5 || digits.front() == '0')
        return 0;
    int port = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return 0;
        port = port * 10 + (c - '0');
    }
    return port <= 65535 ? port : 0;
}

bool splitAuthority(std::string_view text, std::string& host, int& port, int defaultPort)
{
    host.clear();
    port = defaultPort;
    std::string_view name = text;
    std::string_view rest;
    const bool isBracketed = text.substr(0, 1) == "[";
    const auto end = isBracketed ? text.find(']') : text.find(':');
    if (end != std::string_view::npos) {
        name = isBracketed ? text.substr(1, end - 1) : text.substr(0, end);
        rest = text.substr(end + (isBracketed ? 1 : 0));
    }
    if (!rest.empty())
        port = rest.front() == ':' ? portFrom(rest.substr(1)) : 0;
    for (const char c : name)
        host += char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    Address address;
    const bool isHost = isBracketed ? Address::parse(host, address) && !address.isV4() : isHostName(host);
    return port > 0 && isHost;
}

} // namespace aap::proxy
