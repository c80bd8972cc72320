#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sandbox/porter/porter_talk.h"

namespace {

/// What a command is said to have done, whatever way the bytes were cut.
std::string read(std::string_view bytes, std::size_t piece)
{
    constexpr aap::Milliseconds kElapsed{1000};
    aap::PorterTalk talk(1);
    std::string heard;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
        const auto fed = talk.feed(bytes.substr(0, piece), kElapsed, [&](aap::ExecStream::Source source, std::string_view text) {
            heard += source == aap::ExecStream::Source::Output ? "o" : "e";
            heard += text;
            if (!talk.hasBegun() || talk.isOver())
                std::abort(); // output of a command that does not run
        });
        if (!fed)
            return heard + "!" + fed.error().text();
    }
    if (talk.end() && (talk.wasRefused() || !talk.hasBegun() || talk.end()->exitCode < 0 || talk.end()->exitCode > 255))
        std::abort();
    return heard + (talk.hasBegun() ? "b" : "") + (talk.wasRefused() ? "n" : "") + (talk.end() ? "x" + std::to_string(talk.end()->exitCode) : "");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (read(bytes, size + 1) != read(bytes, 1))
        std::abort(); // how the network cuts the bytes must not matter
    return 0;
}
