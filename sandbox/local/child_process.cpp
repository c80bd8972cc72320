#include "sandbox/local/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aap {
namespace {

constexpr std::size_t kMostComplaints = 4096;
constexpr std::size_t kPiece = 64U << 10U;
constexpr auto kLikelyVictim = "500"; // before anything of the user's own when memory is short

struct Pipe {
    OwnedFile reading{};
    OwnedFile writing{};
};

/// One whose writer gets no signal when nobody reads any more.
Pipe makeQuietPipe()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return {};
    return {OwnedFile(ends[0]), OwnedFile(ends[1])};
}

Pipe makePipe()
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    return {OwnedFile(ends[0]), OwnedFile(ends[1])};
}

/// What a child needs between fork and exec, where nothing but system calls may be used: all made ready before.
struct Launch {
    std::vector<char*> argv{};
    const char* shown = nullptr;
    std::array<int, 3> streams{};
    int failures = -1;
    cpu_set_t cpus{};
};

/// A step that failed, for the parent.
struct Failure {
    int error = 0;
    char step[60]{};
};

[[noreturn]] void fail(const Launch& launch, const char* step)
{
    Failure failure{.error = errno};
    std::strncpy(failure.step, step, sizeof failure.step - 1);
    (void)!::write(launch.failures, &failure, sizeof failure);
    ::_exit(127);
}

void becomeUser(const ChildPlan& plan, const Launch& launch)
{
    if (!plan.user)
        return;
    if (launch.shown != nullptr) {
        const bool isShown = ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
            && ::mount(launch.shown, ChildProcess::kShown, nullptr, MS_BIND, nullptr) == 0;
        if (!isShown)
            fail(launch, "show the workspace to the agents' user");
    }
    if (::setgroups(0, nullptr) != 0 || ::setresgid(plan.user->gid, plan.user->gid, plan.user->gid) != 0
        || ::setresuid(plan.user->uid, plan.user->uid, plan.user->uid) != 0)
        fail(launch, "become the agents' user");
}

/// These and nothing else that we have open.
void passFilesOn(const ChildPlan& plan, const Launch& launch)
{
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (int number = 0; number < 3; ++number)
        if (::dup2(launch.streams[std::size_t(number)], number) < 0)
            fail(launch, "connect the pipes");
    for (const int file : plan.files)
        if (::fcntl(file, F_SETFD, 0) != 0)
            fail(launch, "pass a file on");
}

[[noreturn]] void launchProgram(const ChildPlan& plan, const Launch& launch)
{
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    std::signal(SIGPIPE, SIG_DFL);
    const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    (void)!::write(score, kLikelyVictim, std::strlen(kLikelyVictim)); // as good as it goes
    ::sched_setaffinity(0, sizeof launch.cpus, &launch.cpus);
    becomeUser(plan, launch);
    if (plan.joins != nullptr && (::setns(plan.joins->user.number(), CLONE_NEWUSER) != 0 || ::setns(plan.joins->network.number(), CLONE_NEWNET) != 0))
        fail(launch, "join the sandbox's network");
    passFilesOn(plan, launch);
    char path[] = "PATH=/usr/bin:/bin";
    char* const environment[] = {path, nullptr};
    ::execve(launch.argv[0], launch.argv.data(), environment);
    fail(launch, "start it");
}

/// The first `count` processors of those that we may use.
cpu_set_t firstProcessors(int count)
{
    cpu_set_t ours;
    cpu_set_t chosen;
    CPU_ZERO(&ours);
    CPU_ZERO(&chosen);
    ::sched_getaffinity(0, sizeof ours, &ours);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&chosen) < count; ++cpu)
        if (CPU_ISSET(cpu, &ours))
            CPU_SET(cpu, &chosen);
    return chosen;
}

} // namespace

OwnedFile::~OwnedFile()
{
    if (m_file >= 0)
        ::close(m_file);
}

OwnedFile fileOf(std::string_view bytes)
{
    OwnedFile file(::memfd_create("data", MFD_CLOEXEC));
    while (file.isOpen() && !bytes.empty()) {
        const auto written = ::write(file.number(), bytes.data(), bytes.size());
        if (written <= 0)
            return {};
        bytes.remove_prefix(std::size_t(written));
    }
    if (file.isOpen())
        ::lseek(file.number(), 0, SEEK_SET);
    return file;
}

ChildProcess::ChildProcess(pid_t pid, OwnedFile input, OwnedFile output, OwnedFile error) :
    m_pid(pid), m_input(std::move(input)), m_output(std::move(output)), m_error(std::move(error))
{
    for (const int file : {m_input.number(), m_output.number(), m_error.number()})
        ::fcntl(file, F_SETFL, O_NONBLOCK);
}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const ChildPlan& plan)
{
    auto input = makeQuietPipe();
    auto output = makePipe();
    auto error = makePipe();
    auto failures = makePipe();
    if (!failures.reading.isOpen() || !error.reading.isOpen() || !output.reading.isOpen() || !input.reading.isOpen())
        return Error{ErrorCode::Unavailable, fmt::format("there are no more pipes: {}", std::strerror(errno)), {}, "Close programs and try again."};
    Launch launch{.shown = plan.shown.empty() ? nullptr : plan.shown.c_str(),
                  .streams = {input.reading.number(), output.writing.number(), error.writing.number()},
                  .failures = failures.writing.number(),
                  .cpus = firstProcessors(plan.cpus)};
    for (const auto& word : plan.argv)
        launch.argv.push_back(const_cast<char*>(word.c_str()));
    launch.argv.push_back(nullptr);
    const auto pid = ::fork();
    if (pid == 0)
        launchProgram(plan, launch);
    if (pid < 0)
        return Error{ErrorCode::Unavailable, fmt::format("no process can be started: {}", std::strerror(errno)), {}, "Close programs and try again."};
    std::unique_ptr<ChildProcess> child(new ChildProcess(pid, std::move(input.writing), std::move(output.reading), std::move(error.reading)));
    failures.writing.close();
    Failure failure;
    if (::read(failures.reading.number(), &failure, sizeof failure) == ssize_t(sizeof failure))
        return Error{ErrorCode::Unavailable, fmt::format("cannot {}: {}", failure.step, std::strerror(failure.error)), {fmt::format("start {}", plan.argv.front())}};
    return child;
}

ChildProcess::~ChildProcess()
{
    kill();
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) { }
}

void ChildProcess::kill()
{
    ::kill(m_pid, SIGKILL); // not reaped before the destructor, so the number is ours
}

void ChildProcess::step(std::string_view& input, Milliseconds wait, const std::function<void(std::string_view)>& onOutput)
{
    pollfd on[3] = {{m_output.number(), POLLIN, 0}, {m_error.number(), POLLIN, 0}, {input.empty() ? -1 : m_input.number(), POLLOUT, 0}};
    if (::poll(on, 3, int(wait.count())) <= 0)
        return;
    if (on[2].revents != 0) {
        const auto sent = ::send(m_input.number(), input.data(), input.size(), MSG_NOSIGNAL);
        if (sent > 0)
            input.remove_prefix(std::size_t(sent));
        else if (errno != EAGAIN && errno != EINTR)
            m_input.close(); // what it says, or its end, tells why
    }
    if (on[1].revents != 0)
        readErrors();
    if (on[0].revents == 0)
        return;
    char piece[kPiece];
    const auto got = ::read(m_output.number(), piece, sizeof piece);
    if (got > 0)
        onOutput({piece, std::size_t(got)});
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        m_output.close();
}

void ChildProcess::readErrors()
{
    char piece[kMostComplaints];
    const auto got = ::read(m_error.number(), piece, sizeof piece);
    if (got > 0)
        m_complaints.append(piece, std::min(std::size_t(got), kMostComplaints - m_complaints.size()));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        m_error.close();
}

} // namespace aap
