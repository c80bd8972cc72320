#include "core/pipeline/checks/prometheus_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::size_t kMostMetrics = 8U << 20U;
constexpr std::size_t kMostShown = 50;

bool isNameStart(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
}
bool isNamePart(char c)
{
    return isNameStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::optional<double> numberOf(std::string_view text)
{
    if (text == "+Inf" || text == "Inf")
        return std::numeric_limits<double>::infinity();
    if (text == "-Inf")
        return -std::numeric_limits<double>::infinity();
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

/// One line, eaten from the left.
class Line {
public:
    explicit Line(std::string_view text) : m_rest(text)
    {
        if (m_rest.ends_with('\r'))
            m_rest.remove_suffix(1);
        skipBlanks();
    }

    bool done() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        skipBlanks();
        return true;
    }
    std::string_view name()
    {
        std::size_t length = 0;
        if (!m_rest.empty() && isNameStart(m_rest.front()))
            while (length < m_rest.size() && isNamePart(m_rest[length]))
                ++length;
        return eat(length);
    }
    std::string_view word() { return eat(std::min(m_rest.find_first_of(" \t"), m_rest.size())); }
    std::string_view rest() const { return m_rest; }
    /// The text up to the closing quote, which is eaten too.
    std::optional<std::string> quoted()
    {
        std::string text;
        for (std::size_t at = 0; at < m_rest.size(); ++at) {
            if (m_rest[at] == '"') {
                eat(at + 1);
                return text;
            }
            if (m_rest[at] == '\\' && at + 1 < m_rest.size())
                text += m_rest[++at] == 'n' ? '\n' : m_rest[at];
            else
                text += m_rest[at];
        }
        return {};
    }

private:
    std::string_view eat(std::size_t length)
    {
        const auto eaten = m_rest.substr(0, length);
        m_rest.remove_prefix(length);
        skipBlanks();
        return eaten;
    }
    void skipBlanks()
    {
        while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\t'))
            m_rest.remove_prefix(1);
    }
    std::string_view m_rest;
};

class Parser {
public:
    Result<Metrics> parse(std::string_view text)
    {
        std::size_t number = 0;
        while (!text.empty()) {
            ++number;
            const auto end = text.find('\n');
            if (!takeLine(Line(text.substr(0, end))))
                return Error{ErrorCode::Invalid, fmt::format("line {} is not in Prometheus' text format", number)};
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        return std::move(m_metrics);
    }

private:
    bool takeLine(Line line)
    {
        if (line.done())
            return true;
        if (line.take('#'))
            return takeComment(line);
        return takeSample(line);
    }

    bool takeComment(Line line)
    {
        const auto what = line.word();
        if (what != "TYPE" && what != "HELP")
            return true;
        const auto name = line.name();
        if (name.empty())
            return false;
        auto& family = familyNamed(std::string(name));
        (what == "TYPE" ? family.type : family.help) = line.rest();
        while (!family.type.empty() && std::isspace(static_cast<unsigned char>(family.type.back())) != 0)
            family.type.pop_back();
        return true;
    }

    bool takeSample(Line line)
    {
        Metrics::Sample sample{.name = std::string(line.name())};
        if (sample.name.empty() || (line.take('{') && !takeLabels(line, sample)))
            return false;
        const auto value = numberOf(line.word());
        const auto time = line.word();
        auto isTime = [](std::string_view word) { return word.empty() || numberOf(word).has_value(); };
        if (!value || !isTime(time) || !line.done())
            return false;
        sample.value = *value;
        familyOf(sample.name).samples.push_back(std::move(sample));
        return true;
    }

    static bool takeLabels(Line& line, Metrics::Sample& sample)
    {
        while (!line.take('}')) {
            const auto label = std::string(line.name());
            if (label.empty() || !line.take('=') || !line.take('"'))
                return false;
            auto value = line.quoted();
            if (!value)
                return false;
            sample.labels[label] = std::move(*value);
            if (!line.take(',') && line.rest().substr(0, 1) != "}")
                return false;
        }
        return true;
    }

    Metrics::Family& familyNamed(const std::string& name)
    {
        const auto [entry, isNew] = m_index.try_emplace(name, m_metrics.families.size());
        if (isNew)
            m_metrics.families.push_back({.name = name});
        return m_metrics.families[entry->second];
    }
    /// A histogram's samples carry its name and a suffix.
    Metrics::Family& familyOf(const std::string& sample)
    {
        for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
            if (!sample.ends_with(suffix))
                continue;
            const auto base = m_index.find(sample.substr(0, sample.size() - suffix.size()));
            if (base == m_index.end())
                continue;
            auto& family = m_metrics.families[base->second];
            if (family.type == "histogram" || family.type == "summary")
                return family;
        }
        return familyNamed(sample);
    }

    Metrics m_metrics;
    std::map<std::string, std::size_t> m_index;
};

/// Cumulative counts by upper bound, all series of the histogram together.
std::map<double, double> bucketsOf(const Metrics::Family& histogram)
{
    std::map<double, double> buckets;
    for (const auto& sample : histogram.samples) {
        const auto bound = sample.labels.find("le");
        if (!sample.name.ends_with("_bucket") || bound == sample.labels.end())
            continue;
        if (const auto number = numberOf(bound->second); number && !std::isnan(*number))
            buckets[*number] += sample.value;
    }
    return buckets;
}

std::string labelText(const Metrics::Sample& sample)
{
    std::string text;
    for (const auto& [name, value] : sample.labels)
        text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", name, value);
    return text.empty() ? sample.name : sample.name + "{" + text + "}";
}

void addCounters(std::string& text, const Metrics& metrics)
{
    std::vector<const Metrics::Sample*> counters;
    for (const auto& family : metrics.families)
        if (family.type == "counter")
            for (const auto& sample : family.samples)
                counters.push_back(&sample);
    const auto higher = [](const auto* a, const auto* b) { return std::isnan(b->value) ? !std::isnan(a->value) : a->value > b->value; };
    std::stable_sort(counters.begin(), counters.end(), higher);
    counters.resize(std::min(counters.size(), kMostShown));
    if (!counters.empty())
        text += "Highest counters:\n";
    for (const auto* counter : counters)
        text += fmt::format("  {} {}\n", labelText(*counter), counter->value);
}

} // namespace

bool Metrics::has(std::string_view name) const
{
    return std::any_of(families.begin(), families.end(), [name](const Family& family) {
        return family.name == name
               || std::any_of(family.samples.begin(), family.samples.end(), [name](const Sample& sample) { return sample.name == name; });
    });
}

std::optional<double> Metrics::errorRatio() const
{
    double all = 0;
    double failed = 0;
    for (const auto& family : families) {
        if (family.type != "counter")
            continue;
        for (const auto& sample : family.samples)
            for (const char* label : {"status", "code", "status_code"})
                if (const auto status = sample.labels.find(label); status != sample.labels.end()) {
                    all += sample.value;
                    failed += status->second.starts_with('5') ? sample.value : 0;
                    break;
                }
    }
    if (!(all > 0))
        return {};
    return failed / all;
}

std::optional<double> Metrics::quantile(const Family& histogram, double q)
{
    const auto buckets = bucketsOf(histogram);
    if (buckets.empty() || !(buckets.rbegin()->second > 0))
        return {};
    const double rank = q * buckets.rbegin()->second;
    double lowerBound = 0;
    double below = 0;
    for (const auto& [bound, count] : buckets) {
        if (count >= rank && std::isinf(bound))
            return lowerBound; // beyond the last bound nothing finer is known
        if (count >= rank)
            return count > below ? lowerBound + (bound - lowerBound) * (rank - below) / (count - below) : bound;
        lowerBound = bound;
        below = count;
    }
    return {};
}

Result<Metrics> parsePrometheusText(std::string_view text)
{
    if (text.size() > kMostMetrics)
        return Error{ErrorCode::Limit, "the metrics are larger than 8 MiB"};
    return Parser().parse(text);
}

std::string summaryOf(const Metrics& metrics)
{
    std::string text = fmt::format("{} metric families\n", metrics.families.size());
    for (const auto& family : metrics.families)
        text += fmt::format("  {} ({}, {} samples){}{}\n", family.name, family.type, family.samples.size(), family.help.empty() ? "" : ": ", family.help);
    addCounters(text, metrics);
    if (const auto ratio = metrics.errorRatio())
        text += fmt::format("Error ratio (5xx among all with a status): {:.4f}\n", *ratio);
    for (const auto& family : metrics.families) {
        const auto p50 = Metrics::quantile(family, 0.5);
        const auto p95 = Metrics::quantile(family, 0.95);
        if (family.type == "histogram" && p50 && p95)
            text += fmt::format("{}: p50 {:.6g}, p95 {:.6g}\n", family.name, *p50, *p95);
    }
    return text;
}

std::vector<std::string> metricNames(std::string_view expression)
{
    static const std::set<std::string, std::less<>> kKeywords{"by", "without", "on", "ignoring", "group_left", "group_right"};
    static const std::set<std::string, std::less<>> kOperators{"and", "or", "unless", "bool", "offset", "inf", "nan", "Inf", "NaN", "start", "end"};
    std::set<std::string> names;
    bool labelsFollow = false; // the parentheses after "by" hold labels
    for (std::size_t at = 0; at < expression.size();) {
        const char c = expression[at];
        if (c == '{' || c == '[' || c == '"' || c == '\'' || (c == '(' && labelsFollow)) {
            const char close = c == '{' ? '}' : c == '[' ? ']' : c == '(' ? ')' : c;
            bool inQuote = false;
            for (++at; at < expression.size() && (inQuote || expression[at] != close); ++at)
                if (expression[at] == '"' && c == '{')
                    inQuote = !inQuote;
            ++at;
            labelsFollow = false;
        } else if (isNameStart(c)) {
            const auto begin = at;
            while (at < expression.size() && isNamePart(expression[at]))
                ++at;
            const auto word = expression.substr(begin, at - begin);
            const auto next = expression.find_first_not_of(" \t\n", at);
            const auto after = next == std::string_view::npos ? std::string_view() : expression.substr(next);
            const bool isCall = after.starts_with('(') || after.starts_with("by") || after.starts_with("without"); // "sum by (…) (…)"
            if (kKeywords.contains(word))
                labelsFollow = true;
            else if (!isCall && !kOperators.contains(word) && !word.starts_with("__"))
                names.emplace(word);
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            while (at < expression.size() && (isNamePart(expression[at]) || expression[at] == '.'))
                ++at; // 5m, 1e3
        } else {
            ++at;
        }
    }
    return {names.begin(), names.end()};
}

} // namespace aap
