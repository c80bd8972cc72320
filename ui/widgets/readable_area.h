#pragma once

#include <QAccessibleWidget>

namespace aap {

/// What a view that paints its own text shows a screen reader: the lines in sight.
class ReadableArea {
public:
    ReadableArea() = default;
    ReadableArea(const ReadableArea&) = delete;
    ReadableArea& operator=(const ReadableArea&) = delete;
    virtual ~ReadableArea() = default;

    virtual QString visibleText() const = 0;
    /// Where in that text the line begins that keys act upon; 0 when there is none in sight.
    virtual int visibleCaret() const = 0;
    virtual int lineHeight() const = 0; ///< pixels
};

/// Lets screen readers read every ReadableArea; called once for the program, again does no harm.
void makeReadableAreasAccessible();

} // namespace aap
