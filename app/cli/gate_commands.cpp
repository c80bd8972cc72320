#include "app/cli/gate_commands.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/cli/printable.h"
#include "app/cli/terminal_approver.h"
#include "core/engine/gate_decision.h"

namespace aap {
namespace {

int refusedDecision(const Error& error, std::ostream& err)
{
    err << printable(error.text()) << '\n';
    if (!error.remedy.empty())
        err << printable(error.remedy) << '\n';
    return exitCode(error.code == ErrorCode::Invalid || error.code == ErrorCode::NotFound ? RunEnding::InvalidInput : RunEnding::Failed);
}

} // namespace

int decideCommand(const Options& options, Journal& journal, const Redactor& redactor, std::ostream& out, std::ostream& err)
{
    const auto run = journal.findRun(options.runId);
    if (!run)
        return refusedDecision(run.error(), err);
    const auto runs = journal.runs();
    if (runs && std::ranges::any_of(*runs, [&](const RunSummary& one) { return one.id == *run && one.isRunning; }))
        return refusedDecision(Error{ErrorCode::Invalid, "a program is working on run " + *run, {}, "Answer it there."}, err);
    const bool approves = options.command == "approve";
    const auto gate = decideGate(*run, {.gate = {}, .decision = approves ? "approved" : "rejected", .by = approverName(), .comment = options.comment}, journal, redactor);
    if (!gate)
        return refusedDecision(gate.error(), err);
    if (options.json)
        out << Json{{"run_id", *run}, {"gate", gate->gate}, {"decision", approves ? "approved" : "rejected"}}.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    else
        out << fmt::format("{} at the gate {}: {}\n'agent-pipeline resume {}' carries the run on.\n", approves ? "Approved" : "Sent back", printable(gate->gate),
                           printable(gate->question), *run);
    return 0;
}

} // namespace aap
