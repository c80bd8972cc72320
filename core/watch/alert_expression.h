#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/watch/metric_history.h"

namespace aap {

/// One element of what an expression gives: its labels (without the name) and its value.
struct AlertSample {
    MetricLabels labels{};
    double value = 0;
};

/// "1m30s", as rules write it; an empty text is no time at all, and nothing comes of what is none.
std::optional<Milliseconds> parseAlertDuration(std::string_view text);

/// A simple form of a PromQL expression, as alert rules have it: selectors with label matchers, `rate`, `irate`, `increase` and
/// `max_over_time`/`min_over_time`/`avg_over_time` of a range, `histogram_quantile`, `sum`, `max`, `min`, `avg`, `count` (with `by (…)`), `absent`, numbers,
/// + - * /, comparisons, `and`, `or`, `unless`. Everything else is Invalid, and says what: such a rule is left to Prometheus.
class AlertExpression {
public:
    static Result<AlertExpression> parse(std::string_view text);
    /// Empty: it does not hold. A series without a point in the last 30 s is taken to be gone.
    std::vector<AlertSample> evaluate(const MetricHistory& history, Milliseconds at) const;

    struct Node;

private:
    explicit AlertExpression(std::shared_ptr<const Node> root) : m_root(std::move(root)) {}
    std::shared_ptr<const Node> m_root;
};

} // namespace aap
