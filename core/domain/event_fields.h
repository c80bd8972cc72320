#pragma once

#include "core/domain/run_event.h"

namespace aap {

/// A member that older journals lack: left out when it is empty, and empty when it is not there.
struct LaterMember {
    const char* name;
};

/// The members of every payload with their names in JSON, in one place: writing and reading walk the same list.
/// `Fields` is called with (name, member) for each; `name` is a text or a LaterMember.
template <typename Fields, typename P>
void eachField(Fields&& f, P& p)
{
    using T = std::remove_const_t<P>;
    if constexpr (std::is_same_v<T, PlanItem>) {
        f("text", p.text);
        f("status", p.status);
    } else if constexpr (std::is_same_v<T, Usage>) {
        f("input_tokens", p.inputTokens);
        f("output_tokens", p.outputTokens);
        f("cache_read_tokens", p.cacheReadTokens);
        f("cache_write_tokens", p.cacheWriteTokens);
        f("cache_write_1h_tokens", p.cacheWrite1hTokens);
        f("calls", p.calls);
        f("estimated", p.estimated);
    } else if constexpr (std::is_same_v<T, Check>) {
        f("id", p.id);
        f("must", p.must);
        f("status", p.status);
        f("seconds", p.seconds);
        f("argv", p.argv);
        f("exit_code", p.exitCode);
        f("log", p.log);
        f("reason", p.reason);
    } else if constexpr (std::is_same_v<T, RunStarted>) {
        f("mode", p.mode);
        f("title", p.title);
        f("requirements", p.requirements);
        f("repository", p.repository);
        f("pipeline", p.pipeline);
        f("settings", p.settings);
        f("provider", p.provider);
        f("model", p.model);
        f("workspace", p.workspace);
        f("output", p.output);
        f("recording_label", p.recordingLabel);
        f("program", p.program);
        f(LaterMember{"effort"}, p.effort);
        f(LaterMember{"review_focus"}, p.reviewFocus);
        f(LaterMember{"attachments"}, p.attachments);
        f(LaterMember{"recording"}, p.recording);
        f(LaterMember{"fork_of"}, p.forkOf);
        f(LaterMember{"fork_at"}, p.forkAt);
        f(LaterMember{"signed_by"}, p.signedBy);
    } else if constexpr (std::is_same_v<T, RunPaused>) {
        f("reason", p.reason);
    } else if constexpr (std::is_same_v<T, RunResumed>) {
        f(LaterMember{"pipeline"}, p.pipeline);
        f(LaterMember{"model"}, p.model);
    } else if constexpr (std::is_same_v<T, RunFinished>) {
        f("ending", p.ending);
        f("reason", p.reason);
        f("remedy", p.remedy);
    } else if constexpr (std::is_same_v<T, StageStarted>) {
        f("attempt", p.attempt);
        f("round", p.round);
        f("model", p.model);
        f("max_turns", p.maxTurns);
        f("container", p.container);
        f("image_id", p.imageId);
        f(LaterMember{"commit"}, p.commit);
        f(LaterMember{"resumed"}, p.resumed);
    } else if constexpr (std::is_same_v<T, StageFinished>) {
        f("status", p.status);
        f("reason", p.reason);
        f("document", p.document);
        f("commit", p.commit);
        f(LaterMember{"evidence"}, p.evidence);
    } else if constexpr (std::is_same_v<T, TurnStarted>) {
        f("turn", p.turn);
    } else if constexpr (std::is_same_v<T, UserTurn>) {
        f("content", p.content);
    } else if constexpr (std::is_same_v<T, TurnFinished>) {
        f("turn", p.turn);
        f("content", p.content);
        f("stop_reason", p.stopReason);
        f("usage", p.usage);
        f("cost_micro_usd", p.cost.microUsd);
        f("model", p.model);
        f("request_id", p.requestId);
        f("duration_ms", p.duration);
        f(LaterMember{"refusal"}, p.refusal);
        f(LaterMember{"invalid_inputs"}, p.invalidInputs);
    } else if constexpr (std::is_same_v<T, ToolStarted>) {
        f("call_id", p.callId);
        f("tool", p.tool);
        f("input", p.input);
        f("summary", p.summary);
    } else if constexpr (std::is_same_v<T, ToolFinished>) {
        f("call_id", p.callId);
        f("tool", p.tool);
        f("is_error", p.isError);
        f("result", p.result);
        f("exit_code", p.exitCode);
        f("log", p.log);
        f("snapshot", p.snapshot);
        f("duration_ms", p.duration);
        f(LaterMember{"read"}, p.read);
    } else if constexpr (std::is_same_v<T, PlanUpdated>) {
        f("items", p.items);
    } else if constexpr (std::is_same_v<T, Submitted>) {
        f("document", p.document);
    } else if constexpr (std::is_same_v<T, CheckFinished>) {
        f("check", p.check);
    } else if constexpr (std::is_same_v<T, RepairStarted>) {
        f("round", p.round);
        f("max_rounds", p.maxRounds);
        f("failing", p.failing);
        f(LaterMember{"commit"}, p.commit);
    } else if constexpr (std::is_same_v<T, GateOpened>) {
        f("gate", p.gate);
        f("question", p.question);
        f("details", p.details);
    } else if constexpr (std::is_same_v<T, GateDecided>) {
        f("gate", p.gate);
        f("decision", p.decision);
        f("by", p.by);
        f("comment", p.comment);
    } else if constexpr (std::is_same_v<T, SteeringMessage>) {
        f("text", p.text);
    } else if constexpr (std::is_same_v<T, LimitRaised>) {
        f("limit", p.limit);
        f("to", p.to);
    } else if constexpr (std::is_same_v<T, SkipAsked>) {
        f("reason", p.reason);
    } else if constexpr (std::is_same_v<T, StageSentBack>) {
        f("comment", p.comment);
    } else if constexpr (std::is_same_v<T, ArtifactRecorded>) {
        f("path", p.path);
        f("sha256", p.sha256);
        f("bytes", p.bytes);
    } else if constexpr (std::is_same_v<T, DeploymentChanged>) {
        f("state", p.state);
        f("details", p.details);
    } else if constexpr (std::is_same_v<T, Warned>) {
        f("text", p.text);
    } else if constexpr (std::is_same_v<T, ErrorRaised>) {
        f("text", p.text);
        f("remedy", p.remedy);
    } else if constexpr (std::is_same_v<T, RepairJudged>) {
        f("round", p.round);
        f("evidence", p.evidence);
        f("commit", p.commit);
        f("tried", p.tried);
        f("spent_micro_usd", p.spent.microUsd);
    } else if constexpr (std::is_same_v<T, FilesEdited>) {
        f("paths", p.paths);
        f("commit", p.commit);
    } else if constexpr (std::is_same_v<T, SandboxReported>) {
        f("kind", p.kind);
        f("subject", p.subject);
        f("text", p.text);
        f("count", p.count);
    } else {
        static_assert(std::is_same_v<T, StageChecking>, "a payload without a list of its members");
    }
}

} // namespace aap
