#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sandbox/docker/exec_stream.h"
#include "sandbox/docker/output_record.h"

namespace {

std::string read(std::string_view bytes, std::size_t piece)
{
    aap::ExecStream stream;
    aap::OutputRecord record;
    std::string end;
    for (; !bytes.empty() && end.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
        const auto fed = stream.feed(bytes.substr(0, piece), [&](aap::ExecStream::Source source, std::string_view text) { record.add(source, text); });
        if (!fed)
            end = fed.error().text();
    }
    aap::CommandResult result;
    std::move(record).moveInto(result);
    if (result.totalBytes != result.output.size() + result.omittedBytes || result.standardOutput.size() > result.totalBytes)
        std::abort();
    return result.output + "|" + result.standardOutput + "|" + end + (stream.isBetweenFrames() ? "" : "?");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (read(bytes, size + 1) != read(bytes, 1))
        std::abort(); // how the network cuts the bytes must not matter
    return 0;
}
