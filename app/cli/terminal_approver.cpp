#include "app/cli/terminal_approver.h"

#include <cstdlib>
#include <iostream>

#include <poll.h>
#include <unistd.h>

#include "app/cli/printable.h"
#include "app/cli/run_view.h"

namespace aap {
namespace {

std::string userName()
{
    const char* name = std::getenv("USER"); // NOLINT(concurrency-mt-unsafe): nobody changes the environment
    return name && *name ? name : "the user";
}

bool concernsProduction(const GateOpened& gate)
{
    return gate.details.is_object() && gate.details.value("environment", std::string()) == "production";
}

/// One line from standard input, or nothing when it ended or somebody asked to stop.
std::optional<std::string> readLine(const std::stop_token& stop)
{
    std::string line;
    while (!stop.stop_requested()) {
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (::poll(&input, 1, 100) <= 0)
            continue;
        char c = 0;
        if (::read(STDIN_FILENO, &c, 1) != 1)
            return std::nullopt;
        if (c == '\n')
            return line;
        line += c;
    }
    return std::nullopt;
}

} // namespace

TerminalApprover::TerminalApprover(bool yes, bool interactive, RunView& view) :
    m_yes(yes), m_interactive(interactive), m_view(view)
{
}

Approver::Answer TerminalApprover::ask(const GateOpened& gate, const std::stop_token& stop)
{
    if (m_yes && !concernsProduction(gate))
        return {.decision = Decision::Approved, .by = "--yes", .comment = {}};
    if (!m_interactive)
        return {.decision = Decision::Waiting, .by = {}, .comment = {}};
    m_view.suspend();
    auto answer = askAtTerminal(gate, stop);
    m_view.resume();
    return answer;
}

Approver::Answer TerminalApprover::askAtTerminal(const GateOpened& gate, const std::stop_token& stop)
{
    std::cerr << "\n" << printable(gate.question) << "\n";
    if (gate.details.is_object())
        for (const auto& [key, value] : gate.details.items())
            std::cerr << "  " << key << ": " << cutTo(printable(value.is_string() ? value.get<std::string>() : value.dump()), 400) << "\n";
    std::cerr << "Go on? [y]es, [n]o: " << std::flush;
    while (const auto line = readLine(stop)) {
        if (*line == "y" || *line == "yes")
            return {.decision = Decision::Approved, .by = userName(), .comment = {}};
        if (*line == "n" || *line == "no")
            return {.decision = Decision::Rejected, .by = userName(), .comment = {}};
        std::cerr << "Type y or n: " << std::flush;
    }
    return {.decision = Decision::Waiting, .by = {}, .comment = {}};
}

} // namespace aap
