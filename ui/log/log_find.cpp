#include "ui/log/log_find.h"

#include <algorithm>
#include <cstring>

#include "ui/log/log_line.h"

namespace aap {
namespace {

constexpr std::size_t kSearchedBlock = 1U << 20U;

/// Bytes without colour codes and the like; line breaks stay.
std::string withoutEscapes(std::string_view bytes)
{
    std::string plain;
    plain.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        plain += parseLogLine(bytes.substr(0, end)).text.toStdString();
        if (end < bytes.size())
            plain += '\n';
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return plain;
}

void lowerAscii(std::string& bytes)
{
    for (auto& c : bytes)
        c = char(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/// Finds the lines of a block that hold what is looked for.
class Matcher {
public:
    explicit Matcher(const LogQuery& query) : m_expression(query.expression()), m_needle(query.words.toStdString())
    {
        const bool ascii = std::ranges::all_of(m_needle, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        m_asBytes = !query.regex && !query.wholeWord && (query.matchCase || ascii);
        m_lower = !query.matchCase;
        if (m_asBytes && m_lower)
            lowerAscii(m_needle);
    }

    void find(std::string block, std::uint64_t firstLine, std::vector<std::uint64_t>& hits, const std::stop_token& stop)
    {
        if (block.find('\x1b') != std::string::npos || block.find('\r') != std::string::npos)
            block = withoutEscapes(block);
        if (m_asBytes)
            findBytes(block, firstLine, hits);
        else
            findExpression(block, firstLine, hits, stop);
    }

private:
    void findBytes(std::string& block, std::uint64_t line, std::vector<std::uint64_t>& hits) const
    {
        if (m_lower)
            lowerAscii(block);
        const char* at = block.data();
        const char* counted = at;
        const char* const end = at + block.size();
        while (at < end) {
            const auto* hit = static_cast<const char*>(::memmem(at, std::size_t(end - at), m_needle.data(), m_needle.size()));
            if (hit == nullptr)
                return;
            line += std::uint64_t(std::count(counted, hit, '\n'));
            counted = hit;
            hits.push_back(line);
            const auto* next = static_cast<const char*>(std::memchr(hit, '\n', std::size_t(end - hit)));
            if (next == nullptr)
                return;
            at = next + 1;
        }
    }
    void findExpression(const std::string& block, std::uint64_t line, std::vector<std::uint64_t>& hits, const std::stop_token& stop) const
    {
        std::string_view rest(block);
        for (; !rest.empty() && !stop.stop_requested(); ++line) {
            const auto end = std::min(rest.find('\n'), rest.size());
            const auto words = rest.substr(0, std::min(end, kMostOfLine));
            if (m_expression.match(QString::fromUtf8(words.data(), qsizetype(words.size()))).hasMatch())
                hits.push_back(line);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

    static constexpr std::size_t kMostOfLine = 64U << 10U; // an expression may take its time with one long line
    QRegularExpression m_expression;
    std::string m_needle;
    bool m_asBytes = false;
    bool m_lower = false;
};

} // namespace

QRegularExpression LogQuery::expression() const
{
    auto pattern = regex ? words : QRegularExpression::escape(words);
    if (wholeWord)
        pattern = QStringLiteral("\\b(?:%1)\\b").arg(pattern);
    QRegularExpression made(pattern, QRegularExpression::UseUnicodePropertiesOption);
    if (!matchCase)
        made.setPatternOptions(made.patternOptions() | QRegularExpression::CaseInsensitiveOption);
    return made;
}

LogFind::LogFind(QObject* parent) :
    QObject(parent)
{
}

LogFind::~LogFind() = default;

void LogFind::start(std::shared_ptr<const LogSource::Opened> opened, const LogQuery& query)
{
    m_worker = {}; // the last search ends after its line
    ++m_search;
    m_running = false;
    m_opened = std::move(opened);
    m_query = query;
    m_lines.clear();
    m_nextLine = 0;
    if (m_opened && !query.words.isEmpty() && query.expression().isValid())
        run();
    else
        m_opened.reset();
    emit progressed();
}

void LogFind::goOn()
{
    if (!m_opened || m_running || m_opened->index.bytes() == m_bytes)
        return;
    m_nextLine -= m_nextLine > 0 ? 1 : 0; // the last line may have gone on
    if (!m_lines.empty() && m_lines.back() == m_nextLine)
        m_lines.pop_back();
    run();
}

void LogFind::run()
{
    m_running = true;
    m_bytes = m_opened->index.bytes();
    m_worker = std::jthread([this, search = m_search, opened = m_opened, query = m_query, line = m_nextLine](const std::stop_token& stop) mutable {
        Matcher matcher(query);
        const auto lines = opened->index.lines();
        std::string block;
        if (line >= lines)
            QMetaObject::invokeMethod(this, [this, search, line] { take(search, {.nextLine = line, .last = true}); }, Qt::QueuedConnection);
        while (line < lines && !stop.stop_requested()) {
            // As many whole lines as fit in a block; one that does not fit is looked at as far as it does.
            auto next = line + 1;
            const auto begin = opened->index.begin(line);
            for (std::uint64_t step = 1U << 16U; step > 0; step /= 2)
                while (next + step <= lines && opened->index.end(next + step - 1) - begin <= kSearchedBlock)
                    next += step;
            block.resize(std::size_t(std::min<std::uint64_t>(opened->index.end(next - 1) - begin, kSearchedBlock)));
            const auto got = opened->file.readAt(begin, block);
            block.resize(got ? *got : 0);
            Piece piece;
            matcher.find(std::move(block), line, piece.lines, stop);
            block = {};
            line = next;
            piece.nextLine = line;
            piece.last = line >= lines;
            QMetaObject::invokeMethod(this, [this, search, piece = std::move(piece)] { take(search, piece); }, Qt::QueuedConnection);
        }
    });
}

void LogFind::take(int search, const Piece& piece)
{
    if (search != m_search)
        return;
    const auto room = kMost - std::min(kMost, m_lines.size());
    m_lines.insert(m_lines.end(), piece.lines.begin(), piece.lines.begin() + std::ptrdiff_t(std::min(room, piece.lines.size())));
    m_nextLine = piece.nextLine;
    m_running = !piece.last;
    emit progressed();
}

} // namespace aap
