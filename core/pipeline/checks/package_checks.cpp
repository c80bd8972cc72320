#include "core/pipeline/checks/package_checks.h"

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

constexpr Milliseconds kPackageCommand = std::chrono::seconds(60);

Result<Verdict> installPackage(const CheckContext& context, const Verifier& verifier)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error();
    if (!existsIn(*repo, "pyproject.toml") && !existsIn(*repo, "setup.py"))
        return Verdict::notChecked("Packages of this kind cannot be installed here without a network; only its commands are tried.");
    auto hasPip = verifier.hasModule("pip");
    if (!hasPip)
        return std::move(hasPip).error();
    if (!*hasPip)
        return Verdict::notChecked("The sandbox image has no pip; only the package's commands are tried.");
    const std::vector<std::string> argv{"python3", "-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation", "--target", "/scratch/site", "."};
    auto result = verifier.run(argv, {.timeout = std::chrono::minutes(5)});
    if (!result)
        return std::move(result).error();
    return Verdict::of(*result, argv, "Installing the package");
}

Result<Verdict> packageSmoke(const std::vector<SmokeCheck>& smoke, const Verifier& verifier)
{
    const std::map<std::string, std::string> environment{{"PYTHONPATH", "/scratch/site"}, {"PATH", "/scratch/site/bin:/usr/local/bin:/usr/bin:/bin"}};
    std::vector<std::string> problems;
    for (const auto& check : smoke) {
        if (check.argv.empty()) {
            problems.push_back(check.id + ": a package is asked with exec");
            continue;
        }
        auto result = verifier.run(check.argv, {.timeout = kPackageCommand, .environment = environment});
        if (!result)
            return std::move(result).error();
        if (result->ending != Ending::Exited || result->exitCode != check.exitCode)
            problems.push_back(fmt::format("{}: exit code {} instead of {}: {}", check.id, result->exitCode, check.exitCode, shortened(cleanText(result->output), 200)));
        else if (auto complaint = matchComplaint(check.matches, result->output); !complaint.empty())
            problems.push_back(check.id + ": " + complaint);
    }
    return Verdict::of(problems, "Smoke checks failed:");
}

} // namespace

Result<void> checkPackage(CheckContext& context, CheckList& list, const std::vector<SmokeCheck>& smoke)
{
    auto verifier = Verifier::open(context);
    if (!verifier)
        return std::move(verifier).error();
    if (auto installed = list.run("deployment.package", CheckList::Level::Must, [&] { return installPackage(context, *verifier); }); !installed)
        return installed;
    return list.run("deployment.smoke", CheckList::Level::Must, [&] { return packageSmoke(smoke, *verifier); });
}

} // namespace aap
