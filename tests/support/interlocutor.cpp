#include "tests/support/interlocutor.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr auto kOnceMore = "Once more.";
constexpr std::string_view kInterrupted = "Interrupted: ";

/// The stage whose contract submit_result wants.
std::string stageOf(const Json& request)
{
    static const std::map<std::string, std::string> stages{{"design", "architecture"}, {"implementation", "coding"}, {"testreport", "testing"},
                                                           {"deployment", "deployment"}, {"monitoring", "monitoring"}};
    for (const auto& tool : request.at("tools"))
        if (tool.at("name") == "submit_result")
            for (const auto& [contract, stage] : stages)
                if (tool.dump().find("aap/" + contract + "/1") != std::string::npos)
                    return stage;
    return {};
}

bool isOnceMore(const Json& message)
{
    return message.at("role") == "assistant" && stringIn(message.at("content").at(0), "text") == kOnceMore;
}

/// The calls that the last message says were interrupted, or were not taken because of that.
Json interruptedCalls(const Json& messages)
{
    Json calls = Json::array();
    const auto& answers = messages.back().at("content");
    const auto isCut = [](const Json& block) { return block.dump().find(kInterrupted) != std::string::npos && stringIn(block, "type") == "tool_result"; };
    if (messages.size() < 2 || std::ranges::none_of(answers, isCut))
        return calls;
    for (const auto& answer : answers)
        for (const auto& block : messages[messages.size() - 2].at("content"))
            if (stringIn(block, "type") == "tool_use" && stringIn(block, "id") == stringIn(answer, "tool_use_id")
                && (isCut(answer) || block.at("name") == "submit_result"))
                calls.push_back(block);
    return calls;
}

} // namespace

Interlocutor::Interlocutor(const Recording& recording)
{
    std::map<std::string, int> visits;
    std::string last;
    for (const auto& turn : recording.turns) {
        if (turn.beginsVisit || turn.stage != last)
            ++visits[turn.stage];
        last = turn.stage;
        m_visits[fmt::format("{}/{}", turn.stage, visits[turn.stage])].push_back(turn);
    }
}

Interlocutor::Place Interlocutor::placeOf(const Json& request)
{
    Place place{.stage = stageOf(request)};
    const auto& messages = request.at("messages");
    const bool isRepair = messages.at(0).dump().find("<document name=\\\"repair.json") != std::string::npos;
    place.visit = isRepair ? 2 : 1;
    for (const auto& message : messages) {
        place.turnAsked += message.at("role") == "assistant" ? 1 : 0;
        place.turn += message.at("role") == "assistant" && !isOnceMore(message) ? 1 : 0;
    }
    return place;
}

Step Interlocutor::answer(const SeenRequest& request)
{
    const auto json = request.json();
    const auto place = placeOf(json);
    const auto visit = fmt::format("{}/{}", place.stage, place.visit);
    {
        const std::lock_guard lock(m_mutex);
        m_asked.push_back(fmt::format("{}/{}", visit, place.turnAsked + 1));
    }
    if (auto again = interruptedCalls(json.at("messages")); !again.empty()) {
        RecordedTurn turn{.stage = place.stage, .content = Json::array({Json{{"type", "text"}, {"text", kOnceMore}}}), .stopReason = "tool_use"};
        for (auto& call : again) {
            call["id"] = stringIn(call, "id") + "_again";
            turn.content.push_back(call);
        }
        return Step::reply(turn);
    }
    const auto known = m_visits.find(visit);
    if (known == m_visits.end() || place.turn >= known->second.size())
        return Step::error(400, "invalid_request_error", fmt::format("the recording has no turn {} of {}", place.turn + 1, visit));
    return Step::reply(known->second[place.turn]);
}

std::vector<std::string> Interlocutor::takeAsked()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_asked, {});
}

} // namespace aap
