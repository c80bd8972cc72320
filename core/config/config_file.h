#pragma once

#include <optional>

#include "core/base/json_document.h"
#include "core/config/app_config.h"

namespace aap {

/// A configuration file whose every key is known and whose every value is allowed.
struct ConfigFile {
    std::filesystem::path path{};
    JsonDocument document{};
    bool wasNamed = false; ///< by --config; else it was found, and whoever wrote it is not known

    /// The value of a setting, or null.
    const Json* value(const std::string& key) const;
    /// "./config.json, line 3"
    std::string place(const std::string& key) const;
};

/// The file that holds, or nothing when there is none. A file that others can read is Unauthorized when a secret is in it, as is
/// one found rather than named that belongs to somebody else.
Result<std::optional<ConfigFile>> readConfigFile(const ConfigSources& sources);

} // namespace aap
