#include "core/store/run_recording.h"

#include <fmt/format.h>

#include "core/agent/dialogue_texts.h"
#include "core/llm/bounded_json.h"
#include "core/store/run_facts.h"

namespace aap {
namespace {

/// The agent began a conversation anew, with its own summary.
bool followsSummary(const UserTurn& turn)
{
    return !turn.content.empty() && stringIn(turn.content.front(), "text").find(dialogue_text::summaryOpening) != std::string::npos;
}

} // namespace

Result<Recording> recordingFromEvents(const std::string& runId, const std::vector<RunEvent>& events)
{
    Recording recording{.label = "replies recorded from run " + runId, .source = runId};
    bool begins = true;
    for (const auto& event : events) {
        if (const auto* run = std::get_if<RunStarted>(&event.payload)) {
            recording.title = run->title;
            recording.requirements = run->requirements;
            recording.repository = run->repository;
            recording.attachments = run->attachments;
            recording.pipeline = run->pipeline;
            if (run->settings.is_object())
                recording.settings = run->settings;
        } else if (const auto* stage = std::get_if<StageStarted>(&event.payload)) {
            begins = begins || !stage->resumed;
            if (recording.imageId.empty())
                recording.imageId = stage->imageId;
        } else if (const auto* user = std::get_if<UserTurn>(&event.payload)) {
            begins = begins || followsSummary(*user);
        } else if (const auto* turn = std::get_if<TurnFinished>(&event.payload); turn && event.stage && turn->stopReason != kLostTurn) {
            recording.turns.push_back({.stage = std::string(slug(*event.stage)),
                                       .content = turn->content,
                                       .stopReason = turn->stopReason,
                                       .usage = turn->usage,
                                       .model = turn->model,
                                       .beginsVisit = std::exchange(begins, false)});
        }
    }
    if (recording.turns.empty())
        return Error{ErrorCode::NotFound, fmt::format("run {} has no reply of a model that could be replayed", runId), {},
                     "Choose a run that got further, or start it anew."};
    return recording;
}

Result<Recording> comparableRecording(const std::string& runId, const std::vector<RunEvent>& events)
{
    auto recording = recordingFromEvents(runId, events);
    if (!recording)
        return recording;
    const auto* started = std::get_if<RunStarted>(&events.front().payload);
    recording->expected = toJson(factsOf(events, started ? std::filesystem::path(started->output) / "snapshots.git" : std::filesystem::path()));
    return recording;
}

} // namespace aap
