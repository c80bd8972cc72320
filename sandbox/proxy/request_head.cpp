#include "sandbox/proxy/request_head.h"

#include "sandbox/proxy/allow_list.h"

namespace aap::proxy {
namespace {

constexpr std::uint64_t kMostBody = 1ULL << 40U;

/// RFC 9110's tchar.
bool isToken(std::string_view text)
{
    for (const char c : text)
        if (c <= ' ' || c >= 0x7f || std::string_view("\"(),/:;<=>?@[\\]{}").find(c) != std::string_view::npos)
            return false;
    return !text.empty();
}

bool isVisible(std::string_view text)
{
    for (const char c : text)
        if (c <= ' ' || c >= 0x7f)
            return false;
    return !text.empty();
}

std::string lower(std::string_view text)
{
    std::string made;
    for (const char c : text)
        made += char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return made;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isOfThisHop(const std::string& name)
{
    for (const auto* other : {"connection", "proxy-connection", "keep-alive", "proxy-authorization", "te", "trailer", "upgrade", "host", "expect"})
        if (name == other)
            return true;
    return false;
}

/// The first line, taken apart.
struct Line {
    std::string_view method{};
    std::string_view target{};
};

bool splitLine(std::string_view line, Line& into)
{
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return false;
    into = {line.substr(0, first), line.substr(first + 1, last - first - 1)};
    const auto version = line.substr(last + 1);
    return isToken(into.method) && isVisible(into.target) && (version == "HTTP/1.1" || version == "HTTP/1.0");
}

std::uint64_t numberFrom(std::string_view digits, bool& isOne)
{
    isOne = !digits.empty() && digits.size() <= 13;
    std::uint64_t number = 0;
    for (const char c : digits) {
        isOne = isOne && c >= '0' && c <= '9';
        number = number * 10 + std::uint64_t(c - '0');
    }
    isOne = isOne && number <= kMostBody;
    return isOne ? number : 0;
}

/// Adds what goes on to the server. Empty: all is well.
std::string takeHeaders(std::string_view lines, Request& request)
{
    bool hasLength = false;
    while (lines != "\r\n") {
        const auto end = lines.find("\r\n");
        const auto line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
            return "a header line that is none";
        const auto name = lower(line.substr(0, colon));
        const auto value = trimmed(line.substr(colon + 1));
        for (const char c : value)
            if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7f)
                return "a control character in a header";
        if (name == "transfer-encoding")
            return "a body without a Content-Length";
        if (name == "content-length") {
            bool isOne = false;
            request.bodyBytes = numberFrom(value, isOne);
            if (!isOne || hasLength)
                return "a Content-Length that is none";
            hasLength = true;
        }
        if (!isOfThisHop(name))
            request.head += std::string(line.substr(0, colon)) + ": " + std::string(value) + "\r\n";
    }
    return {};
}

Request faulty(Request request, std::string fault)
{
    request.fault = std::move(fault);
    return request;
}

Request parseForward(const Line& line, std::string_view lines)
{
    Request request;
    if (lower(line.target.substr(0, 7)) != "http://")
        return faulty(request, "neither CONNECT nor http://");
    const auto rest = line.target.substr(7);
    const auto slash = rest.find_first_of("/?#");
    const auto authority = rest.substr(0, slash);
    if (!splitAuthority(authority, request.host, request.port, 80))
        return faulty(request, "a host that is none");
    auto path = slash == std::string_view::npos ? std::string("/") : std::string(rest.substr(slash));
    if (path.front() != '/')
        path.insert(0, "/");
    const bool isV6 = request.host.find(':') != std::string::npos;
    const auto host = isV6 ? "[" + request.host + "]" : request.host;
    request.head = std::string(line.method) + " " + path + " HTTP/1.1\r\nHost: " + host + (request.port == 80 ? "" : ":" + std::to_string(request.port)) + "\r\n";
    if (auto fault = takeHeaders(lines, request); !fault.empty())
        return faulty(std::move(request), std::move(fault));
    request.head += "Connection: close\r\n\r\n";
    return request;
}

} // namespace

std::size_t endOfHead(std::string_view bytes)
{
    const auto end = bytes.find("\r\n\r\n");
    return end == std::string_view::npos ? end : end + 4;
}

Request parseRequest(std::string_view head)
{
    Request request;
    for (std::size_t at = 0; at < head.size(); ++at) {
        const bool isPair = head[at] == '\r' && at + 1 < head.size() && head[at + 1] == '\n';
        if (head[at] == '\0' || head[at] == '\n' || (head[at] == '\r' && !isPair))
            return faulty(request, "a line end that is none");
        at += isPair ? 1 : 0;
    }
    const auto end = head.find("\r\n");
    Line line;
    if (end == std::string_view::npos || !splitLine(head.substr(0, end), line))
        return faulty(request, "no request of HTTP/1.1");
    const auto lines = head.substr(end + 2);
    if (line.method != "CONNECT")
        return parseForward(line, lines);
    request.isTunnel = true;
    if (!splitAuthority(line.target, request.host, request.port, 0))
        return faulty(request, "a host that is none");
    auto fault = takeHeaders(lines, request);
    request.head.clear();
    if (fault.empty() && request.bodyBytes > 0)
        fault = "a tunnel with a body";
    request.fault = std::move(fault);
    return request;
}

} // namespace aap::proxy
