#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <spdlog/logger.h>

#include "core/base/redact.h"
#include "core/base/result.h"

namespace aap {

struct LogSettings {
    std::filesystem::path file{};
    std::string level = "info"; ///< trace | debug | info | warn | error | off
    bool onStandardError = false; ///< as well, for people: --verbose
};

/// Loggers write from now on to the file, one JSON object a line: {"at", "level", "area", "message"}, and to nothing else unless
/// asked. Whatever `redact` finds never gets there. Messages of Qt are taken in. Makes the file's folder, for its owner only,
/// when it is missing. Call it once, before other threads start; Io when the file cannot be written.
Result<void> startLogging(const LogSettings& settings, Redactor redact);
/// Loggers fall silent and Qt's messages go where they went before.
void stopLogging();

/// The logger of an area: "engine", "llm", "docker", "ui". Silent unless logging was started. Any thread.
std::shared_ptr<spdlog::logger> log(const std::string& area);

} // namespace aap
