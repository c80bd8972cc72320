#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/domain/run_state.h"
#include "core/llm/bounded_json.h"

namespace {

std::string lineOf(const aap::RunEvent& event)
{
    return aap::toJson(event).dump(-1, ' ', false, aap::Json::error_handler_t::replace);
}

[[noreturn]] void fail(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::abort();
}

} // namespace

/// Lines of a journal that somebody changed, or that came in a bundle: each is an event that is written as it was read, or none; and
/// whatever events there are in whatever order, they fold into a state.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    aap::RunState state;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto event = aap::parseRunEvent(aap::parseBounded(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!event) {
            if (event.error().detail.empty())
                fail("a line is refused without a reason");
            continue;
        }
        const auto line = lineOf(*event);
        const auto again = aap::parseRunEvent(aap::parseBounded(line));
        if (!again || lineOf(*again) != line)
            fail("what was read is not what is written: " + line);
        aap::apply(state, *event);
    }
    (void)aap::pipelineStateJson(state).dump(-1, ' ', false, aap::Json::error_handler_t::replace);
    return 0;
}
