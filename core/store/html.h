#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aap {

/// Foreign text for an HTML page, in content or in a quoted attribute: markup escaped, invalid UTF-8 and control characters
/// replaced, marks that turn the writing direction taken out.
std::string htmlEscaped(std::string_view text);

/// A table whose cells are HTML already; nothing at all when it has no rows.
std::string htmlTable(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows);

/// "<section><h2>title</h2>body</section>"; nothing when the body is empty. The title is plain text.
std::string htmlSection(std::string_view title, const std::string& body);

} // namespace aap
