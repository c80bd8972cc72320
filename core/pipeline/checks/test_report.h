#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/agent/tools/test_output.h"
#include "core/pipeline/check_context.h"

namespace aap {

/// The cases of a JUnit file as pytest writes it (family xunit1), with pytest's own ids. Protocol: it is no such file.
Result<std::vector<TestEvidence::Case>> readJunit(std::string_view xml);

/// The cases in what other frameworks print when they are asked to be verbose. Empty for formats that name no passed tests.
std::vector<TestEvidence::Case> readTestLines(std::string_view output, TestFormat format);

/// For frameworks that write none themselves.
std::string junitOf(const TestEvidence& evidence);

/// Per cent of lines that ran, by a Cobertura file (coverage.py), tests left out; nothing when it holds no line.
std::optional<double> coverageOf(std::string_view cobertura);

/// "tests/test_a.py:12" for what a failure's text points at inside the project, outermost first, at most 20.
std::vector<std::string> framesIn(std::string_view text);

/// Whether an id somebody wrote means a test that ran: the same, the same without its [parameter], in unittest's dotted words, or
/// the last parts of it.
bool isSameTest(std::string_view claimed, std::string_view actual);

} // namespace aap
