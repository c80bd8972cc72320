#include "core/pipeline/run_deployment.h"

#include "core/pipeline/stage_visit.h"

namespace aap {

bool isSettled(const StageState* stage)
{
    return stage != nullptr
        && (stage->status == StageStatus::Passed || stage->status == StageStatus::Waived || stage->status == StageStatus::Skipped);
}

Result<std::optional<DeploymentHandle>> RunDeployment::find(bool goesOn, const std::stop_token& stop)
{
    const auto details = m_recorder.state().deployment;
    const auto* stage = m_recorder.state().stage(StageId::Deployment);
    const bool hasPassed = stage != nullptr && isSettled(stage) && !stage->document.is_null();
    if (!goesOn || (hasPassed && !details.is_object()))
        return std::optional<DeploymentHandle>();
    if (hasPassed) {
        const DeploymentHandle handle{.network = details.at("network").get<std::string>(), .container = details.at("container").get<std::string>(),
                                      .service = details.at("service").get<std::string>(), .port = details.at("port").get<int>(),
                                      .healthPath = details.at("health_path").get<std::string>(), .metricsPath = details.at("metrics_path").get<std::string>(),
                                      .image = details.at("image").get<std::string>(), .containers = details.at("containers").get<std::vector<std::string>>()};
        if (handle.port == 0) // it ran to its end
            return std::optional(handle);
        if (const auto state = m_deployer.state(handle.container, stop); state && state->running)
            return std::optional(handle);
        m_isLost = true;
    }
    if (auto removed = m_deployer.removeDeployment(m_recorder.runId()); !removed)
        return std::move(removed).error();
    if (details.is_object())
        if (auto told = m_recorder.record(StageId::Deployment, DeploymentChanged{.state = "removed", .details = Json::object()}); !told)
            return std::move(told).error();
    return std::optional<DeploymentHandle>();
}

Result<void> RunDeployment::restore(RunContext& run)
{
    if (!m_isLost)
        return {};
    const StageOutcome outcome{.status = StageStatus::Passed, .document = run.recorder.state().stage(StageId::Deployment)->document};
    auto context = run.checkContext(StageId::Deployment, outcome.document);
    TestEvidence unused;
    const auto checks = checkStage(context, run, unused);
    if (!checks)
        return Error(checks.error()).during("deploy again what was deployed");
    if (!allMustPassed(*checks))
        return Error{ErrorCode::Unavailable, "what was deployed is gone, and could not be deployed again: " + failuresForAgent(*checks), {},
                     "Look at the Docker engine, then resume the run."};
    m_hasPassed = run.deployed.has_value();
    return finishStage(run, StageId::Deployment, outcome);
}

Result<void> RunDeployment::forget(RunContext& run)
{
    m_hasPassed = false;
    run.deployed.reset();
    if (auto removed = m_deployer.removeDeployment(m_recorder.runId()); !removed)
        return std::move(removed).error().during("remove the deployment of before");
    return m_recorder.record(StageId::Deployment, DeploymentChanged{.state = "removed", .details = Json::object()});
}

void RunDeployment::removeUnlessKept()
{
    if (m_hasPassed)
        return;
    if (auto removed = m_deployer.removeDeployment(m_recorder.runId()); !removed && m_recorder.state().deployment.is_object())
        (void)m_recorder.record({}, Warned{"the deployment could not be removed: " + removed.error().text()});
}

} // namespace aap
