#pragma once

#include <optional>

#include "core/config/app_config.h"
#include "core/llm/model_source.h"

namespace aap {

/// How the configured provider is reached. Invalid when a header line of the settings is none.
Result<ApiModelSettings> modelSettings(const AppConfig& config, const Prices& prices, const Limits& runLimits);

/// Why no call can be made: Anthropic's own address wants a key. Servers of one's own may do without.
std::optional<Error> missingKey(const AppConfig& config);

} // namespace aap
