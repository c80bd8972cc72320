#include "app/cli/dry_run.h"

#include <iostream>

#include <fmt/format.h>

#include "app/cli/exit.h"
#include "app/cli/printable.h"
#include "app/cli/wording.h"
#include "app/composition.h"
#include "core/llm/prices.h"
#include "core/pipeline/attachments.h"
#include "core/pipeline/run_input.h"

namespace aap {
namespace {

std::string secondsText(double seconds)
{
    return durationText(Milliseconds(std::int64_t(seconds * 1000)));
}

std::string rangeLine(const Quantiles& tokens, const Quantiles& usd, const Quantiles& seconds)
{
    return fmt::format("{:>9} – {:<9} {:>8} – {:<8} {:>12} – {}", countText(std::int64_t(tokens.p50)), countText(std::int64_t(tokens.p90)),
                       Money::usd(usd.p50).text(), Money::usd(usd.p90).text(), secondsText(seconds.p50), secondsText(seconds.p90));
}

/// What stands against the forecast: sentences.
std::vector<std::string> cautions(const RunRequest& request, const Forecast& told, const Prices& prices)
{
    std::vector<std::string> sentences;
    const auto& money = request.pipeline.limits.money;
    for (const auto& stage : request.pipeline.stages)
        if (const auto& model = stage.model.empty() ? request.model : stage.model; stage.enabled && money && !prices.find(model) && !prices.successorOf(model)) {
            sentences.push_back(fmt::format("No price of {} is known, so that a limit in money does not hold for it; set one in tokens, or add its price to prices.json.", model));
            break;
        }
    if (told.hasHistory() && money && told.usd.p90 > money->inUsd())
        sentences.push_back(fmt::format("One run in ten needs more than the limit of {} (budget.run_usd).", money->text()));
    if (told.hasHistory() && !told.isComplete())
        sentences.push_back("Of some stages no past run is known; they are not in the sums.");
    return sentences;
}

void showForecast(const Forecast& told, std::ostream& out)
{
    if (!told.hasHistory()) {
        out << "No forecast: there is no past run to learn from yet.\n";
        return;
    }
    out << fmt::format("Forecast from {} past run(s): what half of them needed, and nine of ten.\n", told.runs);
    for (const auto& stage : told.stages)
        out << fmt::format("  {:<22}{}{}\n", title(stage.stage), stage.samples > 0 ? rangeLine(stage.tokens, stage.usd, stage.seconds) : std::string("      not known"),
                           stage.ofThisModel ? "" : "  (from other models)");
    out << fmt::format("  {:<22}{}\n", "Together", rangeLine(told.tokens, told.usd, told.seconds));
}

Json quantilesJson(const Quantiles& figure)
{
    return {{"p50", figure.p50}, {"p90", figure.p90}};
}

Json forecastJson(const Forecast& told)
{
    if (!told.hasHistory())
        return {};
    Json stages = Json::object();
    for (const auto& stage : told.stages)
        stages[std::string(slug(stage.stage))] = {{"samples", stage.samples}, {"of_this_model", stage.ofThisModel}, {"tokens", quantilesJson(stage.tokens)},
                                                  {"usd", quantilesJson(stage.usd)}, {"seconds", quantilesJson(stage.seconds)}};
    return {{"runs", told.runs}, {"complete", told.isComplete()}, {"tokens", quantilesJson(told.tokens)}, {"usd", quantilesJson(told.usd)},
            {"seconds", quantilesJson(told.seconds)}, {"stages", std::move(stages)}};
}

} // namespace

int dryRun(const RunRequest& request, bool asJson, const Composition& composition, const std::stop_token& stop)
{
    const auto requirements = checkRequest(request);
    if (!requirements)
        return failed(requirements.error(), exitCodeOf(requirements.error()));
    const auto ready = composition.preflight(request.provider != "replay", stop);
    const auto told = composition.forecast(request.pipeline, request.model);
    if (!told)
        return failed(told.error(), exitCodeOf(told.error()));
    const auto count = requirements->is_object() ? requirements->at("items").size() : 0;
    const auto doubts = cautions(request, *told, composition.prices());
    if (asJson) {
        std::cout << Json{{"ready", bool(ready)}, {"problem", ready ? Json() : Json(ready.error().text())}, {"requirements", count},
                          {"forecast", forecastJson(*told)}, {"cautions", doubts}}.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    } else {
        if (requirements->is_object())
            std::cout << fmt::format("{} requirement(s) were read.\n", count);
        for (const auto& path : attachmentPaths(request.attachments))
            std::cout << fmt::format("Agents find {}.\n", printable(path));
        showForecast(*told, std::cout);
        for (const auto& doubt : doubts)
            std::cout << "! " << doubt << '\n';
        if (ready)
            std::cout << "Settings, pipeline, requirements, key, engine and image are in order; nothing was begun." << std::endl;
    }
    return ready ? 0 : failed(ready.error(), exitCodeOf(ready.error()));
}

} // namespace aap
