#pragma once

#include <cstddef>
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

    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    const RecordedTurn* next(const ModelRequest& request);
    const RecordedTurn* nextOfStage(const ModelRequest& request);

    std::vector<RecordedTurn> m_turns;
    std::vector<bool> m_used;
    ReplayPace m_pace;
};

/// The stop reason, content and usage of a recorded turn as a reply.
ModelReply toReply(const RecordedTurn& turn);

} // namespace aap
