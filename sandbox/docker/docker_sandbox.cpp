#include "sandbox/docker/docker_sandbox.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <QRandomGenerator>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/llm/bounded_json.h"
#include "sandbox/archive/small_tar.h"
#include "sandbox/docker/container_body.h"
#include "sandbox/docker/container_use.h"
#include "sandbox/docker/egress.h"
#include "sandbox/docker/leftovers.h"
#include "sandbox/docker/names.h"
#include "sandbox/docker/ownership.h"
#include "sandbox/docker/refused_starts.h"
#include "sandbox/docker/room.h"
#include "sandbox/docker/self_test.h"
#include "sandbox/docker/spare_room.h"

namespace aap {
namespace {

std::string newName(const SandboxSpec& spec, const char* suffix)
{
    return fmt::format("aap-{}-{}{}-{:08x}", spec.runId, spec.stage.empty() ? "room" : spec.stage, suffix,
                       QRandomGenerator::system()->generate());
}

std::string secretsTar(const DockerSandboxSettings& settings, const ContainerPlan& plan)
{
    std::vector<std::pair<std::string, std::string>> files;
    if (plan.spec.purpose != SandboxPurpose::Prober)
        for (const auto& [name, secret] : settings.secrets)
            files.emplace_back(name, secret.reveal());
    return files.empty() ? std::string() : tarOfFiles(files);
}

class DockerSandbox final : public Sandbox {
public:
    DockerSandbox(DockerClient& client, const DockerSandboxSettings& settings, ContainerPlan plan, std::unique_ptr<Room> room,
                  std::string imageId, std::shared_ptr<Egress> egress) :
        m_client(client), m_settings(settings), m_plan(std::move(plan)), m_imageId(std::move(imageId)), m_egress(std::move(egress)),
        m_room(std::move(room))
    {
        if (m_plan.spec.purpose == SandboxPurpose::Agent)
            m_watch = std::make_unique<WorkspaceWatch>(m_plan.spec.workspace, m_settings.workspace, [this] { endJobs(); });
    }

    SandboxInfo info() const override { return {m_room->id(), m_room->name(), m_plan.image, m_imageId}; }
    Result<CommandResult> run(const Command& command, const OutputListener& output, const std::stop_token& stop) override;
    Result<ResourceUse> resources(const std::stop_token& stop) override;
    Result<std::vector<std::vector<std::string>>> processes(const std::stop_token& stop) override;
    Result<void> freeze(const std::stop_token& stop) override { return inRooms("pause", stop); }
    Result<void> thaw() override { return inRooms("unpause", {}); }

private:
    std::optional<SandboxNotice> tellOfRefusedStarts();
    Result<CommandResult> runInRoom(const Command& command, const OutputListener& output, const std::stop_token& stop);
    void nameJobs();
    void endJobs();
    Result<void> inRooms(const std::string& action, const std::stop_token& stop);
    Result<void> openJobs(const std::stop_token& stop);

    DockerClient& m_client;
    const DockerSandboxSettings m_settings;
    const ContainerPlan m_plan;
    const std::string m_imageId;
    const std::shared_ptr<Egress> m_egress; ///< null: there is no proxy; outlives the rooms on its network
    std::unique_ptr<Room> m_room;
    std::unique_ptr<Room> m_jobs{}; ///< for what outlives commands; shares the network of m_room, so it goes first
    std::mutex m_jobsMutex{};       ///< guards the next: the watch's thread reads it
    std::string m_jobsId{};
    std::uint64_t m_refusedStarts = 0; ///< when that was asked last
    std::unique_ptr<WorkspaceWatch> m_watch{}; ///< null: nothing can be written to; its thread ends before the rooms
};

Result<CommandResult> DockerSandbox::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before a command ran"};
    const auto inRoom = [&](const std::stop_token& token) {
        auto ran = runInRoom(command, output, token);
        if (m_watch)
            nameJobs();
        return ran;
    };
    auto result = m_watch ? m_watch->around(inRoom, stop) : inRoom(stop);
    if (!result)
        return result;
    if (auto notice = tellOfRefusedStarts())
        result->notices.push_back(*std::move(notice));
    if (m_egress)
        std::ranges::move(m_egress->decisions(), std::back_inserter(result->notices));
    return result;
}

/// Since the last command. A container that was started again counts from 0.
std::optional<SandboxNotice> DockerSandbox::tellOfRefusedStarts()
{
    const auto refused = refusedStarts(m_room->id()) + (m_jobs ? refusedStarts(m_jobs->id()) : 0);
    const auto before = std::exchange(m_refusedStarts, refused);
    if (refused <= before)
        return std::nullopt;
    return SandboxNotice{.kind = "limit", .subject = "processes",
                         .text = fmt::format("The sandbox may have {} processes and threads, and {} more were refused. Start fewer at the same time.", m_settings.pids, refused - before),
                         .count = int(std::min<std::uint64_t>(refused - before, 1'000'000))};
}

/// Tells the watch of jobs that came or went.
void DockerSandbox::nameJobs()
{
    {
        const std::lock_guard lock(m_jobsMutex);
        m_jobsId = m_jobs ? m_jobs->id() : std::string();
    }
    m_watch->watchJobs(m_jobs != nullptr);
}

/// On the watch's thread: the next command for jobs finds their container ended, and starts it again.
void DockerSandbox::endJobs()
{
    std::unique_lock lock(m_jobsMutex);
    const auto id = m_jobsId;
    lock.unlock();
    if (!id.empty())
        (void)m_client.call("POST", "/containers/" + id + "/kill", {}, {});
}

Result<CommandResult> DockerSandbox::runInRoom(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (command.keepsBackground) {
        if (auto opened = openJobs(stop); !opened)
            return std::move(opened).error();
        return m_jobs->run(command, output, stop);
    }
    auto result = m_room->run(command, output, stop);
    if (result && result->sandboxRestarted)
        m_jobs.reset(); // their network went with the container
    return result;
}

Result<void> DockerSandbox::inRooms(const std::string& action, const std::stop_token& stop)
{
    Result<void> outcome;
    for (const auto* room : {m_room.get(), m_jobs.get()}) {
        if (room == nullptr || room->isDown())
            continue;
        if (auto done = m_client.call("POST", "/containers/" + room->id() + "/" + action, Json(), stop); !done)
            outcome = std::move(done).error().during(action + " a sandbox");
    }
    return outcome;
}

Result<void> DockerSandbox::openJobs(const std::stop_token& stop)
{
    if (m_plan.spec.purpose != SandboxPurpose::Agent)
        return Error{ErrorCode::Invalid, "only an agent's sandbox has background jobs"};
    if (m_room->isDown()) // starts it again, for its network
        if (auto up = m_room->run(Command{.argv = {"true"}, .workdir = "/"}, {}, stop); !up)
            return std::move(up).error();
    if (m_jobs)
        return {};
    auto plan = m_plan;
    plan.network = "container:" + m_room->id();
    plan.hasPorter = false;
    auto jobs = Room::open(m_client, newName(plan.spec, "-jobs"), containerBody(plan, m_settings), plan.user, false, secretsTar(m_settings, plan), stop);
    if (!jobs)
        return std::move(jobs).error().during("open a room for background jobs");
    m_jobs = *std::move(jobs);
    return {};
}

Result<ResourceUse> DockerSandbox::resources(const std::stop_token& stop)
{
    auto use = containerUse(m_client, m_room->id(), stop);
    if (!use || !m_jobs)
        return use;
    const auto jobs = containerUse(m_client, m_jobs->id(), stop);
    if (!jobs)
        return jobs.error();
    use->cpuPercent += jobs->cpuPercent;
    use->memoryBytes += jobs->memoryBytes;
    use->memoryLimitBytes += jobs->memoryLimitBytes;
    use->processes += jobs->processes;
    return use;
}

Result<std::vector<std::vector<std::string>>> DockerSandbox::processes(const std::stop_token& stop)
{
    auto table = containerProcesses(m_client, m_room->id(), stop);
    if (!table || !m_jobs)
        return table;
    auto jobs = containerProcesses(m_client, m_jobs->id(), stop);
    if (!jobs)
        return jobs;
    std::move(jobs->begin() + 1, jobs->end(), std::back_inserter(*table)); // without its titles
    return table;
}

} // namespace

DockerSandboxProvider::DockerSandboxProvider(DockerClient& client, DockerSandboxSettings settings) :
    m_client(client), m_settings(std::move(settings)), m_spare(std::make_unique<SpareRoom>())
{
}

DockerSandboxProvider::~DockerSandboxProvider() = default;

Result<std::unique_ptr<Sandbox>> DockerSandboxProvider::open(const SandboxSpec& spec, const std::stop_token& stop)
{
    if (m_settings.seccompProfile.empty() || m_settings.agent.uid == 0)
        return Error{ErrorCode::Invalid, "a sandbox needs a system call filter and an agent who is not root"};
    if (auto checked = checkSpec(spec); !checked)
        return std::move(checked).error().during("open a sandbox");
    if (spec.purpose == SandboxPurpose::Verifier)
        if (auto entered = letGroupEnter(spec.workspace); !entered)
            return std::move(entered).error();
    const auto cpus = engineCpus(stop);
    if (!cpus)
        return cpus.error();
    ContainerPlan plan{.spec = spec,
                       .image = spec.image.empty() ? m_settings.image : spec.image,
                       .user = userFor(spec.purpose, m_settings.agent),
                       .cpus = std::min(m_settings.cpus, *cpus),
                       .network = spec.network,
                       .hasPorter = spec.purpose == SandboxPurpose::Agent && !m_settings.porter.empty()
                           && m_client.endpoint().transport == DockerEndpoint::Transport::Unix};
    auto egress = Result<std::shared_ptr<Egress>>(nullptr);
    if (spec.purpose == SandboxPurpose::Agent && m_settings.network == NetworkPolicy::Open)
        plan.network = m_settings.outerNetwork;
    if (spec.purpose == SandboxPurpose::Agent && m_settings.network == NetworkPolicy::AllowList) {
        egress = egressOf(spec.runId, plan.image, stop);
        if (!egress)
            return std::move(egress).error();
        plan.network = (*egress)->network();
        plan.proxy = (*egress)->address();
    }
    auto room = Result<std::unique_ptr<Room>>(takeSpare(plan));
    if (!*room)
        room = openRoom(plan, stop);
    if (!room)
        return std::move(room).error();
    const auto state = m_client.call("GET", "/containers/" + (*room)->id() + "/json", {}, stop);
    if (!state)
        return Error(state.error()).during("look at the new sandbox");
    const auto imageId = stringIn(*state, "Image");
    const auto kind = fmt::format("{} {} {}", int(spec.purpose), plan.network == spec.network, imageId);
    {
        std::unique_lock lock(m_mutex);
        const bool isTested = m_tested.contains(kind);
        lock.unlock();
        if (!isTested)
            if (auto tested = testHardening(**room, plan, m_settings, stop); !tested)
                return std::move(tested).error();
        lock.lock();
        m_tested.insert(kind);
    }
    if (plan.hasPorter)
        (*room)->usePorter(); // not before the test, which trusts the engine alone
    prepareSpare(plan);
    return std::unique_ptr<Sandbox>(std::make_unique<DockerSandbox>(m_client, m_settings, plan, *std::move(room), imageId, *std::move(egress)));
}

/// The run's proxy, which every stage of it shares; a new one where that has ended.
Result<std::shared_ptr<Egress>> DockerSandboxProvider::egressOf(const std::string& runId, const std::string& image, const std::stop_token& stop)
{
    const std::lock_guard lock(m_egressMutex);
    auto& known = m_egress[runId];
    if (known && known->isRunning(stop))
        return known;
    m_spare->drop(runId + ' '); // it is on the network of the one that ended
    known.reset();
    auto started = Egress::start(m_client, {.runId = runId, .image = image, .sandbox = m_settings}, stop);
    if (!started)
        return std::move(started).error();
    known = *std::move(started);
    return known;
}

std::string DockerSandboxProvider::rules() const
{
    return networkRules() + secretRules(m_settings.secrets);
}

std::string DockerSandboxProvider::networkRules() const
{
    switch (m_settings.network) {
    case NetworkPolicy::None: break;
    case NetworkPolicy::AllowList:
        return fmt::format("Network: your commands reach {} and nothing else, through the proxy that HTTP_PROXY and HTTPS_PROXY name; each attempt is recorded. Work "
                           "without what it refuses. The program's checks run without any network, so the project must build and pass there.\n",
                           fmt::join(m_settings.allowedHosts, ", "));
    case NetworkPolicy::Open:
        return "Network: your commands reach the network. The program's checks run without any, so the project must build and pass there.\n";
    }
    return {};
}

/// An engine that does not see our files, in a machine of its own, cannot mount the porter: then it goes without.
Result<std::unique_ptr<Room>> DockerSandboxProvider::openRoom(ContainerPlan& plan, const std::stop_token& stop)
{
    auto room = Room::open(m_client, newName(plan.spec, ""), containerBody(plan, m_settings), plan.user, true, secretsTar(m_settings, plan), stop);
    if (room || !plan.hasPorter || room.error().detail.find(m_settings.porter.string()) == std::string::npos)
        return room;
    plan.hasPorter = false;
    return Room::open(m_client, newName(plan.spec, ""), containerBody(plan, m_settings), plan.user, true, secretsTar(m_settings, plan), stop);
}

namespace {

/// A room for whatever stage comes next.
ContainerPlan sparePlan(ContainerPlan plan)
{
    plan.spec.stage = "next";
    return plan;
}

std::string spareKey(const ContainerPlan& plan, const DockerSandboxSettings& settings)
{
    return plan.spec.runId + ' ' + containerBody(plan, settings).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::unique_ptr<Room> DockerSandboxProvider::takeSpare(const ContainerPlan& plan)
{
    if (!m_settings.keepsSpare || plan.spec.purpose != SandboxPurpose::Agent)
        return nullptr;
    auto room = m_spare->take(spareKey(sparePlan(plan), m_settings));
    if (room)
        room->rename(newName(plan.spec, ""));
    return room;
}

/// Not of a room with frozen paths: what lies there may be another file by the time it is wanted.
void DockerSandboxProvider::prepareSpare(const ContainerPlan& plan)
{
    if (!m_settings.keepsSpare || plan.spec.purpose != SandboxPurpose::Agent || !plan.spec.frozen.empty())
        return;
    auto next = sparePlan(plan);
    auto key = spareKey(next, m_settings);
    m_spare->prepare(std::move(key), [this, next = std::move(next)](const std::stop_token& stop) {
        auto room = Room::open(m_client, newName(next.spec, ""), containerBody(next, m_settings), next.user, true, secretsTar(m_settings, next), stop);
        if (room && next.hasPorter) {
            (*room)->usePorter();
            (void)(*room)->run(Command{.argv = {"true"}, .workdir = "/"}, {}, stop); // brings the porter up
        }
        return room;
    });
}

Result<void> DockerSandboxProvider::sweep(const std::string& runId)
{
    if (!isPlainName(runId))
        return Error{ErrorCode::Invalid, "no run has that name"};
    m_spare->drop(runId + ' ');
    {
        const std::lock_guard lock(m_egressMutex);
        m_egress.erase(runId);
    }
    auto removed = removeOurs(m_client, {{"aap.kind", "sandbox"}, {"aap.run", runId}}, "aap", Whose::Everybodys, {});
    return removed ? Result<void>() : std::move(removed).error();
}

Result<void> DockerSandboxProvider::sweepDead(const std::stop_token& stop)
{
    auto removed = pruneDead(m_client, stop);
    return removed ? Result<void>() : std::move(removed).error();
}

/// The engine refuses more processors than it has.
Result<double> DockerSandboxProvider::engineCpus(const std::stop_token& stop)
{
    const std::lock_guard lock(m_mutex);
    if (m_engineCpus > 0)
        return m_engineCpus;
    const auto info = m_client.call("GET", "/info", {}, stop);
    if (!info)
        return Error(info.error()).during("ask Docker what it can do");
    m_engineCpus = std::max<double>(1, double(numberOf(*info, "NCPU")));
    return m_engineCpus;
}

} // namespace aap
