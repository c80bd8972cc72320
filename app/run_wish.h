#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/app_config.h"
#include "core/domain/run_state.h"
#include "core/pipeline/run_request.h"

namespace aap {

/// What somebody asks for at one of the doors, before it is checked.
struct RunWish {
    RunMode mode = RunMode::Full;
    std::string requirements{};
    std::optional<std::string> repository{};
    std::vector<std::filesystem::path> attachments{}; ///< files and folders that the agents shall have
    std::vector<std::string> focus{};           ///< review
    std::vector<std::string> stages{};          ///< stages: the chosen ones, as typed
    std::map<std::string, std::string> tasks{}; ///< stages: stage as typed -> task
    std::filesystem::path pipelineFile{};
    std::optional<PipelineSpec> pipeline{};     ///< of a full run, as it was authored; instead of a file
    std::filesystem::path outputDir{};          ///< empty: the configured one; of a review ./review_output
};

/// The wish with the settings, checked. Invalid, NotFound or Io with a sentence that says what to change. Reads files.
Result<RunRequest> makeRunRequest(const RunWish& wish, const AppConfig& config);

/// The request of a run that goes on, from the state its events fold to: what it was begun with, but for the model, the turns and the
/// money that flags give now, and what a pipeline file says. Everything else is as configured now.
Result<RunRequest> makeResumeRequest(const RunState& state, const std::filesystem::path& pipelineFile, const AppConfig& config);

/// `{"coding": "Write …"}`, as --tasks names it.
Result<std::map<std::string, std::string>> readTasks(const std::filesystem::path& file);

} // namespace aap
