#pragma once

#include <string>
#include <vector>

#include "tests/support/messages_api_script.h"

namespace aap {

/// One case of tests/data/anthropic-exchanges; its README says what the members mean.
struct GoldenExchange {
    std::string name{};
    std::string api{};    ///< "anthropic" or "openai"
    std::string method{};
    std::string path{};
    Json request{};
    Json expected{};
    Step answer{};
    std::vector<std::size_t> splits{};
};

/// Throws when the folder (AAP_TEST_DATA) is incomplete.
std::vector<GoldenExchange> goldenExchanges(const std::string& folder = AAP_TEST_DATA "/anthropic-exchanges");
/// The one whose name begins so: "02", "o3".
GoldenExchange goldenExchange(const std::string& name);

} // namespace aap
