#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/agent/tools/test_output.h"

namespace aap {

/// Whose command it is, by its words; Unknown for scripts and makefiles.
TestFormat formatOf(const std::vector<std::string>& argv);

/// How a test command is asked for more than an exit code.
struct TestWish {
    std::vector<std::string> only{}; ///< ids; empty: all
    bool shuffled = false;
    bool coverage = false;
    std::string results{}; ///< folder for junit.xml and coverage.xml
};
inline constexpr const char* kOrderModule = "aap_order"; ///< the pytest plugin that shuffles; must be importable when `shuffled`

/// The command with the wish in the framework's own words; what a framework cannot do is left out. `exists`: whether a word is a
/// path of the project, which has to give way to ids.
std::vector<std::string> withWish(std::vector<std::string> argv, const TestWish& wish, const std::function<bool(const std::string&)>& exists);

/// The source of the plugin: the same order for the same seed.
std::string orderPlugin(unsigned seed);
/// A Python program that replaces the body of every function of the project with an exception, tests aside.
std::string stubProgram();

} // namespace aap
