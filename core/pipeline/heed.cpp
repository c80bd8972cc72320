#include "core/pipeline/heed.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/engine/steering.h"

namespace aap {
namespace {

class Heeding {
public:
    Heeding(RunContext& run, std::optional<StageId> running) : m_run(run), m_running(running) {}

    Result<void> standStill(Sandbox* room);
    Result<void> fulfil(Steering::Wish wish);
    Heeded heeded{};

private:
    Result<void> fulfil(std::optional<StageId> stage, SteeringMessage message);
    Result<void> fulfil(std::optional<StageId> stage, LimitRaised raised);
    Result<void> fulfil(std::optional<StageId> stage, SkipAsked skip);
    Result<void> fulfil(std::optional<StageId> stage, StageSentBack sent);
    template <typename Other>
    Result<void> fulfil(std::optional<StageId> /*stage*/, Other /*other*/)
    {
        return warn("a wish was none that a run can fulfil");
    }
    Result<void> warn(std::string text) { return m_run.recorder.record(m_running, Warned{std::move(text)}); }
    bool isBefore(StageId stage, StageId other) const;

    RunContext& m_run;
    const std::optional<StageId> m_running;
};

Result<void> Heeding::standStill(Sandbox* room)
{
    auto& steering = *m_run.services.steering;
    const auto reason = steering.pausedFor();
    if (reason.empty())
        return {};
    if (auto paused = m_run.recorder.record(m_running, RunPaused{reason}); !paused)
        return paused;
    const Stopwatch watch;
    Result<void> frozen = room == nullptr ? Result<void>() : room->freeze(m_run.stop);
    steering.waitUntilGoesOn(m_run.stop);
    if (room != nullptr)
        if (auto thawed = room->thaw(); frozen) // half frozen is thawed too
            frozen = std::move(thawed);
    m_run.services.models.pardon(watch.elapsed());
    if (m_run.stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while it was paused"};
    if (!frozen) // commands that still ran in there went on, no more
        if (auto warned = warn("the sandbox could not be paused: " + frozen.error().text()); !warned)
            return warned;
    return m_run.recorder.record(m_running, RunResumed{});
}

Result<void> Heeding::fulfil(Steering::Wish wish)
{
    return std::visit([&](auto payload) { return fulfil(wish.stage, std::move(payload)); }, std::move(wish.payload));
}

Result<void> Heeding::fulfil(std::optional<StageId> /*stage*/, SteeringMessage message)
{
    if (m_running)
        heeded.messages.push_back(std::move(message.text));
    else
        m_run.services.steering->say(std::move(message.text)); // kept for the next agent
    return {};
}

Result<void> Heeding::fulfil(std::optional<StageId> stage, LimitRaised raised)
{
    constexpr std::array<std::string_view, 5> kLimits{"usd", "tokens", "calls", "minutes", "turns"};
    if (std::ranges::find(kLimits, raised.limit) == kLimits.end() || !(raised.to > 0) || raised.to > 1e12)
        return warn("a limit cannot be raised so: name usd, tokens, calls, minutes or turns, and a number above 0");
    if (raised.limit == "turns" && raised.to > 200)
        raised.to = 200; // as max_iterations has it
    if (auto recorded = m_run.recorder.record(stage, raised); !recorded)
        return recorded;
    m_run.services.models.raise(stage, raised);
    if (raised.limit == "turns" && m_running && (!stage || stage == m_running))
        heeded.turns = int(raised.to);
    return {};
}

Result<void> Heeding::fulfil(std::optional<StageId> stage, SkipAsked skip)
{
    if (!stage || m_run.request.pipeline.stage(*stage) == nullptr)
        return warn("no stage of this run can be skipped so");
    const auto* state = m_run.recorder.state().stage(*stage);
    if (state != nullptr && (state->status == StageStatus::Passed || state->status == StageStatus::Waived))
        return warn(fmt::format("{} has passed already and cannot be skipped", title(*stage)));
    if (auto recorded = m_run.recorder.record(stage, std::move(skip)); !recorded)
        return recorded;
    const bool isItsRepair = m_running == StageId::Coding && stage == StageId::Testing && m_run.recorder.state().repairRound > 0;
    heeded.leaves = heeded.leaves || stage == m_running || isItsRepair;
    return {};
}

Result<void> Heeding::fulfil(std::optional<StageId> stage, StageSentBack sent)
{
    if (stage && stage == m_running) {
        heeded.messages.push_back(std::move(sent.comment));
        return {};
    }
    const auto* state = stage ? m_run.recorder.state().stage(*stage) : nullptr;
    if (state == nullptr || !state->startedAt || (m_running && !isBefore(*stage, *m_running)))
        return warn("only a stage that has begun can be sent back");
    if (auto recorded = m_run.recorder.record(stage, std::move(sent)); !recorded)
        return recorded;
    heeded.leaves = heeded.leaves || m_running.has_value();
    return {};
}

bool Heeding::isBefore(StageId stage, StageId other) const
{
    for (const auto& spec : m_run.request.pipeline.stages)
        if (spec.id == stage || spec.id == other)
            return spec.id == stage && stage != other;
    return false;
}

} // namespace

Result<Heeded> heed(RunContext& run, std::optional<StageId> running, Sandbox* room)
{
    Heeding heeding(run, running);
    if (run.services.steering == nullptr)
        return heeding.heeded;
    if (auto stood = heeding.standStill(room); !stood)
        return std::move(stood).error();
    for (auto& wish : run.services.steering->take())
        if (auto done = heeding.fulfil(std::move(wish)); !done)
            return std::move(done).error();
    return std::move(heeding.heeded);
}

} // namespace aap
