#include "ui/widgets/readable_area.h"

#include <algorithm>
#include <tuple>

#include <QFontMetrics>
#include <QWidget>

namespace aap {
namespace {

/// The text in sight, line by line; nothing can be written into it.
class ReadableAccess final : public QAccessibleWidget, public QAccessibleTextInterface {
public:
    ReadableAccess(QWidget& widget, const ReadableArea& area) : QAccessibleWidget(&widget, QAccessible::Document), m_area(area) {}

    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TextInterface ? static_cast<QAccessibleTextInterface*>(this) : QAccessibleWidget::interface_cast(type);
    }
    QAccessible::State state() const override
    {
        auto state = QAccessibleWidget::state();
        state.readOnly = true;
        state.multiLine = true;
        return state;
    }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? m_area.visibleText() : QAccessibleWidget::text(kind);
    }

    int characterCount() const override { return int(m_area.visibleText().size()); }
    QString text(int begin, int end) const override { return m_area.visibleText().mid(begin, end < 0 ? -1 : end - begin); }
    int cursorPosition() const override { return m_area.visibleCaret(); }
    void setCursorPosition(int /*position*/) override {}
    int selectionCount() const override { return 0; }
    void selection(int /*index*/, int* begin, int* end) const override { *begin = *end = 0; }
    void addSelection(int /*begin*/, int /*end*/) override {}
    void removeSelection(int /*index*/) override {}
    void setSelection(int /*index*/, int /*begin*/, int /*end*/) override {}
    void scrollToSubstring(int /*begin*/, int /*end*/) override {}
    QString attributes(int offset, int* begin, int* end) const override
    {
        *begin = *end = offset;
        return {};
    }
    QRect characterRect(int offset) const override
    {
        const auto before = m_area.visibleText().left(offset);
        const auto metrics = widget()->fontMetrics();
        const auto line = int(before.count(u'\n'));
        const auto column = int(before.size() - before.lastIndexOf(u'\n') - 1);
        const QRect local(column * metrics.averageCharWidth(), line * m_area.lineHeight(), metrics.averageCharWidth(), m_area.lineHeight());
        return local.translated(widget()->mapToGlobal(QPoint(0, 0)));
    }
    int offsetAtPoint(const QPoint& place) const override
    {
        const auto lines = m_area.visibleText().split(u'\n');
        const auto local = widget()->mapFromGlobal(place);
        const auto line = std::clamp<qsizetype>(local.y() / std::max(1, m_area.lineHeight()), 0, lines.size() - 1);
        qsizetype offset = 0;
        for (qsizetype i = 0; i < line; ++i)
            offset += lines[i].size() + 1;
        return int(offset + std::clamp<qsizetype>(local.x() / std::max(1, widget()->fontMetrics().averageCharWidth()), 0, lines[line].size()));
    }

private:
    const ReadableArea& m_area;
};

QAccessibleInterface* readableAccessOf(const QString& /*className*/, QObject* object)
{
    auto* area = dynamic_cast<ReadableArea*>(object);
    return area == nullptr ? nullptr : new ReadableAccess(*static_cast<QWidget*>(object), *area); // Qt's cache owns it
}

} // namespace

void makeReadableAreasAccessible()
{
    static const bool done = [] {
        QAccessible::installFactory(readableAccessOf);
        return true;
    }();
    std::ignore = done;
}

} // namespace aap
