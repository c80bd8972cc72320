#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/engine/run_recorder.h"

namespace aap {

/// Hands a run's happenings on and appends what the tools print to a file, as it comes: the raw output of the sandbox. Before each
/// call stands a line "\x1e<hh:mm:ss>\t<stage>\t<call id>\t<tool and what it works on>", after it "\x1f<exit code or ->\t<seconds>";
/// no output can hold those two bytes. One call may print 16 MiB, all together 512 MiB; the rest is left out and the log says so. A log
/// that cannot be written disturbs no run: it ends. Used by the run's thread alone.
class SandboxLog final : public RunObserver {
public:
    /// Where the log of a run lies in its output folder.
    static constexpr std::string_view kName = "sandbox.log";
    static constexpr char kBegins = '\x1e';
    static constexpr char kEnds = '\x1f';

    SandboxLog(std::filesystem::path file, RunObserver& next);
    ~SandboxLog() override;

    void happened(const RunEvent& event, const RunState& state) override;
    void live(const LiveEvent& event) override;

private:
    void begin(const RunEvent& event, const ToolStarted& tool);
    void end(const ToolFinished& tool);
    void print(std::string text);
    void write(std::string_view bytes);
    void endLine();

    const std::filesystem::path m_file;
    RunObserver& m_next;
    int m_descriptor = -1;
    bool m_failed = false;
    bool m_midLine = false;
    std::string m_showing; ///< the call whose output comes
    bool m_hasOutput = false;
    std::size_t m_callBytes = 0;
    std::size_t m_allBytes = 0; ///< of what this object wrote
};

} // namespace aap
