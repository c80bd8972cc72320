#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
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
    std::string forkOf{};   ///< the run whose past it shares; empty: nobody's
    std::string signedBy{}; ///< the public key of the bundle it was imported from, Base64: it may only be read; empty: it ran here
};

/// Whether it can be resumed now.
inline bool mayGoOn(const RunSummary& run)
{
    return !run.isRunning && run.signedBy.empty() && mayGoOn(run.ending);
}

/// The durable list of events of all runs. One object per thread (a QtSql connection belongs to its thread).
class Journal {
public:
    Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    virtual ~Journal() = default;

    /// All of them or none; returns only when they are on disk. The first `seq` must be the run's last + 1, and so on. Several cost as
    /// much as one: the time goes to waiting for the disk.
    virtual Result<void> append(const std::string& runId, std::span<const RunEvent> events) = 0;
    Result<void> append(const std::string& runId, const RunEvent& event) { return append(runId, std::span(&event, 1)); }
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
/// read is opened for reading, also one of an older schema; append() then fails. Errors, each with what to do: Io (read-only and nothing there yet, disk full),
/// Unavailable (another program holds it for more than five seconds), Protocol (damaged beyond reading), Invalid (newer).
Result<std::unique_ptr<Journal>> openSqliteJournal(const std::filesystem::path& file);

} // namespace aap
