#include "core/llm/replay_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/pause.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

bool isFreshDialogue(const ModelRequest& request)
{
    return std::ranges::none_of(request.messages, [](const Message& message) { return message.role == Message::Role::Assistant; });
}

/// The length of a piece of about `wanted` bytes that ends with a whole character.
std::size_t pieceLength(std::string_view text, std::size_t wanted)
{
    auto length = std::min(std::max<std::size_t>(wanted, 1), text.size());
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        ++length;
    return length;
}

} // namespace

ReplayModel::ReplayModel(std::vector<RecordedTurn> turns, ReplayPace pace) : m_turns(std::move(turns)), m_pace(pace) {}

const RecordedTurn* ReplayModel::next(const ModelRequest& request)
{
    auto at = m_next;
    if (!request.stage.empty()) {
        const auto known = m_nextOf.find(request.stage);
        at = known == m_nextOf.end() ? 0 : known->second;
        const auto sameStage = [&request](const RecordedTurn& turn) { return turn.stage == request.stage; };
        const auto sameVisit = [&](const RecordedTurn& turn) { return sameStage(turn) && !turn.beginsVisit; };
        if (at > 0 && isFreshDialogue(request)) // what the last visit left unasked belongs to it
            at = std::size_t(std::find_if_not(m_turns.begin() + std::ptrdiff_t(at), m_turns.end(), sameVisit) - m_turns.begin());
        at = std::size_t(std::find_if(m_turns.begin() + std::ptrdiff_t(at), m_turns.end(), sameStage) - m_turns.begin());
    }
    if (at >= m_turns.size())
        return nullptr;
    m_next = at + 1;
    m_nextOf[m_turns[at].stage] = at + 1;
    return &m_turns[at];
}

void ReplayModel::skip(const RecordedTurn& given)
{
    ModelRequest request{.stage = given.stage};
    if (!given.beginsVisit)
        request.messages.push_back({Message::Role::Assistant, given.content});
    (void)next(request);
}

Result<ModelReply> ReplayModel::reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    const auto stopped = [] { return Error{ErrorCode::Stopped, "stopped while the recording played"}; };
    if (!pause(m_pace.beforeTurn, stop))
        return stopped();
    const auto* turn = next(request);
    if (!turn)
        return Error{ErrorCode::NotFound,
                     request.stage.empty() ? std::string("the recording has no more replies")
                                           : fmt::format("the recording has no more replies for the stage '{}'", request.stage),
                     {},
                     "The run went another way than the recording. Choose a recording of these stages, or a model."};
    for (const auto& block : turn->content) {
        const auto type = stringIn(block, "type");
        if (type == "text" && !say(stringIn(block, "text"), listener.text, stop))
            return stopped();
        if (type == "thinking" && !say(stringIn(block, "thinking"), listener.thinking, stop))
            return stopped();
    }
    return toReply(*turn);
}

bool ReplayModel::say(std::string_view text, const std::function<void(std::string_view)>& to, const std::stop_token& stop) const
{
    while (to && !text.empty()) {
        const auto length = pieceLength(text, m_pace.pieceBytes);
        to(text.substr(0, length));
        text.remove_prefix(length);
        if (!pause(m_pace.betweenPieces, stop))
            return false;
    }
    return !stop.stop_requested();
}

ModelReply toReply(const RecordedTurn& turn)
{
    ModelReply reply{.content = turn.content,
                     .stopReason = parseStopReason(turn.stopReason),
                     .rawStopReason = turn.stopReason,
                     .model = turn.model,
                     .usage = turn.usage};
    reply.usage.calls = std::max<std::int64_t>(1, reply.usage.calls);
    return reply;
}

} // namespace aap
