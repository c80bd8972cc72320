#include "ui/widgets/look.h"

#include <QApplication>
#include <QFontDatabase>
#include <QListWidget>
#include <QPainter>
#include <QPainterPath>
#include <QProxyStyle>
#include <QStyleOption>
#include <QTreeView>

#include "ui/words.h"

namespace aap {
namespace {

constexpr int kHitHeight = 28;
constexpr int kRowHeight = 22;
constexpr int kListMargin = 10;

/// Fusion with room in its buttons: its own are lower than a finger or a tired eye wants.
class RoomyStyle final : public QProxyStyle {
public:
    RoomyStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override
    {
        const bool isListOfWords = metric == PM_FocusFrameHMargin && qobject_cast<const QListWidget*>(widget) != nullptr;
        return isListOfWords ? kListMargin : QProxyStyle::pixelMetric(metric, option, widget);
    }
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override
    {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element != PE_IndicatorCheckBox) // whose edge Fusion all but hides on dark surfaces
            return;
        painter->setPen(option->palette.color(QPalette::PlaceholderText));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    }
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents, const QWidget* widget) const override
    {
        auto size = QProxyStyle::sizeFromContents(type, option, contents, widget);
        if (type == CT_PushButton)
            size = {size.width() + 16, std::max(size.height(), kHitHeight)};
        else if (type == CT_LineEdit || type == CT_MenuBarItem || type == CT_MenuItem)
            size.setHeight(std::max(size.height(), kHitHeight - 4));
        else if (type == CT_ItemViewItem && (qobject_cast<const QTreeView*>(widget) != nullptr || qobject_cast<const QListWidget*>(widget) != nullptr))
            size.setHeight(std::max(size.height(), kRowHeight));
        return size;
    }
};

Scheme chosenScheme = Scheme::System;
std::optional<bool> desktopWantsDark;

bool desktopIsDark()
{
    // The palette of the desktop, as it was before we put our own over it.
    static const bool dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    return desktopWantsDark.value_or(dark);
}

struct Surfaces {
    QColor window, base, alternate, text, quiet, accent, button, disabled, line;
};

const Surfaces kLight{QColor(0xf3f4f6), QColor(0xffffff), QColor(0xf7f8fa), QColor(0x1f2328), QColor(0x57606a),
                      QColor(0x0b4fd0), QColor(0xffffff), QColor(0x8a929b), QColor(0xd0d4d9)};
const Surfaces kDark{QColor(0x26292e), QColor(0x1b1e22), QColor(0x212429), QColor(0xe6e8eb), QColor(0xa7b0ba),
                     QColor(0x9cc7ff), QColor(0x31353b), QColor(0x7d868f), QColor(0x43484f)};

const Surfaces& surfaces()
{
    return isDark() ? kDark : kLight;
}

QPalette paletteOf(const Surfaces& s)
{
    QPalette palette;
    palette.setColor(QPalette::Window, s.window);
    palette.setColor(QPalette::WindowText, s.text);
    palette.setColor(QPalette::Base, s.base);
    palette.setColor(QPalette::AlternateBase, s.alternate);
    palette.setColor(QPalette::Text, s.text);
    palette.setColor(QPalette::Button, s.button);
    palette.setColor(QPalette::ButtonText, s.text);
    palette.setColor(QPalette::ToolTipBase, s.base);
    palette.setColor(QPalette::ToolTipText, s.text);
    palette.setColor(QPalette::PlaceholderText, s.quiet);
    palette.setColor(QPalette::Highlight, s.accent);
    palette.setColor(QPalette::HighlightedText, s.base);
    palette.setColor(QPalette::Link, s.accent);
    palette.setColor(QPalette::Mid, s.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, s.disabled);
    return palette;
}

QColor stateColour(const char* light, const char* dark)
{
    return QColor(QLatin1StringView(isDark() ? dark : light));
}

QColor idleColour() { return stateColour("#4b5563", "#9aa5b1"); }
QColor runningColour() { return stateColour("#0b4fd0", "#9cc7ff"); }
QColor waitingColour() { return stateColour("#946000", "#f7c948"); }
QColor goodColour() { return stateColour("#00784f", "#6ee7b7"); }
QColor badColour() { return stateColour("#8a1c0c", "#f97066"); }
QColor stoppedColour() { return stateColour("#6b2a8c", "#c77dff"); }

/// Paints a shape at whatever size and pixel ratio is asked for.
class ShapeEngine final : public DrawnIcon {
public:
    ShapeEngine(Shape shape, QColor colour) : m_shape(shape), m_colour(std::move(colour)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        const auto colour = mode == QIcon::Disabled ? surfaces().disabled : mode == QIcon::Selected ? surfaces().base : m_colour;
        paintShape(*painter, QRectF(rect), m_shape, colour);
    }
    QIconEngine* clone() const override { return new ShapeEngine(m_shape, m_colour); }

private:
    Shape m_shape;
    QColor m_colour;
};

QPolygonF octagon(const QRectF& box)
{
    const auto cut = box.width() * 0.29;
    return {{{box.left() + cut, box.top()}, {box.right() - cut, box.top()}, {box.right(), box.top() + cut},
             {box.right(), box.bottom() - cut}, {box.right() - cut, box.bottom()}, {box.left() + cut, box.bottom()},
             {box.left(), box.bottom() - cut}, {box.left(), box.top() + cut}}};
}

} // namespace

bool isDark()
{
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

void applyScheme(Scheme scheme)
{
    chosenScheme = scheme;
    const bool dark = scheme == Scheme::Dark || (scheme == Scheme::System && desktopIsDark());
    QApplication::setStyle(new RoomyStyle); // the application owns it
    QApplication::setPalette(paletteOf(dark ? kDark : kLight));
}

void setDesktopColours(std::optional<bool> wantsDark)
{
    desktopWantsDark = wantsDark;
    if (chosenScheme == Scheme::System && desktopIsDark() != isDark())
        applyScheme(Scheme::System);
}

void setTextSize(int percent)
{
    static const auto systemFont = QApplication::font();
    const auto before = QApplication::font().pointSizeF();
    auto font = systemFont;
    font.setPointSizeF(systemFont.pointSizeF() * percent / 100);
    if (qFuzzyCompare(font.pointSizeF(), before))
        return;
    QApplication::setFont(font);
    for (auto* widget : QApplication::allWidgets()) { // those with a size of their own do not follow by themselves
        auto own = widget->font();
        if (!widget->testAttribute(Qt::WA_SetFont) || (own.resolveMask() & QFont::SizeResolved) == 0)
            continue;
        own.setPointSizeF(own.pointSizeF() * font.pointSizeF() / before);
        widget->setFont(own);
    }
}

QFont fixedFont()
{
    auto font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

QFont headingFont(const QFont& base)
{
    auto heading = base;
    heading.setPointSizeF(base.pointSizeF() * 1.3);
    heading.setBold(true);
    return heading;
}

QColor quietText()
{
    return surfaces().quiet;
}

QColor accent()
{
    return surfaces().accent;
}

StateLook lookOf(StageStatus status)
{
    const auto said = word(title(status));
    switch (status) {
    case StageStatus::NotStarted: return {Shape::DottedRing, said, idleColour()};
    case StageStatus::Skipped: return {Shape::Dash, said, idleColour()};
    case StageStatus::Running: return {Shape::Triangle, said, runningColour()};
    case StageStatus::Checking: return {Shape::Lens, said, runningColour()};
    case StageStatus::Repairing: return {Shape::Loop, said, waitingColour()};
    case StageStatus::Waiting: return {Shape::Hand, said, waitingColour()};
    case StageStatus::Passed:
    case StageStatus::Waived: return {Shape::Tick, said, goodColour()};
    case StageStatus::Cancelled: return {Shape::Square, said, stoppedColour()};
    case StageStatus::Failed:
    case StageStatus::BudgetExceeded:
    case StageStatus::Refused:
    case StageStatus::Incomplete: return {Shape::Cross, said, badColour()};
    }
    return {};
}

StateLook lookOf(RunEnding ending)
{
    const auto said = word(title(ending));
    switch (ending) {
    case RunEnding::Completed:
    case RunEnding::CompletedWithWaivers: return {Shape::Tick, said, goodColour()};
    case RunEnding::WaitingAtGate: return {Shape::Hand, said, waitingColour()};
    case RunEnding::Stopped: return {Shape::Square, said, stoppedColour()};
    case RunEnding::Failed:
    case RunEnding::InvalidInput:
    case RunEnding::LimitReached:
    case RunEnding::EnvironmentProblem:
    case RunEnding::ProviderGaveUp: return {Shape::Cross, said, badColour()};
    }
    return {};
}

StateLook lookOf(CheckStatus status)
{
    switch (status) {
    case CheckStatus::Passed: return {Shape::Tick, QObject::tr("Passed"), goodColour()};
    case CheckStatus::Waived: return {Shape::Tick, QObject::tr("Waived"), goodColour()};
    case CheckStatus::Failed: return {Shape::Cross, QObject::tr("Failed"), badColour()};
    case CheckStatus::Skipped: return {Shape::Dash, QObject::tr("Skipped"), idleColour()};
    case CheckStatus::NotChecked: return {Shape::Dash, QObject::tr("Not checked"), idleColour()};
    }
    return {};
}

QPixmap DrawnIcon::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state)
{
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect({}, size), mode, state);
    return pixmap;
}

StateLook pausedLook()
{
    return {Shape::Bars, QObject::tr("Paused"), waitingColour()};
}

StateLook interruptedLook()
{
    return {Shape::Bolt, QObject::tr("Interrupted"), stoppedColour()};
}

void paintShape(QPainter& painter, const QRectF& box, Shape shape, const QColor& colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const auto side = std::min(box.width(), box.height());
    const QRectF square(box.center().x() - side / 2, box.center().y() - side / 2, side, side);
    const auto inner = square.adjusted(side * 0.14, side * 0.14, -side * 0.14, -side * 0.14);
    const auto at = [&](double x, double y) { return QPointF(square.left() + side * x, square.top() + side * y); };
    QPen pen(colour, side * 0.11, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    switch (shape) {
    case Shape::DottedRing:
        pen.setDashPattern({0.1, 2.1});
        painter.setPen(pen);
        painter.drawEllipse(inner);
        break;
    case Shape::Dash: painter.drawLine(at(0.25, 0.5), at(0.75, 0.5)); break;
    case Shape::Triangle:
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({at(0.28, 0.2), at(0.8, 0.5), at(0.28, 0.8)}));
        break;
    case Shape::Lens:
        painter.drawEllipse(QRectF(at(0.18, 0.18), at(0.64, 0.64)));
        painter.drawLine(at(0.62, 0.62), at(0.84, 0.84));
        break;
    case Shape::Hand: // an open palm, as simple as a stop sign's
        for (const double x : {0.3, 0.43, 0.56, 0.69})
            painter.drawLine(at(x, x == 0.3 || x == 0.69 ? 0.28 : 0.2), at(x, 0.55));
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(at(0.3, 0.5), at(0.69, 0.82)), side * 0.1, side * 0.1);
        break;
    case Shape::Bars:
        painter.drawLine(at(0.36, 0.25), at(0.36, 0.75));
        painter.drawLine(at(0.64, 0.25), at(0.64, 0.75));
        break;
    case Shape::Loop:
        painter.drawArc(inner, 60 * 16, 270 * 16);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({at(0.56, 0.06), at(0.82, 0.2), at(0.58, 0.36)}));
        break;
    case Shape::Tick: painter.drawPolyline(QPolygonF({at(0.18, 0.54), at(0.42, 0.78), at(0.84, 0.26)})); break;
    case Shape::Cross:
        painter.drawPolygon(octagon(inner));
        painter.drawLine(at(0.38, 0.38), at(0.62, 0.62));
        painter.drawLine(at(0.62, 0.38), at(0.38, 0.62));
        break;
    case Shape::Square:
        painter.setBrush(colour);
        painter.drawRect(QRectF(at(0.26, 0.26), at(0.74, 0.74)));
        break;
    case Shape::Bolt:
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({at(0.56, 0.12), at(0.28, 0.56), at(0.48, 0.56), at(0.42, 0.88), at(0.72, 0.44), at(0.52, 0.44)}));
        break;
    }
    painter.restore();
}

QIcon shapeIcon(Shape shape, const QColor& colour)
{
    return QIcon(new ShapeEngine(shape, colour)); // QIcon owns its engine
}

} // namespace aap
