#include "app/cli/terminal_keys.h"

#include <iostream>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "app/cli/run_view.h"
#include "app/cli/steering_words.h"
#include "core/engine/steering.h"

namespace aap {
namespace {

bool isReadable(int milliseconds)
{
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    return ::poll(&input, 1, milliseconds) > 0;
}

/// Of a job in the background another program has the terminal.
bool isOurTerminal()
{
    return ::isatty(STDIN_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

} // namespace

std::optional<std::string> readTerminalLine(const std::stop_token& stop)
{
    std::string line;
    while (!stop.stop_requested()) {
        if (!isReadable(100))
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

TerminalKeys::TerminalKeys(Steering& steering, RunView& view) : m_steering(steering), m_view(view)
{
    termios found{};
    if (!isOurTerminal() || ::tcgetattr(STDIN_FILENO, &found) != 0)
        return;
    m_before = found;
    takeKeys();
    m_listening = std::jthread([this](const std::stop_token& stop) { listen(stop); });
}

TerminalKeys::~TerminalKeys()
{
    if (!m_before)
        return;
    m_listening.request_stop();
    m_listening.join();
    readLines();
}

TerminalKeys::Lines::Lines(TerminalKeys& keys) : m_keys(keys), m_lock(keys.m_input)
{
    m_keys.readLines();
}

TerminalKeys::Lines::~Lines()
{
    m_keys.takeKeys();
}

/// Signals stay as they are: Ctrl-C is no key of ours.
void TerminalKeys::takeKeys() const
{
    if (!m_before || !isOurTerminal())
        return;
    auto keys = *m_before;
    keys.c_lflag &= ~tcflag_t(ICANON | ECHO);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &keys);
}

void TerminalKeys::readLines() const
{
    if (m_before && isOurTerminal())
        ::tcsetattr(STDIN_FILENO, TCSANOW, &*m_before);
}

void TerminalKeys::listen(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (!isReadable(100))
            continue;
        char key = 0;
        {
            const std::lock_guard lock(m_input);
            if (!isReadable(0)) // it was the answer to a question
                continue;
            if (::read(STDIN_FILENO, &key, 1) != 1)
                return;
        }
        pressed(key, stop);
    }
}

std::string TerminalKeys::asked(const std::string& question, const std::stop_token& stop)
{
    m_view.suspend();
    std::string answer;
    {
        const Lines lines(*this);
        std::cerr << question << std::flush;
        answer = readTerminalLine(stop).value_or("");
    }
    m_view.resume();
    return answer;
}

void TerminalKeys::pressed(char key, const std::stop_token& stop)
{
    const auto running = m_view.runningStage();
    if (key == 'p' && m_steering.isPaused()) {
        m_steering.goOn();
    } else if (key == 'p') {
        m_steering.pause();
        m_view.note("The run pauses when this turn is over; p goes on.");
    } else if (key == 'm') {
        if (auto text = asked("Message to the agent (empty: none): ", stop); !text.empty())
            m_steering.say(std::move(text));
    } else if (key == 's') {
        const auto typed = parseTypedStage(asked("Skip which stage? ", stop), std::nullopt);
        if (typed.stage)
            m_steering.skip(*typed.stage);
    } else if (key == 'b') {
        auto typed = parseTypedStage(asked("Send back: stage and what shall change (without a stage: the running one): ", stop), running);
        if (typed.stage && !typed.rest.empty())
            m_steering.sendBack(*typed.stage, std::move(typed.rest));
    } else if (key == 'r') {
        const auto line = asked("Raise which limit? (usd 8, turns 40, minutes 60, coding turns 40): ", stop);
        if (const auto typed = parseTypedLimit(line))
            m_steering.raise(typed->stage, typed->raised);
        else if (!line.empty())
            m_view.note(typed.error().remedy);
    }
}

} // namespace aap
