#include "app/cli/terminal_approver.h"

#include <cstdlib>
#include <iostream>

#include <optional>

#include "app/cli/run_view.h"
#include "app/cli/terminal_keys.h"
#include "app/cli/wording.h"

namespace aap {
namespace {

bool concernsProduction(const GateOpened& gate)
{
    return gate.details.is_object() && gate.details.value("environment", std::string()) == "production";
}

} // namespace

std::string approverName()
{
    const char* name = std::getenv("USER"); // NOLINT(concurrency-mt-unsafe): nobody changes the environment
    return name && *name ? name : "the user";
}

TerminalApprover::TerminalApprover(bool yes, bool interactive, RunView& view, TerminalKeys* keys) :
    m_yes(yes), m_interactive(interactive), m_view(view), m_keys(keys)
{
}

Approver::Answer TerminalApprover::ask(const GateOpened& gate, const std::stop_token& stop)
{
    if (m_yes && !concernsProduction(gate))
        return {.decision = Decision::Approved, .by = "--yes", .comment = {}};
    if (!m_interactive)
        return {.decision = Decision::Waiting, .by = {}, .comment = {}};
    m_view.suspend();
    Answer answer;
    {
        std::optional<TerminalKeys::Lines> lines;
        if (m_keys != nullptr)
            lines.emplace(*m_keys);
        answer = askAtTerminal(gate, stop);
    }
    m_view.resume();
    return answer;
}

Approver::Answer TerminalApprover::askAtTerminal(const GateOpened& gate, const std::stop_token& stop)
{
    std::cerr << "\n" << questionLines(gate);
    std::cerr << "Go on? [y]es, [n]o: " << std::flush;
    while (const auto line = readTerminalLine(stop)) {
        if (*line == "y" || *line == "yes")
            return {.decision = Decision::Approved, .by = approverName(), .comment = {}};
        if (*line == "n" || *line == "no") {
            std::cerr << "What shall be changed? (empty: stop here) " << std::flush;
            return {.decision = Decision::Rejected, .by = approverName(), .comment = readTerminalLine(stop).value_or("")};
        }
        std::cerr << "Type y or n: " << std::flush;
    }
    return {.decision = Decision::Waiting, .by = {}, .comment = {}};
}

} // namespace aap
