#include "core/watch/metric_history.h"

namespace aap {
namespace {

constexpr std::size_t kMostSeries = 5000;

} // namespace

void MetricHistory::add(const std::string& name, const MetricLabels& labels, Milliseconds at, double value)
{
    auto& ofName = m_series[name];
    auto found = ofName.find(labels);
    if (found == ofName.end()) {
        if (m_count >= kMostSeries)
            return;
        ++m_count;
        found = ofName.emplace(labels, MetricSeries{.name = name, .labels = labels}).first;
    }
    auto& points = found->second.points;
    points.push_back({at, value});
    while (points.front().at + m_span < at)
        points.pop_front();
}

void MetricHistory::add(const Metrics& scraped, Milliseconds at)
{
    for (const auto& family : scraped.families)
        for (const auto& sample : family.samples)
            add(sample.name, sample.labels, at, sample.value);
}

std::vector<const MetricSeries*> MetricHistory::named(const std::string& name) const
{
    std::vector<const MetricSeries*> all;
    if (const auto found = m_series.find(name); found != m_series.end())
        for (const auto& [labels, series] : found->second)
            all.push_back(&series);
    return all;
}

} // namespace aap
