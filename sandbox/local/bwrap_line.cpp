#include "sandbox/local/bwrap_line.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/base/pause.h"
#include "sandbox/local/bwrap_command.h"
#include "sandbox/local/process_table.h"
#include "sandbox/porter/bundled_porter.h"

namespace aap {
namespace {

constexpr Milliseconds kStartTimeout{10'000};
constexpr Milliseconds kBetweenLooks{200};
constexpr Milliseconds kEndWait{2000};
constexpr auto kRemedy = "Install bubblewrap ('apt install bubblewrap') and let everybody use user namespaces ('sysctl kernel.unprivileged_userns_clone=1'), or use "
                         "Docker with \"sandbox.backend\": \"docker\".";

/// What bubblewrap reads, kept open until it has.
struct Material {
    OwnedFile porter{};
    OwnedFile passwd{};
    OwnedFile group{};
    OwnedFile hosts{};
    OwnedFile filter{};
    OwnedFile report{};       ///< its end
    OwnedFile reportsToUs{};  ///< ours
    std::vector<std::pair<std::string, OwnedFile>> secrets{};

    bool isComplete() const
    {
        const bool hasSecrets = std::ranges::all_of(secrets, [](const auto& secret) { return secret.second.isOpen(); });
        return hasSecrets && porter.isOpen() && passwd.isOpen() && group.isOpen() && hosts.isOpen() && filter.isOpen() && report.isOpen();
    }
    BwrapFiles files() const
    {
        BwrapFiles files{.porter = porter.number(), .passwd = passwd.number(), .group = group.number(), .hosts = hosts.number(), .filter = filter.number(),
                         .report = report.number()};
        for (const auto& [name, file] : secrets)
            files.secrets.emplace_back(name, file.number());
        return files;
    }
};

Material makeMaterial(const BwrapLine::Plan& plan)
{
    const auto user = userFor(plan.spec.purpose, plan.settings.agent);
    int report[2] = {-1, -1};
    (void)!::pipe2(report, O_CLOEXEC | O_NONBLOCK);
    std::vector<std::pair<std::string, OwnedFile>> secrets;
    for (const auto& [name, secret] : plan.settings.secrets)
        secrets.emplace_back(name, fileOf(secret.reveal()));
    return {.porter = fileOf(bundledPorter()),
            .passwd = fileOf(fmt::format("root:x:0:0:root:/:/bin/sh\nagent:x:{}:{}:agent:/home/agent:/bin/bash\n", user.uid, user.gid)),
            .group = fileOf(fmt::format("root:x:0:\nagent:x:{}:\n", user.gid)),
            .hosts = fileOf("127.0.0.1 localhost sandbox\n::1 localhost\n"),
            .filter = fileOf(plan.filter),
            .report = OwnedFile(report[1]),
            .reportsToUs = OwnedFile(report[0]),
            .secrets = std::move(secrets)};
}

} // namespace

Result<std::unique_ptr<BwrapLine>> BwrapLine::open(const Plan& plan, const std::stop_token& stop)
{
    auto material = makeMaterial(plan);
    if (!material.isComplete())
        return Error{ErrorCode::Unavailable, fmt::format("no files can be made in memory: {}", std::strerror(errno)), {}, "Close programs and try again."};
    const auto files = material.files();
    ChildPlan child{.files = {files.porter, files.passwd, files.group, files.hosts, files.filter, files.report},
                    .joins = plan.joins,
                    .cpus = std::max(1, int(std::ceil(plan.settings.cpus)))};
    for (const auto& [name, file] : files.secrets)
        child.files.push_back(file);
    auto workspace = std::filesystem::absolute(plan.spec.workspace);
    if (::geteuid() == 0) {
        child.user = userFor(plan.spec.purpose, plan.settings.agent);
        child.shown = std::exchange(workspace, ChildProcess::kShown);
    }
    child.argv = bwrapCommand(plan.spec, plan.settings, workspace.string(), files, plan.joins != nullptr, plan.keeps);
    auto started = ChildProcess::start(child);
    if (!started)
        return Error(started.error()).advise(kRemedy);
    std::unique_ptr<BwrapLine> line(new BwrapLine(*std::move(started), plan.settings.memoryBytes));
    material.report.close();
    if (auto ready = line->awaitInit(material.reportsToUs, stop); !ready)
        return std::move(ready).error();
    return line;
}

/// It reports {"child-pid": N, …} just before it starts PID 1, and closes its end.
Result<void> BwrapLine::awaitInit(const OwnedFile& report, const std::stop_token& stop)
{
    std::string said;
    for (const auto deadline = Deadline::in(kStartTimeout); !deadline.hasPassed();) {
        if (stop.stop_requested())
            return Error{ErrorCode::Stopped, "stopped before the sandbox was made"};
        pollfd on{report.number(), POLLIN, 0};
        if (::poll(&on, 1, int(kStopSlice.count())) <= 0)
            continue;
        char piece[512];
        const auto got = ::read(report.number(), piece, sizeof piece);
        if (got > 0) {
            said.append(piece, std::size_t(got));
            if (const auto json = Json::parse(said, nullptr, false); json.is_object() && json.contains("child-pid") && json["child-pid"].is_number_integer()) {
                m_init = json["child-pid"].get<pid_t>();
                m_initHandle = OwnedFile(int(::syscall(SYS_pidfd_open, m_init, 0)));
                if (m_initHandle.isOpen())
                    return {};
                break; // it has ended already
            }
        } else if (got == 0) {
            break;
        }
    }
    std::string_view nothing;
    m_child->step(nothing, kStopSlice, [](std::string_view) {}); // for what it complains of
    return Error{ErrorCode::Unavailable, fmt::format("bubblewrap made no sandbox: {}", complaints().empty() ? "it says nothing" : complaints()), {}, kRemedy};
}

BwrapLine::~BwrapLine()
{
    if (!m_initHandle.isOpen())
        return;
    ::syscall(SYS_pidfd_send_signal, m_initHandle.number(), SIGKILL, nullptr, 0);
    pollfd gone{m_initHandle.number(), POLLIN, 0};
    ::poll(&gone, 1, int(kEndWait.count())); // all that it is PID 1 of go first
}

Result<void> BwrapLine::step(std::string_view& words, Milliseconds wait, const std::function<void(std::string_view)>& onBytes)
{
    m_child->step(words, wait, onBytes);
    if (m_sinceLook.elapsed() >= kBetweenLooks)
        watchMemory();
    return {};
}

/// Kills who has most of it, as the kernel does where an engine limits it.
void BwrapLine::watchMemory()
{
    auto rows = descendantsOf(m_child->pid());
    std::erase_if(rows, [this](const ProcessRow& row) { return row.pid == m_init; });
    const auto sum = [&rows](auto&& bytesOf) {
        std::uint64_t bytes = 0;
        for (const auto& row : rows)
            bytes += bytesOf(row);
        return bytes;
    };
    // The second look costs more and counts what processes share only once.
    if (sum([](const ProcessRow& row) { return row.residentBytes; }) > m_memoryBytes && sum(proportionalBytes) > m_memoryBytes) {
        m_tookTooMuch = true;
        ::kill(std::ranges::max_element(rows, {}, &ProcessRow::residentBytes)->pid, SIGKILL);
    }
    m_sinceLook = Stopwatch();
}

OwnedFile BwrapLine::initHandle() const
{
    return OwnedFile(::fcntl(m_initHandle.number(), F_DUPFD_CLOEXEC, 3));
}

} // namespace aap
