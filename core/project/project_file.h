#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/pipeline_spec.h"

namespace aap {

/// A file or folder that goes along with the requirements.
struct AttachedFile {
    std::string path{};   ///< relative to the project file's folder where it lies below it, else absolute
    bool toAgents = true; ///< else it only stays listed

    friend bool operator==(const AttachedFile&, const AttachedFile&) = default;
};

/// What a user has authored, as a `.agentpipeline` file keeps it: the requirements, and where the pipeline differs from what the
/// settings say.
struct AuthoredProject {
    std::string requirements{}; ///< Markdown or plain text
    std::string repository{};   ///< URL or path to begin with; may be empty
    std::vector<AttachedFile> attachments{};
    Json pipeline = Json::object(); ///< a pipeline file's members, only those that differ; see pipelineOf()

    friend bool operator==(const AuthoredProject&, const AuthoredProject&) = default;
};

/// Strict about our own members, so that nothing an older program does not know is lost by it: Invalid names the place. The
/// pipeline is checked, too.
Result<AuthoredProject> parseProject(std::string_view text, std::string name);
std::string projectText(const AuthoredProject& project);

/// At most 8 MiB. NotFound, Io or Invalid with a remedy.
Result<AuthoredProject> readProject(const std::filesystem::path& file);
/// Atomically.
Result<void> writeProject(const std::filesystem::path& file, const AuthoredProject& project);

/// What to write down so that parsePipelineSpec() makes `spec` out of `defaults`: what does not differ follows the settings.
Json pipelineDifference(const PipelineSpec& spec, const PipelineSpec& defaults);
/// And back. Invalid: `difference` is no part of a pipeline.
Result<PipelineSpec> pipelineOf(const Json& difference, const PipelineSpec& defaults);

} // namespace aap
