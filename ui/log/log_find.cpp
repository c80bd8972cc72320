#include "ui/log/log_find.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace aap {
namespace {

constexpr std::size_t kSearchedBlock = 1U << 20U;

constexpr auto kBetweenPieces = std::chrono::milliseconds(33); // hits are told as often as a screen is drawn

/// As many whole lines as fit in a block, at least one.
std::uint64_t behindBlock(const LineIndex& index, std::uint64_t line, std::uint64_t lines)
{
    const auto begin = index.begin(line);
    auto next = line + 1;
    for (std::uint64_t step = 1U << 16U; step > 0; step /= 2)
        while (next + step <= lines && index.end(next + step - 1) - begin <= kSearchedBlock)
            next += step;
    return next;
}

} // namespace

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
    m_worker = std::jthread([this, search = m_search, opened = m_opened, query = m_query, line = m_nextLine](const std::stop_token& stop) {
        lookThrough(*opened, line, LineMatcher(query), stop, [this, search](Piece piece) {
            QMetaObject::invokeMethod(this, [this, search, piece = std::move(piece)] { take(search, piece); }, Qt::QueuedConnection);
        });
    });
}

void LogFind::lookThrough(const LogSource::Opened& opened, std::uint64_t line, LineMatcher matcher, const std::stop_token& stop, const std::function<void(Piece)>& tell)
{
    const auto lines = opened.index.lines();
    auto told = std::chrono::steady_clock::now();
    std::string block;
    Piece piece;
    while (line < lines && !stop.stop_requested()) {
        const auto next = behindBlock(opened.index, line, lines);
        const auto begin = opened.index.begin(line);
        block.resize(std::size_t(std::min<std::uint64_t>(opened.index.end(next - 1) - begin, kSearchedBlock))); // of a line that does not fit as much as does
        const auto got = opened.file.readAt(begin, block);
        matcher.find(std::string_view(block).substr(0, got ? *got : 0), line, piece.lines, stop);
        line = next;
        const auto time = std::chrono::steady_clock::now();
        if (line < lines && time - told >= kBetweenPieces) {
            told = time;
            piece.nextLine = line;
            tell(std::exchange(piece, {}));
        }
    }
    piece.nextLine = line;
    piece.last = true;
    tell(std::move(piece));
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
