#pragma once

#include <string>

namespace aap {

/// A configuration file that says for every key what it is, with the defaults: what `agent-pipeline init` writes. It reads back.
std::string initTemplate();
/// The same as a Markdown table with variables and flags: docs/configuration.md.
std::string settingsReference();

} // namespace aap
