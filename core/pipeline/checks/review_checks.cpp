#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/finding_rules.h"
#include "core/pipeline/checks/project_files.h"

namespace aap {
namespace {

Result<Verdict> unchanged(const CheckContext& context)
{
    if (!context.before)
        return Verdict::notChecked("It is not known which files were there before the review.");
    auto now = fileHashes(context.workspace);
    if (!now)
        return std::move(now).error();
    return Verdict::of(changesOutside(*context.before, *now, {}), "A review changes nothing, but it has");
}

} // namespace

Result<std::vector<Check>> checkReview(CheckContext& context)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("open the project");
    using enum CheckList::Level;
    return CheckList(context).runAll({
        {"review.findings", Must, [&]() -> Result<Verdict> { return Verdict::of(inventedFindings(context.document, *repo), "Findings do not fit the files:"); }},
        {"review.unchanged", Must, [&] { return unchanged(context); }},
    });
}

} // namespace aap
