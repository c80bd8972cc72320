#include "core/watch/alert_expression.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "core/watch/alert_node.h"

namespace aap {
namespace {

using Node = AlertExpression::Node;
using Kind = Node::Kind;
using NodePtr = std::shared_ptr<const Node>;

constexpr std::size_t kLongestExpression = 4096;
constexpr int kDeepestExpression = 40;

const std::set<std::string, std::less<>> kRangeFunctions{"rate", "irate", "increase", "max_over_time", "min_over_time", "avg_over_time"};
const std::set<std::string, std::less<>> kAggregates{"sum", "max", "min", "avg", "count"};

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
        if (!((word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z') || word[0] == '_' || word[0] == ':') || isSetWord(word))
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
    auto samples = evaluateNode(*m_root, history, at);
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
