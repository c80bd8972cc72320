#include "core/pipeline/checks/monitoring_files.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <QRegularExpression>
#include <fmt/format.h>

#include "core/base/json.h"
#include "core/pipeline/checks/strict_yaml.h"

namespace aap {
namespace {

constexpr int kMostPanelLevels = 8;

std::string scalar(const YAML::Node& node)
{
    return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string();
}

YAML::Node member(const YAML::Node& node, const char* key)
{
    return node.IsDefined() && node.IsMap() ? node[key] : YAML::Node(YAML::NodeType::Undefined);
}

template <typename Visit>
void eachItem(const YAML::Node& list, const Visit& visit)
{
    if (list.IsDefined() && list.IsSequence())
        for (const auto& item : list)
            visit(item);
}

/// "## High error rate!" is the anchor "high-error-rate".
std::string anchorOf(std::string_view heading)
{
    std::string anchor;
    for (const unsigned char c : heading) {
        if (std::isalnum(c) != 0 || c == '_' || c == '-' || c >= 0x80)
            anchor += static_cast<char>(std::tolower(c));
        else if (c == ' ')
            anchor += '-';
    }
    return anchor;
}

std::vector<std::string> headingsOf(std::string_view text)
{
    std::vector<std::string> headings;
    bool inCode = false;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with("```"))
            inCode = !inCode;
        const auto marks = line.find_first_not_of('#');
        if (inCode || marks == 0 || marks == std::string_view::npos || line[marks] != ' ')
            continue;
        line.remove_prefix(line.find_first_not_of("# "));
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '#'))
            line.remove_suffix(1);
        headings.emplace_back(line);
    }
    return headings;
}

/// Grafana's variables stand where PromQL wants a duration or a word.
std::string withoutVariables(const std::string& expression)
{
    static const QRegularExpression duration(QStringLiteral("\\$\\{?(__rate_interval|__interval|__range|interval)\\}?"));
    static const QRegularExpression word(QStringLiteral("\\$(\\w+|\\{[^}]*\\})"));
    auto text = QString::fromStdString(expression);
    text.replace(duration, QStringLiteral("5m"));
    text.replace(word, QStringLiteral("x"));
    return text.toStdString();
}

void readPanels(const Json& owner, int level, std::set<std::int64_t>& ids, DashboardReading& reading)
{
    const auto panels = owner.find("panels");
    if (panels == owner.end() || !panels->is_array() || level > kMostPanelLevels)
        return;
    for (const auto& panel : *panels) {
        if (!panel.is_object())
            return void(reading.problems.emplace_back("a panel is no object"));
        const auto id = panel.find("id");
        if (id == panel.end() || !id->is_number_integer())
            reading.problems.emplace_back("a panel has no id");
        else if (!ids.insert(id->get<std::int64_t>()).second)
            reading.problems.push_back(fmt::format("the panel id {} is there twice", id->get<std::int64_t>()));
        if (const auto targets = panel.find("targets"); targets != panel.end() && targets->is_array())
            for (const auto& target : *targets)
                if (target.is_object() && target.contains("expr") && target["expr"].is_string())
                    reading.expressions.push_back(withoutVariables(target["expr"].get<std::string>()));
        readPanels(panel, level + 1, ids, reading);
    }
}

} // namespace

Result<std::vector<AlertRule>> readRules(std::string_view text)
try {
    const auto documents = parseYaml(text);
    if (!documents)
        return documents.error();
    std::vector<AlertRule> rules;
    for (const auto& document : *documents)
        eachItem(member(document, "groups"), [&rules](const YAML::Node& group) {
            eachItem(member(group, "rules"), [&rules](const YAML::Node& rule) {
                rules.push_back({scalar(member(rule, "alert")), scalar(member(rule, "record")), scalar(member(member(rule, "annotations"), "runbook_url"))});
            });
        });
    return rules;
} catch (const YAML::Exception& e) {
    return Error{ErrorCode::Invalid, e.what()};
}

Result<ProvenAlerts> readAlertTests(std::string_view text)
try {
    const auto documents = parseYaml(text);
    if (!documents)
        return documents.error();
    ProvenAlerts proven;
    for (const auto& document : *documents)
        eachItem(member(document, "tests"), [&proven](const YAML::Node& test) {
            eachItem(member(test, "alert_rule_test"), [&proven](const YAML::Node& expectation) {
                const auto expected = member(expectation, "exp_alerts");
                const bool fires = expected.IsDefined() && expected.IsSequence() && expected.size() > 0;
                (fires ? proven.firing : proven.silent).insert(scalar(member(expectation, "alertname")));
            });
        });
    return proven;
} catch (const YAML::Exception& e) {
    return Error{ErrorCode::Invalid, e.what()};
}

DashboardReading readDashboard(std::string_view text)
{
    DashboardReading reading;
    const auto root = Json::parse(text, nullptr, false);
    if (!root.is_object()) {
        reading.problems.emplace_back("it is no JSON object");
        return reading;
    }
    std::set<std::int64_t> ids;
    readPanels(root, 0, ids, reading);
    if (ids.empty())
        reading.problems.emplace_back("it has no panels");
    if (!root.contains("title"))
        reading.problems.emplace_back("it has no title");
    return reading;
}

std::vector<std::string> unknownMetrics(const std::string& expression, const Metrics& scraped, const std::set<std::string>& recorded)
{
    static const std::set<std::string, std::less<>> kOfPrometheus{"up", "ALERTS", "scrape_duration_seconds", "scrape_samples_scraped", "x"};
    std::vector<std::string> unknown;
    for (const auto& name : metricNames(expression)) {
        bool known = scraped.has(name) || recorded.contains(name) || kOfPrometheus.contains(name);
        for (const std::string_view suffix : {"_bucket", "_sum", "_count"})
            if (name.ends_with(suffix))
                known = known || scraped.has(name.substr(0, name.size() - suffix.size())); // declared, not observed yet
        if (!known)
            unknown.push_back(name);
    }
    return unknown;
}

bool linkResolves(const Folder& repo, const std::string& fromFolder, const std::string& link)
{
    if (link.find("://") != std::string::npos || link.starts_with("mailto:"))
        return true;
    const auto hash = link.find('#');
    const auto target = link.substr(0, hash);
    const auto path = (std::filesystem::path(fromFolder) / target).lexically_normal().generic_string();
    if (hash == std::string::npos)
        return repo.stat(path).has_value();
    const auto text = repo.read(path, 1U << 20U);
    if (!text)
        return false;
    const auto headings = headingsOf(*text);
    const auto wanted = anchorOf(link.substr(hash + 1));
    return std::any_of(headings.begin(), headings.end(), [&wanted](const auto& heading) { return anchorOf(heading) == wanted; });
}

std::vector<std::string> runbookProblems(const Folder& repo, const std::string& path, const std::string& text,
                                         const std::set<std::string>& alerts)
{
    std::vector<std::string> problems;
    const auto headings = headingsOf(text);
    for (const auto& alert : alerts)
        if (std::find(headings.begin(), headings.end(), alert) == headings.end())
            problems.push_back(fmt::format("{} has no section with the heading {}", path, alert));
    static const QRegularExpression link(QStringLiteral("\\]\\(([^)\\s]+)\\)"));
    const auto folder = std::filesystem::path(path).parent_path().generic_string();
    for (auto found = link.globalMatch(QString::fromStdString(text)); found.hasNext();) {
        const auto target = found.next().captured(1).toStdString();
        const auto whole = target.starts_with('#') ? std::filesystem::path(path).filename().generic_string() + target : target;
        if (!linkResolves(repo, folder, whole))
            problems.push_back(fmt::format("the link {} in {} leads nowhere", target, path));
    }
    return problems;
}

} // namespace aap
