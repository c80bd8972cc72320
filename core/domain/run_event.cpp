#include "core/domain/run_event.h"

#include <algorithm>
#include <array>

#include "core/domain/event_fields.h"

namespace aap {
namespace {

template <typename Value>
struct Word {
    Value value;
    std::string_view slug;
    std::string_view title;
};

constexpr std::array kEndings{
    Word<RunEnding>{RunEnding::Completed, "completed", "Completed"},
    Word<RunEnding>{RunEnding::Failed, "failed", "Failed"},
    Word<RunEnding>{RunEnding::InvalidInput, "invalid_input", "Invalid input"},
    Word<RunEnding>{RunEnding::CompletedWithWaivers, "completed_with_waivers", "Completed with waivers"},
    Word<RunEnding>{RunEnding::LimitReached, "limit_reached", "Budget reached"},
    Word<RunEnding>{RunEnding::EnvironmentProblem, "environment_problem", "Environment problem"},
    Word<RunEnding>{RunEnding::ProviderGaveUp, "provider_gave_up", "Provider gave up"},
    Word<RunEnding>{RunEnding::WaitingAtGate, "waiting_at_gate", "Waiting at a gate"},
    Word<RunEnding>{RunEnding::Stopped, "stopped", "Stopped"},
};

constexpr std::array kStatuses{
    Word<StageStatus>{StageStatus::NotStarted, "not_started", "Not started"},
    Word<StageStatus>{StageStatus::Running, "running", "Running"},
    Word<StageStatus>{StageStatus::Checking, "checking", "Checking"},
    Word<StageStatus>{StageStatus::Repairing, "repairing", "Repairing"},
    Word<StageStatus>{StageStatus::Waiting, "waiting", "Waiting for you"},
    Word<StageStatus>{StageStatus::Passed, "passed", "Passed"},
    Word<StageStatus>{StageStatus::Waived, "waived", "Waived"},
    Word<StageStatus>{StageStatus::Failed, "failed", "Failed"},
    Word<StageStatus>{StageStatus::Skipped, "skipped", "Skipped"},
    Word<StageStatus>{StageStatus::Cancelled, "cancelled", "Stopped"},
    Word<StageStatus>{StageStatus::BudgetExceeded, "budget_exceeded", "Budget reached"},
    Word<StageStatus>{StageStatus::Refused, "refused", "Refused"},
    Word<StageStatus>{StageStatus::Incomplete, "incomplete", "Incomplete"},
};

constexpr std::array kChecks{
    Word<CheckStatus>{CheckStatus::Passed, "passed", "Passed"},
    Word<CheckStatus>{CheckStatus::Failed, "failed", "Failed"},
    Word<CheckStatus>{CheckStatus::Skipped, "skipped", "Skipped"},
    Word<CheckStatus>{CheckStatus::Waived, "waived", "Waived"},
    Word<CheckStatus>{CheckStatus::NotChecked, "not_checked", "Not checked"},
};

constexpr std::array kModes{
    Word<RunMode>{RunMode::Full, "full", "Full"},
    Word<RunMode>{RunMode::Stages, "stages", "Stages"},
    Word<RunMode>{RunMode::Review, "review", "Review"},
};

template <typename Words, typename Value>
const auto& wordOf(const Words& words, Value value)
{
    return *std::ranges::find(words, value, &Words::value_type::value);
}

const auto& wordsOf(RunEnding) { return kEndings; }
const auto& wordsOf(StageStatus) { return kStatuses; }
const auto& wordsOf(CheckStatus) { return kChecks; }
const auto& wordsOf(RunMode) { return kModes; }

constexpr std::array<std::string_view, std::variant_size_v<Payload>> kTypeNames{
    "run_started", "run_paused", "run_resumed", "run_finished", "stage_started", "stage_finished", "turn_started", "user_turn",
    "turn_finished", "tool_started", "tool_finished", "plan_updated", "submitted", "stage_checking", "check_finished",
    "repair_started", "gate_opened", "gate_decided", "steering_message", "limit_raised", "skip_asked", "stage_sent_back", "artifact_recorded", "deployment_changed", "warned",
    "error_raised", "repair_judged", "files_edited", "sandbox_reported"};
static_assert(!kTypeNames.back().empty(), "a payload without a name");

template <typename T>
concept Struct = std::is_same_v<T, PlanItem> || std::is_same_v<T, Usage> || std::is_same_v<T, Check>;

// ── writing ──
struct Writer {
    Json& to;

    template <typename T>
    static Json encode(const T& value)
    {
        if constexpr (std::is_enum_v<T>) {
            return std::string(wordOf(wordsOf(value), value).slug);
        } else if constexpr (Struct<T>) {
            Json object = Json::object();
            eachField(Writer{object}, value);
            return object;
        } else if constexpr (std::is_same_v<T, Milliseconds>) {
            return value.count();
        } else {
            return value;
        }
    }
    static Json encode(const std::optional<int>& value) { return value ? Json(*value) : Json(nullptr); }
    static Json encode(const std::vector<PlanItem>& items)
    {
        Json array = Json::array();
        for (const auto& item : items)
            array.push_back(encode(item));
        return array;
    }

    template <typename T>
    void operator()(const char* name, const T& value) const
    {
        to[name] = encode(value);
    }
    template <typename T>
    void operator()(LaterMember member, const T& value) const
    {
        Json json = encode(value);
        const bool isEmpty = json == Json() || json == Json("") || json == Json(0) || json == Json(false) || (json.is_structured() && json.empty());
        if (!isEmpty)
            to[member.name] = std::move(json);
    }
};

// ── reading ──
struct Reader {
    const Json& from;

    template <typename T>
    static void decode(const Json& json, T& value)
    {
        if constexpr (std::is_enum_v<T>) {
            const auto& words = wordsOf(T{});
            const auto found = std::ranges::find(words, json.get<std::string>(), [](const auto& word) { return std::string(word.slug); });
            if (found == words.end())
                throw std::invalid_argument("'" + json.get<std::string>() + "' is no known word");
            value = found->value;
        } else if constexpr (Struct<T>) {
            eachField(Reader{json}, value);
        } else if constexpr (std::is_same_v<T, Milliseconds>) {
            value = Milliseconds(json.get<std::int64_t>());
        } else if constexpr (std::is_same_v<T, Json>) {
            value = json;
        } else {
            json.get_to(value);
        }
    }
    static void decode(const Json& json, std::optional<int>& value) { value = json.is_null() ? std::nullopt : std::optional(json.get<int>()); }
    static void decode(const Json& json, std::vector<PlanItem>& items)
    {
        for (const auto& item : json)
            decode(item, items.emplace_back());
    }

    template <typename T>
    void operator()(const char* name, T& value) const
    {
        decode(from.at(name), value);
    }
    template <typename T>
    void operator()(LaterMember member, T& value) const
    {
        if (const auto found = from.find(member.name); found != from.end())
            decode(*found, value);
    }
};

template <std::size_t I = 0>
Payload readPayload(std::string_view type, const Json& json)
{
    if constexpr (I == std::variant_size_v<Payload>) {
        throw std::invalid_argument("'" + std::string(type) + "' is no known type of event");
    } else {
        if (type != kTypeNames[I])
            return readPayload<I + 1>(type, json);
        std::variant_alternative_t<I, Payload> payload;
        eachField(Reader{json}, payload);
        return payload;
    }
}

} // namespace

std::string_view slug(RunEnding ending)
{
    return wordOf(kEndings, ending).slug;
}

std::string_view title(RunEnding ending)
{
    return wordOf(kEndings, ending).title;
}

std::string_view slug(StageStatus status)
{
    return wordOf(kStatuses, status).slug;
}

std::string_view title(StageStatus status)
{
    return wordOf(kStatuses, status).title;
}

std::string_view slug(CheckStatus status)
{
    return wordOf(kChecks, status).slug;
}

std::string_view typeName(const Payload& payload)
{
    return kTypeNames[payload.index()];
}

Json toJson(const RunEvent& event)
{
    Json json{{"seq", event.seq}, {"at", toIso8601(event.at)}};
    json["stage"] = event.stage ? Json(std::string(slug(*event.stage))) : Json(nullptr);
    json["type"] = std::string(typeName(event.payload));
    std::visit([&](const auto& payload) { eachField(Writer{json}, payload); }, event.payload);
    return json;
}

Result<RunEvent> parseRunEvent(const Json& json)
try {
    RunEvent event;
    event.seq = json.at("seq").get<std::int64_t>();
    const auto at = parseIso8601(json.at("at").get<std::string>());
    if (!at)
        return Error{ErrorCode::Protocol, at.error().detail, {"read an event"}};
    event.at = *at;
    if (const auto& stage = json.at("stage"); !stage.is_null()) {
        event.stage = parseStage(stage.get<std::string>());
        if (!event.stage)
            return Error{ErrorCode::Protocol, "'" + stage.get<std::string>() + "' is no stage", {"read an event"}};
    }
    event.payload = readPayload(json.at("type").get<std::string>(), json);
    return event;
} catch (const std::exception& wrong) {
    return Error{ErrorCode::Protocol, wrong.what(), {"read an event"}};
}

} // namespace aap
