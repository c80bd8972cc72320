#include "core/pipeline/test_blame.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace aap {
namespace {

/// A report may name a parametrized test as a whole.
bool covers(const std::string& named, const std::string& id)
{
    return id == named || (id.starts_with(named) && id.size() > named.size() && id[named.size()] == '[');
}

std::string blameOf(const Json& report, const std::string& id)
{
    for (const auto& failure : report.value("failures", Json::array()))
        if (covers(failure.at("test").get<std::string>(), id))
            return failure.at("blame").get<std::string>();
    return {};
}

/// Checks that cannot pass while a test fails say nothing of their own.
bool followsFromFailingTests(const Check& check)
{
    return check.id == "testing.tests-pass" || check.id == "testing.tests-shuffled";
}

} // namespace

std::vector<std::string> failingTests(const TestEvidence& evidence)
{
    std::vector<std::string> failing;
    for (const auto& test : evidence.cases)
        if (!test.passed && !test.skipped)
            failing.push_back(test.id);
    return failing;
}

TestBlame blameFor(const TestEvidence& evidence, const Json& report, const std::vector<Check>& checks)
{
    if (report.value("verdict", "") == "redesign")
        return {TestBlame::Kind::Redesign, "Testing holds that the design cannot fulfil a requirement"};
    const auto failing = failingTests(evidence);
    const bool somethingElse =
        std::ranges::any_of(checks, [](const Check& check) { return check.must && check.status == CheckStatus::Failed && !followsFromFailingTests(check); });
    if (failing.empty() || somethingElse)
        return {};
    std::vector<std::string> unblamed;
    std::vector<std::string> own;
    std::vector<std::string> environment;
    for (const auto& id : failing) {
        const auto blame = blameOf(report, id);
        if (blame.empty())
            unblamed.push_back(id);
        else if (blame == "test")
            own.push_back(id);
        else if (blame == "environment")
            environment.push_back(id);
    }
    if (!unblamed.empty())
        return {TestBlame::Kind::Testing, fmt::format("These tests fail and have no entry in `failures`: {}.", fmt::join(unblamed, ", "))};
    if (!own.empty())
        return {TestBlame::Kind::Testing, fmt::format("You blame these tests themselves; repair them before you submit: {}.", fmt::join(own, ", "))};
    if (!environment.empty())
        return {TestBlame::Kind::Environment, fmt::format("{} test(s) fail because something is missing in the sandbox: {}", environment.size(), fmt::join(environment, ", "))};
    return {TestBlame::Kind::Code, fmt::format("{} test(s) fail because of the code", failing.size())};
}

Json acceptedReport(Json report)
{
    report["verdict"] = "accept";
    report["failures"] = Json::array();
    return report;
}

} // namespace aap
