#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/llm/reply_assembler.h"

namespace aap {

/// Builds a reply from the chunks of a Chat Completions stream, in the blocks of the Messages API: unsigned thinking, text,
/// tool_use. Forgives what servers are known to do: every call at index 0, no ids, ids used before, whole arguments in one piece
/// or as an object, tool calls together with "stop", reasoning under either name, no [DONE].
class ChatAssembler final : public ReplyAssembler {
public:
    /// `usedIds`: tool ids of the dialogue so far; a call that brings one of them again gets an id of ours.
    ChatAssembler(const ReplyListener& listener, std::set<std::string> usedIds);

    State take(std::string_view data) override;
    State end() override;
    State takeWhole(Json answer) override;
    State state() const override { return m_state; }
    ModelReply takeReply() override;
    const ApiProblem& problem() const override { return m_problem; }
    std::string partialText() const override { return m_text; }
    const Usage& usage() const override { return m_reply.usage; }
    /// The server named the tokens; otherwise the caller estimates.
    bool knowsUsage() const { return m_knowsUsage; }

private:
    struct Call {
        std::optional<std::int64_t> index{};
        std::string id{};
        std::string name{};
        std::string arguments{};
    };

    void takeChunk(const Json& chunk);
    void takeDelta(const Json& delta);
    void takeCall(const Json& piece);
    Call& callFor(const Json& piece);
    void append(std::string& to, const Json& piece, const std::function<void(std::string_view)>& listener);
    void complete();
    Json toolUse(const Call& call);
    void fail(std::string message);

    const ReplyListener& m_listener;
    std::set<std::string> m_usedIds;
    State m_state = State::Open;
    bool m_knowsUsage = false;
    std::size_t m_bytes = 0;
    std::string m_text;
    std::string m_thinking;
    std::string m_refusal;
    std::string m_finishReason;
    std::vector<Call> m_calls;
    ModelReply m_reply;
    ApiProblem m_problem;
};

} // namespace aap
