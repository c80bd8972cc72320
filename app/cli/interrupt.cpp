#include "app/cli/interrupt.h"

#include <csignal>
#include <ctime>
#include <termios.h>
#include <unistd.h>

namespace aap {
namespace {

sigset_t watched()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&signals, signal);
    return signals;
}

} // namespace

Interrupt::Interrupt(std::function<void()> asked)
{
    const auto signals = watched();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    termios terminal{};
    const bool isTerminal = ::tcgetattr(STDIN_FILENO, &terminal) == 0;
    m_waiting = std::jthread([asked = std::move(asked), signals, terminal, isTerminal](const std::stop_token& stop) {
        constexpr timespec slice{.tv_sec = 0, .tv_nsec = 100'000'000};
        for (int seen = 0; !stop.stop_requested();) {
            if (sigtimedwait(&signals, nullptr, &slice) < 0)
                continue;
            if (++seen == 1) {
                asked();
                continue;
            }
            if (isTerminal && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp())
                ::tcsetattr(STDIN_FILENO, TCSANOW, &terminal); // as we found it
            _exit(130); // containers expire by themselves and the next start sweeps them
        }
    });
}

Interrupt::~Interrupt() = default;

} // namespace aap
