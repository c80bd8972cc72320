#include "core/engine/late_event.h"

#include <fmt/format.h>

#include "core/engine/run_recorder.h"
#include "core/store/journal.h"
#include "core/store/run_lock.h"

namespace aap {
namespace {

class NobodyLooks final : public RunObserver {
public:
    void happened(const RunEvent& /*event*/, const RunState& /*state*/) override {}
    void live(const LiveEvent& /*event*/) override {}
};

} // namespace

Result<bool> recordLate(const std::filesystem::path& journalFile, Journal& journal, const Redactor& redactor, const std::string& runId, std::optional<StageId> stage,
                        Payload payload)
{
    const auto lock = RunLock::take(journalFile, runId);
    if (!lock)
        return lock.error().code == ErrorCode::Invalid ? Result<bool>(false) : Result<bool>(lock.error());
    const auto past = journal.events(runId);
    if (!past)
        return past.error();
    if (past->empty())
        return Error{ErrorCode::NotFound, fmt::format("there is no run {}", runId)};
    NobodyLooks nobody;
    RunRecorder recorder(runId, journal, redactor, nobody, *past);
    if (auto written = recorder.record(stage, std::move(payload)); !written)
        return std::move(written).error();
    return true;
}

} // namespace aap
