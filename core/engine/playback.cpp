#include "core/engine/playback.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/pause.h"

namespace aap {
namespace {

/// What an agent says appears as it did: before the event that holds it.
void say(const RunEvent& event, RunObserver& observer)
{
    const auto* turn = std::get_if<TurnFinished>(&event.payload);
    if (turn == nullptr)
        return;
    for (const auto& block : turn->content)
        if (block.value("type", "") == "text")
            observer.live({.kind = LiveEvent::Kind::Text, .stage = event.stage, .callId = {}, .text = block.value("text", "")});
}

} // namespace

Result<RunState> playBack(const std::string& runId, const std::vector<RunEvent>& events, const PlaybackOptions& options, RunObserver& observer,
                          const std::stop_token& stop)
{
    RunState state;
    state.id = runId;
    std::optional<TimePoint> last;
    for (auto event : events) {
        const auto gap = last ? std::min(event.at - *last, options.longestGap) : Milliseconds(0);
        last = event.at;
        const auto speed = options.speedNow ? options.speedNow->load() : options.speed;
        if (gap.count() > 0 && !pause(Milliseconds(std::int64_t(double(gap.count()) / speed)), stop))
            return Error{ErrorCode::Stopped, "the playback was stopped"};
        if (auto* started = std::get_if<RunStarted>(&event.payload)) {
            started->recordingLabel = options.label;
            started->output.clear(); // nothing of it is on this machine
            started->workspace.clear();
        }
        say(event, observer);
        event.at = now();
        apply(state, event);
        observer.happened(event, state);
    }
    return state;
}

Result<std::vector<RunEvent>> parseEventLines(std::string_view text)
{
    std::vector<RunEvent> events;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            continue;
        const auto json = Json::parse(line, nullptr, false);
        if (json.is_discarded())
            return Error{ErrorCode::Protocol, fmt::format("line {} is no JSON", number)};
        auto event = parseRunEvent(json);
        if (!event)
            return std::move(event).error().during(fmt::format("line {}", number));
        events.push_back(*std::move(event));
    }
    return events;
}

} // namespace aap
