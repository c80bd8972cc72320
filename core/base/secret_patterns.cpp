#include "core/base/secret_patterns.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <optional>
#include <string>

namespace aap {
namespace {

constexpr std::size_t kLongestToken = 4096;     // how far one token is followed; keeps hostile text linear
constexpr std::size_t kLongestJudged = 256;     // of a value; the rest of it goes along
constexpr std::size_t kLongestKeyBlock = 32768; // a private key block without its end

/// Sets of characters, one bit each, so that a look-up answers "does it belong".
enum Class : unsigned { Digit = 1, Upper = 2, Lower = 4, Underscore = 8, Dash = 16, Dot = 32, Encoding = 64, Punctuation = 128, Blank = 256, Url = 512, Equals = 1024 };
constexpr unsigned kUpperOrDigit = Upper | Digit;
constexpr unsigned kAlnum = Digit | Upper | Lower;
constexpr unsigned kWord = kAlnum | Underscore;
constexpr unsigned kDashed = kWord | Dash;
constexpr unsigned kDotted = kDashed | Dot;
constexpr unsigned kToken = kDotted | Encoding | Equals;
constexpr unsigned kPassword = kToken | Punctuation;

constexpr std::array<unsigned, 256> kClasses = [] {
    std::array<unsigned, 256> table{};
    for (unsigned c = 0; c < 256; ++c) {
        const auto in = [&](std::string_view set) { return c != 0 && set.find(char(c)) != set.npos; };
        table[c] = (c >= '0' && c <= '9' ? Digit : 0U) | (c >= 'A' && c <= 'Z' ? Upper : 0U) | (c >= 'a' && c <= 'z' ? Lower : 0U)
            | (c == '_' ? Underscore : 0U) | (c == '-' ? Dash : 0U) | (c == '.' ? Dot : 0U) | (in("+/~") ? Encoding : 0U)
            | (c == '=' ? Equals : 0U) | (in("!@#$%^&*") ? Punctuation : 0U) | (in(" \t") ? Blank : 0U)
            | (c > ' ' && !in("@/\"'`<>\\") ? Url : 0U);
    }
    return table;
}();

constexpr bool is(char c, unsigned classes) { return (kClasses[static_cast<unsigned char>(c)] & classes) != 0; }
bool isDigit(char c) { return is(c, Digit); }
bool isHex(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
char lower(char c) { return is(c, Upper) ? char(c - 'A' + 'a') : c; }

/// Keys that say themselves what they are.
struct Prefix {
    std::string_view text;
    unsigned belongs; ///< classes
    std::size_t atLeast; ///< characters after the prefix
    std::string_view kind;
    bool needsDigit = false; ///< where ordinary words could follow the prefix
};

constexpr std::array kPrefixes{
    Prefix{"sk-ant-", kDashed, 12, "Anthropic API key"},
    Prefix{"sk-proj-", kDashed, 20, "OpenAI API key", true},
    Prefix{"sk-svcacct-", kDashed, 20, "OpenAI API key", true},
    Prefix{"sk-or-", kDashed, 20, "OpenRouter API key", true},
    Prefix{"sk-", kAlnum, 20, "OpenAI API key", true},
    Prefix{"ghp_", kAlnum, 30, "GitHub token"},
    Prefix{"gho_", kAlnum, 30, "GitHub token"},
    Prefix{"ghu_", kAlnum, 30, "GitHub token"},
    Prefix{"ghs_", kAlnum, 30, "GitHub token"},
    Prefix{"ghr_", kAlnum, 30, "GitHub token"},
    Prefix{"github_pat_", kWord, 22, "GitHub token"},
    Prefix{"glpat-", kDashed, 20, "GitLab token"},
    Prefix{"AKIA", kUpperOrDigit, 16, "AWS access key"},
    Prefix{"ASIA", kUpperOrDigit, 16, "AWS access key"},
    Prefix{"AIza", kDashed, 35, "Google API key"},
    Prefix{"ya29.", kDashed, 30, "Google OAuth token"},
    Prefix{"xoxa-", kDashed, 10, "Slack token", true},
    Prefix{"xoxb-", kDashed, 10, "Slack token", true},
    Prefix{"xoxp-", kDashed, 10, "Slack token", true},
    Prefix{"xoxr-", kDashed, 10, "Slack token", true},
    Prefix{"xoxs-", kDashed, 10, "Slack token", true},
    Prefix{"sk_live_", kAlnum, 16, "Stripe key"},
    Prefix{"rk_live_", kAlnum, 16, "Stripe key"},
    Prefix{"sk_test_", kAlnum, 16, "Stripe key", true},
    Prefix{"whsec_", kAlnum, 24, "webhook secret", true},
    Prefix{"hf_", kAlnum, 30, "Hugging Face token"},
    Prefix{"npm_", kAlnum, 36, "npm token"},
    Prefix{"pypi-AgEI", kDashed, 40, "PyPI token"},
    Prefix{"dckr_pat_", kDashed, 20, "Docker Hub token"},
    Prefix{"SG.", kDotted, 60, "SendGrid key", true},
};

/// Names whose value is meant to stay secret, without separators and in lower case; a name *ends* in one of them, so that
/// `max_tokens` and `password_hash` are none.
constexpr std::array<std::string_view, 14> kSecretNames{
    "password", "passwd", "pwd", "passphrase", "secret", "secretkey", "apikey", "accesskey", "privatekey", "authkey",
    "signingkey", "encryptionkey", "token", "credential"};

constexpr std::array<std::string_view, 16> kPlaceholderWords{
    "changeme", "change-me", "change_me", "your-", "your_", "yourkey", "example", "placeholder", "xxxxxx", "******",
    "replace-", "replace_", "insert-", "dummy", "redacted", "........"};

bool containsIgnoringCase(std::string_view text, std::string_view word)
{
    return !std::ranges::search(text, word, {}, lower, lower).empty();
}

bool isPlaceholder(std::string_view value)
{
    if (value.find("${") != value.npos || value.find("{{") != value.npos || value.starts_with('<') || value.starts_with('$'))
        return true;
    return std::ranges::any_of(kPlaceholderWords, [&](std::string_view word) { return containsIgnoringCase(value, word); });
}

/// True where a token can begin: not inside a word. `\n`, `%3D` and `\u003d` before it are escapes, not words.
bool beginsToken(std::string_view text, std::size_t at)
{
    if (at == 0 || !is(text[at - 1], kWord))
        return true;
    const auto before = [&](std::size_t distance) { return at >= distance ? text[at - distance] : '\0'; };
    if (before(2) == '\\' && std::string_view("nrtbf").find(before(1)) != std::string_view::npos)
        return true;
    if (before(3) == '%' && isHex(before(1)) && isHex(before(2)))
        return true;
    return before(6) == '\\' && before(5) == 'u';
}

std::size_t runEnd(std::string_view text, std::size_t at, unsigned belongs, std::size_t atMost = kLongestToken)
{
    const auto limit = std::min(text.size(), at + atMost);
    while (at < limit && is(text[at], belongs))
        ++at;
    return at;
}

double bitsPerCharacter(std::string_view value)
{
    std::array<int, 256> counts{};
    for (const char c : value)
        ++counts[static_cast<unsigned char>(c)];
    double bits = 0;
    for (const int count : counts)
        if (count > 0)
            bits -= count * std::log2(double(count) / double(value.size()));
    return bits / double(value.size());
}

/// People write words and numbers ("correctHorse-2024"), machines mix: short pieces of one kind without a border.
bool looksGenerated(std::string_view value)
{
    std::size_t pieces = 0, borders = 0, letters = 0, digits = 0;
    unsigned last = 0;
    for (const char c : value) {
        const auto kind = kClasses[static_cast<unsigned char>(c)] & kAlnum;
        const bool goesOn = kind == last || (last == Upper && kind == Lower); // "Pa" of "Password"
        if (kind != 0 && !goesOn) {
            ++pieces;
            borders += last != 0;
        }
        letters += kind == Upper || kind == Lower;
        digits += kind == Digit;
        last = kind;
    }
    const auto bits = bitsPerCharacter(value);
    // Chance may give a long one hardly any digit; no names of functions are as mixed as that.
    const bool isMixed = digits >= 2 || (value.size() >= 24 && bits >= 4.5);
    if (letters < 4 || !isMixed || borders < 3)
        return false;
    return bits >= 4.25 || (bits >= 3.0 && letters + digits < 4 * pieces);
}

bool isUuid(std::string_view value)
{
    if (value.size() != 36)
        return false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? value[i] != '-' : !isHex(value[i]))
            return false;
    }
    return true;
}

/// `name` as it stands left of `=` or `:`, back from `end`; lower case, without separators and quotes.
std::string nameBefore(std::string_view text, std::size_t end)
{
    while (end > 0 && is(text[end - 1], Blank))
        --end;
    while (end > 0 && (text[end - 1] == '"' || text[end - 1] == '\'' || text[end - 1] == '\\' || text[end - 1] == ']'))
        --end;
    std::string name;
    for (std::size_t length = 0; end > 0 && length < 64 && is(text[end - 1], kDashed); --end, ++length)
        if (is(text[end - 1], kAlnum))
            name.push_back(lower(text[end - 1]));
    std::ranges::reverse(name);
    return name;
}

bool namesSecret(std::string_view name)
{
    return std::ranges::any_of(kSecretNames, [&](std::string_view word) { return name.ends_with(word); });
}

/// What begins at one place. Without a kind: looked at, innocent, go on behind it.
using Found = std::optional<SecretSpan>;

Found prefixAt(std::string_view text, std::size_t at)
{
    const auto rest = text.substr(at);
    for (const auto& prefix : kPrefixes) {
        if (rest[0] != prefix.text[0] || !rest.starts_with(prefix.text))
            continue;
        if (prefix.kind != kPrefixes[0].kind && !beginsToken(text, at))
            return {};
        const auto begin = at + prefix.text.size();
        const auto end = runEnd(text, begin, prefix.belongs);
        const auto value = text.substr(begin, end - begin);
        if (value.size() < prefix.atLeast || (prefix.needsDigit && std::ranges::none_of(value, isDigit)))
            continue;
        if (value.size() > prefix.atLeast && prefix.belongs == kUpperOrDigit)
            return {}; // AWS ids have one length; longer ones are constants and checksums
        return SecretSpan{at, end, isPlaceholder(value) ? std::string_view() : prefix.kind};
    }
    return {};
}

Found jsonWebTokenAt(std::string_view text, std::size_t at)
{
    if (!text.substr(at).starts_with("eyJ") || !beginsToken(text, at) || (at > 0 && text[at - 1] == '-'))
        return {};
    const auto head = runEnd(text, at, kDashed);
    if (head - at < 12 || !text.substr(head).starts_with(".eyJ"))
        return {};
    const auto body = runEnd(text, head + 1, kDashed);
    if (body >= text.size() || text[body] != '.')
        return {};
    const auto end = runEnd(text, body + 1, kDashed);
    return end - body > 16 ? Found(SecretSpan{at, end, "JSON web token"}) : Found();
}

Found privateKeyAt(std::string_view text, std::size_t at)
{
    constexpr std::string_view open = "-----BEGIN ", title = "PRIVATE KEY", close = "-----END ";
    const auto rest = text.substr(at, kLongestKeyBlock);
    if (!rest.starts_with(open))
        return {};
    const auto named = rest.substr(0, 64).find(title);
    if (named == rest.npos || rest.substr(0, named).find('\n') != rest.npos)
        return {};
    const auto closing = rest.find(close, named);
    if (closing == rest.npos) {
        const bool hasContent = rest.size() > named + title.size() + 32;
        return hasContent ? Found(SecretSpan{at, at + rest.size(), "private key"}) : Found();
    }
    if (closing - named < 64)
        return {}; // a marker in code, with no key in between
    const auto lastDashes = rest.find("-----", closing + close.size());
    return SecretSpan{at, at + (lastDashes == rest.npos ? rest.size() : lastDashes + 5), "private key"};
}

/// The password in "scheme://user:password@host", or a token in the user's place.
Found passwordInUrlAt(std::string_view text, std::size_t at)
{
    if (!text.substr(at).starts_with("://"))
        return {};
    const auto begin = at + 3;
    const auto end = runEnd(text, begin, Url);
    if (end >= text.size() || text[end] != '@')
        return {};
    const auto login = text.substr(begin, end - begin);
    const auto colon = login.find(':');
    const auto secret = colon == login.npos ? login : login.substr(colon + 1);
    const bool tokenAsUser = colon == login.npos && secret.size() >= 16 && looksGenerated(secret);
    const bool password = colon != login.npos && !secret.empty() && secret != "password" && secret != "pass" && secret != "secret"
        && secret != login.substr(0, colon);
    if ((!tokenAsUser && !password) || isPlaceholder(secret) || secret.find_first_of("{}$[]%()") == 0)
        return {};
    return SecretSpan{end - secret.size(), end, "password in a URL"};
}

Found bearerAt(std::string_view text, std::size_t at)
{
    constexpr std::string_view bearer = "bearer ", basic = "basic ";
    for (const auto word : {bearer, basic}) {
        const auto here = text.substr(at, word.size());
        if (here.size() != word.size() || !std::ranges::equal(here, word, {}, lower) || !beginsToken(text, at))
            continue;
        const auto begin = at + word.size();
        const auto end = runEnd(text, begin, kToken);
        const auto value = text.substr(begin, end - begin);
        const bool wordLike = std::ranges::none_of(value, isDigit) && (word == basic || std::ranges::none_of(value, [](char c) { return is(c, Upper); }));
        if (value.size() >= 12 && !wordLike && !isPlaceholder(value))
            return SecretSpan{begin, end, "authorization header"};
    }
    return {};
}

/// `API_KEY = "…"`, `"password": "…"`, `x-api-key: …`: a telling name and a value no person would think of.
Found assignmentAt(std::string_view text, std::size_t at)
{
    if (text[at] != '=' && text[at] != ':')
        return {};
    auto begin = at + 1;
    if (begin < text.size() && (text[begin] == '=' || text[begin] == ':'))
        return {}; // a comparison or a scope
    while (begin < text.size() && is(text[begin], Blank))
        ++begin;
    while (begin < text.size() && text[begin] == '\\')
        ++begin;
    if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'' || text[begin] == '`'))
        ++begin;
    const auto end = runEnd(text, begin, kPassword & ~unsigned(Equals), kLongestJudged);
    const auto value = text.substr(begin, end - begin);
    if (value.size() < 16 || !namesSecret(nameBefore(text, at)) || !looksGenerated(value))
        return {};
    if (end < text.size() && (text[end] == '(' || text[end] == '['))
        return {}; // a call or a subscript, not a literal
    if (isUuid(value) || isPlaceholder(value))
        return {};
    return SecretSpan{begin, runEnd(text, end, kPassword), "password, key or token"};
}

std::size_t pairOf(char first, char second)
{
    return std::size_t(static_cast<unsigned char>(first)) << 8U | static_cast<unsigned char>(second);
}

Found secretAt(std::string_view text, std::size_t at)
{
    switch (text[at]) {
    case '=':
        return assignmentAt(text, at);
    case ':': {
        const auto url = passwordInUrlAt(text, at);
        return url ? url : assignmentAt(text, at);
    }
    case '-':
        return privateKeyAt(text, at);
    case 'b':
    case 'B':
        return bearerAt(text, at);
    case 'e':
        return jsonWebTokenAt(text, at);
    default:
        return prefixAt(text, at);
    }
}

} // namespace

std::vector<SecretSpan> secretSpans(std::string_view text)
{
    static const auto beginnings = [] { // by two characters: most places need one look
        std::bitset<65536> pairs;
        const auto add = [&](char first, char second) { pairs.set(pairOf(first, second)); };
        for (const auto& prefix : kPrefixes)
            add(prefix.text[0], prefix.text[1]);
        for (const char* pair : {"--", "ey", "be", "bE", "Be", "BE", "ba", "bA", "Ba", "BA"})
            add(pair[0], pair[1]);
        for (int second = 0; second < 256; ++second) {
            add('=', char(second));
            add(':', char(second));
        }
        return pairs;
    }();
    std::vector<SecretSpan> spans;
    for (std::size_t at = 0; at + 1 < text.size();) {
        const auto found = beginnings.test(pairOf(text[at], text[at + 1])) ? secretAt(text, at) : Found();
        if (found && !found->kind.empty())
            spans.push_back(*found);
        at = found ? found->end : at + 1;
    }
    return spans;
}

} // namespace aap
