#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aap {

/// Whose words a test program's output is in.
enum class TestFormat { Unknown, Pytest, Unittest, Ctest, Node, Jest, Go, Cargo, Bats };

/// What a run of tests says about itself.
struct TestSummary {
    bool recognised = false; ///< false: no totals were found, the figures mean nothing
    int passed = 0;
    int failed = 0; ///< errors included
    int skipped = 0;
    std::vector<std::pair<std::string, std::string>> failures{}; ///< name and first line of the message
};

/// Reads cleaned output. Unknown tries all formats.
TestSummary summariseTests(std::string_view output, TestFormat format);
/// "12 passed, 1 failed, 2 skipped" and one line for each of at most 20 failures.
std::string describe(const TestSummary& summary);

/// A line of a coverage table.
struct FileCoverage {
    std::string file{};
    double percent = 0;
};
struct Coverage {
    bool recognised = false;
    double totalPercent = 0;
    std::vector<FileCoverage> files{};
};
/// Understands the tables of coverage.py, gcovr, Istanbul (jest, c8, node) and `go test -cover`.
Coverage readCoverage(std::string_view output);
/// The total and the 20 worst files.
std::string describe(Coverage coverage);

} // namespace aap
