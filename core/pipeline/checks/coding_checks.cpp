#include <fmt/format.h>

#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/entry_points.h"
#include "core/pipeline/checks/implementation_rules.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/scan_report.h"
#include "core/pipeline/checks/usual_way.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

constexpr Milliseconds kBuildTimeout = std::chrono::seconds(600);
constexpr const char* kNoDesign = "There is no design to compare with.";

/// The design's command, or without a design the usual one. A command the design names has to succeed.
Result<Verdict> commandCheck(const CheckContext& context, const Verifier& verifier, const Folder& repo, const char* name, ProjectTask task)
{
    auto argv = designCommand(context.design, name);
    if (argv.empty() && context.design.is_null()) {
        auto usual = usualWay(verifier, repo, task);
        if (!usual)
            return std::move(usual).error();
        argv = *std::move(usual);
    }
    if (argv.empty())
        return Verdict::skipped(fmt::format("Neither the design nor the project names a command to {} with.", name));
    auto result = verifier.run(argv, {.timeout = kBuildTimeout});
    if (!result)
        return std::move(result).error();
    if (task == ProjectTask::Lint)
        if (auto saved = saveScan(context, "lint", argv.front(), linterHits(result->output)); !saved)
            return std::move(saved).error();
    return Verdict::of(*result, argv, fmt::format("The {} command", name));
}

using Steps = std::vector<CheckList::Step>;
using enum CheckList::Level;

CheckList::Work fixed(Verdict verdict)
{
    return [verdict = std::move(verdict)]() -> Result<Verdict> { return verdict; };
}

void addDocumentChecks(Steps& steps, const CheckContext& context, const Folder& repo)
{
    const auto& document = context.document;
    steps.push_back({"coding.files", Must, fixed(context.design.is_null() ? Verdict::skipped(kNoDesign)
        : Verdict::of(missingFiles(context.design, document, repo), "The design lists these files; they are not there, and no deviation names them:"))});
    steps.push_back({"coding.places", Must, fixed(Verdict::of(wrongPlaces(document, repo), "`where` names places that do not exist:"))});
    steps.push_back({"coding.requirements", Must, fixed(context.requirements.is_null() ? Verdict::skipped("There are no requirements to compare with.")
        : Verdict::of(openRequirements(document, context.requirements), "Requirements are open:"))});
}

Result<void> addTreeChecks(Steps& steps, const CheckContext& context, const Folder& repo)
{
    auto tree = treeProblems(repo, context.secrets);
    if (!tree)
        return std::move(tree).error();
    steps.push_back({"coding.secrets", Must, fixed(Verdict::of(tree->secrets, "Secrets do not belong into files:"))});
    steps.push_back({"coding.sizes", Must, fixed(Verdict::of(tree->bigFiles, "Files are bigger than 5 MiB:"))});
    steps.push_back({"coding.tree", Must, fixed(Verdict::of(tree->foreign, "These do not belong into the project:"))});
    return {};
}

} // namespace

Result<std::vector<Check>> checkCoding(CheckContext& context)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("open the project");
    Steps steps;
    addDocumentChecks(steps, context, *repo);
    if (auto added = addTreeChecks(steps, context, *repo); !added)
        return std::move(added).error();
    auto verifier = Verifier::open(context);
    if (!verifier)
        return std::move(verifier).error();
    steps.push_back({"coding.build", Must, [&] { return commandCheck(context, *verifier, *repo, "build", ProjectTask::Build); }});
    // Without a design nobody has promised that the linter is silent.
    steps.push_back({"coding.lint", context.design.is_null() ? Should : Must, [&] { return commandCheck(context, *verifier, *repo, "lint", ProjectTask::Lint); }});
    steps.push_back({"coding.starts", Must, [&]() -> Result<Verdict> {
        return context.design.is_null() ? Verdict::skipped(kNoDesign) : entryPointsStart(*verifier, context.design);
    }});
    return CheckList(context).runAll(steps);
}

} // namespace aap
