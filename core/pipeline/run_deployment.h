#pragma once

#include <optional>
#include <stop_token>

#include "core/pipeline/run_context.h"

namespace aap {

/// Whether a stage's state says that nothing is left to do about it in this run.
bool isSettled(const StageState* stage);

/// What a run has deployed on the engine: kept when it passed, found or made again after an interruption. Used by the run's thread;
/// what it is given outlives it.
class RunDeployment {
public:
    RunDeployment(Deployer& deployer, RunRecorder& recorder) : m_deployer(deployer), m_recorder(recorder) {}

    /// Of a run that goes on: the deployment that passed before, if it still runs, be it that the stage has begun anew since. What is left of
    /// one that did not pass is removed.
    Result<std::optional<DeploymentHandle>> find(bool goesOn, const std::stop_token& stop);
    /// Deploys again what had passed and does not run any more: from the files that passed, with every check of the stage once more,
    /// and without its agent.
    Result<void> restore(RunContext& run);
    /// It passed, and stays when the run ends.
    void keep() { m_hasPassed = true; }
    void removeUnlessKept();

private:
    std::optional<DeploymentHandle> bringBack(const Json& details, const std::stop_token& stop);

    Deployer& m_deployer;
    RunRecorder& m_recorder;
    bool m_hasPassed = false;
    bool m_isLost = false; ///< it had passed, and does not run any more
};

} // namespace aap
