#include "ui/history/run_comparison.h"

#include <algorithm>
#include <set>

#include <QCoreApplication>

#include "ui/describe.h"

namespace aap {
namespace {

constexpr qsizetype kLongestValue = 300;

QString tr(const char* source)
{
    return QCoreApplication::translate("RunComparison", source);
}

const QString kNone = QStringLiteral("–");

QString valueText(const Json& value)
{
    auto words = value.is_string() ? text(value.get_ref<const std::string&>()) : text(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    return words.size() > kLongestValue ? words.left(kLongestValue) + u'…' : words;
}

/// {"budget": {"run_usd": 3}} as "budget.run_usd" -> "3"; stages of a pipeline by their name.
void flatten(const Json& json, const std::string& path, std::map<std::string, QString>& values)
{
    if (!json.is_structured() || json.empty()) {
        if (!path.empty() && !json.is_null())
            values[path] = valueText(json);
        return;
    }
    std::size_t position = 0;
    for (const auto& [key, member] : json.items()) {
        ++position;
        const bool isStage = json.is_array() && member.is_object() && member.contains("id") && member["id"].is_string();
        const auto name = isStage ? member["id"].get<std::string>() : json.is_array() ? std::to_string(position) : key;
        flatten(member, path.empty() ? name : path + "." + name, values);
    }
}

std::map<std::string, QString> settingsOf(const RunState& state)
{
    std::map<std::string, QString> values;
    flatten(state.started.settings, {}, values);
    flatten(state.started.pipeline, "pipeline", values);
    values["requirements"] = valueText(state.started.requirements);
    values["repository"] = valueText(state.started.repository);
    values["model"] = valueText(state.started.model);
    return values;
}

template <typename Value>
std::set<std::string> keysOfBoth(const std::map<std::string, Value>& left, const std::map<std::string, Value>& right)
{
    std::set<std::string> keys;
    for (const auto* values : {&left, &right})
        for (const auto& [key, value] : *values)
            keys.insert(key);
    return keys;
}

QList<RunComparison::Line> differingSettings(const RunState& left, const RunState& right)
{
    const auto ours = settingsOf(left);
    const auto theirs = settingsOf(right);
    QList<RunComparison::Line> lines;
    for (const auto& key : keysOfBoth(ours, theirs)) {
        const auto valueIn = [&key](const std::map<std::string, QString>& values) { return values.contains(key) ? values.at(key) : kNone; };
        if (valueIn(ours) != valueIn(theirs))
            lines << RunComparison::Line{text(key), valueIn(ours), valueIn(theirs)};
    }
    return lines;
}

QList<RunComparison::Line> differingFiles(const ComparedRun& left, const ComparedRun& right)
{
    QList<RunComparison::Line> lines;
    for (const auto& path : keysOfBoth(left.files, right.files)) {
        const auto ours = left.files.find(path);
        const auto theirs = right.files.find(path);
        if (ours == left.files.end())
            lines << RunComparison::Line{text(path), kNone, tr("+ new")};
        else if (theirs == right.files.end())
            lines << RunComparison::Line{text(path), tr("there"), tr("− gone")};
        else if (ours->second != theirs->second)
            lines << RunComparison::Line{text(path), tr("there"), tr("~ changed")};
    }
    return lines;
}

QString stageText(const RunState& state, StageId id)
{
    const auto* stage = state.stage(id);
    if (stage == nullptr)
        return kNone;
    const auto passed = std::ranges::count(stage->checks, CheckStatus::Passed, &Check::status);
    return tr("%1 · turn %2 · %3 · %4 of %5 checks passed")
        .arg(word(title(stage->status)))
        .arg(stage->turn)
        .arg(moneyText(stage->cost))
        .arg(passed)
        .arg(stage->checks.size());
}

QString endingText(const RunState& state)
{
    return state.ending ? word(title(*state.ending)) : tr("Not finished");
}

QString timeText(const RunState& state)
{
    return state.startedAt && state.finishedAt ? durationText(*state.finishedAt - *state.startedAt) : kNone;
}

QString testsText(const ComparedRun& run)
{
    return run.hasTests() ? tr("%1 of %2").arg(run.testsPassed).arg(run.testsPassed + run.testsFailed) : kNone;
}

} // namespace

RunComparison compareRuns(const ComparedRun& left, const ComparedRun& right)
{
    const auto& a = left.state;
    const auto& b = right.state;
    RunComparison comparison;
    comparison.outcome = {{tr("Result"), endingText(a), endingText(b)},
                          {tr("Reason"), text(a.reason), text(b.reason)},
                          {tr("Tests passed"), testsText(left), testsText(right)},
                          {tr("Time"), timeText(a), timeText(b)},
                          {tr("Tokens"), countText(a.usage.totalTokens()), countText(b.usage.totalTokens())},
                          {tr("Cost"), moneyText(a.cost), moneyText(b.cost)},
                          {tr("Repairs"), QString::number(a.repairRound), QString::number(b.repairRound)}};
    const auto addStage = [&](StageId id) {
        if (a.stage(id) != nullptr || b.stage(id) != nullptr)
            comparison.stages << RunComparison::Line{word(title(id)), stageText(a, id), stageText(b, id)};
    };
    std::ranges::for_each(kPipelineStages, addStage);
    std::ranges::for_each(kReviewStages, addStage);
    comparison.settings = differingSettings(a, b);
    comparison.files = differingFiles(left, right);
    return comparison;
}

} // namespace aap
