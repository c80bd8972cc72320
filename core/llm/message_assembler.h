#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/llm/language_model.h"

namespace aap {

/// What an API says about an error, in a body or in the middle of a stream.
struct ApiProblem {
    std::string type{};      ///< "overloaded_error"
    std::string message{};
    std::string code{};      ///< error.details.error_code: "enforced_spend_limit_reached"
    std::string requestId{};
};

/// Builds a reply from the events of a Messages API stream. Blocks keep their order and whatever members they came with;
/// only message_stop makes a reply complete.
class MessageAssembler {
public:
    enum class State { Open, Complete, Failed };

    explicit MessageAssembler(const ReplyListener& listener) : m_listener(listener) {}

    /// Takes the data of one event. What comes after the end is ignored.
    State take(std::string_view data);
    State state() const { return m_state; }

    /// The reply; call it when Complete.
    ModelReply takeReply();
    /// What went wrong when Failed; type "stream_incomplete" when the stream ended before its time.
    const ApiProblem& problem() const { return m_problem; }
    /// Text shown so far.
    std::string partialText() const;
    /// Figures reported so far; calls is 1 as soon as the server has begun.
    const Usage& usage() const { return m_reply.usage; }

    /// A whole message that was not streamed; an ApiProblem when it is none or not complete.
    static std::variant<ModelReply, ApiProblem> fromMessage(Json message);

private:
    struct Block {
        std::int64_t index = 0;
        Json json{};
        std::string partialInput{};
        bool isFinished = false;
    };

    void begin(const Json& event);
    void startBlock(const Json& event);
    void applyDelta(const Json& event);
    void stopBlock(const Json& event);
    void finishBlock(Block& block);
    void finishMessage(const Json& event);
    void takeMessageDelta(const Json& event);
    void append(Json& member, const Json& piece, const std::function<void(std::string_view)>& to);
    void fail(std::string message);
    Block* find(const Json& index);

    const ReplyListener& m_listener;
    State m_state = State::Open;
    bool m_begun = false;
    std::size_t m_bytes = 0;
    std::vector<Block> m_blocks;
    ModelReply m_reply;
    ApiProblem m_problem;
};

/// The error object of a body or an error event; all empty when there is none, as in a proxy's HTML page.
ApiProblem problemIn(const Json& body);

/// "cyber: explanation" from a stop_details object.
std::string refusalText(const Json& stopDetails);

} // namespace aap
