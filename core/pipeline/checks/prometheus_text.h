#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace aap {

/// Figures of a service in Prometheus' text format.
struct Metrics {
    struct Sample {
        std::string name{};
        std::map<std::string, std::string> labels{};
        double value = 0;
    };
    struct Family {
        std::string name{};
        std::string type = "untyped"; ///< counter, gauge, histogram, summary
        std::string help{};
        std::vector<Sample> samples{};
    };
    std::vector<Family> families{}; ///< in order of appearance

    /// Names of samples and families.
    bool has(std::string_view name) const;
    /// Requests answered with 5xx among all that carry a status label ("status", "code" or "status_code"); empty: none counted.
    std::optional<double> errorRatio() const;
    /// `q` from 0 to 1 of a histogram's buckets, all its series together, interpolated as PromQL does; empty: no observation.
    static std::optional<double> quantile(const Family& histogram, double q);
};

/// Invalid names the line. At most 8 MiB. Pure.
Result<Metrics> parsePrometheusText(std::string_view text);

/// What a model reads: families with type and help, the highest 50 counters, error ratio, p50 and p95 of histograms.
std::string summaryOf(const Metrics& metrics);

/// Names of metrics in a PromQL expression: words that are neither functions, labels, keywords nor durations. Pure, lenient.
std::vector<std::string> metricNames(std::string_view expression);

} // namespace aap
