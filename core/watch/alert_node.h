#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <QRegularExpression>

#include "core/watch/alert_expression.h"

namespace aap {

/// One part of an expression. `kind` says which of the others count.
struct AlertExpression::Node {
    enum class Kind { Number, Selector, Range, Function, Aggregate, Binary };
    struct Matcher {
        std::string label{};
        std::string value{};
        bool isEqual = true;
        std::optional<QRegularExpression> pattern{}; ///< =~ and !~: instead of the value
    };
    Kind kind{};
    double number = 0;
    std::string name{}; ///< of a metric, a function, an aggregate, an operator
    std::vector<Matcher> matchers{};
    Milliseconds range{};
    std::vector<std::string> by{};
    std::vector<std::shared_ptr<const Node>> parts{};
};

/// Operators upon whole sets.
inline bool isSetWord(std::string_view word)
{
    return word == "and" || word == "or" || word == "unless";
}

/// What it gives, numbers that are none included.
std::vector<AlertSample> evaluateNode(const AlertExpression::Node& root, const MetricHistory& history, Milliseconds at);

} // namespace aap
