#include <algorithm>

#include <fmt/format.h>

#include "core/agent/roles.h"
#include "core/agent/tool_text.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/dependency_rules.h"
#include "core/pipeline/checks/finding_rules.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/scan_report.h"
#include "core/pipeline/checks/test_command.h"
#include "core/pipeline/checks/test_rules.h"
#include "core/pipeline/checks/test_run.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

constexpr Milliseconds kStubTimeout = std::chrono::seconds(300);

Verdict verdictOf(const TestEvidence& evidence, std::string_view lead)
{
    auto verdict = Verdict::of(failedTests(evidence), lead);
    if (verdict.status == CheckStatus::Passed && evidence.exitCode != 0)
        verdict = Verdict::failed(fmt::format("The test command ended with {}.", evidence.exitCode));
    else if (evidence.cases.empty() && formatOf(evidence.argv) != TestFormat::Unknown)
        verdict = Verdict::failed("The test command ran no test at all.");
    verdict.argv = evidence.argv;
    verdict.exitCode = evidence.exitCode;
    return verdict;
}

/// The checks of one hand-in; they share what the first run of the tests showed.
class TestingChecks {
public:
    TestingChecks(CheckContext& context, const Folder& repo, const std::map<std::string, std::string>& before, TestEvidence& evidence) :
        m_context(context), m_repo(repo), m_before(before), m_evidence(evidence)
    {
    }

    Result<Verdict> onlyTests() const
    {
        auto now = fileHashes(m_context.workspace);
        if (!now)
            return std::move(now).error();
        auto role = roleOf(StageId::Testing);
        if (!role)
            return std::move(role).error();
        return Verdict::of(changesOutside(m_before, *now, role->writablePaths), "Testing changes nothing outside of the tests, but it has");
    }

    Result<Verdict> pass()
    {
        auto evidence = runProjectTests(m_context, {}, false);
        if (!evidence)
            return asVerdict(std::move(evidence).error());
        m_evidence = *std::move(evidence);
        auto verdict = verdictOf(m_evidence, "Tests fail:");
        m_green = verdict.status == CheckStatus::Passed;
        return verdict;
    }

    Result<Verdict> passInOtherOrder()
    {
        if (!m_green)
            return Verdict::skipped("The tests do not pass in their own order yet.");
        auto evidence = runProjectTests(m_context, {}, true);
        if (!evidence)
            return std::move(evidence).error();
        return verdictOf(*evidence, "Run a second time (shuffled where the framework can be), tests fail:");
    }

    Result<Verdict> shuffled() const
    {
        switch (formatOf(m_evidence.argv)) {
        case TestFormat::Pytest:
        case TestFormat::Ctest:
        case TestFormat::Go: return Verdict::passed();
        default: return Verdict::notChecked("This framework cannot be told to shuffle; the second run had the same order.");
        }
    }

    Result<Verdict> covers() const
    {
        if (m_context.requirements.is_null())
            return Verdict::skipped("There are no requirements to compare with.");
        return Verdict::of(uncovered(m_context.document, m_context.requirements, m_evidence, m_repo), "Requirements without a test that exists and ran:");
    }

    Result<Verdict> mustsProven() const
    {
        if (m_context.requirements.is_null())
            return Verdict::skipped("There are no requirements to compare with.");
        return Verdict::of(unproven(m_context.document, m_context.requirements, m_evidence), "Every must needs a test that passes, without excuse:");
    }

    Result<Verdict> claimsExist() const
    {
        return Verdict::of(inventedTests(m_context.document, m_context.requirements, m_evidence, m_repo), "`covers` is wrong:");
    }

    Result<Verdict> failuresReported() const
    {
        return Verdict::of(unreported(m_evidence, m_context.document), "These tests fail, but `failures` does not name them:");
    }

    Result<Verdict> coverage() const
    {
        const auto threshold = m_context.pipeline.coverageThreshold;
        if (m_evidence.coveragePercent && *m_evidence.coveragePercent >= threshold)
            return Verdict::passed();
        if (m_evidence.coveragePercent)
            return Verdict::failed(fmt::format("Tests run {:.1f} % of the project's lines, {:.1f} % are needed.", *m_evidence.coveragePercent, threshold));
        if (threshold <= 0)
            return Verdict::passed();
        const auto format = formatOf(m_evidence.argv);
        if (format == TestFormat::Pytest || format == TestFormat::Unittest || !designCommand(m_context.design, "coverage").empty())
            return Verdict::failed("Coverage could not be measured: the run wrote no figures.");
        return Verdict::notChecked("There is no tool in the sandbox that measures this project's coverage, and the design names no command.");
    }

    Result<Verdict> notHollow()
    {
        const auto format = formatOf(m_evidence.argv);
        if (format != TestFormat::Pytest && format != TestFormat::Unittest)
            return Verdict::notChecked("Only Python projects can be stubbed so far.");
        auto stubbed = runTests(m_context, {.name = "testing.run-stubbed", .stubbed = true, .timeout = kStubTimeout});
        if (!stubbed && stubbed.error().code == ErrorCode::NotFound)
            return Verdict::notChecked("The project has no Python function that could be stubbed.");
        if (!stubbed)
            return asVerdict(std::move(stubbed).error());
        if (stubbed->exitCode == 0)
            return Verdict::failed("All tests pass although every function of the project only raises: they prove nothing.");
        return Verdict::of(hollow(m_context.document, m_context.requirements, m_evidence, *stubbed),
                           "Every test of these requirements passes although every function of the project only raises:");
    }

    Result<Verdict> security() const
    {
        if (!m_context.pipeline.securityScan)
            return Verdict::skipped("The pipeline has switched the security scan off.");
        auto hits = ownScan(m_repo);
        auto verifier = Verifier::open(m_context);
        if (!verifier)
            return std::move(verifier).error();
        auto there = verifier->hasModule("bandit");
        if (!there)
            return std::move(there).error();
        Verdict scan;
        if (*there)
            if (auto done = bandit(*verifier, hits, scan); !done)
                return std::move(done).error();
        if (scan.status == CheckStatus::Failed)
            return scan;
        if (auto saved = saveScan(m_context, "security", *there ? "bandit and AI Agent Pipeline" : "AI Agent Pipeline", hits); !saved)
            return std::move(saved).error();
        const auto needs = dependencyHits(m_repo);
        if (auto saved = saveScan(m_context, "dependencies", "AI Agent Pipeline (dependencies)", needs); !saved)
            return std::move(saved).error();
        hits.insert(hits.end(), needs.begin(), needs.end());
        auto verdict = Verdict::of(unexplained(hits, m_context.document, m_context.pipeline.securityThreshold), "The security scan found what no finding explains:");
        verdict.argv = scan.argv;
        verdict.output = scan.output;
        return verdict;
    }

    Result<Verdict> findingsAreTrue() const { return Verdict::of(inventedFindings(m_context.document, m_repo), "Findings do not fit the files:"); }

private:
    /// Nobody knows the command: the hand-in's fault, not the engine's.
    static Result<Verdict> asVerdict(Error error)
    {
        if (error.code == ErrorCode::Invalid)
            return Verdict::failed(fmt::format("The tests cannot be run: {}. {}", error.text(), error.remedy));
        return error;
    }

    static Result<void> bandit(const Verifier& verifier, std::vector<ScanHit>& hits, Verdict& scan)
    {
        const auto report = std::string(Verifier::kResults) + "/bandit.json";
        const std::vector<std::string> argv{"python3", "-m", "bandit", "-r", ".", "-q", "-f", "json", "-o", report};
        auto ran = verifier.run(argv, {.timeout = std::chrono::seconds(300)});
        if (!ran)
            return std::move(ran).error();
        auto json = verifier.read(report);
        if (!json && json.error().code != ErrorCode::NotFound && json.error().code != ErrorCode::Limit)
            return std::move(json).error();
        auto found = json ? readBandit(*json) : Result<std::vector<ScanHit>>(json.error());
        if (!found) {
            scan = Verdict::of(*ran, argv, "The security scan");
            scan.status = CheckStatus::Failed;
            if (scan.reason.empty())
                scan.reason = "The security scan left no report that can be read.";
            return {};
        }
        hits.insert(hits.end(), found->begin(), found->end());
        scan.argv = argv;
        scan.output = cleanText(*json);
        return {};
    }

    CheckContext& m_context;
    const Folder& m_repo;
    const std::map<std::string, std::string>& m_before;
    TestEvidence& m_evidence;
    bool m_green = false;
};

} // namespace

Result<std::vector<Check>> checkTesting(CheckContext& context, const std::map<std::string, std::string>& before, TestEvidence& evidence)
{
    auto repo = context.workspace.folder("repo");
    if (!repo)
        return std::move(repo).error().during("open the project");
    TestingChecks on(context, *repo, before, evidence);
    using enum CheckList::Level;
    std::vector<CheckList::Step> steps{
        {"testing.only-tests", Must, [&] { return on.onlyTests(); }},
        {"testing.tests-pass", Must, [&] { return on.pass(); }},
        {"testing.tests-shuffled", Must, [&] { return on.passInOtherOrder(); }},
        {"testing.order", Should, [&] { return on.shuffled(); }},
        {"testing.covers", Must, [&] { return on.covers(); }},
        {"testing.ids", Should, [&] { return on.claimsExist(); }},
        {"testing.failures", Should, [&] { return on.failuresReported(); }},
        {"testing.coverage", Must, [&] { return on.coverage(); }},
        {"testing.not-hollow", Must, [&] { return on.notHollow(); }},
        {"testing.mutants", Should, []() -> Result<Verdict> { return Verdict::notChecked("Planting small faults into the code is not done."); }},
        {"testing.security", Must, [&] { return on.security(); }},
        {"testing.findings", Should, [&] { return on.findingsAreTrue(); }},
    };
    if (context.pipeline.mustProven)
        steps.push_back({"testing.must-proven", Must, [&] { return on.mustsProven(); }});
    return CheckList(context).runAll(steps);
}

} // namespace aap
