#include "core/config/value_checks.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string_view>

#include <QHostAddress>
#include <QRegularExpression>

#include "core/base/secret.h"
#include "core/llm/anthropic_model.h"

namespace aap {
namespace {

constexpr std::size_t kLongestName = 200;

const std::string& textOf(const Json& value)
{
    return value.get_ref<const std::string&>();
}

bool isVisible(char c)
{
    return c > ' ' && c < '\x7f';
}

bool isLetterOrDigit(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool hasControlCharacters(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

/// "pypi.org", "*.pythonhosted.org:443", "10.0.0.5:8080", "[fd00::5]:443": the proxy refuses to begin with anything else.
bool isAllowedHost(const std::string& text)
{
    static const QRegularExpression pattern(QStringLiteral(
        "\\A(?:(?:\\*\\.(?=[^:]*\\.))?(?=[^:]{1,253}(?::|\\z))[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*|\\[[0-9a-f:]{2,39}\\])"
        "(?::[1-9][0-9]{0,4})?\\z"));
    const auto colon = text.rfind(':');
    const bool hasPort = colon != text.npos && text.back() != ']';
    const bool isCanonical = text.front() != '[' || QHostAddress(QString::fromStdString(text.substr(1, text.find(']') - 1))).toString().toStdString() == text.substr(1, text.find(']') - 1);
    return isCanonical && pattern.match(QString::fromStdString(text)).hasMatch() && (!hasPort || text.size() - colon < 6 || std::stoi(text.substr(colon + 1)) <= 65535);
}

} // namespace

std::string wrongWithSecret(const Json& value)
{
    const ApiKey key(textOf(value));
    return key.isEmpty() || key.isUsable() ? "" : "must consist of visible ASCII characters: as it stands it is no key";
}

std::string wrongWithModel(const Json& value)
{
    const auto& text = textOf(value);
    const bool fine = text.size() <= kLongestName && std::ranges::all_of(text, isVisible);
    return fine ? "" : "must be a model id, such as claude-sonnet-5-5, without spaces";
}

std::string wrongWithImage(const Json& value)
{
    const auto& text = textOf(value);
    const bool fine = text.size() <= kLongestName && isLetterOrDigit(text.front()) && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || std::string_view("._-/:@").find(c) != std::string_view::npos;
    });
    return fine ? "" : "must be the name of a Docker image, such as coding-agent-sandbox or registry.example/team/sandbox:1.2";
}

std::string wrongWithPath(const Json& value)
{
    const auto& text = textOf(value);
    if (hasControlCharacters(text))
        return "must be a path without control characters";
    return text.starts_with('~') ? "must be written out: only shells know what ~ is" : "";
}

std::string wrongWithWorkspace(const Json& value)
{
    const auto wrong = wrongWithPath(value);
    const auto path = std::filesystem::absolute(textOf(value)).lexically_normal();
    return !wrong.empty() || path != path.root_path() ? wrong : "must be a folder of its own, not the root of the file system";
}

std::string wrongWithAddress(const Json& value)
{
    const auto& text = textOf(value);
    if (text.empty())
        return {};
    const auto authority = text.substr(std::min(text.find("//"), text.size()));
    if (authority.substr(0, authority.find('/', 2)).find('@') != std::string::npos)
        return "must hold no user name and no password: set provider.auth_token or provider.custom_headers instead";
    const auto endpoint = ApiEndpoint::parse(text);
    if (!endpoint)
        return "must be an address such as https://api.anthropic.com or http://127.0.0.1:11434: " + endpoint.error().detail;
    return {};
}

std::string wrongWithHeaders(const Json& value)
{
    const auto headers = parseHeaderLines(textOf(value));
    if (!headers)
        return "must be lines of the form \"Name: value\"";
    const bool clean = std::ranges::all_of(*headers, [](const auto& header) { return !hasControlCharacters(header.second); });
    return clean ? "" : "must not hold control characters";
}

std::string wrongWithVersion(const Json& value)
{
    const auto& text = textOf(value);
    const bool fine = text.size() <= kLongestName && std::ranges::all_of(text, isVisible);
    return fine ? "" : "must be a date such as 2026-10-21";
}

std::string wrongWithDockerHost(const Json& value)
{
    const auto& text = textOf(value);
    const bool known = text.empty() || text.starts_with("unix:///") || text.starts_with("tcp://");
    return known && !hasControlCharacters(text) ? "" : "must be unix:///path/to/docker.sock or tcp://host:port; ssh is not supported";
}

std::string wrongWithAllowedHosts(const Json& value)
{
    constexpr std::size_t most = 200;
    for (const auto& entry : value)
        if (!isAllowedHost(textOf(entry)))
            return "must be hosts in lower case with a port, such as pypi.org:443, *.pythonhosted.org:443 or 10.0.0.5:8080, not \"" + textOf(entry) + "\"";
    return value.size() <= most ? "" : "must name at most 200 hosts";
}

std::string wrongWithEnvironments(const Json& value)
{
    std::set<std::string> seen;
    for (const auto& entry : value) {
        const auto& text = textOf(entry);
        const bool name = text.size() <= 63 && isLetterOrDigit(text.front())
                          && std::ranges::all_of(text, [](char c) { return isLetterOrDigit(c) || c == '-' || c == '_'; });
        if (!name)
            return "must be names of letters, digits, - and _, such as staging";
        if (!seen.insert(text).second)
            return "must name each environment once, and names \"" + text + "\" twice";
    }
    return {};
}

} // namespace aap
