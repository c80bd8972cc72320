#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/redact.h"

namespace {

constexpr std::string_view kOwnSecret = "correct-horse-battery-9";

/// What is shown of a text that comes in such pieces.
std::string shown(std::string_view bytes, std::size_t piece)
{
    aap::StreamRedactor redact{aap::Redactor({std::string(kOwnSecret)})};
    std::string text;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        text += redact.feed(bytes.substr(0, piece));
    return text + redact.finish();
}

} // namespace

/// Output of agents' commands: our own secret is never shown, however it is cut and whatever stands around it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string bytes(reinterpret_cast<const char*>(data), size);
    if (size > 2)
        bytes.insert(bytes.size() / 2, kOwnSecret);
    const aap::Redactor redact({std::string(kOwnSecret)});
    const auto whole = redact(bytes);
    if (whole.find(kOwnSecret) != std::string::npos || redact(whole).find(kOwnSecret) != std::string::npos)
        std::abort();
    for (const std::size_t piece : {1U, 7U, 64U})
        if (shown(bytes, piece).find(kOwnSecret) != std::string::npos)
            std::abort();
    return 0;
}
