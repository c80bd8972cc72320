#include "core/base/secret.h"

#include <algorithm>
#include <cstring>

namespace aap {

ApiKey::ApiKey(std::string_view text)
{
    constexpr std::string_view white = " \t\r\n";
    const auto first = text.find_first_not_of(white);
    if (first != std::string_view::npos)
        m_text = text.substr(first, text.find_last_not_of(white) - first + 1);
}

ApiKey& ApiKey::operator=(const ApiKey& other)
{
    if (this != &other) {
        wipe();
        m_text = other.m_text;
    }
    return *this;
}

ApiKey& ApiKey::operator=(ApiKey&& other) noexcept
{
    if (this != &other) {
        wipe();
        m_text = std::move(other.m_text);
        other.wipe(); // a short string was copied, not moved
    }
    return *this;
}

ApiKey::~ApiKey()
{
    wipe();
}

bool ApiKey::isUsable() const noexcept
{
    return !m_text.empty() && std::ranges::all_of(m_text, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string ApiKey::masked() const
{
    return m_text.size() > 16 ? "…" + m_text.substr(m_text.size() - 4) : "…";
}

void ApiKey::wipe() noexcept
{
    ::explicit_bzero(m_text.data(), m_text.size());
    m_text.clear();
}

} // namespace aap
