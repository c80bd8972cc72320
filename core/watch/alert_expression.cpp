#include "core/watch/alert_expression.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <QRegularExpression>
#include <fmt/format.h>

namespace aap {

/// `kind` says which of the others count.
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

namespace {

using Node = AlertExpression::Node;
using Kind = Node::Kind;
using NodePtr = std::shared_ptr<const Node>;
using Samples = std::vector<AlertSample>;

constexpr Milliseconds kGoneAfter = std::chrono::seconds(30);
constexpr std::size_t kLongestExpression = 4096;
constexpr int kDeepestExpression = 40;

const std::set<std::string, std::less<>> kRangeFunctions{"rate", "irate", "increase", "max_over_time", "min_over_time", "avg_over_time"};
const std::set<std::string, std::less<>> kAggregates{"sum", "max", "min", "avg", "count"};
const std::set<std::string, std::less<>> kSetWords{"and", "or", "unless"};

int precedenceOf(std::string_view word)
{
    if (word == "or")
        return 1;
    if (word == "and" || word == "unless")
        return 2;
    if (word == "==" || word == "!=" || word == "<" || word == "<=" || word == ">" || word == ">=")
        return 3;
    if (word == "+" || word == "-")
        return 4;
    return word == "*" || word == "/" ? 5 : 0;
}

/// Words, numbers, texts and signs of an expression.
std::vector<std::string> tokensOf(std::string_view text)
{
    std::vector<std::string> tokens;
    const auto isWord = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '.'; };
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        auto end = at + 1;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            at = end;
            continue;
        }
        if (isWord(c))
            while (end < text.size() && (isWord(text[end]) || ((text[end] == '-' || text[end] == '+') && (text[end - 1] == 'e' || text[end - 1] == 'E') && c >= '0' && c <= '9')))
                ++end;
        else if (c == '"' || c == '\'')
            end = std::min(text.find(c, at + 1), text.size() - 1) + 1;
        else if (end < text.size() && ((text[end] == '=' && (c == '=' || c == '!' || c == '<' || c == '>')) || (text[end] == '~' && (c == '=' || c == '!'))))
            ++end;
        tokens.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return tokens;
}

class Parser {
public:
    explicit Parser(std::string_view text) : m_tokens(tokensOf(text)) {}

    Result<NodePtr> parse()
    {
        auto root = expression(1);
        if (m_problem.empty() && m_at < m_tokens.size())
            complain(fmt::format("'{}' is not understood", m_tokens[m_at]));
        if (!m_problem.empty())
            return Error{ErrorCode::Invalid, m_problem};
        return root;
    }

private:
    bool has(std::string_view token) const { return m_at < m_tokens.size() && m_tokens[m_at] == token; }
    void expect(std::string_view token)
    {
        if (!has(token))
            complain(fmt::format("'{}' is missing", token));
        else
            ++m_at;
    }
    void complain(std::string text)
    {
        if (m_problem.empty())
            m_problem = std::move(text);
        m_at = m_tokens.size();
    }
    std::string next() { return m_at < m_tokens.size() ? m_tokens[m_at++] : std::string(); }

    NodePtr expression(int least)
    {
        if (++m_depth > kDeepestExpression)
            complain("it is nested too deep");
        auto left = operand();
        while (m_at < m_tokens.size() && precedenceOf(m_tokens[m_at]) >= least) {
            auto word = next();
            if (has("bool") || has("on") || has("ignoring"))
                complain(fmt::format("'{}' is not understood", m_tokens[m_at]));
            auto right = expression(precedenceOf(word) + 1);
            left = std::make_shared<Node>(Node{.kind = Kind::Binary, .name = std::move(word), .parts = {left, right}});
        }
        --m_depth;
        return left;
    }

    NodePtr operand()
    {
        if (has("(")) {
            ++m_at;
            auto inner = expression(1);
            expect(")");
            return inner;
        }
        if (has("-") || has("+")) {
            if (++m_depth > kDeepestExpression)
                complain("it is nested too deep");
            const bool isMinus = next() == "-";
            auto zero = std::make_shared<Node>(Node{.kind = Kind::Number});
            return std::make_shared<Node>(Node{.kind = Kind::Binary, .name = isMinus ? "-" : "+", .parts = {zero, operand()}});
        }
        return operandOnce();
    }
    NodePtr operandOnce()
    {
        const auto word = next();
        if (word.empty()) {
            complain("it ends too soon");
            return std::make_shared<Node>();
        }
        if ((word[0] >= '0' && word[0] <= '9') || word[0] == '.')
            return numberFrom(word);
        if (kAggregates.contains(word) && (has("(") || has("by")))
            return aggregate(word);
        if (has("("))
            return function(word);
        if (!((word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z') || word[0] == '_' || word[0] == ':') || kSetWords.contains(word))
            complain(fmt::format("'{}' is not understood", word));
        return selector(word);
    }
    NodePtr numberFrom(const std::string& word)
    {
        Node node{.kind = Kind::Number};
        const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), node.number);
        if (failed != std::errc() || end != word.data() + word.size())
            complain(fmt::format("'{}' is no number", word));
        return std::make_shared<Node>(std::move(node));
    }
    NodePtr selector(const std::string& name)
    {
        Node node{.kind = Kind::Selector, .name = name};
        if (has("{"))
            readMatchers(node);
        if (has("[")) {
            ++m_at;
            node.kind = Kind::Range;
            node.range = duration(next());
            expect("]");
        }
        if (has("offset"))
            complain("'offset' is not understood");
        return std::make_shared<Node>(std::move(node));
    }
    void readMatchers(Node& node)
    {
        ++m_at;
        while (m_problem.empty() && !has("}")) {
            Node::Matcher matcher{.label = next()};
            const auto sign = next();
            matcher.isEqual = sign == "=" || sign == "=~";
            if (sign != "=" && sign != "!=" && sign != "=~" && sign != "!~")
                complain("between a label and its value stands =, !=, =~ or !~");
            const auto value = next();
            if (value.size() < 2 || (value.front() != '"' && value.front() != '\''))
                complain("a label's value stands in quotes");
            else
                matcher.value = value.substr(1, value.size() - 2);
            if (sign.ends_with('~'))
                matcher.pattern = QRegularExpression(QRegularExpression::anchoredPattern(QString::fromStdString(matcher.value)));
            if (matcher.pattern && !matcher.pattern->isValid())
                complain(fmt::format("'{}' is no pattern", matcher.value));
            node.matchers.push_back(std::move(matcher));
            if (has(","))
                ++m_at;
        }
        expect("}");
    }
    Milliseconds duration(const std::string& word)
    {
        const auto parsed = parseAlertDuration(word);
        if (!parsed || parsed->count() == 0)
            complain(fmt::format("'{}' is no duration", word));
        return parsed.value_or(Milliseconds(1));
    }
    std::vector<std::string> labelList()
    {
        std::vector<std::string> labels;
        expect("(");
        while (m_problem.empty() && !has(")")) {
            labels.push_back(next());
            if (has(","))
                ++m_at;
        }
        expect(")");
        return labels;
    }
    NodePtr aggregate(const std::string& name)
    {
        Node node{.kind = Kind::Aggregate, .name = name};
        const auto readBy = [&] {
            if (has("without"))
                complain("'without' is not understood");
            if (has("by")) {
                ++m_at;
                node.by = labelList();
            }
        };
        readBy();
        expect("(");
        node.parts.push_back(expression(1));
        expect(")");
        readBy();
        return std::make_shared<Node>(std::move(node));
    }
    NodePtr function(const std::string& name)
    {
        ++m_at;
        Node node{.kind = Kind::Function, .name = name};
        if (name == "histogram_quantile") {
            node.parts.push_back(expression(1));
            expect(",");
        } else if (!kRangeFunctions.contains(name) && name != "absent" && name != "abs" && name != "scalar" && name != "vector")
            complain(fmt::format("the function '{}' is not understood", name));
        node.parts.push_back(expression(1));
        if (m_problem.empty() && kRangeFunctions.contains(name) != (node.parts.back()->kind == Kind::Range))
            complain(fmt::format("'{}' wants {}", name, kRangeFunctions.contains(name) ? "a range such as [1m]" : "no range"));
        expect(")");
        return std::make_shared<Node>(std::move(node));
    }

    std::vector<std::string> m_tokens;
    std::size_t m_at = 0;
    int m_depth = 0;
    std::string m_problem{};
};

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
        if (kSetWords.contains(node.name))
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

Result<AlertExpression> AlertExpression::parse(std::string_view text)
{
    if (text.size() > kLongestExpression)
        return Error{ErrorCode::Invalid, "it is longer than 4096 bytes"};
    auto root = Parser(text).parse();
    if (!root)
        return std::move(root).error();
    return AlertExpression(*std::move(root));
}

std::vector<AlertSample> AlertExpression::evaluate(const MetricHistory& history, Milliseconds at) const
{
    auto samples = Evaluation(history, at).of(*m_root);
    std::erase_if(samples, [](const AlertSample& sample) { return std::isnan(sample.value); });
    return samples;
}

std::optional<Milliseconds> parseAlertDuration(std::string_view text)
{
    Milliseconds sum{};
    while (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        text.remove_prefix(std::size_t(end - text.data()));
        if (failed != std::errc() || number < 0 || number > 1'000'000 || text.empty())
            return std::nullopt;
        const bool isMs = text.starts_with("ms");
        const auto unit = isMs ? 1 : text[0] == 's' ? 1000 : text[0] == 'm' ? 60'000 : text[0] == 'h' ? 3'600'000 : text[0] == 'd' ? 86'400'000 : 0;
        if (unit == 0)
            return std::nullopt;
        sum += Milliseconds(number * unit);
        text.remove_prefix(isMs ? 2 : 1);
    }
    return sum;
}

} // namespace aap
