#include "app/cli/wording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/printable.h"
#include "core/llm/prices.h"

namespace aap {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

std::string_view word(CheckStatus status)
{
    switch (status) {
    case CheckStatus::Passed: return "✔ passed";
    case CheckStatus::Failed: return "✖ failed";
    case CheckStatus::Skipped: return "– skipped";
    case CheckStatus::Waived: return "✔ waived";
    case CheckStatus::NotChecked: return "– not checked";
    }
    return "";
}

std::string checkLine(const Check& check)
{
    const auto reason = check.reason.empty() ? std::string() : ": " + cutTo(printable(check.reason), 300);
    const auto level = check.must ? "" : " (should)";
    return fmt::format("  check {}{} {}{}", check.id, level, word(check.status), reason);
}

std::string toolLine(const ToolFinished& tool)
{
    const auto code = tool.exitCode ? fmt::format(", exit code {}", *tool.exitCode) : std::string();
    return fmt::format("  {} {}{}, {:.1f} s", tool.isError ? "✖" : "✔", tool.tool, code, double(tool.duration.count()) / 1000);
}

/// With its middle left out only where nobody could read it all; and then it says so.
std::string wholeText(std::string_view text)
{
    constexpr std::size_t mostHead = 12'000;
    constexpr std::size_t mostTail = 4'000;
    if (text.size() <= mostHead + mostTail)
        return escaped(text);
    return fmt::format("{} [!! {} characters are not shown here !!] {}", escaped(text.substr(0, mostHead)), text.size() - mostHead - mostTail, escaped(text.substr(text.size() - mostTail)));
}

std::string wordsOf(const DeploymentChanged& deployment)
{
    const auto image = deployment.details.is_object() ? printable(deployment.details.value("image", "")) : std::string();
    if (deployment.state == "rolled_back")
        return "deployment rolled back to " + image;
    if (deployment.state == "set_aside")
        return fmt::format("deployment of {} set aside for the new one", image);
    if (deployment.state == "replaced")
        return fmt::format("deployment replaced: {} runs now", image);
    return "deployment " + printable(deployment.state);
}

} // namespace

std::string durationText(Milliseconds span)
{
    const auto seconds = std::chrono::round<std::chrono::seconds>(span).count();
    if (seconds < 60)
        return fmt::format("{} s", seconds);
    if (seconds < 3600)
        return fmt::format("{} min {} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string countText(std::int64_t count)
{
    if (count < 1000)
        return std::to_string(count);
    if (count < 1'000'000)
        return fmt::format("{:.1f} k", double(count) / 1e3);
    return fmt::format("{:.1f} M", double(count) / 1e6);
}

std::string questionLines(const GateOpened& gate)
{
    const bool isForeign = gate.gate.starts_with("tool.");
    const auto shown = [&](const std::string& text) { return isForeign ? wholeText(text) : cutTo(printable(text), 400); };
    auto lines = (isForeign ? wholeText(gate.question) : printable(gate.question)) + "\n";
    if (gate.details.is_object())
        for (const auto& [key, value] : gate.details.items())
            lines += fmt::format("  {}: {}\n", printable(key), shown(value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace)));
    return lines;
}

std::string_view symbol(StageStatus status)
{
    switch (status) {
    case StageStatus::NotStarted: return "◌";
    case StageStatus::Running: return "▶";
    case StageStatus::Checking: return "⌕";
    case StageStatus::Repairing: return "↺";
    case StageStatus::Waiting: return "✋";
    case StageStatus::Passed:
    case StageStatus::Waived: return "✔";
    case StageStatus::Skipped: return "–";
    case StageStatus::Cancelled: return "■";
    case StageStatus::Failed:
    case StageStatus::BudgetExceeded:
    case StageStatus::Refused:
    case StageStatus::Incomplete: return "✖";
    }
    return " ";
}

std::string_view colourCode(StageStatus status)
{
    switch (status) {
    case StageStatus::Running:
    case StageStatus::Checking: return "34";
    case StageStatus::Repairing:
    case StageStatus::Waiting: return "33";
    case StageStatus::Passed:
    case StageStatus::Waived: return "32";
    case StageStatus::Failed:
    case StageStatus::BudgetExceeded:
    case StageStatus::Refused:
    case StageStatus::Incomplete: return "31";
    case StageStatus::Cancelled: return "35";
    case StageStatus::NotStarted:
    case StageStatus::Skipped: return "2";
    }
    return "";
}

std::string sentence(const RunEvent& event)
{
    const auto stage = event.stage ? std::string(title(*event.stage)) : std::string();
    return std::visit(
        Overloaded{
            [](const RunStarted& run) {
                auto line = fmt::format("Run started: {}", cutTo(printable(run.title), 120));
                if (!run.recordingLabel.empty())
                    line += fmt::format(" ({})", run.recordingLabel);
                if (!run.forkOf.empty())
                    line += fmt::format(", a fork of {} at its event {}", run.forkOf, run.forkAt);
                return line;
            },
            [](const RunPaused& paused) { return "Paused: " + printable(paused.reason); },
            [](const RunFinished& run) { return fmt::format("{}: {}", title(run.ending), printable(run.reason)); },
            [&](const StageStarted& started) {
                const auto round = started.round > 0 ? fmt::format(", repair {}", started.round) : std::string();
                return fmt::format("== {} {}(attempt {}{}) with {}", stage, started.resumed ? "goes on " : "", started.attempt, round, started.model);
            },
            [&](const StageFinished& finished) {
                const auto reason = finished.reason.empty() ? std::string() : ": " + printable(finished.reason);
                return fmt::format("== {} {} {}{}", stage, symbol(finished.status), title(finished.status), reason);
            },
            [](const ToolStarted& tool) { return fmt::format("  ▸ {}", cutTo(printable(tool.tool + "  " + tool.summary), 160)); },
            [](const ToolFinished& tool) { return toolLine(tool); },
            [&](const Submitted&) { return fmt::format("  {} hands in its result; the program checks it", stage); },
            [](const CheckFinished& checked) { return checkLine(checked.check); },
            [](const RepairStarted& repair) {
                return fmt::format("↺ Repair {} of {}: {} failing test(s)", repair.round, repair.maxRounds, repair.failing.size());
            },
            [](const GateOpened& gate) { return "✋ " + printable(gate.question); },
            [](const GateDecided& gate) {
                return gate.by.empty() ? "  " + gate.decision : fmt::format("  {} by {}{}", gate.decision, printable(gate.by), gate.comment.empty() ? "" : ": " + cutTo(printable(gate.comment), 300));
            },
            [](const SteeringMessage& message) { return "  you say: " + cutTo(printable(message.text), 300); },
            [&](const LimitRaised& raised) { return fmt::format("  limit of {} raised: {:g} {}", stage.empty() ? "the run" : stage, raised.to, printable(raised.limit)); },
            [&](const SkipAsked& skip) { return fmt::format("– {} is skipped: {}", stage, printable(skip.reason)); },
            [&](const StageSentBack& sent) { return fmt::format("↺ back to {}: {}", stage, cutTo(printable(sent.comment), 300)); },
            [](const RunResumed& resumed) { return std::string(resumed.pipeline.is_null() ? "Goes on" : "Goes on after an interruption"); },
            [](const DeploymentChanged& deployment) { return "  " + wordsOf(deployment); },
            [](const FilesEdited& edited) { return "  you edit: " + cutTo(printable(fmt::format("{}", fmt::join(edited.paths, ", "))), 300); },
            [](const Warned& warning) { return "! " + printable(warning.text); },
            [](const SandboxReported& report) {
                return report.kind == "network_allowed" ? "  network: " + printable(report.subject) + " was reached"
                                                        : "! " + printable(report.text);
            },
            [](const ErrorRaised& error) { return "✖ " + printable(error.text); },
            [](const auto&) { return std::string(); },
        },
        event.payload);
}

std::string cacheWords(const RunState& state, const Prices& prices)
{
    const auto& usage = state.usage;
    if (usage.cacheReadTokens <= 0)
        return {};
    auto words = fmt::format("Cache: {:.0f} % of the prompts' tokens", 100.0 * double(usage.cacheReadTokens) / double(usage.promptTokens()));
    Money saved;
    for (const auto& stage : state.stages) {
        if (stage.usage.calls == 0)
            continue;
        const auto ofStage = prices.savedByCache(stage.model, stage.usage);
        if (!ofStage)
            return words;
        saved += *ofStage;
    }
    return saved.microUsd > 0 ? words + ", saved " + saved.text() : words;
}

std::string lastWords(const RunState& state, std::string_view unended)
{
    const auto ending = state.ending ? title(*state.ending) : unended;
    auto words = fmt::format("{}. {} token(s), {}", ending, countText(state.usage.totalTokens()), state.cost.text());
    if (!state.started.recordingLabel.empty())
        words += fmt::format(" ({})", state.started.recordingLabel);
    if (!state.started.output.empty())
        words += "\nResults: " + state.started.output;
    if (!state.deployment.is_null() && state.ending == RunEnding::Completed && state.started.signedBy.empty())
        words += fmt::format("\nThe deployment stays up; 'agent-pipeline deployments remove {}' removes it.", state.id);
    return words;
}

} // namespace aap
