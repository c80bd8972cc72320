#pragma once

#include <QEvent>
#include <QObject>

namespace aap {

/// Whether a widget was painted since.
class PaintOf final : public QObject {
public:
    explicit PaintOf(QObject& of) { of.installEventFilter(this); }
    operator bool() const { return m_done; }

protected:
    bool eventFilter(QObject* /*of*/, QEvent* event) override
    {
        m_done = m_done || event->type() == QEvent::Paint;
        return false;
    }

private:
    bool m_done = false;
};

} // namespace aap
