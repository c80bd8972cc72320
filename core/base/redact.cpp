#include "core/base/redact.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>
#include <optional>

#include <QByteArray>

#include "core/base/json.h"
#include "core/base/secret_patterns.h"

namespace aap {
namespace {

constexpr std::size_t kShortest = 8; // of a secret and of every spelling of it
constexpr std::size_t kLongestHeldBack = 32768;
constexpr std::size_t kContext = 96; // what was shown before a value and names it: "API_KEY = "

std::string percentEncoded(std::string_view secret, const char* hex, bool plusForSpace)
{
    std::string text;
    for (const char c : secret) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            text += c;
        else if (c == ' ' && plusForSpace)
            text += '+';
        else
            text += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
    return text;
}

std::string jsonEscaped(const std::string& secret, bool asciiOnly)
{
    const auto quoted = Json(secret).dump(-1, ' ', asciiOnly, Json::error_handler_t::replace);
    return quoted.substr(1, quoted.size() - 2);
}

/// The characters that every base64 text has which holds `secret` `shift` bytes after a multiple of three.
std::string base64Core(std::string_view secret, std::size_t shift, QByteArray::Base64Options alphabet)
{
    const auto skipped = (3 - shift) % 3;
    const auto whole = (secret.size() - skipped) / 3 * 3;
    return QByteArray(secret.data() + skipped, qsizetype(whole)).toBase64(alphabet | QByteArray::OmitTrailingEquals).toStdString();
}

std::vector<std::string> spellings(const std::string& secret)
{
    std::vector<std::string> all{secret};
    for (const char* hex : {"0123456789ABCDEF", "0123456789abcdef"})
        for (const bool plus : {false, true})
            all.push_back(percentEncoded(secret, hex, plus));
    for (const bool asciiOnly : {false, true}) {
        all.push_back(jsonEscaped(secret, asciiOnly));
        all.push_back(jsonEscaped(all.back(), asciiOnly)); // JSON inside JSON: a request in a log line
    }
    for (const std::size_t shift : {0U, 1U, 2U})
        for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding})
            all.push_back(base64Core(secret, shift, alphabet));
    return all;
}

std::uint64_t firstEight(const char* at)
{
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

std::size_t slotOf(std::uint64_t start)
{
    return std::size_t((start * 0x9E3779B97F4A7C15ULL) >> 48U);
}

std::string replacement(std::string_view secret)
{
    if (secret.size() <= 16)
        return "[secret]";
    auto tail = secret.substr(secret.size() - 4);
    const bool printable = std::ranges::all_of(tail, [](char c) { return c > ' ' && c < 127 && c != '"' && c != '\\' && c != '-'; });
    return printable ? "[secret …" + std::string(tail) + "]" : "[secret]";
}

} // namespace

/// Every spelling, sorted by its first eight bytes; a bit for each of those, so that most places need one look.
struct Redactor::Needles {
    struct Needle {
        std::uint64_t start = 0;
        std::string text{};
    };
    std::vector<Needle> sorted{};
    std::bitset<65536> starts{};
    std::size_t longest = 0;

    void add(std::string text)
    {
        if (text.size() < kShortest)
            return;
        longest = std::max(longest, text.size());
        const auto start = firstEight(text.data());
        starts.set(slotOf(start));
        sorted.push_back({start, std::move(text)});
    }

    /// Length of the longest needle that begins at `at`, or 0.
    std::size_t lengthAt(std::string_view text, std::size_t at) const
    {
        const auto start = firstEight(text.data() + at);
        if (!starts.test(slotOf(start)))
            return 0;
        std::size_t length = 0;
        for (const auto& needle : std::ranges::equal_range(sorted, start, {}, &Needle::start))
            if (needle.text.size() > length && text.substr(at).starts_with(needle.text))
                length = needle.text.size();
        return length;
    }

    std::vector<SecretSpan> in(std::string_view text) const
    {
        std::vector<SecretSpan> spans;
        for (std::size_t at = 0; at + kShortest <= text.size();) {
            const auto length = lengthAt(text, at);
            if (length > 0)
                spans.push_back({at, at + length, {}});
            at += std::max<std::size_t>(length, 1);
        }
        return spans;
    }

    /// Where the end of `text` may be the beginning of a needle; text.size() when nowhere.
    std::size_t unfinished(std::string_view text) const
    {
        for (auto at = text.size() - std::min(text.size(), longest); at < text.size(); ++at)
            for (const auto& needle : sorted)
                if (needle.text.size() > text.size() - at && needle.text.starts_with(text.substr(at)))
                    return at;
        return text.size();
    }
};

Redactor::Redactor(const std::vector<std::string>& secrets)
{
    auto needles = std::make_shared<Needles>();
    for (const auto& secret : secrets)
        if (secret.size() >= kShortest)
            for (auto& spelling : spellings(secret))
                needles->add(std::move(spelling));
    std::ranges::sort(needles->sorted, {}, &Needles::Needle::start);
    if (!needles->sorted.empty())
        m_needles = std::move(needles);
}

std::string Redactor::operator()(std::string_view text) const
{
    return cleanFrom(text, 0);
}

std::string Redactor::cleanFrom(std::string_view text, std::size_t from) const
{
    auto spans = secretSpans(text);
    if (m_needles) {
        const auto known = m_needles->in(text);
        spans.insert(spans.end(), known.begin(), known.end());
        std::ranges::stable_sort(spans, {}, &SecretSpan::begin);
    }
    std::erase_if(spans, [from](const SecretSpan& span) { return span.begin < from; });
    if (spans.empty())
        return std::string(text.substr(from));
    std::string clean;
    clean.reserve(text.size() - from);
    std::size_t done = from;
    for (std::size_t i = 0; i < spans.size();) {
        auto span = spans[i];
        for (++i; i < spans.size() && spans[i].begin < span.end; ++i)
            span.end = std::max(span.end, spans[i].end);
        clean += text.substr(done, span.begin - done);
        clean += replacement(text.substr(span.begin, span.end - span.begin));
        done = span.end;
    }
    clean += text.substr(done);
    return clean;
}

std::size_t StreamRedactor::heldBack() const
{
    const std::string_view text = m_pending;
    const auto unfinished = m_redact.m_needles ? m_redact.m_needles->unfinished(text) : text.size();
    const auto space = text.find_last_of(" \t\r\n");
    auto from = std::min(unfinished, space == text.npos ? 0 : space + 1); // the last word may grow into a key
    const auto block = text.rfind("-----BEGIN ");
    if (block != text.npos && text.find("-----END ", block) == text.npos)
        from = std::min(from, block);
    if (text.size() - from > kLongestHeldBack)
        from = unfinished;
    if (m_redact.m_needles)
        for (const auto& known : m_redact.m_needles->in(text)) // one with spaces in it must not be cut
            from = known.begin < from && from < known.end ? known.begin : from;
    return text.size() - from;
}

std::string StreamRedactor::show(std::size_t length)
{
    const auto text = m_context + m_pending.substr(0, length);
    auto clean = m_redact.cleanFrom(text, m_context.size());
    m_context = text.substr(text.size() - std::min(text.size(), kContext));
    m_pending.erase(0, length);
    return clean;
}

std::string StreamRedactor::feed(std::string_view piece)
{
    m_pending += piece;
    return show(m_pending.size() - heldBack());
}

std::string StreamRedactor::finish()
{
    auto clean = show(m_pending.size());
    m_context.clear();
    return clean;
}

std::vector<SecretHit> findSecrets(std::string_view text)
{
    std::vector<SecretHit> hits;
    std::size_t line = 1, counted = 0;
    for (const auto& span : secretSpans(text)) {
        line += std::size_t(std::ranges::count(text.substr(counted, span.begin - counted), '\n'));
        counted = span.begin;
        hits.push_back({line, std::string(span.kind)});
    }
    return hits;
}

} // namespace aap
