#include "ui/log/log_source.h"

#include <array>

#include "core/engine/sandbox_log.h"

namespace aap {
namespace {

constexpr int kQuick = 33;  // ms, while lines come fast
constexpr int kCalm = 100;  // ms
constexpr int kAbsent = 400; // ms, while there is no file
constexpr std::uint64_t kFast = 500 / 30; // lines a look: 500 a second
constexpr std::size_t kIndexedBlock = 1U << 20U;
constexpr std::size_t kLongestMark = 2048;

std::vector<std::string> fieldsOf(std::string_view line)
{
    std::vector<std::string> fields;
    while (fields.size() < 4) {
        const auto tab = fields.size() == 3 ? std::string_view::npos : line.find('\t');
        fields.emplace_back(line.substr(0, tab));
        if (tab == std::string_view::npos)
            break;
        line.remove_prefix(tab + 1);
    }
    return fields;
}

/// Finds the lines that begin and end tool calls.
class SectionReader {
public:
    explicit SectionReader(LogSource::Opened& opened) : m_opened(opened) {}

    /// `bytes` begin where line `line` does, or within it.
    void look(std::string_view bytes, bool atLineStart)
    {
        for (std::size_t at = 0; at < bytes.size();) {
            if (atLineStart && (bytes[at] == SandboxLog::kBegins || bytes[at] == SandboxLog::kEnds))
                m_marks.push_back(m_line);
            const auto end = bytes.find('\n', at);
            if (end == std::string_view::npos)
                return;
            ++m_line;
            atLineStart = true;
            at = end + 1;
        }
    }
    /// Reads those marks whose line is whole.
    void settle()
    {
        std::vector<std::uint64_t> open;
        for (const auto line : m_marks)
            if (line < m_line)
                take(line);
            else
                open.push_back(line);
        m_marks = std::move(open);
    }

private:
    void take(std::uint64_t line)
    {
        std::array<char, kLongestMark> bytes{};
        const auto begin = m_opened.index.begin(line);
        const auto got = m_opened.file.readAt(begin, std::span(bytes).first(std::size_t(std::min<std::uint64_t>(m_opened.index.end(line) - begin, kLongestMark))));
        std::string_view words(bytes.data(), got ? *got : 0);
        if (words.empty())
            return;
        if (words.back() == '\n')
            words.remove_suffix(1);
        const bool begins = words.front() == SandboxLog::kBegins;
        const auto fields = fieldsOf(words.substr(1));
        const std::lock_guard lock(m_opened.mutex);
        if (begins && fields.size() == 4)
            m_opened.sections.push_back({.firstLine = line, .clock = fields[0], .stage = parseStage(fields[1]), .callId = fields[2], .words = fields[3]});
        else if (!begins && fields.size() == 2 && !m_opened.sections.empty() && !m_opened.sections.back().lastLine) {
            auto& section = m_opened.sections.back();
            section.lastLine = line;
            section.outcome = fields[0];
            section.seconds = fields[1];
        }
    }

    LogSource::Opened& m_opened;
    std::uint64_t m_line = 0;
    std::vector<std::uint64_t> m_marks;
};

} // namespace

LogSource::LogSource(QObject* parent) :
    QObject(parent)
{
    m_timer.setInterval(kCalm);
    connect(&m_timer, &QTimer::timeout, this, &LogSource::look);
}

LogSource::~LogSource()
{
    stop();
}

void LogSource::open(const QString& folder, const QString& relative, bool sections)
{
    stop();
    m_folder = folder;
    m_relative = relative;
    m_sections = sections;
    m_timer.start(kQuick);
    emit restarted();
    look();
}

void LogSource::close()
{
    stop();
    m_timer.stop();
    emit restarted();
}

void LogSource::stop()
{
    m_worker = {}; // asks it to stop and waits: it looks after every block
    m_opened.reset();
    m_seenBytes = 0;
}

void LogSource::start()
{
    auto file = GrowingFile::open(m_folder.toStdString(), m_relative.toStdString());
    if (!file) {
        m_timer.setInterval(kAbsent);
        return;
    }
    m_opened = std::make_shared<Opened>(*std::move(file));
    m_timer.setInterval(kQuick);
    m_worker = std::jthread([this, opened = m_opened, sections = m_sections](const std::stop_token& stop) {
        keepUp(*opened, sections, stop);
    });
}

void LogSource::look()
{
    if (!m_opened)
        return start();
    const auto size = m_opened->file.bytes();
    const auto known = m_opened->settled.load();
    if (size < known) { // begun anew
        stop();
        emit restarted();
        return start();
    }
    if (size > known) {
        const std::lock_guard lock(m_mutex);
        m_asked = true;
        m_wake.notify_one();
    }
    if (known == m_seenBytes)
        return;
    const bool fast = size - m_seenBytes > kFast * 80; // bytes of usual lines
    m_timer.setInterval(fast ? kQuick : kCalm);
    m_seenBytes = known;
    emit grew();
}

void LogSource::keepUp(Opened& opened, bool sections, const std::stop_token& stop)
{
    SectionReader reader(opened);
    std::vector<char> block(kIndexedBlock);
    bool atLineStart = true;
    while (!stop.stop_requested()) {
        const auto got = opened.file.readAt(opened.index.bytes(), block);
        const std::string_view bytes(block.data(), got ? *got : 0);
        if (!bytes.empty()) {
            opened.index.feed(bytes);
            if (sections) {
                reader.look(bytes, atLineStart);
                reader.settle();
            }
            atLineStart = bytes.back() == '\n';
            opened.settled = opened.index.bytes();
            continue;
        }
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, stop, [this] { return m_asked; });
        m_asked = false;
    }
}

std::uint64_t LogSource::lines() const
{
    return m_opened ? m_opened->index.lines() : 0;
}

std::uint64_t LogSource::lineBytes(std::uint64_t line) const
{
    return m_opened ? m_opened->index.end(line) - m_opened->index.begin(line) : 0;
}

std::string LogSource::line(std::uint64_t line, std::size_t most) const
{
    if (!m_opened)
        return {};
    std::string bytes(std::size_t(std::min<std::uint64_t>(lineBytes(line), most)), '\0');
    const auto got = m_opened->file.readAt(m_opened->index.begin(line), bytes);
    bytes.resize(got ? *got : 0);
    return bytes;
}

std::vector<LogSection> LogSource::sections() const
{
    if (!m_opened)
        return {};
    const std::lock_guard lock(m_opened->mutex);
    return m_opened->sections;
}

} // namespace aap
