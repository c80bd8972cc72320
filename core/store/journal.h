#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/domain/run_event.h"
#include "core/domain/run_state.h"

namespace aap {

/// A line of the history.
struct RunSummary {
    std::string id{};
    std::string title{};
    RunMode mode{};
    TimePoint startedAt{};
    std::optional<TimePoint> finishedAt{};
    std::optional<RunEnding> ending{}; ///< empty: running, or interrupted
    bool isRunning = false;            ///< a live program carries it out
    std::string model{};
    std::string output{};
    Usage usage{};
    Money cost{};
    std::string forkOf{}; ///< the run whose past it shares; empty: nobody's
};

/// The durable list of events of all runs. One object per thread (a QtSql connection belongs to its thread).
class Journal {
public:
    Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    virtual ~Journal() = default;

    /// Returns only when the event is on disk. `event.seq` must be the run's last + 1.
    virtual Result<void> append(const std::string& runId, const RunEvent& event) = 0;
    virtual Result<std::vector<RunEvent>> events(const std::string& runId, std::int64_t afterSeq = 0) = 0;
    /// What can still be read of a run in a file that is damaged: what lies before the damage and what lies behind it.
    struct Salvaged {
        std::vector<RunEvent> events{};
        std::optional<Error> damage{}; ///< empty: this is everything
    };
    virtual Salvaged salvage(const std::string& runId)
    {
        auto all = events(runId);
        return all ? Salvaged{.events = *std::move(all)} : Salvaged{.damage = std::move(all).error()};
    }
    /// Newest first.
    virtual Result<std::vector<RunSummary>> runs() = 0;
    /// `text` may be a unique prefix or "last".
    virtual Result<std::string> findRun(const std::string& text) = 0;
};

/// SQLite in WAL mode, synchronous=FULL; makes the file (0600) and its schema, refuses a newer schema kindly. A file that may only be
/// read is opened for reading; append() then fails. Errors, each with what to do: Io (read-only and nothing there yet, disk full),
/// Unavailable (another program holds it for more than five seconds), Protocol (damaged beyond reading), Invalid (newer).
Result<std::unique_ptr<Journal>> openSqliteJournal(const std::filesystem::path& file);

} // namespace aap
