#include "sandbox/docker/build_log.h"

#include "core/agent/tool_text.h"

namespace aap {
namespace {

constexpr std::size_t kMostText = 256U << 10U;
constexpr std::size_t kLongestLine = 8U << 10U; // beyond, a line is broken: a build may write without any

} // namespace

void BuildLog::add(std::string_view piece)
{
    m_pending += piece;
    std::size_t begin = 0;
    for (auto end = m_pending.find('\n'); end != std::string::npos; end = m_pending.find('\n', begin)) {
        pass(std::string_view(m_pending).substr(begin, end - begin));
        begin = end + 1;
    }
    m_pending.erase(0, begin);
    if (m_pending.size() > kLongestLine)
        finish();
}

void BuildLog::finish()
{
    if (!m_pending.empty())
        pass(m_pending);
    m_pending.clear();
}

void BuildLog::pass(std::string_view line)
{
    while (line.ends_with('\r'))
        line.remove_suffix(1);
    const auto clean = cleanText(line) + "\n";
    m_text += clean;
    if (m_text.size() > 2 * kMostText)
        m_text.erase(0, m_text.find('\n', m_text.size() - kMostText) + 1);
    if (m_listener)
        m_listener(clean);
}

std::string BuildLog::lastLines(std::size_t count) const
{
    auto begin = m_text.size(); // every line of m_text has its end
    for (; begin > 0 && count > 0; --count) {
        const auto end = begin < 2 ? std::string::npos : m_text.rfind('\n', begin - 2);
        begin = end == std::string::npos ? 0 : end + 1;
    }
    return m_text.substr(begin);
}

} // namespace aap
