#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sandbox/docker/http_reader.h"

namespace {

/// What came out of the reader, whatever way the bytes were cut.
std::string read(std::string_view bytes, std::size_t piece, bool bodyless)
{
    aap::HttpReader reader(bodyless);
    std::string body;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
        const auto fed = reader.feed(bytes.substr(0, piece), [&](std::string_view text) { body += text; });
        if (!fed)
            return "error " + fed.error().text();
    }
    const auto closed = reader.close();
    return (closed ? std::to_string(reader.head().status) : closed.error().text()) + " " + body;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const bool bodyless : {false, true})
        if (read(bytes, size + 1, bodyless) != read(bytes, 1, bodyless))
            std::abort(); // how the network cuts the bytes must not matter
    return 0;
}
