#pragma once

#include <map>

#include "core/engine/run_recorder.h"
#include "core/store/journal.h"

namespace aap {

/// A journal that forgets; for tests that are not about disks. `failAfter` events it refuses, as a full disk does.
class MemoryJournal final : public Journal {
public:
    using Journal::append;
    Result<void> append(const std::string& runId, std::span<const RunEvent> events) override
    {
        auto& run = kept[runId];
        if (failAfter && run.size() + events.size() > *failAfter)
            return Error{ErrorCode::Io, "database or disk is full"};
        run.insert(run.end(), events.begin(), events.end());
        ++commits;
        return {};
    }
    Result<std::vector<RunEvent>> events(const std::string& runId, std::int64_t afterSeq) override
    {
        std::vector<RunEvent> after;
        for (const auto& event : kept[runId])
            if (event.seq > afterSeq)
                after.push_back(event);
        return after;
    }
    Result<std::vector<RunSummary>> runs() override { return std::vector<RunSummary>{}; }
    Result<std::string> findRun(const std::string& text) override { return text; }

    std::map<std::string, std::vector<RunEvent>> kept;
    std::optional<std::size_t> failAfter;
    int commits = 0; ///< how often a disk would have been waited for
};

/// Keeps what a run showed.
class KeepingObserver final : public RunObserver {
public:
    void happened(const RunEvent& event, const RunState& state) override
    {
        events.push_back(event);
        last = state;
    }
    void live(const LiveEvent& event) override { lived.push_back(event); }

    std::vector<RunEvent> events;
    std::vector<LiveEvent> lived;
    RunState last;
};

} // namespace aap
