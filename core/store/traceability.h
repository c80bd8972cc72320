#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/domain/stage.h"

namespace aap {

/// What the program itself saw of the tests: JUnit XML, by test.
class TestResults {
public:
    enum class Outcome { Unknown, Passed, Skipped, Failed };

    TestResults() = default;
    /// What cannot be read is left out; no entities, nothing is fetched.
    explicit TestResults(std::string_view junitXml);
    /// Of "tests/test_api.py::TestLogin::test_ok" or "tests.test_api.TestLogin.test_ok"; a parametrised test is as bad as its worst case.
    Outcome of(const std::string& testId) const;
    bool isEmpty() const { return m_outcomes.empty(); }
    std::size_t count(Outcome outcome) const;

private:
    std::map<std::string, Outcome> m_outcomes{};
};

/// One requirement with what was made of it.
struct TraceRow {
    struct Test {
        std::string id{};
        TestResults::Outcome outcome{};
    };
    std::string requirement{}; ///< "R3"
    std::string priority{};
    std::string text{};
    std::vector<std::string> where{}; ///< "src/api.py:12"
    std::vector<Test> tests{};
    std::string remark{};  ///< why it is not done or not testable
    std::string verdict{}; ///< "tested" | "failing" | "not proven" | "not testable" | "not done" | "no test"
};
std::vector<TraceRow> traceRequirements(const Json& requirements, const std::map<StageId, Json>& documents, const TestResults& results);

std::string_view word(TestResults::Outcome outcome); ///< "passed", …; "not seen" for Unknown
std::string traceabilityCsv(const std::vector<TraceRow>& rows);

} // namespace aap
