#pragma once

#include <functional>
#include <thread>

namespace aap {

/// Ctrl-C and SIGTERM: the first asks politely, the second ends the program at once with exit code 130.
/// One object in a program, made before any other thread, so that every thread inherits the blocked signals.
class Interrupt {
public:
    /// `asked` is called on a thread of its own.
    explicit Interrupt(std::function<void()> asked);
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

private:
    std::jthread m_waiting;
};

} // namespace aap
