#pragma once

#include <string>
#include <vector>

#include "core/pipeline/check_context.h"

namespace aap {

/// Who has to act when a hand-in of Testing did not pass its checks.
struct TestBlame {
    enum class Kind {
        Testing,     ///< the tests or the report are at fault: back to Testing
        Code,        ///< failing tests, blamed on the code, and nothing else is wrong: Coding repairs
        Environment, ///< something is missing in the sandbox
        Redesign,    ///< the design cannot fulfil a requirement
    };
    Kind kind = Kind::Testing;
    std::string reason{}; ///< a sentence; empty when the checks say it all
};

/// Decides from what the program saw (`evidence`, `checks`) and from the report's `failures`. A test that the report blames on
/// nobody goes back to Testing; one blamed on a requirement counts as the code's, because the test's reading is the assumption.
TestBlame blameFor(const TestEvidence& evidence, const Json& report, const std::vector<Check>& checks);

/// The failing tests by id.
std::vector<std::string> failingTests(const TestEvidence& evidence);

/// The report as it stands once the program has seen all tests pass: accepted, nothing failing.
Json acceptedReport(Json report);

} // namespace aap
