#include "ui/history/history_filter.h"

#include <algorithm>

#include <QRegularExpression>

#include "ui/describe.h"

namespace aap {
namespace {

constexpr int kDaysOfAWeek = 7;
constexpr int kDaysOfAMonth = 30;

/// Words, with what stands in quotes kept together.
QStringList wordsOf(const QString& text)
{
    static const QRegularExpression word(QStringLiteral("(?:[^\\s\"]|\"[^\"]*\"?)+"));
    QStringList words;
    for (auto match = word.globalMatch(text); match.hasNext();)
        words << match.next().captured().remove(u'"');
    words.removeAll(QString());
    return words;
}

bool has(std::string_view in, const QString& words)
{
    return text(in).contains(words, Qt::CaseInsensitive);
}

} // namespace

HistoryFilter HistoryFilter::parse(const QString& words, const QDateTime& now)
{
    HistoryFilter filter;
    const auto all = wordsOf(words);
    for (qsizetype i = 0; i < all.size(); ++i) {
        const auto pair = i + 1 < all.size() ? all[i] + u' ' + all[i + 1] : QString();
        if (filter.period(pair.toLower(), now)) {
            ++i;
            continue;
        }
        if (!filter.period(all[i].toLower(), now))
            filter.add(all[i]);
    }
    return filter;
}

std::optional<HistoryFilter::Term> HistoryFilter::period(const QString& words, const QDateTime& now)
{
    const auto today = QDateTime(now.date(), QTime(0, 0));
    std::optional<Term> since;
    if (words == QStringLiteral("today"))
        since = Term{Field::Since, {}, today.toMSecsSinceEpoch()};
    else if (words == QStringLiteral("yesterday"))
        since = Term{Field::Since, {}, today.addDays(-1).toMSecsSinceEpoch()};
    else if (words == QStringLiteral("last week"))
        since = Term{Field::Since, {}, today.addDays(-kDaysOfAWeek).toMSecsSinceEpoch()};
    else if (words == QStringLiteral("last month"))
        since = Term{Field::Since, {}, today.addDays(-kDaysOfAMonth).toMSecsSinceEpoch()};
    if (since)
        m_terms.push_back(*since);
    if (words == QStringLiteral("yesterday"))
        m_terms.push_back({Field::Before, {}, today.toMSecsSinceEpoch()});
    return since;
}

void HistoryFilter::add(const QString& word)
{
    const auto colon = word.indexOf(u':');
    const auto name = word.left(std::max<qsizetype>(colon, 0)).toLower();
    const auto value = word.mid(colon + 1);
    if (value.isEmpty() && colon > 0)
        return; // still being typed
    if (name == QStringLiteral("result"))
        m_terms.push_back({Field::Result, value});
    else if (name == QStringLiteral("model"))
        m_terms.push_back({Field::Model, value});
    else if (name == QStringLiteral("mode"))
        m_terms.push_back({Field::Mode, value});
    else if (name == QStringLiteral("cost")) {
        bool isNumber = false;
        const auto dollars = QString(value).remove(u'>').remove(u'<').remove(u'$').toDouble(&isNumber);
        if (isNumber)
            m_terms.push_back({value.startsWith(u'<') ? Field::Cheaper : Field::Dearer, {}, Money::usd(dollars).microUsd});
    } else
        m_terms.push_back({Field::Any, word});
}

bool HistoryFilter::accepts(const RunSummary& run) const
{
    return std::ranges::all_of(m_terms, [&](const Term& term) { return holds(term, run); });
}

bool HistoryFilter::holds(const Term& term, const RunSummary& run)
{
    const auto startedAt = run.startedAt.time_since_epoch().count();
    switch (term.field) {
    case Field::Any: return has(run.title, term.words) || has(run.id, term.words);
    case Field::Result: return run.ending ? has(slug(*run.ending), term.words) || has(title(*run.ending), term.words) : has("running unfinished interrupted", term.words);
    case Field::Model: return has(run.model, term.words);
    case Field::Mode: return has(slug(run.mode), term.words);
    case Field::Dearer: return run.cost.microUsd >= term.number;
    case Field::Cheaper: return run.cost.microUsd < term.number;
    case Field::Since: return startedAt >= term.number;
    case Field::Before: return startedAt < term.number;
    }
    return false;
}

} // namespace aap
