#include "core/pipeline/check_context.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/pipeline/intake_lines.h"
#include "core/store/lenient_json.h"

namespace aap {
namespace {

constexpr std::size_t kMostForAgent = 16U << 10U;

std::string sentence(const Check& check)
{
    auto text = fmt::format("{} ({}) failed: {}\n", check.id, check.must ? "must" : "should", check.reason);
    if (!check.argv.empty())
        text += fmt::format("  command: {}\n", fmt::join(check.argv, " "));
    if (check.exitCode)
        text += fmt::format("  exit code: {}\n", *check.exitCode);
    return text;
}

} // namespace

Json toJson(const DeploymentHandle& handle)
{
    return {{"container", handle.container}, {"network", handle.network}, {"service", handle.service}, {"port", handle.port}, {"image", handle.image},
            {"health_path", handle.healthPath}, {"metrics_path", handle.metricsPath}, {"containers", handle.containers}, {"generation", handle.generation}};
}

std::optional<DeploymentHandle> deploymentFrom(const Json& details)
{
    if (!details.is_object())
        return std::nullopt;
    return DeploymentHandle{.network = textIn(details, "network"), .container = textIn(details, "container"), .service = textIn(details, "service"),
                            .port = int(numberIn(details, "port")), .healthPath = textIn(details, "health_path"), .metricsPath = textIn(details, "metrics_path"),
                            .image = textIn(details, "image"), .containers = textsIn(details, "containers"), .generation = std::max(1, int(numberIn(details, "generation")))};
}

bool allMustPassed(const std::vector<Check>& checks)
{
    return !checks.empty() && std::ranges::none_of(checks, [](const Check& check) { return check.must && check.status == CheckStatus::Failed; });
}

std::string failuresForAgent(const std::vector<Check>& checks)
{
    std::string text;
    for (const bool must : {true, false})
        for (const auto& check : checks)
            if (check.must == must && check.status == CheckStatus::Failed)
                text += sentence(check);
    if (text.size() <= kMostForAgent)
        return text;
    constexpr std::string_view rest = "\n… (there is more; repair these first)\n";
    return std::string(cutUtf8(text, kMostForAgent - rest.size())) + std::string(rest);
}

} // namespace aap
