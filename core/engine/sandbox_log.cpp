#include "core/engine/sandbox_log.h"

#include <algorithm>
#include <cerrno>
#include <ctime>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace aap {
namespace {

constexpr std::size_t kMostOfCall = 16U << 20U;
constexpr std::size_t kMostOfAll = 512U << 20U;

/// Local time, as people compare it with their clock.
std::string clockText(TimePoint at)
{
    const auto seconds = std::chrono::system_clock::to_time_t(at);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

/// A field of a line of ours: whatever a model wrote, it stays one field.
std::string field(std::string text)
{
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
}

} // namespace

SandboxLog::SandboxLog(std::filesystem::path file, RunObserver& next) : m_file(std::move(file)), m_next(next) {}

SandboxLog::~SandboxLog()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

void SandboxLog::happened(const RunEvent& event, const RunState& state)
{
    if (const auto* started = std::get_if<ToolStarted>(&event.payload))
        begin(event, *started);
    else if (const auto* finished = std::get_if<ToolFinished>(&event.payload))
        end(*finished);
    m_next.happened(event, state);
}

void SandboxLog::live(const LiveEvent& event)
{
    if (event.kind == LiveEvent::Kind::ToolOutput) {
        print(event.text);
        m_hasOutput = m_hasOutput || event.callId == m_showing;
    }
    m_next.live(event);
}

void SandboxLog::begin(const RunEvent& event, const ToolStarted& tool)
{
    endLine();
    m_showing = tool.callId;
    m_hasOutput = false;
    m_callBytes = 0;
    write(fmt::format("{}{}\t{}\t{}\t{}\n", kBegins, clockText(event.at), event.stage ? slug(*event.stage) : std::string_view("-"), field(tool.callId),
                      field(tool.summary.empty() ? tool.tool : tool.tool + "  " + tool.summary)));
}

void SandboxLog::end(const ToolFinished& tool)
{
    if (!m_hasOutput && tool.callId == m_showing) // what it answered is all it said
        print(tool.result);
    endLine();
    write(fmt::format("{}{}\t{:.1f}\n", kEnds, tool.exitCode ? std::to_string(*tool.exitCode) : tool.isError ? "!" : "-", double(tool.duration.count()) / 1000));
    m_showing.clear();
}

void SandboxLog::print(std::string text)
{
    const auto before = m_callBytes;
    m_callBytes += text.size();
    if (before > kMostOfCall || m_allBytes > kMostOfAll)
        return;
    std::ranges::replace_if(text, [](char c) { return c == kBegins || c == kEnds; }, '?');
    write(text);
    if (m_callBytes > kMostOfCall || m_allBytes > kMostOfAll) {
        endLine();
        write("… the rest of this output is left out\n");
    }
}

void SandboxLog::endLine()
{
    if (m_midLine)
        write("\n");
}

void SandboxLog::write(std::string_view bytes)
{
    if (m_failed || bytes.empty())
        return;
    if (m_descriptor < 0)
        m_descriptor = ::open(m_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
    m_midLine = bytes.back() != '\n';
    m_allBytes += bytes.size();
    while (!bytes.empty()) {
        const auto done = ::write(m_descriptor, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) { // a full disk is the journal's to report
            m_failed = true;
            return;
        }
        bytes.remove_prefix(std::size_t(done));
    }
}

} // namespace aap
