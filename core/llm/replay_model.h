#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/llm/language_model.h"
#include "core/llm/recording.h"

namespace aap {

/// How fast recorded text appears; the default is at once.
struct ReplayPace {
    std::size_t pieceBytes = 24;         ///< text reaches the listener in pieces of about this size, never within a character
    Milliseconds betweenPieces{0};       ///< so that people can read along
    Milliseconds beforeTurn{0};
};

/// Answers from a recording instead of a model; nothing is sent anywhere and nothing costs.
///
/// A request that names its stage is answered with the next turn of that stage: a request without an assistant message begins
/// the stage's next visit, so turns the last visit did not ask for are skipped. A request without a stage takes the next turn of all.
/// When there is none left: ErrorCode::NotFound.
class ReplayModel final : public LanguageModel {
public:
    explicit ReplayModel(std::vector<RecordedTurn> turns, ReplayPace pace = {});

    /// Counts a turn as given: it was, before an interruption.
    void skip(const RecordedTurn& given);
    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    const RecordedTurn* next(const ModelRequest& request);
    bool say(std::string_view text, const std::function<void(std::string_view)>& to, const std::stop_token& stop) const;

    std::vector<RecordedTurn> m_turns;
    ReplayPace m_pace;
    std::size_t m_next = 0;                      // after the turn served last
    std::map<std::string, std::size_t> m_nextOf; // the same by stage
};

/// The stop reason, content and usage of a recorded turn as a reply.
ModelReply toReply(const RecordedTurn& turn);

} // namespace aap
