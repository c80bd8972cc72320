#include "core/store/forecast.h"

#include <algorithm>
#include <cmath>

#include "core/store/journal.h"

namespace aap {
namespace {

constexpr std::size_t kMostRunsRead = 30;

/// Between the neighbours where it falls between two; `values` is not empty.
double quantile(std::vector<double> values, double share)
{
    std::ranges::sort(values);
    const double place = share * double(values.size() - 1);
    const auto below = std::size_t(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - double(below)) * (values[above] - values[below]);
}

Quantiles quantilesOf(const std::vector<double>& values)
{
    return values.empty() ? Quantiles() : Quantiles{quantile(values, 0.5), quantile(values, 0.9)};
}

/// Middles add up; that all stages have a bad day at once is rare, so their surpluses add up as squares.
Quantiles sumOf(const std::vector<StageForecast>& stages, Quantiles StageForecast::* figure)
{
    Quantiles sum;
    double squares = 0;
    for (const auto& stage : stages) {
        const auto& part = stage.*figure;
        sum.p50 += part.p50;
        squares += (part.p90 - part.p50) * (part.p90 - part.p50);
    }
    sum.p90 = sum.p50 + std::sqrt(squares);
    return sum;
}

std::vector<const StageState*> passedVisits(const std::vector<RunState>& past, StageId id)
{
    std::vector<const StageState*> visits;
    for (const auto& run : past) {
        const auto* stage = run.stage(id);
        const bool passed = stage != nullptr && (stage->status == StageStatus::Passed || stage->status == StageStatus::Waived);
        if (passed && stage->usage.calls > 0 && stage->startedAt && stage->finishedAt)
            visits.push_back(stage);
    }
    return visits;
}

StageForecast forecastOf(const StageSpec& spec, std::vector<const StageState*> visits, const std::string& runModel, const PriceOf& priceOf)
{
    const auto& model = spec.model.empty() ? runModel : spec.model;
    StageForecast stage{.stage = spec.id};
    const auto isOther = [&](const StageState* visit) { return visit->model != model; };
    if (std::ranges::all_of(visits, isOther))
        stage.ofThisModel = visits.empty();
    else
        std::erase_if(visits, isOther);
    std::vector<double> tokens;
    std::vector<double> usd;
    std::vector<double> seconds;
    for (const auto* visit : visits) {
        tokens.push_back(double(visit->usage.totalTokens()));
        usd.push_back(priceOf(model, visit->usage).value_or(stage.ofThisModel ? visit->cost : Money()).inUsd());
        seconds.push_back(double((*visit->finishedAt - *visit->startedAt).count()) / 1000);
    }
    stage.samples = visits.size();
    stage.tokens = quantilesOf(tokens);
    stage.usd = quantilesOf(usd);
    stage.seconds = quantilesOf(seconds);
    return stage;
}

} // namespace

bool Forecast::hasHistory() const
{
    return std::ranges::any_of(stages, [](const auto& stage) { return stage.samples > 0; });
}

bool Forecast::isComplete() const
{
    return std::ranges::all_of(stages, [](const auto& stage) { return stage.samples > 0; });
}

Forecast forecastFrom(const std::vector<RunState>& past, const PipelineSpec& pipeline, const std::string& model, const PriceOf& priceOf)
{
    Forecast forecast{.runs = past.size()};
    for (const auto& spec : pipeline.stages)
        if (spec.enabled)
            forecast.stages.push_back(forecastOf(spec, passedVisits(past, spec.id), model, priceOf));
    forecast.tokens = sumOf(forecast.stages, &StageForecast::tokens);
    forecast.usd = sumOf(forecast.stages, &StageForecast::usd);
    forecast.seconds = sumOf(forecast.stages, &StageForecast::seconds);
    return forecast;
}

Result<Forecast> forecast(Journal& journal, const PipelineSpec& pipeline, const std::string& model, const PriceOf& priceOf)
{
    const auto runs = journal.runs();
    if (!runs)
        return runs.error();
    std::vector<RunState> past;
    for (const auto& run : *runs) {
        if (past.size() >= kMostRunsRead)
            break;
        if (run.usage.calls == 0 || (run.mode == RunMode::Review) != (pipeline.mode == RunMode::Review))
            continue;
        const auto events = journal.events(run.id);
        if (!events) // one that is damaged says nothing about the others
            continue;
        RunState state;
        for (const auto& event : *events)
            apply(state, event);
        if (state.started.recordingLabel.empty())
            past.push_back(std::move(state));
    }
    return forecastFrom(past, pipeline, model, priceOf);
}

} // namespace aap
