#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/config/settings.h"

namespace aap {

/// The text of a configuration file with one setting changed, or, without a value, taken out; everything else stays, in its order.
/// An empty text is a file that was not there. Invalid: the value breaks the setting's rule, or the text is no such file.
Result<std::string> withSetting(std::string_view text, const Setting& setting, const std::optional<Json>& value);

/// The file that holds, or `config.json` in the folder of configurations when there is none that could be read.
std::filesystem::path editedConfigFile(const ConfigSources& sources);

/// Does that with the file that holds, or with `config.json` in the folder of configurations when there is none; atomically, and as
/// closed to others as it was. Returns what was there before: nothing when the file is new. For worker threads.
struct EditedConfig {
    std::filesystem::path file{};
    std::optional<std::string> before{};
};
Result<EditedConfig> editConfig(const ConfigSources& sources, const Setting& setting, const std::optional<Json>& value);
/// Puts back what was there before.
Result<void> undoEdit(const EditedConfig& edited);

} // namespace aap
