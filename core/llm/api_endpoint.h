#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// The checked address of an API: "https://api.anthropic.com", "http://127.0.0.1:11434/v1/".
class ApiEndpoint {
public:
    /// http or https with a host; a trailing slash or /v1 is dropped. Anthropic's own host takes https only.
    static Result<ApiEndpoint> parse(std::string_view baseUrl);

    /// `path` begins with /v1/.
    std::string url(std::string_view path) const { return m_base + std::string(path); }
    bool isAnthropic() const { return m_isAnthropic; }

private:
    std::string m_base{};
    bool m_isAnthropic = false;
};

} // namespace aap
