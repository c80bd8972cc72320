#pragma once

#include <concepts>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/domain/run_event.h"
#include "core/domain/run_state.h"

namespace aap {

/// `pipeline_output/<run-id>/` as PIPELINE.md part 6 lists it. Every file is written atomically; paths are relative and checked.
/// One thread.
class OutputFolder {
public:
    /// Makes `<root>/<runId>/`, or opens the one of a run that goes on, and points `<root>/latest` at it. Invalid: something else
    /// stands where `latest` belongs.
    static Result<OutputFolder> create(const std::filesystem::path& root, const std::string& runId);

    const std::filesystem::path& path() const { return m_folder.path(); }
    /// "stages/2-coding/input.json"
    Result<void> write(const std::string& relative, std::string_view text);
    template <std::same_as<Json> Document> // itself, not what could become one: every text could
    Result<void> write(const std::string& relative, const Document& document)
    {
        return writeDocument(relative, document);
    }
    /// `<root>/pipeline_state.json`, the file old scripts read.
    Result<void> writeState(const RunState& state);
    /// Everything that is written once, at the end, whatever the ending: run.json, journal.jsonl, stages' transcripts and exchanges
    /// (from the events; only when `intermediate`), the tree of the workspace, reports/cost.csv, traceability.csv, sbom.cdx.json, sarif.json,
    /// REPORT.html and REPORT.md, and last MANIFEST.json with the SHA-256 of every file. What others wrote before under the names of the
    /// requirements, stages/ and reports/findings.json stays. When a part fails the rest is written all the same, and the first
    /// failure is returned.
    struct Ending {
        const RunState& state;
        const std::vector<RunEvent>& events;
        const Json& requirements;   ///< null when there are none
        const Folder& workspace;    ///< host side of /workspace
        bool intermediate = true;
    };
    Result<void> finish(const Ending& ending);

private:
    OutputFolder(std::filesystem::path root, Folder folder) : m_root(std::move(root)), m_folder(std::move(folder)) {}
    Result<void> writeDocument(const std::string& relative, const Json& document);
    Result<void> writeUnlessThere(const std::string& relative, std::string_view text);
    Result<void> writeStage(const StageState& stage, const Ending& ending, const Json& document);
    Result<void> writeExchanges(const std::vector<RunEvent>& events);
    Result<std::vector<std::string>> copyWorkspace(const Folder& workspace);
    Result<void> writeReports(const Ending& ending, std::vector<std::string> leftOut);

    std::filesystem::path m_root;
    Folder m_folder;
};

/// "2-coding": the folder of a stage below stages/.
std::string stageFolder(StageId stage);

/// What a comparison with MANIFEST.json found; all empty: intact.
struct Verification {
    std::vector<std::string> changed{};
    std::vector<std::string> missing{};
    std::vector<std::string> extra{};
    std::size_t intact = 0;

    bool isIntact() const { return changed.empty() && missing.empty() && extra.empty(); }
};
/// With the list of the bundle where the run was imported.
Result<Verification> verifyOutput(const std::filesystem::path& folder);

/// Copies an output folder: into a ZIP file when `target` ends in ".zip" (sorted, below one folder of the run's name), else into a
/// new folder. Links that stay inside are kept as links, others and special files are left out; nothing is overwritten.
Result<void> exportOutput(const std::filesystem::path& folder, const std::filesystem::path& target);

} // namespace aap
