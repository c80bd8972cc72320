#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/llm/reply_assembler.h"

namespace aap {

/// Builds a reply from the events of a Messages API stream. Blocks keep their order and whatever members they came with;
/// only message_stop makes a reply complete.
class MessageAssembler final : public ReplyAssembler {
public:
    explicit MessageAssembler(const ReplyListener& listener) : m_listener(listener) {}

    State take(std::string_view data) override;
    State end() override;
    State takeWhole(Json message) override;
    State state() const override { return m_state; }
    ModelReply takeReply() override;
    const ApiProblem& problem() const override { return m_problem; }
    std::string partialText() const override;
    const Usage& usage() const override { return m_reply.usage; }

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

/// "cyber: explanation" from a stop_details object.
std::string refusalText(const Json& stopDetails);

} // namespace aap
