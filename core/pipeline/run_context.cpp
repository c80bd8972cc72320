#include "core/pipeline/run_context.h"

#include <algorithm>

#include "core/base/files.h"

namespace aap {

const Json& RunContext::document(const std::string& contract) const
{
    static const Json null;
    const auto found = documents.find(contract);
    return found == documents.end() ? null : found->second;
}

Result<void> RunContext::saveArtifact(std::optional<StageId> stage, const std::string& path, std::string_view text)
{
    const auto clean = services.redactor(text);
    if (auto written = output.write(path, std::string_view(clean)); !written)
        return written;
    ArtifactRecorded artifact{.path = path, .sha256 = sha256(clean), .bytes = clean.size()};
    const auto& known = recorder.state().artifacts;
    if (std::ranges::any_of(known, [&](const auto& other) { return other.path == artifact.path && other.sha256 == artifact.sha256; }))
        return {};
    return recorder.record(stage, std::move(artifact));
}

Result<Approver::Answer> RunContext::ask(std::optional<StageId> stage, const GateOpened& gate)
{
    if (recorder.state().approvedGates.contains(gate.gate))
        return Approver::Answer{.decision = Approver::Decision::Approved, .by = {}, .comment = {}};
    if (auto opened = recorder.record(stage, gate); !opened)
        return std::move(opened).error();
    const Stopwatch watch;
    auto answer = services.approver.ask(gate, stop);
    services.models.pardon(watch.elapsed());
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while waiting at the gate " + gate.gate};
    const auto* decision = answer.decision == Approver::Decision::Approved ? "approved"
        : answer.decision == Approver::Decision::Rejected                  ? "rejected"
                                                                            : "waiting";
    if (auto decided = recorder.record(stage, GateDecided{.gate = gate.gate, .decision = decision, .by = answer.by, .comment = answer.comment});
        !decided)
        return std::move(decided).error();
    return answer;
}

StageSpec RunContext::specOf(const StageSpec& stage) const
{
    const auto pipeline = parsePipelineSpec(recorder.state().started.pipeline.dump(-1, ' ', false, Json::error_handler_t::replace));
    const auto* raised = pipeline ? pipeline->stage(stage.id) : nullptr;
    auto spec = stage;
    if (raised != nullptr) {
        spec.maxTurns = raised->maxTurns;
        spec.limits = raised->limits;
    }
    return spec;
}

CheckContext RunContext::checkContext(StageId stage, const Json& document)
{
    const auto folder = stageFolder(stage);
    return {
        .stage = stage,
        .pipeline = request.pipeline,
        .requirements = requirements,
        .design = this->document("design"),
        .document = document,
        .workspace = workspace,
        .workspacePath = workspace.path(),
        .sandboxes = services.sandboxes,
        .images = services.images,
        .deployer = services.deployer,
        .recorder = recorder,
        .baseImages = request.baseImages,
        .secrets = request.secrets,
        .runId = request.runId,
        .saveLog = [this, folder](const std::string& name, std::string_view text) -> Result<std::string> {
            const auto path = "stages/" + folder + "/checks/" + name + ".log";
            if (auto written = output.write(path, std::string_view(services.redactor(text))); !written)
                return std::move(written).error();
            return path;
        },
        .saveReport = [this, stage](const std::string& path, std::string_view text) { return saveArtifact(stage, path, text); },
        .stop = stop,
    };
}

ErrorEnding endingOf(const Error& error, bool fromModel)
{
    switch (error.code) {
    case ErrorCode::Stopped: return {StageStatus::Cancelled, RunEnding::Stopped};
    case ErrorCode::Limit: return {StageStatus::BudgetExceeded, RunEnding::LimitReached};
    case ErrorCode::Refused: return {StageStatus::Refused, RunEnding::Failed};
    case ErrorCode::Unauthorized: return {StageStatus::Failed, RunEnding::EnvironmentProblem};
    case ErrorCode::NotFound:
    case ErrorCode::Unavailable:
    case ErrorCode::RateLimited:
    case ErrorCode::Timeout:
    case ErrorCode::Protocol: {
        const bool isProviders = fromModel && error.code != ErrorCode::NotFound; // an unknown model is a matter of settings
        return {StageStatus::Failed, isProviders ? RunEnding::ProviderGaveUp : RunEnding::EnvironmentProblem};
    }
    case ErrorCode::Io: return {StageStatus::Failed, RunEnding::EnvironmentProblem};
    case ErrorCode::Invalid:
    case ErrorCode::Bug: break;
    }
    return {StageStatus::Failed, RunEnding::Failed};
}

} // namespace aap
