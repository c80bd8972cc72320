#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/agent/tools/test_output.h"

namespace aap {

/// What there is to see of a project; paths relative to its root.
struct ProjectView {
    std::function<bool(const std::string& path)> exists{};
    std::function<std::string(const std::string& path)> text{};                       ///< empty when it cannot be read
    std::function<std::vector<std::string>(const std::string& folder)> names{}; ///< "" for the root; folders end with '/'
};

enum class ProjectTask { Test, Build, Lint, Coverage, Benchmark };

/// One way to do it.
struct ProjectCommand {
    std::vector<std::string> argv{};
    std::string because{};                       ///< the manifest that says so: "pyproject.toml"
    std::string module{};                        ///< a Python module that must be there too
    TestFormat format = TestFormat::Unknown;
    std::string program{};                       ///< another program that must be there too
};

/// How this project is tested, built, checked: of the first manifest that knows the task its ways, best first. Empty: nobody knows.
std::vector<ProjectCommand> projectCommands(const ProjectView& project, ProjectTask task);

/// What narrows a test run.
struct TestSelection {
    std::string path{};    ///< a file or folder, relative; already checked
    std::string pattern{}; ///< names of tests, as the framework understands patterns
    bool verbose = false;
};
/// The command with the selection in the framework's own words. `left` gets what the framework cannot narrow.
std::vector<std::string> withSelection(const ProjectCommand& command, const TestSelection& selection, std::string& left);

} // namespace aap
