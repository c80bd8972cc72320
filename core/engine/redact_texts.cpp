#include "core/engine/redact_texts.h"

namespace aap {

void redactTexts(Json& json, const Redactor& redactor)
{
    if (json.is_string())
        json = redactor(json.get_ref<const std::string&>());
    else if (json.is_structured())
        for (auto& member : json)
            redactTexts(member, redactor);
}

} // namespace aap
