#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/pipeline/checks/prometheus_text.h"

namespace aap {

using MetricLabels = std::map<std::string, std::string>;

/// One value of a series, at a moment on the steady clock.
struct MetricPoint {
    Milliseconds at{};
    double value = 0;
};
struct MetricSeries {
    std::string name{};
    MetricLabels labels{};
    std::deque<MetricPoint> points{}; ///< the oldest first
};

/// What a service's figures were over the last time. Bounded: at most 5,000 series, and of each what `span` holds.
class MetricHistory {
public:
    explicit MetricHistory(Milliseconds span = std::chrono::hours(1)) : m_span(span) {}

    void add(const std::string& name, const MetricLabels& labels, Milliseconds at, double value);
    void add(const Metrics& scraped, Milliseconds at);
    /// Of one name.
    std::vector<const MetricSeries*> named(const std::string& name) const;
    std::size_t seriesCount() const { return m_count; }

private:
    Milliseconds m_span;
    std::size_t m_count = 0;
    std::map<std::string, std::map<MetricLabels, MetricSeries>> m_series{};
};

} // namespace aap
