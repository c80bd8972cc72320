#include "core/base/ids.h"

#include <algorithm>
#include <cctype>

#include <QDateTime>
#include <QRandomGenerator>

#include <fmt/format.h>

namespace aap {

std::string newRunId()
{
    const auto stamp = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss")).toStdString();
    return fmt::format("{}-{:06x}", stamp, QRandomGenerator::system()->bounded(1U << 24U));
}

bool isRunId(const std::string& text)
{
    const auto allowed = [](unsigned char c) { return std::isdigit(c) || (c >= 'a' && c <= 'z') || c == '-'; };
    return !text.empty() && text.size() <= 64 && text.front() != '-' && std::ranges::all_of(text, allowed);
}

} // namespace aap
