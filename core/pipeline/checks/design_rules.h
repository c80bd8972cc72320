#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/json.h"

namespace aap {

// What can be said of a design without running anything. Each returns what is wrong, one clause each; empty: all is well.

/// Must requirements that no component has, and ids that no requirement has.
std::vector<std::string> requirementProblems(const Json& design, const Json& requirements);
/// Names used twice, dependencies on what is no component, cycles ("a → b → a").
std::vector<std::string> componentProblems(const Json& design);
/// Paths used twice (also in other spellings) or leaving the project; entry points that neither the list nor the project has.
std::vector<std::string> filePlanProblems(const Json& design, const Folder& repo);
/// Interfaces, decisions and the overview that are not there.
std::vector<std::string> documentProblems(const Json& design, const Folder& repo);
/// JSON and YAML files below docs/ and interface files that do not parse; HTTP interfaces that are no OpenAPI document.
std::vector<std::string> formatProblems(const Json& design, const Folder& repo);
/// Mermaid blocks of a Markdown text: unknown kind of diagram, brackets or subgraphs that do not close.
std::vector<std::string> mermaidProblems(std::string_view markdown);

/// Why a text is no JSON (".json") or YAML (".yaml", ".yml"); nothing for other names.
std::optional<std::string> whyUnreadable(std::string_view path, std::string_view text);
/// Why a text that parses is no OpenAPI document.
std::optional<std::string> whyNoOpenApi(std::string_view path, std::string_view text);

} // namespace aap
