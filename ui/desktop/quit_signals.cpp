#include "ui/desktop/quit_signals.h"

#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include <QSocketNotifier>

namespace aap {
namespace {

constexpr unsigned kSecondsToEnd = 10;
constexpr int kEndedByImpatience = 130;

volatile std::sig_atomic_t signalPipe = -1;
volatile std::sig_atomic_t signalsSeen = 0;
timespec firstSeen{};

/// Who ends programs often tells the program and then its whole group: that is one wish, not two.
constexpr long kOneWishMs = 200;

long millisecondsSince(const timespec& then)
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return long(now.tv_sec - then.tv_sec) * 1000 + (now.tv_nsec - then.tv_nsec) / 1'000'000;
}

/// Only what a signal handler may do.
extern "C" void onQuitSignal(int /*signal*/)
{
    if (signalsSeen > 0 && millisecondsSince(firstSeen) < kOneWishMs)
        return;
    if (signalsSeen > 0)
        ::_exit(kEndedByImpatience); // containers expire by themselves and the next start sweeps them
    ::clock_gettime(CLOCK_MONOTONIC, &firstSeen); // before it counts as seen: another signal may come in between
    signalsSeen = 1;
    ::alarm(kSecondsToEnd);
    [[maybe_unused]] const auto written = ::write(signalPipe, "q", 1);
}

extern "C" void onTimeIsOver(int /*signal*/)
{
    ::_exit(0); // the journal is whole at any moment
}

void handle(int signal, void (*handler)(int))
{
    struct sigaction before {}, action {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN)
        return; // as nohup wants it
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
}

} // namespace

QuitSignals::QuitSignals(QObject* parent) : QObject(parent)
{
    if (::pipe2(m_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("no pipe can be made: the machine is out of file descriptors");
    signalPipe = m_pipe[1];
    signalsSeen = 0;
    auto* notifier = new QSocketNotifier(m_pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &QuitSignals::read);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        handle(signal, onQuitSignal);
    handle(SIGALRM, onTimeIsOver);
}

void QuitSignals::ask()
{
    ::alarm(kSecondsToEnd);
    if (!std::exchange(m_asked, true))
        emit asked();
}

void QuitSignals::read()
{
    char letters[8];
    while (::read(m_pipe[0], letters, sizeof letters) > 0) { }
    if (!std::exchange(m_asked, true))
        emit asked();
}

} // namespace aap
