#include "sandbox/docker/output_record.h"

#include <algorithm>
#include <utility>

namespace aap {
namespace {

constexpr std::size_t kHead = 128U << 10U;
constexpr std::size_t kTail = 256U << 10U;
constexpr std::size_t kStandardOutput = 1U << 20U;

void keepEnd(std::string& text, std::size_t bytes)
{
    if (text.size() > bytes)
        text.erase(0, text.size() - bytes);
}

} // namespace

void OutputRecord::add(ExecStream::Source source, std::string_view bytes)
{
    m_total += bytes.size();
    if (source == ExecStream::Source::Output)
        m_standardOutput += bytes.substr(0, kStandardOutput - m_standardOutput.size());
    const auto toHead = bytes.substr(0, kHead - m_head.size());
    m_head += toHead;
    m_tail += bytes.substr(toHead.size());
    if (m_tail.size() > 2 * kTail)
        keepEnd(m_tail, kTail);
}

void OutputRecord::moveInto(CommandResult& result) &&
{
    keepEnd(m_tail, kTail);
    result.totalBytes = m_total;
    result.omittedBytes = m_total - m_head.size() - m_tail.size();
    result.output = std::move(m_head) + m_tail;
    result.standardOutput = std::move(m_standardOutput);
}

} // namespace aap
