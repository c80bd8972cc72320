#include "core/watch/live_alerts.h"

#include <charconv>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/pipeline/checks/strict_yaml.h"

namespace aap {
namespace {

constexpr std::size_t kMostLiveRules = 200;
constexpr std::size_t kLongestRuleText = 300;

std::string textAt(const YAML::Node& map, const char* key)
{
    if (!map.IsDefined() || !map.IsMap() || !map[key].IsDefined() || !map[key].IsScalar())
        return {};
    return shortened(cleanText(map[key].Scalar()), kLongestRuleText);
}

YAML::Node under(const YAML::Node& map, const char* key)
{
    return map.IsDefined() && map.IsMap() ? map[key] : YAML::Node(YAML::NodeType::Undefined);
}

void readRule(const YAML::Node& node, LiveRules& into)
{
    const auto name = textAt(node, "alert");
    if (name.empty())
        return;
    const auto text = under(node, "expr");
    const auto hold = parseAlertDuration(textAt(node, "for"));
    auto expression = text.IsDefined() && text.IsScalar() ? AlertExpression::parse(text.Scalar()) : Result<AlertExpression>(Error{ErrorCode::Invalid, "it has no expression"});
    if (!expression || !hold) {
        into.left.push_back(fmt::format("{} is left to Prometheus: {}.", name, expression ? "its `for` is no duration" : cleanText(expression.error().detail)));
        return;
    }
    auto summary = textAt(under(node, "annotations"), "summary");
    into.rules.push_back({.name = name, .severity = textAt(under(node, "labels"), "severity"), .summary = summary.empty() ? textAt(under(node, "annotations"), "description") : summary,
                          .expression = *std::move(expression), .holdFor = *hold});
}

} // namespace

Result<LiveRules> readLiveRules(std::string_view yaml)
{
    const auto documents = parseYaml(yaml);
    if (!documents)
        return Error(documents.error()).during("read the alert rules");
    LiveRules read;
    for (const auto& document : *documents) {
        const auto groups = under(document, "groups");
        if (!groups.IsDefined() || !groups.IsSequence())
            continue;
        for (const auto& group : groups) {
            const auto rules = under(group, "rules");
            if (!rules.IsDefined() || !rules.IsSequence())
                continue;
            for (const auto& rule : rules)
                if (read.rules.size() + read.left.size() < kMostLiveRules)
                    readRule(rule, read);
        }
    }
    return read;
}

LiveAlerts::LiveAlerts(std::vector<LiveAlertRule> rules)
{
    for (auto& rule : rules)
        m_watched.push_back({.rule = std::move(rule)});
}

std::vector<AlertChange> LiveAlerts::judge(const MetricHistory& history, Milliseconds at)
{
    std::vector<AlertChange> changes;
    for (auto& [rule, since, fires] : m_watched) {
        const auto broken = rule.expression.evaluate(history, at);
        if (broken.empty())
            since.reset();
        else if (!since)
            since = at;
        const bool isFiring = since && at - *since >= rule.holdFor;
        if (isFiring == fires)
            continue;
        fires = isFiring;
        AlertChange change{.alert = rule.name, .fires = isFiring, .severity = rule.severity, .summary = rule.summary};
        if (!broken.empty()) {
            change.labels = broken.front().labels;
            change.value = broken.front().value;
        }
        changes.push_back(std::move(change));
    }
    return changes;
}

std::vector<std::string> LiveAlerts::firing() const
{
    std::vector<std::string> names;
    for (const auto& watched : m_watched)
        if (watched.fires)
            names.push_back(watched.rule.name);
    return names;
}

} // namespace aap
