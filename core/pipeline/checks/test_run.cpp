#include "core/pipeline/checks/test_run.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/test_command.h"
#include "core/pipeline/checks/test_report.h"
#include "core/pipeline/checks/usual_way.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

constexpr unsigned kSeed = 20;
constexpr std::size_t kMostOutput = 8192;

using Argv = std::vector<std::string>;

/// The design's command, else the first of the project's usual ways that the sandbox can go.
Result<Argv> testCommand(const CheckContext& context, const Verifier& verifier, const Folder& repo)
{
    if (auto designed = designCommand(context.design, "test"); !designed.empty())
        return designed;
    auto usual = usualWay(verifier, repo, ProjectTask::Test);
    if (!usual || !usual->empty())
        return usual;
    return Error{ErrorCode::Invalid, "nobody knows how this project is tested", {}, "Name commands.test in the design."};
}

Result<void> prepare(const Verifier& verifier, const TestRun& run)
{
    if (run.shuffled) {
        auto written = verifier.run({"/bin/sh", "-c", "cat > \"$1\"", "sh", fmt::format("{}/{}.py", Verifier::kResults, kOrderModule)}, {.input = orderPlugin(kSeed)});
        if (!written)
            return std::move(written).error();
    }
    if (!run.stubbed)
        return {};
    auto stubbed = verifier.run({"python3", "-"}, {.input = stubProgram()});
    if (!stubbed)
        return std::move(stubbed).error();
    return stubbed->succeeded() ? Result<void>() : Error{ErrorCode::NotFound, "there is no Python function that could be stubbed"};
}

/// Whether coverage can be asked of this very run.
Result<bool> measures(const Verifier& verifier, TestFormat format)
{
    switch (format) {
    case TestFormat::Pytest: return verifier.hasModule("pytest_cov");
    case TestFormat::Unittest: return verifier.hasModule("coverage");
    case TestFormat::Node: return true;
    default: return false;
    }
}

Result<void> buildFirst(const CheckContext& context, const Verifier& verifier, const Folder& repo)
{
    auto build = Result<Argv>(designCommand(context.design, "build"));
    if (build->empty() && context.design.is_null())
        build = usualWay(verifier, repo, ProjectTask::Build);
    if (!build)
        return std::move(build).error();
    if (build->empty())
        return {};
    auto built = verifier.run(*build, {.timeout = std::chrono::seconds(600)}); // when it fails, the tests will say so
    return built ? Result<void>() : std::move(built).error();
}

/// Reads cases from the report or the output, and makes one up for a failure that names none.
Result<void> addCases(TestEvidence& evidence, const Verifier& verifier, const CommandResult& result, std::string_view output)
{
    const auto format = formatOf(evidence.argv);
    if (format == TestFormat::Pytest) {
        const auto xml = verifier.read(std::string(Verifier::kResults) + "/junit.xml");
        if (!xml && xml.error().code != ErrorCode::NotFound && xml.error().code != ErrorCode::Limit)
            return xml.error();
        if (auto cases = xml ? readJunit(*xml) : xml.error(); cases)
            evidence.cases = *std::move(cases);
    } else {
        evidence.cases = readTestLines(output, format);
    }
    const auto excerpt = tailOf(output, kMostOutput);
    if (evidence.cases.empty() && format == TestFormat::Unknown)
        for (const auto& [name, message] : summariseTests(output, format).failures)
            evidence.cases.push_back({.id = name, .message = message, .excerpt = excerpt, .frames = framesIn(excerpt)});
    const bool named = std::ranges::any_of(evidence.cases, [](const auto& found) { return !found.passed; });
    if (!result.succeeded() && !named)
        evidence.cases.push_back({.id = kWholeRun, .message = "the test command failed without naming a test: " + endingOf(result), .excerpt = excerpt, .frames = framesIn(excerpt)});
    return {};
}

/// Asks the design's own coverage command, else the usual one, where the tests themselves could not measure.
Result<std::optional<double>> separateCoverage(const CheckContext& context, const Verifier& verifier, const Folder& repo)
{
    auto argv = Result<Argv>(designCommand(context.design, "coverage"));
    if (argv->empty())
        argv = usualWay(verifier, repo, ProjectTask::Coverage);
    if (!argv)
        return std::move(argv).error();
    if (argv->empty())
        return std::optional<double>();
    auto result = verifier.run(*argv, {.timeout = std::chrono::seconds(600)});
    if (!result)
        return std::move(result).error();
    const auto table = readCoverage(cleanText(result->output));
    return table.recognised ? std::optional(table.totalPercent) : std::nullopt;
}

Result<void> addCoverage(CheckContext& context, TestEvidence& evidence, const Verifier& verifier, std::string_view output)
{
    const auto format = formatOf(evidence.argv);
    const auto path = std::string(Verifier::kResults) + "/coverage.xml";
    if (format == TestFormat::Unittest) {
        auto made = verifier.run({"python3", "-m", "coverage", "xml", "-q", std::string("--data-file=") + Verifier::kResults + "/coverage.data", "-o", path});
        if (!made)
            return std::move(made).error();
    }
    if (format == TestFormat::Node) {
        const auto table = readCoverage(output);
        evidence.coveragePercent = table.recognised ? std::optional(table.totalPercent) : std::nullopt;
    } else if (format == TestFormat::Pytest || format == TestFormat::Unittest) {
        const auto xml = verifier.read(path);
        if (!xml)
            return xml.error().code == ErrorCode::NotFound || xml.error().code == ErrorCode::Limit ? Result<void>() : xml.error();
        evidence.coveragePercent = coverageOf(*xml);
        return context.saveReport ? context.saveReport("reports/coverage.xml", *xml) : Result<void>();
    }
    return {};
}

std::string logText(const TestEvidence& evidence, const CommandResult& result, std::string_view output)
{
    return fmt::format("$ {}\n{}\n{}", fmt::join(evidence.argv, " "), endingOf(result), output);
}

Result<TestEvidence> runIn(CheckContext& context, const Verifier& verifier, const Folder& repo, const TestRun& run)
{
    auto argv = testCommand(context, verifier, repo);
    if (!argv)
        return std::move(argv).error();
    auto coverage = run.coverage ? measures(verifier, formatOf(*argv)) : Result<bool>(false);
    if (!coverage)
        return std::move(coverage).error();
    for (const auto& ready : {buildFirst(context, verifier, repo), prepare(verifier, run)})
        if (!ready)
            return ready.error();
    TestEvidence evidence;
    evidence.argv = withWish(*argv, {.only = run.only, .shuffled = run.shuffled, .coverage = *coverage, .results = Verifier::kResults},
                             [&](const std::string& word) { return existsIn(repo, word); });
    Verifier::Options options{.timeout = run.timeout};
    if (run.shuffled)
        options.environment = {{"PYTHONPATH", Verifier::kResults}};
    auto result = verifier.run(evidence.argv, options);
    if (!result)
        return std::move(result).error();
    const auto output = cleanText(result->output);
    evidence.exitCode = result->ending == Ending::Exited ? result->exitCode : 124;
    if (auto added = addCases(evidence, verifier, *result, output); !added)
        return std::move(added).error();
    if (context.saveLog) {
        auto log = context.saveLog(run.name, logText(evidence, *result, output));
        if (!log)
            return std::move(log).error();
        evidence.log = *std::move(log);
    }
    if (*coverage)
        if (auto added = addCoverage(context, evidence, verifier, output); !added)
            return std::move(added).error();
    if (run.coverage && !*coverage) {
        auto percent = separateCoverage(context, verifier, repo);
        if (!percent)
            return std::move(percent).error();
        evidence.coveragePercent = *percent;
    }
    return evidence;
}

} // namespace

Result<TestEvidence> runTests(CheckContext& context, const TestRun& run)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("open the project");
    auto verifier = Verifier::open(context);
    if (!verifier)
        return std::move(verifier).error();
    auto evidence = runIn(context, *verifier, *repo, run);
    if (evidence && run.reports && context.saveReport)
        if (auto saved = context.saveReport("reports/junit.xml", junitOf(*evidence)); !saved)
            return std::move(saved).error();
    return evidence;
}

Result<TestEvidence> runProjectTests(CheckContext& context, const std::vector<std::string>& only, bool shuffled)
{
    const bool whole = only.empty() && !shuffled;
    const auto* name = shuffled ? "testing.run-shuffled" : whole ? "testing.run" : "testing.run-selected";
    return runTests(context, {.name = name, .only = only, .shuffled = shuffled, .coverage = whole, .reports = whole});
}

} // namespace aap
