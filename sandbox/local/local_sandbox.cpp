#include "sandbox/local/local_sandbox.h"

#include <csignal>
#include <mutex>

#include <QTemporaryDir>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/pause.h"
#include "sandbox/hardening_report.h"
#include "sandbox/local/local_room.h"
#include "sandbox/local/seccomp_filter.h"

namespace aap {
namespace {

constexpr Milliseconds kProcessorSample{250};

class LocalSandbox final : public Sandbox {
public:
    LocalSandbox(LocalRoom::Plan plan, std::unique_ptr<LocalRoom> room) : m_plan(std::move(plan)), m_room(std::move(room))
    {
        if (m_plan.spec.purpose == SandboxPurpose::Agent)
            m_watch = std::make_unique<WorkspaceWatch>(m_plan.spec.workspace, m_plan.settings.workspace, [this] { endJobs(); });
    }

    SandboxInfo info() const override
    {
        auto name = fmt::format("local-{}", m_room->init());
        return {name, name, "this machine's programs", {}};
    }
    Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop) override;
    Result<ResourceUse> resources(const std::stop_token& stop) override;
    Result<std::vector<std::vector<std::string>>> processes(const std::stop_token& stop) override;
    Result<void> freeze(const std::stop_token& stop) override;
    Result<void> thaw() override;

private:
    Result<CommandResult> runInRoom(const Command& command, const OutputListener& output, const std::stop_token& stop);
    void nameJobs();
    void endJobs();
    Result<void> openJobs(const std::stop_token& stop);
    std::vector<ProcessRow> rows() const;
    void signalAll(int signal);

    const LocalRoom::Plan m_plan;
    std::unique_ptr<LocalRoom> m_room;
    JoinedNamespaces m_shared{}; ///< of m_room, for m_jobs
    std::unique_ptr<LocalRoom> m_jobs{};
    std::mutex m_jobsMutex{}; ///< guards m_jobsInit
    OwnedFile m_jobsInit{};   ///< PID 1 of m_jobs; not open: there are none
    std::unique_ptr<WorkspaceWatch> m_watch{}; ///< null: nothing can be written to; its thread ends before the rooms
};

Result<CommandResult> LocalSandbox::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before a command ran"};
    if (command.keepsBackground && m_plan.spec.purpose != SandboxPurpose::Agent)
        return Error{ErrorCode::Invalid, "background jobs are for agents"};
    const auto inRoom = [&](const std::stop_token& token) {
        auto ran = runInRoom(command, output, token);
        if (m_watch)
            nameJobs();
        return ran;
    };
    return m_watch ? m_watch->around(inRoom, stop) : inRoom(stop);
}

Result<CommandResult> LocalSandbox::runInRoom(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (command.keepsBackground) {
        if (auto opened = openJobs(stop); !opened)
            return std::move(opened).error();
        return m_jobs->run(command, output, stop);
    }
    auto result = m_room->run(command, output, stop);
    if (result && result->sandboxRestarted)
        m_jobs.reset(); // their network went with the room
    return result;
}

/// Tells the watch of jobs that came or went.
void LocalSandbox::nameJobs()
{
    const bool areThere = m_jobs && !m_jobs->isDown();
    {
        const std::lock_guard lock(m_jobsMutex);
        m_jobsInit = areThere ? m_jobs->initHandle() : OwnedFile();
    }
    m_watch->watchJobs(areThere);
}

/// On the watch's thread: without its PID 1 nothing of a room lives on; the next command for jobs makes it anew.
void LocalSandbox::endJobs()
{
    const std::lock_guard lock(m_jobsMutex);
    if (m_jobsInit.isOpen())
        (void)::syscall(SYS_pidfd_send_signal, m_jobsInit.number(), SIGKILL, nullptr, 0);
}

/// Beside the room and in its network, so that commands reach what a job serves.
Result<void> LocalSandbox::openJobs(const std::stop_token& stop)
{
    if (m_jobs)
        return {};
    if (m_room->isDown()) // one that does nothing brings it up
        if (auto ran = m_room->run(Command{.argv = {"true"}, .workdir = "/"}, {}, stop); !ran)
            return std::move(ran).error();
    m_shared = m_room->namespaces();
    if (!m_shared.user.isOpen())
        return Error{ErrorCode::Unavailable, "the sandbox's network cannot be shared with a background job", {}, "Run it in the foreground."};
    auto plan = m_plan;
    plan.keeps = true;
    plan.joins = &m_shared;
    auto jobs = LocalRoom::open(std::move(plan), stop);
    if (!jobs)
        return std::move(jobs).error();
    m_jobs = *std::move(jobs);
    return {};
}

std::vector<ProcessRow> LocalSandbox::rows() const
{
    auto rows = m_room->processes();
    if (m_jobs)
        for (auto& row : m_jobs->processes())
            rows.push_back(std::move(row));
    return rows;
}

Result<ResourceUse> LocalSandbox::resources(const std::stop_token& stop)
{
    const auto ticks = [this] {
        std::uint64_t sum = 0;
        for (const auto& row : rows())
            sum += row.cpuTicks;
        return sum;
    };
    const auto before = ticks();
    const Stopwatch watch;
    if (!pause(kProcessorSample, stop))
        return Error{ErrorCode::Stopped, "stopped while measuring the sandbox"};
    const auto after = ticks(); // less than before when somebody ended
    ResourceUse use{.memoryLimitBytes = m_plan.settings.memoryBytes};
    const double seconds = double(watch.elapsed().count()) / 1000;
    if (after > before)
        use.cpuPercent = 100.0 * double(after - before) / double(::sysconf(_SC_CLK_TCK)) / seconds;
    for (const auto& row : rows()) {
        use.memoryBytes += proportionalBytes(row);
        ++use.processes;
    }
    return use;
}

Result<std::vector<std::vector<std::string>>> LocalSandbox::processes(const std::stop_token& /*stop*/)
{
    std::vector<std::vector<std::string>> table{{"PID", "PPID", "STATE", "RSS", "COMMAND"}};
    for (const auto& row : rows())
        table.push_back({std::to_string(row.pid), std::to_string(row.parent), {row.state}, std::to_string(row.residentBytes >> 10U), row.words.empty() ? row.name : row.words});
    return table;
}

void LocalSandbox::signalAll(int signal)
{
    m_room->signalAll(signal);
    if (m_jobs)
        m_jobs->signalAll(signal);
}

/// Twice: what was started while the first signals went out stands still after the second.
Result<void> LocalSandbox::freeze(const std::stop_token& /*stop*/)
{
    signalAll(SIGSTOP);
    signalAll(SIGSTOP);
    return {};
}

Result<void> LocalSandbox::thaw()
{
    signalAll(SIGCONT);
    return {};
}

} // namespace

LocalSandboxProvider::LocalSandboxProvider(LocalSandboxSettings settings) : m_settings(std::move(settings)) {}

Result<std::unique_ptr<Sandbox>> LocalSandboxProvider::open(const SandboxSpec& spec, const std::stop_token& stop)
{
    if (m_settings.seccompProfile.empty() || m_settings.agent.uid == 0)
        return Error{ErrorCode::Invalid, "a sandbox needs a system call filter and an agent who is not root"};
    if (auto checked = checkSpec(spec); !checked)
        return std::move(checked).error().during("open a sandbox");
    if (spec.purpose == SandboxPurpose::Prober || spec.network != "none")
        return Error{ErrorCode::Unavailable, "a sandbox without an engine has no network", {"open a sandbox"}, "Use Docker for deployments: \"sandbox.backend\": \"docker\"."};
    if (spec.purpose == SandboxPurpose::Verifier)
        if (auto entered = letGroupEnter(spec.workspace); !entered)
            return std::move(entered).error();
    auto filter = seccompProgram(m_settings.seccompProfile);
    if (!filter)
        return std::move(filter).error();
    LocalRoom::Plan plan{.spec = spec, .settings = m_settings, .filter = *std::move(filter)};
    auto room = LocalRoom::open(plan, stop);
    if (!room)
        return std::move(room).error();
    auto sandbox = std::make_unique<LocalSandbox>(std::move(plan), *std::move(room));
    if (auto tested = test(*sandbox, spec, stop); !tested)
        return std::move(tested).error();
    return std::unique_ptr<Sandbox>(std::move(sandbox));
}

Result<void> LocalSandboxProvider::tryOut(const std::stop_token& stop)
{
    const QTemporaryDir folder;
    const auto path = folder.path().toStdString();
    if (!folder.isValid() || (::geteuid() == 0 && ::chown(path.c_str(), m_settings.agent.uid, m_settings.agent.gid) != 0))
        return Error{ErrorCode::Io, "no folder can be made to try a sandbox in", {}, "See whether the disk is full: 'df -h /tmp'."};
    const auto sandbox = open({.runId = "try-out", .workspace = path}, stop);
    return sandbox ? Result<void>() : sandbox.error();
}

Result<void> LocalSandboxProvider::test(Sandbox& sandbox, const SandboxSpec& spec, const std::stop_token& stop)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_tested.contains(spec.purpose))
            return {};
    }
    const auto result = sandbox.run(HardeningReport::look(), {}, stop);
    if (!result)
        return Error(result.error()).during("test the sandbox from inside");
    if (result->ending == Ending::Stopped)
        return Error{ErrorCode::Stopped, "stopped while testing the sandbox"};
    HardeningReport report(result->standardOutput);
    const auto user = userFor(spec.purpose, m_settings.agent);
    report.wantClosed(user.uid, user.gid, spec.purpose, false);
    report.want("init", "porter", "PID 1 is not ours");
    if (!report.faults().empty())
        return Error{ErrorCode::Unavailable, "the sandbox is not as closed as it must be: " + report.faults(), {}, "Use Docker: \"sandbox.backend\": \"docker\"."};
    const std::lock_guard lock(m_mutex);
    m_tested.insert(spec.purpose);
    return {};
}

} // namespace aap
