#include "core/llm/retrying_model.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "core/base/pause.h"

namespace aap {
namespace {

std::function<double()> ownGenerator()
{
    return [engine = std::mt19937(std::random_device()())]() mutable { return std::uniform_real_distribution<double>(0, 1)(engine); };
}

Error giveUp(ApiFailure failure, int attempts)
{
    if (attempts > 1)
        failure.error.detail += fmt::format("; gave up after {} attempts", attempts);
    return std::move(failure.error);
}

Error limitedUntil(ApiFailure failure)
{
    const auto until = toIso8601(now() + *failure.retryAfter);
    failure.error.code = ErrorCode::RateLimited;
    failure.error.detail += "; rate limited until " + until;
    failure.error.remedy = "Resume the run after " + until + ".";
    return std::move(failure.error);
}

} // namespace

RetryingModel::RetryingModel(AttemptModel& inner, RetryPolicy policy) : m_inner(inner), m_policy(std::move(policy))
{
    if (!m_policy.random)
        m_policy.random = ownGenerator();
    if (!m_policy.wait)
        m_policy.wait = pause;
}

Result<ModelReply> RetryingModel::reply(const ModelRequest& request, const ReplyListener& listener, const std::stop_token& stop)
{
    Usage spent;
    const auto lose = [&](Error error) {
        if (spent.calls > 0 && listener.lost)
            listener.lost(spent, {});
        return error;
    };
    for (int attempt = 1;; ++attempt) {
        auto outcome = m_inner.attempt(request, listener, stop);
        if (auto* reply = std::get_if<ModelReply>(&outcome)) {
            reply->usage += spent;
            return std::move(*reply);
        }
        auto& failure = std::get<ApiFailure>(outcome);
        spent += failure.spent;
        if (!failure.isRetryable || attempt > m_policy.retries)
            return lose(giveUp(std::move(failure), attempt));
        if (failure.retryAfter && *failure.retryAfter > m_policy.longestRetryAfter)
            return lose(limitedUntil(std::move(failure)));
        const auto wait = waitBefore(attempt, failure);
        if (listener.retrying)
            listener.retrying(failure.error, wait, attempt);
        if (!m_policy.wait(wait, stop))
            return lose(Error{ErrorCode::Stopped, "stopped while waiting to ask the model again"});
    }
}

Milliseconds RetryingModel::waitBefore(int attempt, const ApiFailure& failure) const
{
    if (failure.retryAfter)
        return *failure.retryAfter;
    auto wait = m_policy.firstWait;
    for (int i = 1; i < attempt && wait < m_policy.longestWait; ++i)
        wait *= 2;
    wait = std::min(wait, m_policy.longestWait);
    return std::chrono::duration_cast<Milliseconds>(wait * (1 - m_policy.jitter * m_policy.random()));
}

} // namespace aap
