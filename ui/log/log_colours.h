#pragma once

#include <QColor>

#include "ui/log/log_line.h"

namespace aap {

/// How a run is painted on the scheme's base colour.
struct LogColours {
    QColor text{};
    QColor ground{}; ///< invalid: the view's own
};
/// Text keeps a contrast of at least 4.5 : 1 to what is behind it, whatever a program asked for.
LogColours coloursOf(const LogStyle& style);

/// As WCAG counts it: 1 to 21.
double contrastOf(const QColor& one, const QColor& other);

} // namespace aap
