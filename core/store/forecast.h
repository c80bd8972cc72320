#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/pipeline_spec.h"
#include "core/domain/run_state.h"

namespace aap {

class Journal;

/// What half of the past runs needed at most, and nine of ten.
struct Quantiles {
    double p50 = 0;
    double p90 = 0;
};

struct StageForecast {
    StageId stage{};
    std::size_t samples = 0; ///< past visits it rests on; 0: nothing is known
    bool ofThisModel = true; ///< false: of other models, with this one's prices
    Quantiles tokens{};
    Quantiles usd{};
    Quantiles seconds{};
};

/// What a run will probably need, from what past ones needed. A stage without samples adds nothing to the sums.
struct Forecast {
    std::size_t runs = 0; ///< past ones that were looked at
    std::vector<StageForecast> stages{}; ///< the enabled ones
    Quantiles tokens{};
    Quantiles usd{};
    Quantiles seconds{};

    bool hasHistory() const;
    bool isComplete() const; ///< something is known about every stage
};

/// The price of tokens of a model; nothing when it has none.
using PriceOf = std::function<std::optional<Money>(std::string_view model, const Usage& usage)>;

/// `past`: states of runs that called models. Only stages that passed count.
Forecast forecastFrom(const std::vector<RunState>& past, const PipelineSpec& pipeline, const std::string& model, const PriceOf& priceOf);
/// From the newest runs of the same mode in the journal; replayed ones are left out. Reads up to 30 runs.
Result<Forecast> forecast(Journal& journal, const PipelineSpec& pipeline, const std::string& model, const PriceOf& priceOf);

} // namespace aap
