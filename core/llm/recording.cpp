#include "core/llm/recording.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include <QFile>

#include "core/base/files.h"
#include "core/domain/stage.h"
#include "core/llm/api_usage.h"
#include "core/llm/bounded_json.h"
#include "core/llm/language_model.h"

namespace aap {
namespace {

constexpr std::string_view kSchema = "aap/recording/1";

Result<std::string> readText(const std::string& path)
{
    std::string text;
    if (path.starts_with(":/")) {
        QFile file(QString::fromStdString(path));
        if (!file.open(QIODevice::ReadOnly))
            return Error{ErrorCode::NotFound, fmt::format("there is no resource '{}'", path)};
        text = file.readAll().toStdString();
    } else {
        auto read = readFile(path);
        if (!read)
            return std::move(read).error();
        text = *std::move(read);
    }
    const auto asUnicode = QString::fromUtf8(text.data(), qsizetype(text.size()));
    if (asUnicode.toUtf8().toStdString() != text)
        return Error{ErrorCode::Invalid, fmt::format("'{}' is not valid UTF-8", path)};
    return text;
}

Error wrong(const std::string& place, std::string_view what)
{
    return Error{ErrorCode::Invalid, fmt::format("{}: {}", place.empty() ? "the file" : place, what)};
}

/// Reads one recording; every function takes the JSON path it is at, for the error.
class Reader {
public:
    explicit Reader(std::string path) : m_path(std::move(path)) {}

    Result<Recording> read(const Json& file);

private:
    Result<void> readStage(const Json& visit, const std::string& place);
    Result<RecordedTurn> readTurn(const Json& turn, const std::string& stage, const std::string& place);
    Result<void> readHandwritten(const Json& turn, RecordedTurn& into, const std::string& place);
    Result<void> readRaw(const Json& turn, RecordedTurn& into, const std::string& place);
    Result<Json> readCall(const Json& call, const std::string& stage, const std::string& place);
    Result<Json> withFiles(const Json& value, const std::string& place);
    Result<std::string> fileBelowRecording(const Json& name, const std::string& place);

    std::string m_path;
    Recording m_recording;
    std::string m_model;
    std::map<std::string, int> m_calls; // handwritten calls so far, by stage
};

Result<void> onlyKeys(const Json& object, std::initializer_list<std::string_view> known, const std::string& place)
{
    if (!object.is_object())
        return wrong(place, "must be an object");
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(known, key) == known.end())
            return wrong(place, fmt::format("unknown key '{}'", key));
    return {};
}

Result<std::string> text(const Json& object, const char* key, const std::string& place)
{
    const auto& member = memberOf(object, key);
    if (!member.is_null() && !member.is_string())
        return wrong(place, fmt::format("'{}' must be a string", key));
    return stringIn(object, key);
}

Result<Usage> usage(const Json& turn, const std::string& place)
{
    Usage read{.calls = 1};
    const auto& api = memberOf(turn, "usage");
    if (api.is_null())
        return read;
    auto keys = onlyKeys(api, {"input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation"},
                         place + ".usage");
    if (!keys)
        return std::move(keys).error();
    for (const auto& [key, value] : api.items())
        if (key != "cache_creation" && !value.is_number_unsigned())
            return wrong(place + ".usage", fmt::format("'{}' must be a whole number", key));
    updateFromApi(read, api);
    return read;
}

Result<Recording> Reader::read(const Json& file)
{
    if (auto keys = onlyKeys(file, {"schema", "title", "label", "requirements", "repository", "model", "settings", "pipeline", "image", "stages", "expected"}, ""); !keys)
        return std::move(keys).error();
    if (stringIn(file, "schema") != kSchema)
        return wrong("schema", fmt::format("must be \"{}\"", kSchema));
    const std::initializer_list<std::pair<const char*, std::string*>> texts{{"title", &m_recording.title},
                                                                            {"label", &m_recording.label},
                                                                            {"requirements", &m_recording.requirements},
                                                                            {"repository", &m_recording.repository},
                                                                            {"image", &m_recording.imageId},
                                                                            {"model", &m_model}};
    for (const auto& [key, into] : texts) {
        auto read = text(file, key, "");
        if (!read)
            return std::move(read).error();
        *into = *std::move(read);
    }
    if (const auto& settings = memberOf(file, "settings"); settings.is_object())
        m_recording.settings = settings;
    else if (!settings.is_null())
        return wrong("settings", "must be an object");
    m_recording.pipeline = memberOf(file, "pipeline");
    if (!m_recording.pipeline.is_null() && !m_recording.pipeline.is_object())
        return wrong("pipeline", "must be an object");
    m_recording.expected = memberOf(file, "expected");
    if (!m_recording.expected.is_null() && !m_recording.expected.is_array())
        return wrong("expected", "must be a list");
    const auto& stages = memberOf(file, "stages");
    if (!stages.is_array() || stages.empty())
        return wrong("stages", "must be a list with at least one stage");
    for (std::size_t i = 0; i < stages.size(); ++i)
        if (auto stage = readStage(stages[i], fmt::format("stages[{}]", i)); !stage)
            return std::move(stage).error();
    return std::move(m_recording);
}

Result<void> Reader::readStage(const Json& visit, const std::string& place)
{
    if (auto keys = onlyKeys(visit, {"stage", "turns"}, place); !keys)
        return keys;
    const auto stage = parseStage(stringIn(visit, "stage"));
    if (!stage)
        return wrong(place + ".stage", "must be the name of a stage");
    const auto& turns = memberOf(visit, "turns");
    if (!turns.is_array() || turns.empty())
        return wrong(place + ".turns", "must be a list with at least one turn");
    for (std::size_t i = 0; i < turns.size(); ++i) {
        auto turn = readTurn(turns[i], std::string(slug(*stage)), fmt::format("{}.turns[{}]", place, i));
        if (!turn)
            return std::move(turn).error();
        turn->beginsVisit = i == 0;
        m_recording.turns.push_back(*std::move(turn));
    }
    return {};
}

Result<RecordedTurn> Reader::readTurn(const Json& turn, const std::string& stage, const std::string& place)
{
    if (auto keys = onlyKeys(turn, {"say", "calls", "content", "stop_reason", "usage", "model"}, place); !keys)
        return std::move(keys).error();
    RecordedTurn into{.stage = stage};
    auto model = text(turn, "model", place);
    auto counted = usage(turn, place);
    if (!model || !counted)
        return model ? std::move(counted).error() : std::move(model).error();
    into.model = model->empty() ? m_model : *model;
    into.usage = *counted;
    auto read = turn.contains("content") ? readRaw(turn, into, place) : readHandwritten(turn, into, place);
    if (!read)
        return std::move(read).error();
    return into;
}

Result<void> Reader::readHandwritten(const Json& turn, RecordedTurn& into, const std::string& place)
{
    if (turn.contains("stop_reason"))
        return wrong(place, "'stop_reason' goes with 'content'");
    auto say = text(turn, "say", place);
    if (!say)
        return std::move(say).error();
    if (!say->empty())
        into.content.push_back({{"type", "text"}, {"text", *say}});
    const auto& calls = memberOf(turn, "calls");
    if (!calls.is_null() && !calls.is_array())
        return wrong(place + ".calls", "must be a list");
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto block = readCall(calls[i], into.stage, fmt::format("{}.calls[{}]", place, i));
        if (!block)
            return std::move(block).error();
        into.content.push_back(*std::move(block));
    }
    if (into.content.empty())
        return wrong(place, "needs 'say', 'calls' or 'content'");
    into.stopReason = apiName(calls.empty() ? StopReason::EndTurn : StopReason::ToolUse);
    return {};
}

Result<void> Reader::readRaw(const Json& turn, RecordedTurn& into, const std::string& place)
{
    if (turn.contains("say") || turn.contains("calls"))
        return wrong(place, "'content' stands alone, without 'say' and 'calls'");
    into.content = turn["content"];
    if (!into.content.is_array() || !std::ranges::all_of(into.content, [](const Json& block) { return !stringIn(block, "type").empty(); }))
        return wrong(place + ".content", "must be a list of blocks, each with a type");
    into.stopReason = stringIn(turn, "stop_reason");
    if (parseStopReason(into.stopReason) == StopReason::Unknown)
        return wrong(place + ".stop_reason", fmt::format("'{}' is no stop reason", into.stopReason));
    return {};
}

Result<Json> Reader::readCall(const Json& call, const std::string& stage, const std::string& place)
{
    if (auto keys = onlyKeys(call, {"tool", "input"}, place); !keys)
        return std::move(keys).error();
    const auto tool = stringIn(call, "tool");
    if (tool.empty())
        return wrong(place + ".tool", "must be the name of a tool");
    auto input = withFiles(call.value("input", Json::object()), place + ".input");
    if (!input)
        return std::move(input).error();
    if (!input->is_object())
        return wrong(place + ".input", "must be an object");
    return Json{{"type", "tool_use"}, {"id", fmt::format("toolu_{}_{}", stage, ++m_calls[stage])}, {"name", tool}, {"input", *std::move(input)}};
}

Result<Json> Reader::withFiles(const Json& value, const std::string& place)
{
    if (value.is_object() && value.size() == 1 && value.contains("$file")) {
        auto content = fileBelowRecording(value["$file"], place);
        if (!content)
            return std::move(content).error();
        return Json(*std::move(content));
    }
    Json copy = value;
    for (auto member = copy.begin(); member != copy.end() && copy.is_structured(); ++member) {
        const auto where = copy.is_object() ? fmt::format("{}.{}", place, member.key()) : place + "[]";
        auto replaced = withFiles(*member, where);
        if (!replaced)
            return std::move(replaced).error();
        *member = *std::move(replaced);
    }
    return copy;
}

Result<std::string> Reader::fileBelowRecording(const Json& name, const std::string& place)
{
    namespace fs = std::filesystem;
    const fs::path relative = name.is_string() ? name.get<std::string>() : std::string();
    const bool climbs = std::ranges::find(relative, "..") != relative.end();
    if (relative.empty() || relative.is_absolute() || climbs)
        return wrong(place, "'$file' must be a path below the recording's folder");
    const auto folder = fs::path(m_path).parent_path();
    if (!m_path.starts_with(":/")) { // resources have no links
        std::error_code failed;
        const auto base = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, failed);
        const auto real = fs::weakly_canonical(base / relative, failed);
        if (failed || std::ranges::mismatch(base, real).in1 != base.end())
            return wrong(place, "'$file' leaves the recording's folder through a link");
    }
    auto content = readText((folder / relative).string());
    if (!content)
        return std::move(content).error().during(place);
    return content;
}

} // namespace

Result<Recording> loadRecording(const std::string& path)
{
    const auto activity = fmt::format("read the recording '{}'", path);
    auto content = readText(path);
    if (!content)
        return std::move(content).error().during(activity);
    Json file;
    try {
        file = Json::parse(*content);
    } catch (const Json::exception& e) {
        return Error{ErrorCode::Invalid, e.what()}.during(activity);
    }
    auto recording = Reader(path).read(file);
    if (!recording)
        return std::move(recording).error().during(activity);
    recording->source = path.starts_with(":/") ? path : std::filesystem::absolute(path).string();
    return recording;
}

Json toJson(const Recording& recording)
{
    Json stages = Json::array();
    for (const auto& turn : recording.turns) {
        if (stages.empty() || stages.back()["stage"] != turn.stage || turn.beginsVisit)
            stages.push_back({{"stage", turn.stage}, {"turns", Json::array()}});
        stages.back()["turns"].push_back(
            {{"content", turn.content}, {"stop_reason", turn.stopReason}, {"usage", toApi(turn.usage)}, {"model", turn.model}});
    }
    Json file{{"schema", kSchema}, {"title", recording.title}, {"label", recording.label}, {"requirements", recording.requirements},
              {"settings", recording.settings}};
    if (!recording.repository.empty())
        file["repository"] = recording.repository;
    if (!recording.imageId.empty())
        file["image"] = recording.imageId;
    if (!recording.pipeline.is_null())
        file["pipeline"] = recording.pipeline;
    file["stages"] = std::move(stages);
    if (!recording.expected.is_null())
        file["expected"] = recording.expected;
    return file;
}

} // namespace aap
