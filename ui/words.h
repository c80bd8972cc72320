#pragma once

#include <string_view>

#include <QString>

namespace aap {

/// One of core's own words, such as the title of a stage or a state, in the user's language.
QString word(std::string_view english);

} // namespace aap
