#include "core/project/project_file.h"

#include "core/base/files.h"
#include "core/base/json_document.h"

namespace aap {
namespace {

constexpr std::uintmax_t kLargestProject = 8U << 20U;
constexpr std::size_t kMostAttached = 500;
constexpr int kVersion = 1;
constexpr auto kKind = "agent-pipeline project";

Json differingMembers(const Json& mine, const Json& standard)
{
    Json members = Json::object();
    for (const auto& [key, value] : mine.items())
        if (!standard.contains(key) || standard.at(key) != value)
            members[key] = value;
    return members;
}

/// What a stage has and this one has not must be said, too: the empty text of a task, a model of its own that is none.
Json differingStage(const Json& mine, const Json& standard)
{
    auto stage = differingMembers(mine, standard);
    for (const auto* key : {"task", "model", "effort"})
        if (standard.contains(key) && !mine.contains(key))
            stage[key] = "";
    if (standard.contains("limits") && !mine.contains("limits"))
        stage["limits"] = Json::object();
    if (stage.empty())
        return stage;
    stage["id"] = mine.at("id");
    stage["enabled"] = mine.at("enabled"); // listed without it a stage is on
    return stage;
}

Result<std::vector<AttachedFile>> readAttachments(const JsonDocument& document, const Json& list)
{
    if (!list.is_array() || list.size() > kMostAttached)
        return document.invalid("/attachments", "must be a list of at most 500");
    std::vector<AttachedFile> attachments;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto place = "/attachments/" + std::to_string(i);
        if (!list[i].is_object())
            return document.invalid(place, "must be an object");
        ObjectReader object(document, place, {"path", "to_agents"});
        const auto* path = object.take("path", ValueRule{});
        const auto* toAgents = object.take("to_agents", ValueRule{.kind = ValueRule::Kind::Boolean});
        if (object.failed())
            return object.error();
        if (path == nullptr || path->get<std::string>().empty())
            return document.invalid(place, "has no path");
        attachments.push_back({path->get<std::string>(), toAgents == nullptr || toAgents->get<bool>()});
    }
    return attachments;
}

Json attachmentsJson(const std::vector<AttachedFile>& attachments)
{
    Json list = Json::array();
    for (const auto& attachment : attachments)
        list.push_back({{"path", attachment.path}, {"to_agents", attachment.toAgents}});
    return list;
}

Result<AuthoredProject> readMembers(const JsonDocument& document)
{
    ObjectReader object(document, "", {"kind", "version", "requirements", "repository", "attachments", "pipeline"});
    const ValueRule text{};
    AuthoredProject project;
    const auto* kind = object.take("kind", ValueRule{.choices = {kKind}});
    const auto* version = object.take("version", ValueRule{.kind = ValueRule::Kind::Integer, .min = 1, .max = 1e6});
    const auto* requirements = object.take("requirements", text);
    const auto* repository = object.take("repository", text);
    if (object.failed())
        return object.error();
    if (kind == nullptr || version == nullptr)
        return document.invalid("", "has no kind and version: it is no project");
    if (version->get<int>() > kVersion)
        return document.invalid("/version", "is of a newer program");
    project.requirements = requirements == nullptr ? "" : requirements->get<std::string>();
    project.repository = repository == nullptr ? "" : repository->get<std::string>();
    if (const auto* list = object.take("attachments")) {
        auto attachments = readAttachments(document, *list);
        if (!attachments)
            return std::move(attachments).error();
        project.attachments = *std::move(attachments);
    }
    if (const auto* pipeline = object.take("pipeline")) {
        if (!pipeline->is_object())
            return document.invalid("/pipeline", "must be an object");
        project.pipeline = *pipeline;
    }
    return project;
}

} // namespace

Result<AuthoredProject> parseProject(std::string_view text, std::string name)
{
    const auto document = JsonDocument::parse(text, std::move(name));
    auto project = document ? readMembers(*document) : Result<AuthoredProject>(document.error());
    if (project)
        if (const auto pipeline = pipelineOf(project->pipeline, PipelineSpec::standard(RunMode::Full)); !pipeline)
            project = Error(pipeline.error()).during("read the project's pipeline");
    if (!project)
        return std::move(project).error().advise("Correct that place in the project file, or open another one.");
    return project;
}

std::string projectText(const AuthoredProject& project)
{
    Json json{{"kind", kKind}, {"version", kVersion}, {"requirements", project.requirements}, {"repository", project.repository}};
    if (!project.attachments.empty()) // without them older programs read the file, too
        json["attachments"] = attachmentsJson(project.attachments);
    json["pipeline"] = project.pipeline;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<AuthoredProject> readProject(const std::filesystem::path& file)
{
    const auto text = readFile(file, kLargestProject);
    if (!text)
        return Error(text.error()).during("open the project").advise("Look whether it is there and whether you may read it.");
    return parseProject(*text, file.filename().string());
}

Result<void> writeProject(const std::filesystem::path& file, const AuthoredProject& project)
{
    auto written = writeFileAtomically(file, projectText(project));
    if (!written)
        return std::move(written).error().during("save the project").advise("Save a copy elsewhere: the folder may be read-only or the disk full.");
    return written;
}

Json pipelineDifference(const PipelineSpec& spec, const PipelineSpec& defaults)
{
    const auto mine = toJson(spec);
    const auto standard = toJson(defaults);
    auto difference = differingMembers(mine, standard);
    difference.erase("mode"); // a project is always a whole pipeline
    difference.erase("stages");
    Json stages = Json::array();
    for (std::size_t i = 0; i < mine.at("stages").size(); ++i)
        if (auto stage = differingStage(mine["stages"][i], standard.at("stages").at(i)); !stage.empty())
            stages.push_back(std::move(stage));
    if (!stages.empty())
        difference["stages"] = std::move(stages);
    return difference;
}

Result<PipelineSpec> pipelineOf(const Json& difference, const PipelineSpec& defaults)
{
    return parsePipelineSpec(difference.dump(-1, ' ', false, Json::error_handler_t::replace), [&defaults](RunMode) { return defaults; });
}

} // namespace aap
