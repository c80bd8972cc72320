#pragma once

#include <string_view>

#include "core/base/redact.h"
#include "core/domain/run_event.h"
#include "core/llm/language_model.h"

namespace aap {

class RunRecorder;

/// Shows one reply while it comes in: text and thinking without secrets, retries, what is withdrawn. Remembers what a reply that
/// never came cost. One thread; outlives the call it listens to.
class LiveReply {
public:
    LiveReply(RunRecorder& recorder, StageId stage);
    LiveReply(const LiveReply&) = delete;
    LiveReply& operator=(const LiveReply&) = delete;

    ReplyListener listener();
    /// The reply is complete: shows what was held back.
    void finish();

    const Usage& lostUsage() const { return m_lostUsage; }
    Money lostCost() const { return m_lostCost; }

private:
    void take(StreamRedactor& stream, LiveEvent::Kind kind, std::string_view piece);
    void show(LiveEvent::Kind kind, std::string text);
    void withdraw(const Error& why, Milliseconds wait, int attempt);

    RunRecorder& m_recorder;
    StageId m_stage;
    StreamRedactor m_text;
    StreamRedactor m_thinking;
    Usage m_lostUsage{};
    Money m_lostCost{};
};

} // namespace aap
