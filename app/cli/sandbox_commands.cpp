#include "app/cli/sandbox_commands.h"

#include <iostream>

#include <fmt/format.h>

#include "app/cli/exit.h"
#include "app/cli/printable.h"
#include "app/cli/wording.h"
#include "app/composition.h"
#include "app/sandbox_settings.h"
#include "core/base/ids.h"
#include "sandbox/docker/image_packages.h"
#include "sandbox/docker/leftovers.h"
#include "sandbox/docker/sandbox_image.h"

namespace aap {
namespace {

int noEngine(const Composition& composition)
{
    const auto problem = composition.engineProblem().value_or(Error{ErrorCode::Unavailable, "no Docker engine was found"});
    return failed(problem, exitCodeOf(Error{ErrorCode::Unavailable, {}}));
}

Result<Json> buildImage(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    const Stopwatch watch;
    const auto recipe = bundledImageRecipe(options.profile);
    if (!recipe)
        return recipe.error();
    const auto progress = [&](std::string_view line) {
        if (!options.json && !options.quiet)
            std::cout << printable(line) << std::endl;
    };
    const auto& reference = composition.config().dockerImage;
    const ImageWish wish{.reference = reference, .bootstrapOnly = options.bootstrap, .environment = composition.environment()};
    auto id = makeSandboxImage(*composition.engine(), *recipe, wish, progress, stop);
    if (!id)
        return std::move(id).error();
    const auto info = sandboxImageInfo(*composition.engine(), reference, stop);
    if (!info)
        return info.error();
    return Json{{"image", reference}, {"id", *id}, {"bytes", info->bytes}, {"milliseconds", watch.elapsed().count()}};
}

struct ImageFacts {
    SandboxImageInfo image{};
    std::string profile{}; ///< empty: it is not of this program's recipe
    std::vector<ImagePackage> packages{};
};

Result<ImageFacts> factsOfImage(const Composition& composition, const std::stop_token& stop)
{
    const auto& reference = composition.config().dockerImage;
    const auto image = sandboxImageInfo(*composition.engine(), reference, stop);
    if (!image)
        return image.error();
    if (!image->exists)
        return Error{ErrorCode::NotFound, fmt::format("the sandbox image {} is missing", reference), {}, "Run 'agent-pipeline sandbox build'."};
    const auto settings = sandboxSettings(composition.config());
    if (!settings)
        return settings.error();
    DockerSandboxProvider sandboxes(*composition.engine(), *settings);
    auto packages = packagesOfImage(sandboxes, newRunId(), stop);
    if (!packages)
        return std::move(packages).error();
    return ImageFacts{.image = *image, .profile = profileOfRecipe(image->recipe), .packages = *std::move(packages)};
}

std::string textOf(const ImageFacts& facts, const std::string& reference)
{
    auto text = fmt::format("{}  {}, {} MB, made {} ({})\n", reference, facts.image.id.substr(0, 19), facts.image.bytes / 1'000'000,
                            toIso8601(facts.image.created).substr(0, 10), ageText(facts.image.created, now()));
    text += facts.image.recipe.empty() ? "Not made by this program.\n" : !facts.profile.empty() ? fmt::format("Made from the recipe of this program, profile {}.\n", facts.profile)
                                                                                                 : "Made from another recipe: 'agent-pipeline sandbox build' makes it anew.\n";
    text += fmt::format("{} packages:\n", facts.packages.size());
    for (const auto& package : facts.packages)
        text += fmt::format("  {} {}\n", printable(package.name), printable(package.version));
    return text;
}

Json jsonOf(const ImageFacts& facts, const std::string& reference)
{
    auto packages = Json::array();
    for (const auto& package : facts.packages)
        packages.push_back({{"name", package.name}, {"version", package.version}});
    return {{"image", reference}, {"id", facts.image.id}, {"bytes", facts.image.bytes}, {"created", toIso8601(facts.image.created)},
            {"recipe", facts.image.recipe}, {"recipe_matches", !facts.profile.empty()}, {"profile", facts.profile}, {"packages", std::move(packages)}};
}

/// The run as it is named elsewhere; one that the history does not know may have left something all the same.
Result<std::string> runOf(const std::string& named, const Composition& composition)
{
    const auto journal = composition.openJournal();
    if (!journal)
        return named;
    auto found = (*journal)->findRun(named);
    if (!found && found.error().code == ErrorCode::NotFound)
        return named;
    return found;
}

Result<Pruned> prune(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (options.runId.empty())
        return pruneDead(*composition.engine(), stop);
    const auto run = runOf(options.runId, composition);
    if (!run)
        return run.error();
    return pruneRun(*composition.engine(), *run, stop);
}

std::string sentenceFor(const Pruned& pruned)
{
    std::string list;
    const auto add = [&](int count, std::string_view noun) {
        if (count > 0)
            list += fmt::format("{}{} {}{}", list.empty() ? "" : ", ", count, noun, count == 1 ? "" : "s");
    };
    add(pruned.containers, "container");
    add(pruned.networks, "network");
    add(pruned.volumes, "volume");
    add(pruned.images, "image");
    if (list.empty())
        return "Nothing was left.";
    return pruned.bytes > 0 ? fmt::format("Removed {}: up to {:.1f} MB.", list, double(pruned.bytes) / 1e6) : "Removed " + list + ".";
}

} // namespace

int sandboxBuildCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (composition.engine() == nullptr)
        return noEngine(composition);
    const auto built = buildImage(options, composition, stop);
    if (!built)
        return failed(built.error(), exitCodeOf(built.error()));
    if (options.json)
        std::cout << built->dump() << std::endl;
    else
        std::cout << fmt::format("Made {}: {}, {} MB, in {}.", (*built)["image"].get<std::string>(), (*built)["id"].get<std::string>().substr(0, 19),
                                 (*built)["bytes"].get<std::uint64_t>() / 1'000'000, durationText(Milliseconds((*built)["milliseconds"].get<std::int64_t>())))
                  << std::endl;
    return 0;
}

int sandboxInfoCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (composition.engine() == nullptr)
        return noEngine(composition);
    const auto facts = factsOfImage(composition, stop);
    if (!facts)
        return failed(facts.error(), exitCodeOf(facts.error()));
    const auto& reference = composition.config().dockerImage;
    std::cout << (options.json ? jsonOf(*facts, reference).dump() + "\n" : textOf(*facts, reference)) << std::flush;
    return 0;
}

int sandboxPruneCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    if (composition.engine() == nullptr)
        return noEngine(composition);
    const auto pruned = prune(options, composition, stop);
    if (!pruned)
        return failed(pruned.error(), exitCodeOf(pruned.error()));
    if (options.json)
        std::cout << Json{{"containers", pruned->containers}, {"networks", pruned->networks}, {"volumes", pruned->volumes}, {"images", pruned->images}, {"bytes", pruned->bytes}}.dump()
                  << std::endl;
    else
        std::cout << sentenceFor(*pruned) << std::endl;
    return 0;
}

} // namespace aap
