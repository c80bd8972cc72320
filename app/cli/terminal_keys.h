#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <termios.h>

namespace aap {

class RunView;
class Steering;

/// Reads one line from the terminal on standard input; nothing when it ended or `stop` was requested. Without the line's end.
std::optional<std::string> readTerminalLine(const std::stop_token& stop);

/// Single keys at the terminal while a run goes: pause, a message to the agent, a higher limit, a stage that is skipped or sent back.
/// Switches the terminal over and, at its end, back. Does nothing when standard input is no terminal or belongs to another program.
class TerminalKeys {
public:
    /// Both outlive it.
    TerminalKeys(Steering& steering, RunView& view);
    ~TerminalKeys();
    TerminalKeys(const TerminalKeys&) = delete;
    TerminalKeys& operator=(const TerminalKeys&) = delete;

    /// While it lives, nobody takes keys and the terminal reads whole lines: for a question.
    class Lines {
    public:
        explicit Lines(TerminalKeys& keys);
        ~Lines();
        Lines(const Lines&) = delete;
        Lines& operator=(const Lines&) = delete;

    private:
        TerminalKeys& m_keys;
        std::unique_lock<std::mutex> m_lock;
    };
    bool isActive() const { return m_before.has_value(); }

private:
    void listen(const std::stop_token& stop);
    void pressed(char key, const std::stop_token& stop);
    std::string asked(const std::string& question, const std::stop_token& stop);
    void takeKeys() const;
    void readLines() const;

    Steering& m_steering;
    RunView& m_view;
    std::mutex m_input;                ///< whoever reads from the terminal
    std::optional<termios> m_before{}; ///< how we found it; nothing when we leave it alone
    std::jthread m_listening{};        ///< last
};

} // namespace aap
