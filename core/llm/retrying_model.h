#pragma once

#include <functional>

#include "core/llm/attempt_model.h"

namespace aap {

/// How patient a RetryingModel is. The functions are there so that tests need not sleep.
struct RetryPolicy {
    int retries = 5;
    Milliseconds firstWait{500};      ///< doubles with every attempt
    Milliseconds longestWait{8000};   ///< where the server names no time
    Milliseconds longestRetryAfter{120'000}; ///< longer than that is an error that says until when
    double jitter = 0.25;             ///< a wait is shortened by up to this share
    std::function<double()> random{}; ///< in [0, 1); empty: a generator of its own
    /// False when stopped meanwhile; empty: a real wait.
    std::function<bool(Milliseconds, const std::stop_token&)> wait{};
};

/// Repeats attempts that failed for a passing reason. What was shown of a failed attempt is withdrawn through
/// ReplyListener::retrying; the tokens it cost are in the usage of the reply, or in ReplyListener::lost when there is none.
class RetryingModel final : public LanguageModel {
public:
    explicit RetryingModel(AttemptModel& inner, RetryPolicy policy = {});

    /// A stop ends a wait within 300 ms too.
    Result<ModelReply> reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop) override;

private:
    Milliseconds waitBefore(int attempt, const ApiFailure& failure) const;

    AttemptModel& m_inner;
    RetryPolicy m_policy;
};

} // namespace aap
