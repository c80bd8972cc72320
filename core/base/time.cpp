#include "core/base/time.h"

#include <QDateTime>

namespace aap {

TimePoint now()
{
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

std::string toIso8601(TimePoint at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC)
        .toString(Qt::ISODateWithMs)
        .toStdString();
}

Result<TimePoint> parseIso8601(std::string_view text)
{
    const auto parsed = QDateTime::fromString(QString::fromUtf8(text.data(), qsizetype(text.size())), Qt::ISODateWithMs);
    if (!parsed.isValid())
        return Error{ErrorCode::Invalid, "'" + std::string(text) + "' is not an ISO 8601 time"};
    return TimePoint(Milliseconds(parsed.toMSecsSinceEpoch()));
}

} // namespace aap
