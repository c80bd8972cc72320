#include "core/agent/dialogue_past.h"

#include "core/agent/dialogue_texts.h"

namespace aap {
namespace {

bool belongsToDialogue(const RunEvent& event)
{
    if (const auto* turn = std::get_if<TurnFinished>(&event.payload))
        return turn->stopReason != kLostTurn;
    return std::holds_alternative<UserTurn>(event.payload) || std::holds_alternative<ToolStarted>(event.payload)
        || std::holds_alternative<ToolFinished>(event.payload) || std::holds_alternative<Submitted>(event.payload);
}

ModelReply replyFrom(const TurnFinished& turn)
{
    ModelReply reply{.content = turn.content, .stopReason = parseStopReason(turn.stopReason), .rawStopReason = turn.stopReason, .refusal = turn.refusal,
                     .model = turn.model, .requestId = turn.requestId, .usage = turn.usage, .cost = turn.cost};
    for (const auto& [call, raw] : turn.invalidInputs.items())
        reply.invalidInputs.emplace_back(call, raw.get<std::string>());
    return reply;
}

} // namespace

DialoguePast::DialoguePast(std::vector<RunEvent> events) : m_events(std::move(events))
{
    for (const auto& event : m_events) {
        if (const auto* message = std::get_if<SteeringMessage>(&event.payload))
            m_unheard.push_back(message->text);
        else if (std::holds_alternative<UserTurn>(event.payload))
            m_unheard.clear();
    }
    std::erase_if(m_events, [](const RunEvent& event) { return !belongsToDialogue(event); });
}

const UserTurn* DialoguePast::userTurn()
{
    return nextIs<UserTurn>() ? &std::get<UserTurn>(m_events[m_next++].payload) : nullptr;
}

std::optional<ModelReply> DialoguePast::reply()
{
    if (!nextIs<TurnFinished>())
        return std::nullopt;
    auto reply = replyFrom(std::get<TurnFinished>(m_events[m_next++].payload));
    takeCalls();
    return reply;
}

bool DialoguePast::submitted()
{
    const bool isNext = nextIs<Submitted>();
    m_next += isNext ? 1 : 0;
    return isNext;
}

const DialoguePast::Call* DialoguePast::call(const std::string& id) const
{
    const auto found = m_calls.find(id);
    return found == m_calls.end() ? nullptr : &found->second;
}

void DialoguePast::takeCalls()
{
    m_calls.clear();
    for (; nextIs<ToolStarted>() || nextIs<ToolFinished>(); ++m_next) {
        if (const auto* begun = std::get_if<ToolStarted>(&m_events[m_next].payload))
            m_calls.try_emplace(begun->callId);
        else if (const auto& finished = std::get<ToolFinished>(m_events[m_next].payload); !m_calls[finished.callId].finished)
            m_calls[finished.callId].finished = &finished;
    }
}

} // namespace aap
