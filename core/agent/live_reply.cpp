#include "core/agent/live_reply.h"

#include <fmt/format.h>

#include "core/engine/run_recorder.h"

namespace aap {

LiveReply::LiveReply(RunRecorder& recorder, StageId stage) :
    m_recorder(recorder), m_stage(stage), m_text(recorder.redactor()), m_thinking(recorder.redactor())
{
}

ReplyListener LiveReply::listener()
{
    return {.text =
                [this](std::string_view piece) {
                    show(LiveEvent::Kind::Thinking, m_thinking.finish()); // thinking ends where text begins
                    take(m_text, LiveEvent::Kind::Text, piece);
                },
            .thinking = [this](std::string_view piece) { take(m_thinking, LiveEvent::Kind::Thinking, piece); },
            .retrying = [this](const Error& why, Milliseconds wait, int attempt) { withdraw(why, wait, attempt); },
            .lost =
                [this](const Usage& usage, Money cost) {
                    m_lostUsage += usage;
                    m_lostCost += cost;
                }};
}

void LiveReply::finish()
{
    show(LiveEvent::Kind::Thinking, m_thinking.finish());
    show(LiveEvent::Kind::Text, m_text.finish());
}

void LiveReply::take(StreamRedactor& stream, LiveEvent::Kind kind, std::string_view piece)
{
    show(kind, stream.feed(piece));
}

void LiveReply::show(LiveEvent::Kind kind, std::string text)
{
    if (!text.empty())
        m_recorder.live({.kind = kind, .stage = m_stage, .text = std::move(text)});
}

void LiveReply::withdraw(const Error& why, Milliseconds wait, int attempt)
{
    m_text.finish();
    m_thinking.finish();
    m_recorder.live({.kind = LiveEvent::Kind::Withdrawn, .stage = m_stage});
    show(LiveEvent::Kind::Retrying, fmt::format("The model is asked again in {:.1f} s (attempt {} failed: {}).", double(wait.count()) / 1000,
                                                attempt, why.text()));
}

} // namespace aap
