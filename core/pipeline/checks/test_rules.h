#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/beneath.h"
#include "core/pipeline/check_context.h"

namespace aap {

// What can be said of a test report once the tests have run. Each returns what is wrong, one clause each.

/// Ids that failed.
std::vector<std::string> failedTests(const TestEvidence& evidence);
/// Must requirements without a test that exists and ran. Where the framework names no passed tests, `tests` are searched for the names.
std::vector<std::string> uncovered(const Json& report, const Json& requirements, const TestEvidence& evidence, const Folder& repo);
/// Claimed tests that do not exist, and ids of no requirement.
std::vector<std::string> inventedTests(const Json& report, const Json& requirements, const TestEvidence& evidence, const Folder& repo);
/// Must requirements whose tests all pass although no function of the project works.
std::vector<std::string> hollow(const Json& report, const Json& requirements, const TestEvidence& evidence, const TestEvidence& onStub);

/// Requirements that are a must and have no test that passed, or one that failed; what is said to be untestable is not excused.
std::vector<std::string> unproven(const Json& report, const Json& requirements, const TestEvidence& evidence);

/// Failing tests that `failures` does not name.
std::vector<std::string> unreported(const TestEvidence& evidence, const Json& report);

/// A place a scanner does not like.
struct ScanHit {
    std::string file{};
    std::size_t line = 0;
    std::string severity{}; ///< "high", "medium", "low"; "info": listed, and nothing is wrong
    std::string what{};
};
/// Hits of bandit's JSON, tests left out. Protocol: it is none.
Result<std::vector<ScanHit>> readBandit(std::string_view json);
/// Our own few rules for what bandit does not read.
std::vector<ScanHit> ownScan(const Folder& repo);
/// Hits from `threshold` ("high", "medium", "low") on that no finding of the report (same file, at most 3 lines away) explains.
std::vector<std::string> unexplained(const std::vector<ScanHit>& hits, const Json& report, std::string_view threshold);

} // namespace aap
