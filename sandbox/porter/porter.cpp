// The porter: see words.h. Links nothing but the C library, statically, so that it runs in any image.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/porter/words.h"

namespace {

using namespace aap::porter;
using Clock = std::int64_t; // milliseconds

constexpr Clock kGrace = 5000;    // the program itself cuts at the timeout; this is for one that is dead or stopped
constexpr Clock kClearing = 400;  // for the killed to be gone
constexpr int kMostTexts = 8192;
constexpr std::size_t kRunHead = 12;

Clock now()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return Clock(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

/// Everything of this user but ourselves and PID 1.
void killAll()
{
    ::kill(-1, SIGKILL);
}

/// Whoever speaks to us is gone or makes no sense.
[[noreturn]] void leave(int code)
{
    killAll();
    ::_exit(code);
}

/// Commands can lower the limits of all processes of their user: a porter so crippled makes way for a fresh one.
class Limits {
public:
    Limits() { read(m_first); }
    bool haveChanged() const
    {
        rlimit current[RLIM_NLIMITS]{};
        read(current);
        return std::memcmp(current, m_first, sizeof m_first) != 0;
    }

private:
    static void read(rlimit* to)
    {
        for (int i = 0; i < RLIM_NLIMITS; ++i)
            ::getrlimit(__rlimit_resource(i), &to[i]);
    }
    rlimit m_first[RLIM_NLIMITS]{};
};

/// What is on its way to the program.
class Outbox {
public:
    bool isEmpty() const { return m_from == m_to; }
    bool hasRoom() const { return sizeof m_bytes - m_to >= 2 * kHeaderBytes + kMostOutputBytes + kEndBytes; }
    /// `payload` may lie in here already, at place().
    void add(char type, std::uint32_t number, const char* payload, std::size_t length)
    {
        char* at = m_bytes + m_to;
        at[0] = type;
        putNumber(at + 1, number);
        putNumber(at + 5, std::uint32_t(length));
        if (length > 0 && payload != place())
            std::memcpy(place(), payload, length);
        m_to += kHeaderBytes + length;
    }
    char* place() { return m_bytes + m_to + kHeaderBytes; }
    void flush()
    {
        while (!isEmpty()) {
            const auto sent = ::write(STDOUT_FILENO, m_bytes + m_from, m_to - m_from);
            if (sent < 0 && errno == EINTR)
                continue;
            if (sent < 0 && errno == EAGAIN)
                return;
            if (sent <= 0)
                leave(1);
            m_from += std::size_t(sent);
        }
        m_from = m_to = 0;
    }

private:
    char m_bytes[4 * kMostOutputBytes]{};
    std::size_t m_from = 0;
    std::size_t m_to = 0;
};

/// What the program asks for: one frame at a time, the texts of which stay in place.
class Inbox {
public:
    /// Reads what is there.
    void fill()
    {
        const auto got = ::read(STDIN_FILENO, m_bytes + m_to, sizeof m_bytes - m_to);
        if (got > 0)
            m_to += std::size_t(got);
        else if (got == 0 || (errno != EAGAIN && errno != EINTR))
            leave(0);
    }
    bool hasFrame() const
    {
        if (m_to < kHeaderBytes)
            return false;
        if (length() > kMostRequestBytes)
            leave(2);
        return m_to >= kHeaderBytes + length();
    }
    char type() const { return m_bytes[0]; }
    std::uint32_t number() const { return numberAt<std::uint32_t>(m_bytes + 1); }
    std::size_t length() const { return numberAt<std::uint32_t>(m_bytes + 5); }
    char* payload() { return m_bytes + kHeaderBytes; }
    void drop()
    {
        const auto frame = kHeaderBytes + length();
        std::memmove(m_bytes, m_bytes + frame, m_to - frame);
        m_to -= frame;
    }

private:
    char m_bytes[kHeaderBytes + kMostRequestBytes]{};
    std::size_t m_to = 0;
};

/// A request to run, taken apart.
struct Order {
    Clock timeout = 0;
    const char* folder = nullptr;
    char* variables[kMostTexts + 1]{};
    char* words[kMostTexts + 1]{};
    const char* input = nullptr;
    std::size_t inputLength = 0;

    bool read(char* payload, std::size_t length)
    {
        if (length < kRunHead)
            return false;
        timeout = numberAt<std::uint32_t>(payload);
        const auto variableCount = numberAt<std::uint32_t>(payload + 4);
        const auto wordCount = numberAt<std::uint32_t>(payload + 8);
        if (variableCount > kMostTexts || wordCount > kMostTexts || wordCount == 0)
            return false;
        char* at = payload + kRunHead;
        char* const end = payload + length;
        folder = text(at, end);
        for (std::uint32_t i = 0; i < variableCount; ++i)
            variables[i] = text(at, end);
        for (std::uint32_t i = 0; i < wordCount; ++i)
            words[i] = text(at, end);
        variables[variableCount] = words[wordCount] = nullptr;
        input = at;
        inputLength = at == nullptr ? 0 : std::size_t(end - at);
        return folder != nullptr && (variableCount == 0 || variables[variableCount - 1] != nullptr) && words[wordCount - 1] != nullptr;
    }

private:
    /// The text at `at`, which moves behind it; nothing, then and from then on, when no NUL follows.
    static char* text(char*& at, char* end)
    {
        char* const start = at;
        void* const stop = start == nullptr ? nullptr : std::memchr(start, 0, std::size_t(end - start));
        at = stop == nullptr ? nullptr : static_cast<char*>(stop) + 1;
        return stop == nullptr ? nullptr : start;
    }
};

/// A file that reads as `order` wants; -1 when there can be none.
int standardInput(const Order& order)
{
    if (order.inputLength == 0)
        return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int file = ::memfd_create("input", MFD_CLOEXEC);
    for (std::size_t at = 0; at < order.inputLength;) {
        const auto written = ::write(file, order.input + at, order.inputLength - at);
        if (written <= 0)
            return -1;
        at += std::size_t(written);
    }
    return ::lseek(file, 0, SEEK_SET) == 0 ? file : -1;
}

[[noreturn]] void become(const Order& order, int output, int error)
{
    ::setsid();
    for (int signal = 1; signal < NSIG; ++signal)
        std::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int input = standardInput(order);
    if (input < 0 || ::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(error, STDERR_FILENO) < 0)
        ::_exit(126);
    ::close_range(3, ~0U, 0);
    ::umask(022);
    for (char* const* variable = order.variables; *variable != nullptr; ++variable)
        ::putenv(*variable);
    ::execvp(order.words[0], order.words);
    const int why = errno;
    ::dprintf(STDERR_FILENO, "cannot run '%.200s': %s\n", order.words[0], std::strerror(why));
    ::_exit(why == ENOENT ? 127 : 126);
}

/// The command that runs.
struct Running {
    std::uint32_t number = 0;
    pid_t pid = 0;
    int output = -1;
    int error = -1;
    Clock deadline = 0;
    Clock nextPulse = 0;
    unsigned char how = kByItself;
    bool hasExited = false;
    bool isAlone = false; ///< nobody of it is left
    Clock goneBy = 0;     ///< once it has exited
    int code = 0;
    std::uint64_t cpuMicroseconds = 0;
    std::uint64_t mostKib = 0;
};

class Porter {
public:
    /// `keeps`: what a command leaves running lives on until we end, or a command is cut.
    [[noreturn]] void serve(bool keeps)
    {
        m_keeps = keeps;
        for (;;) {
            wait();
            while (m_inbox.hasFrame())
                obey();
            if (m_isBusy)
                advance();
            m_outbox.flush();
        }
    }

private:
    void wait()
    {
        pollfd on[4] = {{STDIN_FILENO, POLLIN, 0}, {-1, POLLOUT, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}};
        if (!m_outbox.isEmpty())
            on[1].fd = STDOUT_FILENO;
        if (m_isBusy && m_outbox.hasRoom()) {
            on[2].fd = m_running.output;
            on[3].fd = m_running.error;
        }
        timespec timeout{};
        const auto ms = untilNext();
        timeout.tv_sec = ms / 1000;
        timeout.tv_nsec = ms % 1000 * 1'000'000;
        sigset_t none;
        ::sigemptyset(&none); // the end of a child wakes us here and nowhere else
        if (::ppoll(on, 4, m_isBusy ? &timeout : nullptr, &none) <= 0)
            return;
        if (on[0].revents != 0)
            m_inbox.fill();
        if (on[2].revents != 0)
            pass(m_running.output, kOutput);
        if (on[3].revents != 0 && m_outbox.hasRoom())
            pass(m_running.error, kError);
    }
    Clock untilNext() const
    {
        auto next = m_running.nextPulse;
        if (!m_running.hasExited && m_running.how == kByItself && m_running.deadline < next)
            next = m_running.deadline;
        if (m_running.hasExited && !m_running.isAlone && m_running.goneBy < next)
            next = m_running.goneBy;
        const auto left = next - now();
        return left < 0 ? 0 : left;
    }
    void pass(int& from, char type)
    {
        const auto got = ::read(from, m_outbox.place(), kMostOutputBytes);
        if (got > 0)
            return m_outbox.add(type, m_running.number, m_outbox.place(), std::size_t(got));
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        ::close(from);
        from = -1;
    }

    void obey()
    {
        const auto number = m_inbox.number();
        if (m_inbox.type() == kRun && !m_isBusy) {
            if (!begin(number))
                m_outbox.add(kRefused, number, nullptr, 0);
        } else if (m_inbox.type() == kKill) {
            if (m_isBusy && number == m_running.number) { // else it has ended meanwhile
                m_running.how = kByKill;
                killAll();
            }
        } else {
            leave(2);
        }
        m_inbox.drop();
    }
    bool begin(std::uint32_t number)
    {
        int output[2] = {-1, -1};
        int error[2] = {-1, -1};
        if (!m_order.read(m_inbox.payload(), m_inbox.length()))
            leave(2);
        if (m_limits.haveChanged())
            leave(3);
        const bool isReady = ::chdir(m_order.folder) == 0 && ::pipe2(output, O_CLOEXEC) == 0 && ::pipe2(error, O_CLOEXEC) == 0;
        if (isReady) {
            m_outbox.add(kBegun, number, nullptr, 0);
            m_outbox.flush(); // before anything of it runs
            m_running = {.number = number, .pid = ::fork(), .output = output[0], .error = error[0]};
            if (m_running.pid == 0)
                become(m_order, output[1], error[1]);
        }
        (void)!::chdir("/");
        ::close(output[1]);
        ::close(error[1]);
        if (!isReady) {
            ::close(output[0]);
            return false;
        }
        if (m_running.pid < 0) {
            m_running.hasExited = true;
            m_running.code = 126;
        }
        ::fcntl(output[0], F_SETFL, O_NONBLOCK);
        ::fcntl(error[0], F_SETFL, O_NONBLOCK);
        m_running.deadline = now() + m_order.timeout + kGrace;
        m_running.nextPulse = now() + kPulseMs;
        m_isBusy = true;
        return true;
    }

    void advance()
    {
        reap();
        const auto time = now();
        if (!m_running.hasExited && m_running.how == kByItself && time >= m_running.deadline) {
            m_running.how = kAtItsTimeout;
            killAll();
        }
        if (m_running.hasExited && m_running.goneBy == 0) {
            m_running.goneBy = time + kClearing;
            if (!m_keeps || m_running.how != kByItself)
                killAll();
            reap();
        }
        const bool isSilent = m_running.output < 0 && m_running.error < 0;
        const bool isDone = isSilent && (m_running.isAlone || m_keeps);
        if (m_running.goneBy != 0 && (isDone || (!m_running.isAlone && time >= m_running.goneBy)))
            return end();
        if (time >= m_running.nextPulse) {
            m_running.nextPulse = time + kPulseMs;
            if (m_outbox.isEmpty())
                m_outbox.add(kPulse, m_running.number, nullptr, 0);
        }
    }
    /// Orphans are ours too, as their subreaper: when there is no child left, nothing of the command is.
    void reap()
    {
        for (;;) {
            int status = 0;
            rusage used{};
            const auto pid = ::wait4(-1, &status, WNOHANG, &used);
            if (pid < 0 && errno == EINTR)
                continue;
            m_running.isAlone = pid < 0;
            if (pid <= 0)
                return;
            m_running.cpuMicroseconds += microseconds(used.ru_utime) + microseconds(used.ru_stime);
            if (std::uint64_t(used.ru_maxrss) > m_running.mostKib)
                m_running.mostKib = std::uint64_t(used.ru_maxrss);
            if (pid != m_running.pid)
                continue;
            m_running.hasExited = true;
            m_running.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
    }
    static std::uint64_t microseconds(const timeval& time) { return std::uint64_t(time.tv_sec) * 1'000'000 + std::uint64_t(time.tv_usec); }
    void end()
    {
        char words[kEndBytes];
        words[0] = char(m_running.how);
        words[1] = char(m_running.isAlone || m_keeps ? 0 : 1);
        putNumber(words + 2, std::uint32_t(m_running.code));
        putNumber(words + 6, m_running.cpuMicroseconds);
        putNumber(words + 14, m_running.mostKib);
        m_outbox.add(kEnded, m_running.number, words, sizeof words);
        if (m_running.output >= 0)
            ::close(m_running.output);
        if (m_running.error >= 0)
            ::close(m_running.error);
        m_isBusy = false;
    }

    Inbox m_inbox{};
    Outbox m_outbox{};
    Order m_order{};
    Running m_running{};
    const Limits m_limits{};
    bool m_isBusy = false;
    bool m_keeps = false;
};

void onChild(int /*signal*/) {}

/// Only KILL and STOP can be done to us, and nobody of our user can look into us or write into what we hold.
void closeDoors()
{
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::close_range(3, ~0U, 0);
    for (int signal = 1; signal < NSIG; ++signal)
        if (signal != SIGCHLD)
            std::signal(signal, SIG_IGN);
    struct sigaction child{};
    child.sa_handler = onChild;
    ::sigaction(SIGCHLD, &child, nullptr);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGCHLD);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
    ::fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    ::fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
}

Porter porter; // too big for a stack

} // namespace

int main(int count, char** words)
{
    // Started from outside a sandbox's processes we have no parent among them. Anywhere else killing everybody would be a disaster.
    if (::getppid() != 0 || ::geteuid() == 0)
        return 2;
    closeDoors();
    porter.serve(count > 1 && std::strcmp(words[1], kKeeping) == 0);
}
