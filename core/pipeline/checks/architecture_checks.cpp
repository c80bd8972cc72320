#include <algorithm>

#include <fmt/format.h>

#include "core/llm/bounded_json.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/design_rules.h"
#include "core/pipeline/checks/dockerfile.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

/// Where sandboxes are the machine's own: what is installed there is asked of the sandbox all the same.
bool hasNoImages(const Result<bool>& there)
{
    return !there && there.error().code == ErrorCode::NotFound;
}

Result<Verdict> baseImage(CheckContext& context)
{
    const auto image = withTag(stringIn(memberOf(context.document, "runtime"), "base_image"));
    const auto allowed = [&](const std::string& known) { return withTag(known) == image; };
    if (!context.baseImages.empty() && std::ranges::none_of(context.baseImages, allowed))
        return Verdict::failed(fmt::format("The base image {} is not one of those allowed here; take {}.", image, context.baseImages.front()));
    auto there = context.images.imageExists(image, context.stop);
    if (hasNoImages(there))
        return Verdict::notChecked("There is no container engine to ask for it.");
    if (!there)
        return std::move(there).error();
    return *there ? Verdict::passed() : Verdict::failed(fmt::format("The base image {} is not on this machine, and nothing can be downloaded.", image));
}

/// A Debian package that is installed, or under the same name a program or Python module that is there.
Result<bool> isInstalled(const Verifier& verifier, const std::string& package)
{
    const std::string script = "dpkg-query -W -f '${Status}' -- \"$1\" 2>/dev/null | grep -q 'install ok installed' || command -v -- \"$1\" >/dev/null";
    auto found = verifier.run({"/bin/sh", "-c", script, "sh", package});
    if (!found)
        return std::move(found).error();
    if (found->succeeded())
        return true;
    return verifier.hasModule(package);
}

Result<Verdict> packages(CheckContext& context)
{
    const auto& runtime = memberOf(context.document, "runtime");
    const auto names = stringsOf(runtime, "packages");
    if (names.empty())
        return Verdict::passed();
    auto there = context.images.imageExists(withTag(stringIn(runtime, "base_image")), context.stop);
    if (!there && !hasNoImages(there))
        return std::move(there).error();
    if (there && !*there)
        return Verdict::skipped("The base image is not there to be asked for its packages.");
    auto verifier = Verifier::open(context, withTag(stringIn(runtime, "base_image")));
    if (!verifier)
        return std::move(verifier).error();
    std::vector<std::string> missing;
    for (const auto& name : names) {
        auto installed = isInstalled(*verifier, name);
        if (!installed)
            return std::move(installed).error();
        if (!*installed)
            missing.push_back(name);
    }
    return Verdict::of(missing, "The base image lacks these packages, and they cannot be installed without a network:");
}

Verdict mermaid(const Folder& repo)
{
    std::vector<std::string> problems;
    const auto walked = repo.walk("docs", [&](const Folder::Entry& entry) {
        if (entry.kind == Folder::Kind::File && entry.path.ends_with(".md"))
            for (const auto& problem : mermaidProblems(repo.read(entry.path, 1U << 20U).value_or("")))
                problems.push_back(entry.path + ": " + problem);
        return Folder::Walk::Into;
    });
    if (!walked)
        return Verdict::failed("The documents cannot be read: " + walked.error().detail + ".");
    return Verdict::of(problems, "Mermaid blocks cannot be drawn:");
}

Result<Verdict> onlyDocuments(const CheckContext& context)
{
    if (!context.before)
        return Verdict::notChecked("It is not known which files were there before the stage.");
    auto now = fileHashes(context.workspace);
    if (!now)
        return std::move(now).error();
    return Verdict::of(changesOutside(*context.before, *now, {"docs"}), "Architecture writes documents below docs/ only, but it has");
}

} // namespace

Result<std::vector<Check>> checkArchitecture(CheckContext& context)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("open the project");
    const auto& design = context.document;
    const auto rule = [](std::vector<std::string> problems, std::string_view lead) {
        return [verdict = Verdict::of(problems, lead)]() -> Result<Verdict> { return verdict; };
    };
    using enum CheckList::Level;
    return CheckList(context).runAll({
        {"architecture.requirements", Must, rule(requirementProblems(design, context.requirements), "Requirements and components do not fit:")},
        {"architecture.components", Must, rule(componentProblems(design), "The components are no closed graph without circles:")},
        {"architecture.files", Must, rule(filePlanProblems(design, *repo), "The list of files is not usable:")},
        {"architecture.documents", Must, rule(documentProblems(design, *repo), "Documents are missing:")},
        {"architecture.formats", Must, rule(formatProblems(design, *repo), "Files cannot be read:")},
        {"architecture.test-command", Must, rule(designCommand(design, "test").empty() ? std::vector<std::string>{"it has to be a list of arguments"} : std::vector<std::string>(), "commands.test is empty:")},
        {"architecture.base-image", Must, [&] { return baseImage(context); }},
        {"architecture.packages", Must, [&] { return packages(context); }},
        {"architecture.no-code", Must, [&] { return onlyDocuments(context); }},
        {"architecture.mermaid", Should, [&]() -> Result<Verdict> { return mermaid(*repo); }},
    });
}

} // namespace aap
