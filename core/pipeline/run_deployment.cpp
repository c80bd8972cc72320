#include "core/pipeline/run_deployment.h"

#include "core/pipeline/stage_visit.h"
#include "core/store/lenient_json.h"

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
    const auto standing = deploymentFrom(details);
    if (hasPassed && standing) {
        if (standing->port == 0) // it ran to its end
            return standing;
        if (const auto state = m_deployer.state(standing->container, stop); state && state->running)
            return standing;
    }
    m_isLost = hasPassed;
    if (!hasPassed)
        if (auto before = bringBack(details, stop))
            return before;
    if (auto removed = m_deployer.removeDeployment(m_recorder.runId()); !removed)
        return std::move(removed).error();
    if (details.is_object())
        if (auto told = m_recorder.record(StageId::Deployment, DeploymentChanged{.state = "removed", .details = Json::object()}); !told)
            return std::move(told).error();
    return std::optional<DeploymentHandle>();
}

/// The stage had begun anew: what stood before goes on, whatever had become of the new one.
std::optional<DeploymentHandle> RunDeployment::bringBack(const Json& details, const std::stop_token& stop)
{
    const auto last = textIn(details, "state");
    const bool wasAside = details.is_object() && details.contains("previous");
    const bool stood = last == "healthy" || last == "replaced" || last == "rolled_back";
    const auto before = wasAside ? deploymentFrom(details.at("previous")) : stood ? deploymentFrom(details) : std::nullopt;
    if (!before || before->containers.empty() || !m_deployer.bringBack(m_recorder.runId(), before->containers))
        return std::nullopt;
    const auto state = m_deployer.state(before->container, stop);
    if (!state || !state->running)
        return std::nullopt;
    m_hasPassed = true;
    auto told = toJson(*before);
    told["reason"] = "The run was interrupted while a new deployment was checked.";
    if (wasAside && !m_recorder.record(StageId::Deployment, DeploymentChanged{.state = "rolled_back", .details = std::move(told)}))
        return std::nullopt;
    return before;
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

void RunDeployment::removeUnlessKept()
{
    if (m_hasPassed)
        return;
    if (auto removed = m_deployer.removeDeployment(m_recorder.runId()); !removed && m_recorder.state().deployment.is_object())
        (void)m_recorder.record({}, Warned{"the deployment could not be removed: " + removed.error().text()});
}

} // namespace aap
