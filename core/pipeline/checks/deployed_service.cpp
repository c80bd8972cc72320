#include "core/pipeline/checks/deployed_service.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/pause.h"

namespace aap {
namespace {

constexpr int kProbesInARow = 5;
constexpr Milliseconds kBetweenProbes{200};
constexpr Milliseconds kBrokenIsWatched{8000};
constexpr int kMostLogLines = 20000;

bool covers(const std::map<std::string, std::string>& volumes, const std::string& path)
{
    return std::any_of(volumes.begin(), volumes.end(), [&path](const auto& volume) {
        return path == volume.second || path.starts_with(volume.second + "/");
    });
}

Error stopped()
{
    return Error{ErrorCode::Stopped, "stopped while the deployment was checked"};
}

} // namespace

DeployedService::DeployedService(CheckContext& context, const DeployDesign& design, const ComposeReading& compose, std::string image,
                                 int generation)
    : m_context(context), m_design(design), m_compose(compose), m_image(std::move(image)), m_generation(generation)
{
}

Result<void> DeployedService::start()
{
    auto network = m_context.deployer.makeNetwork(m_context.runId, m_context.stop);
    if (!network)
        return std::move(network).error().during("make the run's network");
    m_main.network = *network;
    const ComposeService alone{.name = "service", .build = true};
    const auto* main = m_compose.main(m_design.port);
    std::vector<ComposeService> services = m_compose.services;
    if (main == nullptr)
        services = {alone};
    const auto mainName = main == nullptr ? alone.name : main->name;
    for (const auto& service : services) {
        auto spec = specOf(service);
        if (!spec)
            return std::move(spec).error();
        auto container = m_context.deployer.start(*spec, m_context.stop);
        if (!container)
            return std::move(container).error().during("start the service " + service.name);
        m_containers.push_back(*container);
        if (service.name == mainName) {
            m_main = *std::move(spec);
            m_container = *std::move(container);
        }
    }
    return {};
}

Result<ServiceSpec> DeployedService::specOf(const ComposeService& service)
{
    ServiceSpec spec{.runId = m_context.runId, .name = service.name, .image = service.build ? m_image : service.image,
                     .network = m_main.network, .command = service.command, .entrypoint = service.entrypoint,
                     .environment = service.environment, .tmpfs = service.tmpfs, .restartUnlessStopped = service.restart};
    spec.cpus = service.cpus.value_or(spec.cpus);
    spec.memoryBytes = service.memoryBytes.value_or(spec.memoryBytes);
    auto volumes = service.volumes;
    if (service.build)
        for (std::size_t i = 0; i < m_design.statePaths.size(); ++i)
            if (!covers(service.volumes, m_design.statePaths[i]))
                volumes[fmt::format("state-{}", i + 1)] = m_design.statePaths[i];
    auto added = addVolumes(spec, volumes);
    if (!added)
        return std::move(added).error();
    return spec;
}

Result<void> DeployedService::addVolumes(ServiceSpec& spec, const std::map<std::string, std::string>& volumes)
{
    for (const auto& [name, path] : volumes) {
        // Its own: the smoke checks want a fresh one, and what stood before keeps what it had.
        const auto own = m_generation == 1 ? name : fmt::format("{}.{}", name, m_generation);
        auto volume = m_context.deployer.makeVolume(m_context.runId, own, m_context.stop);
        if (!volume)
            return std::move(volume).error().during("make the volume " + name);
        spec.volumes[*volume] = path;
    }
    return {};
}

Result<std::string> DeployedService::watch(const HttpProbe& probe, const std::string& service, const std::string& container,
                                           Milliseconds timeout, int wanted) const
{
    const auto deadline = Deadline::in(timeout);
    std::string last = "it was not asked";
    for (int inARow = 0; !deadline.hasPassed();) {
        auto state = m_context.deployer.state(container, m_context.stop);
        if (!state)
            return std::move(state).error();
        if (!state->running && !m_main.restartUnlessStopped)
            return fmt::format("It ended with exit code {}{}.", state->exitCode, state->outOfMemory ? ", out of memory" : "");
        auto answer = probe.ask(service, *m_design.port, {.path = m_design.healthPath}, std::min(Milliseconds(5000), deadline.remaining() + Milliseconds(100)));
        if (!answer)
            return std::move(answer).error();
        inARow = answer->ok() ? inARow + 1 : 0;
        if (inARow == wanted)
            return std::string();
        if (!answer->ok())
            last = answer->status == 0 ? answer->error : fmt::format("status {}", answer->status);
        if (!pause(kBetweenProbes, m_context.stop))
            return stopped();
    }
    return fmt::format("GET {} on port {} did not answer with 2xx {} times in a row within {} s; last: {}.", m_design.healthPath,
                       *m_design.port, wanted, timeout.count() / 1000, last);
}

Result<std::string> DeployedService::awaitHealthy(const HttpProbe& probe, Milliseconds timeout) const
{
    return watch(probe, m_main.name, m_container, timeout, kProbesInARow);
}

/// A number that is none, a path that is nowhere; a service without settings gets a program that does not answer.
std::pair<ServiceSpec, std::string> DeployedService::brokenVariant() const
{
    auto broken = m_main;
    broken.name += "-broken";
    broken.restartUnlessStopped = false;
    for (const auto& [volume, path] : m_main.volumes)
        broken.tmpfs.push_back(path); // the real state stays out of it
    broken.volumes.clear();
    const auto& names = m_design.environment;
    const auto port = std::find_if(names.begin(), names.end(), [](const auto& name) { return name.find("PORT") != std::string::npos; });
    if (port != names.end()) {
        broken.environment[*port] = "not-a-number";
        return {broken, *port + "=not-a-number"};
    }
    for (const auto& name : names)
        broken.environment[name] = "/nonexistent/invalid";
    if (!names.empty())
        return {broken, fmt::format("every variable set to /nonexistent/invalid")};
    broken.entrypoint = {"/bin/sleep"};
    broken.command = {"60"};
    return {broken, "a program that does not answer"};
}

Result<std::string> DeployedService::awaitBrokenUnhealthy(const HttpProbe& probe)
{
    const auto [spec, how] = brokenVariant();
    auto container = m_context.deployer.start(spec, m_context.stop);
    if (!container)
        return std::move(container).error().during("start a variant that must not work");
    const auto deadline = Deadline::in(kBrokenIsWatched);
    std::string complaint;
    while (complaint.empty() && !deadline.hasPassed()) {
        auto state = m_context.deployer.state(*container, m_context.stop);
        if (state && !state->running)
            break;
        auto healthy = watch(probe, spec.name, *container, Milliseconds(1000), 1);
        if (!healthy || !state) {
            static_cast<void>(m_context.deployer.remove(*container));
            return healthy ? std::move(state).error() : std::move(healthy).error();
        }
        if (healthy->empty())
            complaint = fmt::format("With {} the service still says that it is healthy; it must refuse settings it cannot work with.", how);
    }
    if (auto removed = m_context.deployer.remove(*container); !removed)
        return std::move(removed).error();
    return complaint;
}

Result<OneShot> DeployedService::awaitEnd(const std::string& container, Milliseconds timeout)
{
    const auto deadline = Deadline::in(timeout);
    while (true) {
        auto state = m_context.deployer.state(container, m_context.stop);
        if (!state)
            return std::move(state).error();
        if (!state->running) {
            auto output = m_context.deployer.logs(container, kMostLogLines, m_context.stop);
            if (!output)
                return std::move(output).error();
            return OneShot{.exitCode = state->exitCode, .output = *std::move(output)};
        }
        if (deadline.hasPassed())
            return Error{ErrorCode::Timeout, fmt::format("it did not end within {} s", timeout.count() / 1000)};
        if (!pause(Milliseconds(100), m_context.stop))
            return stopped();
    }
}

Result<OneShot> DeployedService::runOnce(const std::string& purpose, const std::vector<std::string>& argv, Milliseconds timeout)
{
    auto spec = m_main;
    spec.name += "-" + purpose;
    spec.entrypoint = {argv.front()};
    spec.command.assign(argv.begin() + 1, argv.end());
    spec.restartUnlessStopped = false;
    auto container = m_context.deployer.start(spec, m_context.stop);
    if (!container)
        return std::move(container).error().during("run " + argv.front() + " in the image");
    auto outcome = awaitEnd(*container, timeout);
    auto removed = m_context.deployer.remove(*container);
    if (outcome && !removed)
        return std::move(removed).error();
    return outcome;
}

Result<OneShot> DeployedService::finishJob(Milliseconds timeout)
{
    return awaitEnd(m_container, timeout);
}

DeploymentHandle DeployedService::handle() const
{
    return {.network = m_main.network, .container = m_container, .service = m_main.name, .port = m_design.port.value_or(0),
            .healthPath = m_design.healthPath, .metricsPath = m_design.metricsPath, .image = m_image, .containers = m_containers, .generation = m_generation};
}

} // namespace aap
