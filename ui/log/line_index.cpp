#include "ui/log/line_index.h"

#include <cstring>

namespace aap {

LineIndex::~LineIndex()
{
    for (auto& chunk : *m_chunks)
        std::unique_ptr<Chunk>(chunk.load());
}

void LineIndex::feed(std::string_view bytes)
{
    const auto start = m_bytes.load(std::memory_order_relaxed);
    for (std::size_t at = 0; at < bytes.size();) {
        if (!m_lineOpen)
            add(start + at);
        const auto* end = static_cast<const char*>(std::memchr(bytes.data() + at, '\n', bytes.size() - at));
        m_lineOpen = end == nullptr;
        at = end == nullptr ? bytes.size() : std::size_t(end - bytes.data()) + 1;
    }
    m_bytes.store(start + bytes.size(), std::memory_order_release);
    m_lines.store(m_counted, std::memory_order_release);
}

void LineIndex::add(std::uint64_t begin)
{
    const auto number = m_counted / kPerChunk;
    if (number >= kMostChunks)
        return;
    auto& chunk = (*m_chunks)[number];
    if (m_counted % kPerChunk == 0)
        chunk.store(std::make_unique_for_overwrite<Chunk>().release(), std::memory_order_release);
    (*chunk.load(std::memory_order_relaxed))[m_counted % kPerChunk] = begin;
    ++m_counted;
}

std::uint64_t LineIndex::begin(std::uint64_t line) const
{
    return (*(*m_chunks)[line / kPerChunk].load(std::memory_order_acquire))[line % kPerChunk];
}

std::uint64_t LineIndex::end(std::uint64_t line) const
{
    return line + 1 < lines() ? begin(line + 1) : bytes();
}

} // namespace aap
