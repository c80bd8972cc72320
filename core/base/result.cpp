#include "core/base/result.h"

namespace aap {

Error Error::during(std::string activity) &&
{
    doing.push_back(std::move(activity));
    return std::move(*this);
}

Error Error::advise(std::string sentence) &&
{
    if (remedy.empty())
        remedy = std::move(sentence);
    return std::move(*this);
}

std::string Error::text() const
{
    std::string line;
    for (auto activity = doing.rbegin(); activity != doing.rend(); ++activity)
        line += *activity + ": ";
    return line + detail;
}

} // namespace aap
