#pragma once

#include <string>
#include <vector>

#include "core/pipeline/check_context.h"

namespace aap {

/// How the project's tests are run, each time in a fresh verifier.
struct TestRun {
    std::string name{};              ///< of the log: "testing.run"
    std::vector<std::string> only{}; ///< ids; empty: all
    bool shuffled = false;
    bool coverage = false;           ///< measure it, where there is a way
    bool stubbed = false;            ///< every function of the project (Python alone) raises instead of working
    bool reports = false;            ///< save reports/junit.xml and reports/coverage.xml
    Milliseconds timeout = std::chrono::seconds(600);
};

/// Invalid: nobody knows how the project is tested. NotFound with `stubbed`: there is nothing to stub.
Result<TestEvidence> runTests(CheckContext& context, const TestRun& run);

/// The case that stands for a run which failed without naming a test: a time-out, an error before the first test.
inline constexpr const char* kWholeRun = "(test run)";

} // namespace aap
