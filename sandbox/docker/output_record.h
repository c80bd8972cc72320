#pragma once

#include <cstdint>
#include <string>

#include "core/sandbox/sandbox.h"
#include "sandbox/docker/exec_stream.h"

namespace aap {

/// What is kept of a command's output: the first 128 KiB and the last 256 KiB of both streams together, and the first 1 MiB of
/// standard output alone. The memory it takes is bounded, however much the command writes.
class OutputRecord {
public:
    void add(ExecStream::Source source, std::string_view bytes);
    std::uint64_t totalBytes() const { return m_total; }
    const std::string& head() const { return m_head; }
    /// Sets output, standardOutput, totalBytes and omittedBytes.
    void moveInto(CommandResult& result) &&;

private:
    std::string m_head{};
    std::string m_tail{}; ///< up to twice what is kept, so that trimming is rare
    std::string m_standardOutput{};
    std::uint64_t m_total = 0;
};

} // namespace aap
