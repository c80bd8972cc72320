#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include "core/watch/alert_node.h"

namespace aap {
namespace {

using Node = AlertExpression::Node;
using Kind = Node::Kind;
using Samples = std::vector<AlertSample>;

constexpr Milliseconds kGoneAfter = std::chrono::seconds(30);

/// `job` and `instance` are what Prometheus adds; here is one target, and whatever they say is about it.
bool fits(const MetricSeries& series, const Node& node)
{
    return std::ranges::all_of(node.matchers, [&](const Node::Matcher& matcher) {
        const auto found = series.labels.find(matcher.label);
        if (found == series.labels.end() && (matcher.label == "job" || matcher.label == "instance"))
            return true;
        const auto& is = found == series.labels.end() ? std::string() : found->second;
        return (matcher.pattern ? matcher.pattern->match(QString::fromStdString(is)).hasMatch() : is == matcher.value) == matcher.isEqual;
    });
}

/// Between the two buckets that `q` of all observations lies between; nothing: there is no observation.
std::optional<double> quantileOf(double q, std::vector<std::pair<double, double>> buckets)
{
    std::ranges::sort(buckets);
    const auto all = buckets.empty() ? 0 : buckets.back().second;
    if (!(all > 0) || !(q >= 0 && q <= 1) || buckets.size() < 2)
        return std::nullopt;
    const auto rank = q * all;
    auto upper = std::ranges::find_if(buckets, [&](const auto& bucket) { return bucket.second >= rank; });
    if (upper == buckets.end() || std::isinf(upper->first))
        return buckets[buckets.size() - 2].first;
    const auto lower = upper == buckets.begin() ? std::pair(0.0, 0.0) : *std::prev(upper);
    const auto inside = upper->second - lower.second;
    return inside > 0 ? lower.first + (upper->first - lower.first) * (rank - lower.second) / inside : upper->first;
}

double bucketBound(const std::string& text)
{
    if (text == "+Inf" || text == "Inf")
        return std::numeric_limits<double>::infinity();
    double bound = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bound);
    return failed == std::errc() && end == text.data() + text.size() ? bound : std::numeric_limits<double>::quiet_NaN();
}

/// Of the points within the range; nothing: too few.
std::optional<double> overRange(const std::string& function, const std::vector<MetricPoint>& points, Milliseconds range)
{
    if (points.empty())
        return std::nullopt;
    const auto value = [](const MetricPoint& point) { return point.value; };
    if (function == "max_over_time")
        return std::ranges::max(points, {}, value).value;
    if (function == "min_over_time")
        return std::ranges::min(points, {}, value).value;
    double sum = 0;
    if (function == "avg_over_time") {
        for (const auto& point : points)
            sum += point.value;
        return sum / double(points.size());
    }
    if (points.size() < 2)
        return std::nullopt;
    const auto first = function == "irate" ? points.size() - 2 : 0;
    for (auto i = first + 1; i < points.size(); ++i) // a counter that fell began anew
        sum += points[i].value >= points[i - 1].value ? points[i].value - points[i - 1].value : points[i].value;
    const auto seconds = double((points.back().at - points[first].at).count()) / 1000;
    if (seconds <= 0)
        return std::nullopt;
    return function == "increase" ? sum / seconds * std::min(seconds, double(range.count()) / 1000) : sum / seconds;
}

class Evaluation {
public:
    Evaluation(const MetricHistory& history, Milliseconds at) : m_history(history), m_at(at) {}

    Samples of(const Node& node) const
    {
        switch (node.kind) {
        case Kind::Number: return {{.value = node.number}};
        case Kind::Selector: return select(node);
        case Kind::Range: return {};
        case Kind::Function: return call(node);
        case Kind::Aggregate: return aggregate(node);
        case Kind::Binary: return combine(node);
        }
        return {};
    }

private:
    Samples select(const Node& node) const
    {
        Samples samples;
        for (const auto* series : m_history.named(node.name))
            if (fits(*series, node) && series->points.back().at + kGoneAfter >= m_at)
                samples.push_back({series->labels, series->points.back().value});
        return samples;
    }
    Samples call(const Node& node) const
    {
        if (node.name == "histogram_quantile")
            return quantiles(node);
        const auto& inner = *node.parts.front();
        if (inner.kind != Kind::Range) {
            auto samples = of(inner);
            if (node.name == "absent")
                return samples.empty() ? Samples{{.value = 1}} : Samples{};
            if (node.name == "abs")
                for (auto& sample : samples)
                    sample.value = std::fabs(sample.value);
            return samples;
        }
        Samples samples;
        for (const auto* series : m_history.named(inner.name)) {
            if (!fits(*series, inner))
                continue;
            std::vector<MetricPoint> points;
            std::ranges::copy_if(series->points, std::back_inserter(points), [&](const MetricPoint& point) { return point.at + inner.range >= m_at && point.at <= m_at; });
            if (const auto value = overRange(node.name, points, inner.range))
                samples.push_back({series->labels, *value});
        }
        return samples;
    }
    Samples quantiles(const Node& node) const
    {
        const auto q = of(*node.parts[0]);
        std::map<MetricLabels, std::vector<std::pair<double, double>>> groups;
        for (const auto& sample : of(*node.parts[1])) {
            auto labels = sample.labels;
            const auto le = labels.extract("le");
            if (const auto bound = le.empty() ? std::numeric_limits<double>::quiet_NaN() : bucketBound(le.mapped()); !std::isnan(bound))
                groups[std::move(labels)].emplace_back(bound, sample.value);
        }
        Samples samples;
        for (auto& [labels, buckets] : groups)
            if (const auto value = q.size() == 1 ? quantileOf(q.front().value, std::move(buckets)) : std::nullopt)
                samples.push_back({labels, *value});
        return samples;
    }
    Samples aggregate(const Node& node) const
    {
        std::map<MetricLabels, std::vector<double>> groups;
        for (const auto& sample : of(*node.parts.front())) {
            MetricLabels labels;
            for (const auto& label : node.by)
                if (const auto found = sample.labels.find(label); found != sample.labels.end())
                    labels.insert(*found);
            groups[labels].push_back(sample.value);
        }
        Samples samples;
        for (const auto& [labels, values] : groups)
            samples.push_back({labels, reduced(node.name, values)});
        return samples;
    }
    static double reduced(const std::string& how, const std::vector<double>& values)
    {
        if (how == "max")
            return std::ranges::max(values);
        if (how == "min")
            return std::ranges::min(values);
        if (how == "count")
            return double(values.size());
        double sum = 0;
        for (const auto value : values)
            sum += value;
        return how == "avg" ? sum / double(values.size()) : sum;
    }
    Samples combine(const Node& node) const
    {
        const auto left = of(*node.parts[0]);
        const auto right = of(*node.parts[1]);
        if (isSetWord(node.name))
            return combineSets(node.name, left, right);
        const bool rightIsNumber = right.size() == 1 && right.front().labels.empty();
        const bool leftIsNumber = left.size() == 1 && left.front().labels.empty();
        Samples samples;
        for (const auto& a : left)
            for (const auto& b : right)
                if (a.labels == b.labels || rightIsNumber || leftIsNumber)
                    if (const auto value = calculated(node.name, a.value, b.value))
                        samples.push_back({leftIsNumber ? b.labels : a.labels, *value});
        return samples;
    }
    static Samples combineSets(const std::string& word, const Samples& left, const Samples& right)
    {
        const auto isIn = [](const Samples& others, const AlertSample& sample) {
            return std::ranges::any_of(others, [&](const AlertSample& other) { return other.labels == sample.labels; });
        };
        Samples samples;
        for (const auto& sample : left)
            if (word == "or" || isIn(right, sample) == (word == "and"))
                samples.push_back(sample);
        if (word == "or")
            std::ranges::copy_if(right, std::back_inserter(samples), [&](const AlertSample& sample) { return !isIn(left, sample); });
        return samples;
    }
    /// Of a comparison the left value, when it holds.
    static std::optional<double> calculated(const std::string& sign, double a, double b)
    {
        if (sign == "+" || sign == "-" || sign == "*" || sign == "/")
            return sign == "+" ? a + b : sign == "-" ? a - b : sign == "*" ? a * b : a / b;
        const bool holds = sign == "==" ? a == b : sign == "!=" ? a != b : sign == "<" ? a < b : sign == "<=" ? a <= b : sign == ">" ? a > b : a >= b;
        return holds ? std::optional(a) : std::nullopt;
    }

    const MetricHistory& m_history;
    const Milliseconds m_at;
};

} // namespace

std::vector<AlertSample> evaluateNode(const AlertExpression::Node& root, const MetricHistory& history, Milliseconds at)
{
    return Evaluation(history, at).of(root);
}

} // namespace aap
