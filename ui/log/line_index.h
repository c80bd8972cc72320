#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace aap {

/// Where the lines of a growing file begin. One thread feeds it, any number read it, without a lock: what was counted stays.
class LineIndex {
public:
    LineIndex() = default;
    LineIndex(const LineIndex&) = delete;
    LineIndex& operator=(const LineIndex&) = delete;
    ~LineIndex();

    /// The next bytes of the file. Over 2^30 lines the rest counts as part of the last one.
    void feed(std::string_view bytes);

    std::uint64_t lines() const { return m_lines.load(std::memory_order_acquire); }
    std::uint64_t bytes() const { return m_bytes.load(std::memory_order_acquire); }
    /// Of a line below lines().
    std::uint64_t begin(std::uint64_t line) const;
    /// Behind its last byte, the line break included.
    std::uint64_t end(std::uint64_t line) const;

private:
    static constexpr std::size_t kPerChunk = 1U << 16U;
    static constexpr std::size_t kMostChunks = 1U << 14U;
    using Chunk = std::array<std::uint64_t, kPerChunk>;

    void add(std::uint64_t begin);

    std::unique_ptr<std::array<std::atomic<Chunk*>, kMostChunks>> m_chunks = std::make_unique<std::array<std::atomic<Chunk*>, kMostChunks>>();
    std::atomic<std::uint64_t> m_lines = 0;
    std::atomic<std::uint64_t> m_bytes = 0;
    std::uint64_t m_counted = 0; // the feeding thread's own
    bool m_lineOpen = false;     // the feeding thread's own
};

} // namespace aap
