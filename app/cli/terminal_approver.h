#pragma once

#include <functional>
#include <string>

#include "core/pipeline/run_request.h"

namespace aap {

class RunView;
class TerminalKeys;

/// Who decides on this machine: the user's name.
std::string approverName();

/// Decides at gates on the command line: by --yes, by a question at the terminal, or not at all when nobody is there.
class TerminalApprover final : public Approver {
public:
    /// `yes`: approve everything but production. `interactive`: standard input is a terminal.
    /// `keys`: who reads from the terminal otherwise; null for nobody.
    TerminalApprover(bool yes, bool interactive, RunView& view, TerminalKeys* keys = nullptr);

    Answer ask(const GateOpened& gate, const std::stop_token& stop) override;

private:
    Answer askAtTerminal(const GateOpened& gate, const std::stop_token& stop);

    const bool m_yes;
    const bool m_interactive;
    RunView& m_view;
    TerminalKeys* const m_keys;
};

} // namespace aap
