#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aap {

/// A line of somebody's file and what is wrong with it, a sentence its author can act upon.
struct LintFinding {
    std::size_t line = 0; ///< from 1; 0: the file as a whole
    std::string text{};
};
/// "line 3: …", one finding a line.
std::string findingsText(const std::vector<LintFinding>& findings);

/// One instruction of a Dockerfile, its continued lines joined and comments left out.
struct DockerfileInstruction {
    std::size_t line = 0;             ///< where it begins, from 1
    std::string keyword{};            ///< upper case: "FROM"
    std::vector<std::string> flags{}; ///< "--from=build", in order
    std::string arguments{};          ///< the rest, trimmed
};

/// What was read and what cannot be: parser directives (`# syntax=`, `# escape=`) and heredocs are findings, because the
/// engine's own builder does not know them.
struct DockerfileReading {
    std::vector<DockerfileInstruction> instructions{};
    std::vector<LintFinding> findings{};
};
/// Pure; takes any bytes.
DockerfileReading readDockerfile(std::string_view text);

/// An image without tag and digest means ":latest".
std::string withTag(const std::string& image);

/// Words of an argument, quotes and backslashes as Dockerfiles know them.
std::vector<std::string> dockerfileWords(std::string_view text);

/// Whether a setting holds a secret itself: its name says secret and its value is literal, neither empty, a number, a
/// placeholder, a path nor a variable.
bool holdsLiteralSecret(std::string_view name, std::string_view value);

} // namespace aap
