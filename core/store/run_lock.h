#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace aap {

/// Whoever carries a run out holds its lock, so that no second program works on it. The kernel frees it when its owner dies,
/// however it dies. It lies beside the journal that has the run, in `locks/`. Movable; any thread.
class RunLock {
public:
    /// Invalid, with what to do: another program has it.
    static Result<RunLock> take(const std::filesystem::path& journalFile, const std::string& runId);
    /// Whether somebody holds it now, we ourselves included.
    static bool isHeld(const std::filesystem::path& journalFile, const std::string& runId);

    RunLock(RunLock&& other) noexcept;
    RunLock& operator=(RunLock&&) = delete;
    ~RunLock();

private:
    RunLock(std::filesystem::path file, int descriptor) : m_file(std::move(file)), m_descriptor(descriptor) {}

    std::filesystem::path m_file;
    int m_descriptor;
};

} // namespace aap
