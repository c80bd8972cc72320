#include "core/pipeline/checks/check_list.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/pipeline/intake_lines.h"

namespace aap {
namespace {

constexpr std::size_t kMostReason = 2000; // the contract's limit for a check's reason
constexpr std::size_t kMostQuoted = 1500;
constexpr std::size_t kMostNamed = 12;
constexpr std::size_t kMostArgv = 64;

} // namespace

std::string tailOf(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return std::string(text);
    text.remove_prefix(text.size() - limit);
    if (const auto line = text.find('\n'); line != text.npos && line < limit / 4)
        text.remove_prefix(line + 1);
    while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0U) == 0x80U)
        text.remove_prefix(1);
    return std::string(text);
}

Verdict Verdict::of(const std::vector<std::string>& problems, std::string_view lead)
{
    if (problems.empty())
        return passed();
    const std::vector<std::string> named(problems.begin(), problems.begin() + std::ptrdiff_t(std::min(problems.size(), kMostNamed)));
    auto text = fmt::format("{} {}", lead, fmt::join(named, "; "));
    if (problems.size() > kMostNamed)
        text += fmt::format("; and {} more", problems.size() - kMostNamed);
    auto verdict = failed(text + ".");
    if (problems.size() > kMostNamed)
        verdict.output = fmt::format("{}\n", fmt::join(problems, "\n"));
    return verdict;
}

Verdict Verdict::of(const CommandResult& result, std::vector<std::string> argv, std::string_view what)
{
    Verdict verdict{.argv = std::move(argv), .output = cleanText(result.output)};
    if (result.ending == Ending::Exited)
        verdict.exitCode = result.exitCode;
    if (result.succeeded())
        return verdict;
    verdict.status = CheckStatus::Failed;
    const auto end = tailOf(verdict.output, kMostQuoted);
    verdict.reason = fmt::format("{} did not end with 0 ({}).{}{}", what, endingOf(result), end.empty() ? " It wrote nothing." : " The end of its output:\n", end);
    return verdict;
}

Result<void> CheckList::run(const std::string& id, Level level, const Work& work)
{
    if (m_context.stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while the program checked the stage"};
    const Stopwatch watch;
    auto verdict = work();
    if (!verdict)
        return std::move(verdict).error().during("check " + id);
    Check check{.id = id, .must = level == Level::Must, .status = verdict->status, .seconds = double(watch.elapsed().count()) / 1000,
                .argv = std::move(verdict->argv), .exitCode = verdict->exitCode, .reason = std::string(cutUtf8(verdict->reason, kMostReason))};
    check.argv.resize(std::min(check.argv.size(), kMostArgv));
    if (!verdict->output.empty() && m_context.saveLog) {
        auto log = m_context.saveLog(id, verdict->output);
        if (!log)
            return std::move(log).error().during("save the log of check " + id);
        check.log = *std::move(log);
    }
    m_checks.push_back(check);
    return m_context.recorder.record(m_context.stage, CheckFinished{.check = std::move(check)});
}

Result<void> CheckList::note(const std::string& id, Level level, Verdict verdict)
{
    return run(id, level, [&]() -> Result<Verdict> { return std::move(verdict); });
}

Result<std::vector<Check>> CheckList::runAll(const std::vector<Step>& steps)
{
    for (const auto& step : steps)
        if (auto done = run(step.id, step.level, step.work); !done)
            return std::move(done).error();
    return m_checks;
}

bool CheckList::passed(std::string_view id) const
{
    const auto check = std::ranges::find(m_checks, id, &Check::id);
    return check != m_checks.end() && check->status == CheckStatus::Passed;
}

} // namespace aap
