#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/agent/policy.h"
#include "core/domain/pipeline_spec.h"
#include "core/domain/run_event.h"
#include "core/llm/language_model.h"

namespace aap {

/// What a user asks for when a run starts; already checked where it came in.
struct RunRequest {
    std::string runId{};
    PipelineSpec pipeline{};
    std::string requirements{};              ///< Markdown or plain text; empty for a review
    std::optional<std::string> repository{}; ///< URL or path to start from, or to review
    std::vector<std::filesystem::path> attachments{}; ///< files and folders of the user, copied into the project as attachments.h says
    std::vector<std::string> reviewFocus{};  ///< review: "security", "performance", …
    std::filesystem::path outputFolder{};    ///< pipeline_output
    std::filesystem::path workspaceFolder{}; ///< workspace_path: the live workspace is <it>/<run id>
    bool saveIntermediateResults = true;     ///< save_intermediate_results: exchanges, transcripts and logs too
    std::string model{};
    std::string effort = "medium";
    std::string provider{};
    std::string recordingLabel{}; ///< replies are recorded: shown wherever the run shows
    std::string recording{};      ///< where they come from: a file, a resource or a run
    Json settings{};              ///< AppConfig without secrets, for the record
    std::vector<std::string> environments{}; ///< deployment_environments: files are made for all, the pipeline says which is deployed to
    std::vector<std::string> baseImages{}; ///< what a project's Dockerfile may start FROM
    std::vector<std::string> secrets{};    ///< never to appear anywhere; for the leak checks
    std::size_t outputTruncateLength = 30000;
    int logAnalysisLines = 100;
    std::string recordedImageId{}; ///< of the sandboxes that a replayed run worked in; empty: none, or not known
    Policy policy{}; ///< what agents may do without asking
    Milliseconds commandTimeout = std::chrono::seconds(120); ///< of an agent's command that names none
};

/// What a model can take and give; 0: not known.
struct ModelLimits {
    std::int64_t contextTokens = 0;
    int maxOutputTokens = 0;
};

/// Opens the model for a stage, decorated: priced, retried, budgeted, recorded. Called on the run's thread.
class ModelSource {
public:
    ModelSource() = default;
    ModelSource(const ModelSource&) = delete;
    ModelSource& operator=(const ModelSource&) = delete;
    virtual ~ModelSource() = default;

    /// The object lives until the stage's dialogue ends. `warn` is called at 80 % of a budget.
    virtual Result<std::unique_ptr<LanguageModel>> open(const StageSpec& stage, std::function<void(const std::string&)> warn) = 0;
    virtual ModelLimits limits(const std::string& /*model*/) const { return {}; }
    /// The user allows more, of `stage` or of the run: see LimitRaised. From the next call on.
    virtual void raise(std::optional<StageId> /*stage*/, const LimitRaised& /*raised*/) {}
    /// The run stood still for so long, which does not count as its time.
    virtual void pardon(Milliseconds /*stoodStill*/) {}
};

/// Decides at gates. Blocks the run's thread; obeys the stop_token.
class Approver {
public:
    enum class Decision {
        Approved,
        Rejected, ///< with a comment: sent back, and the run works on; without: it stops
        Waiting,  ///< nobody is there to ask: the run ends as WaitingAtGate
    };
    struct Answer {
        Decision decision{};
        std::string by{};
        std::string comment{};

        /// Not approved, but with words to work on.
        bool isSentBack() const { return decision == Decision::Rejected && comment.find_first_not_of(" \t\r\n") != std::string::npos; }
    };
    Approver() = default;
    Approver(const Approver&) = delete;
    Approver& operator=(const Approver&) = delete;
    virtual ~Approver() = default;

    /// Gates: "requirements" (details: items, questions), "deployment" (image, ports, environment), "stage.<slug>".
    virtual Answer ask(const GateOpened& gate, const std::stop_token& stop) = 0;
};

} // namespace aap
