#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

#include <spdlog/sinks/base_sink.h>

#include "core/base/result.h"

namespace aap {

/// A log file that only its owner can read and that rotates: NAME, NAME.1 … NAME.4. Each line is one write, and rotating takes a
/// lock, so that several processes may share it. A full disk costs lines, never the program; a file that was removed comes back.
class LogFile final : public spdlog::sinks::base_sink<std::mutex> {
public:
    static constexpr std::uintmax_t kMostBytes = 10U << 20U;
    static constexpr int kMostFiles = 5;

    /// Opens or makes the file; its folder must exist.
    static Result<std::shared_ptr<LogFile>> open(std::filesystem::path path, std::uintmax_t mostBytes = kMostBytes);
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;
    ~LogFile() override;

private:
    LogFile(std::filesystem::path path, std::uintmax_t mostBytes) : m_path(std::move(path)), m_mostBytes(mostBytes) {}

    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {} // nothing is held back
    bool reopen();
    bool isStillThere() const;
    void rotate();

    std::filesystem::path m_path;
    std::uintmax_t m_mostBytes;
    int m_file = -1; // guarded by the base's mutex
};

} // namespace aap
