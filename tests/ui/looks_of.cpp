#include "tests/ui/looks_of.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMainWindow>
#include <QMenuBar>
#include <QStatusBar>
#include <QTest>
#include <QToolButton>

namespace aap {
namespace {

constexpr double kReadable = 4.5; // to one; as WCAG AA has it
constexpr double kSharp = 0.6;    // of black to white, from one pixel to the next

QString called(const QWidget& widget)
{
    QStringList names;
    for (const auto* at = &widget; at != nullptr && names.size() < 3; at = at->parentWidget())
        names.prepend(at->objectName().isEmpty() ? QString::fromLatin1(at->metaObject()->className()) : at->objectName());
    return names.join(u'/');
}

bool hasMark(const QString& words)
{
    const auto at = words.indexOf(u'&');
    return at >= 0 && at + 1 < words.size() && words[at + 1].isLetter();
}

QString wordsOf(const QWidget& widget)
{
    if (const auto* label = qobject_cast<const QLabel*>(&widget))
        return label->text();
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget))
        return button->text();
    if (const auto* edit = qobject_cast<const QLineEdit*>(&widget))
        return edit->text().isEmpty() ? edit->placeholderText() : edit->text();
    return {};
}

/// Whether its words are cut off and nothing tells them whole.
bool isCut(const QWidget& widget)
{
    if (wordsOf(widget).isEmpty() || !widget.toolTip().isEmpty())
        return false;
    if (const auto* label = qobject_cast<const QLabel*>(&widget); label != nullptr && label->wordWrap())
        return label->height() + 1 < label->heightForWidth(label->width());
    if (qobject_cast<const QLineEdit*>(&widget) != nullptr)
        return widget.height() < widget.minimumSizeHint().height();
    return widget.width() < widget.sizeHint().width() || widget.height() < widget.sizeHint().height() - 1;
}

/// Within what scrolls, things may lie outside.
bool isScrolled(const QWidget& widget)
{
    const auto* area = widget.parentWidget() == nullptr ? nullptr : qobject_cast<const QAbstractScrollArea*>(widget.parentWidget()->parentWidget());
    return area != nullptr && area->viewport() == widget.parentWidget();
}

bool isSeen(const QWidget& widget, const QWidget& window)
{
    return widget.isVisibleTo(&window) && !widget.visibleRegion().isEmpty();
}

/// What Qt itself puts into its widgets is its own affair.
bool isOurs(const QWidget& widget)
{
    return !widget.objectName().startsWith(QStringLiteral("qt_"));
}

/// Of buttons of which one is chosen, Tab comes to that one, and arrow keys go on from there.
bool isByArrow(const QWidget& widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    return button != nullptr && button->isCheckable() && !button->isChecked() && (button->autoExclusive() || (button->group() != nullptr && button->group()->exclusive()));
}

QStringList overlaps(const QWidget& parent, const QWidget& window)
{
    QStringList found;
    QList<const QWidget*> laidOut;
    for (auto* child : parent.findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
        if (parent.layout() != nullptr && isSeen(*child, window) && isOurs(*child) && !child->isWindow())
            laidOut << child;
    for (qsizetype i = 0; i < laidOut.size(); ++i)
        for (qsizetype j = i + 1; j < laidOut.size(); ++j)
            if (laidOut[i]->geometry().intersects(laidOut[j]->geometry()))
                found << QStringLiteral("overlap: %1 and %2").arg(called(*laidOut[i]), called(*laidOut[j]));
    return found;
}

double luminance(QRgb colour)
{
    const auto linear = [](int part) {
        const auto value = part / 255.0;
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(qRed(colour)) + 0.7152 * linear(qGreen(colour)) + 0.0722 * linear(qBlue(colour));
}

double contrast(QRgb one, QRgb other)
{
    const auto [dark, light] = std::minmax(luminance(one), luminance(other));
    return (light + 0.05) / (dark + 0.05);
}

/// Of what stands out most from the colour that there is most of.
double contrastIn(const QImage& picture)
{
    std::map<QRgb, int> count;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            ++count[picture.pixel(x, y)];
    if (count.empty())
        return 21;
    const auto ground = std::ranges::max_element(count, {}, [](const auto& entry) { return entry.second; })->first;
    double most = 1;
    for (const auto& [colour, times] : count)
        most = std::max(most, contrast(ground, colour));
    return most;
}

/// `area` in the window's measure, whatever that is in pixels.
QImage part(const QImage& picture, const QRect& area)
{
    const auto scale = picture.devicePixelRatio();
    return picture.copy(QRectF(area.x() * scale, area.y() * scale, area.width() * scale, area.height() * scale).toAlignedRect());
}

/// Where the words of a widget are, without its frame and its indicator.
QRect wordsArea(const QWidget& widget)
{
    auto area = widget.rect().adjusted(3, 3, -3, -3);
    if (qobject_cast<const QCheckBox*>(&widget) != nullptr)
        area.setLeft(area.left() + widget.style()->pixelMetric(QStyle::PM_IndicatorWidth) + 4);
    return area;
}

void walk(QAccessibleInterface* node, const std::function<void(QAccessibleInterface&)>& visit)
{
    if (node == nullptr || node->state().invisible || node->state().offscreen)
        return;
    visit(*node);
    for (int i = 0; i < node->childCount(); ++i)
        walk(node->child(i), visit);
}

QString placeOf(const QAccessibleInterface& node)
{
    return node.object() == nullptr ? QStringLiteral("role %1").arg(node.role()) : node.object()->objectName() + u' ' + QString::fromLatin1(node.object()->metaObject()->className());
}

bool isPart(QAccessible::Role role)
{
    return role == QAccessible::PageTab /* as their users called runs */ || role == QAccessible::Cell || role == QAccessible::ListItem || role == QAccessible::TreeItem;
}

} // namespace

double hardestEdge(const QImage& picture)
{
    double hardest = 0;
    double dark = 1;
    double light = 0;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x + 1 < picture.width(); ++x) {
            const auto here = luminance(picture.pixel(x, y));
            const auto beside = luminance(picture.pixel(x + 1, y));
            hardest = std::max(hardest, std::abs(here - beside));
            std::tie(dark, light) = std::pair(std::min({dark, here, beside}), std::max({light, here, beside}));
        }
    return light > dark ? hardest / (light - dark) : 0;
}

QStringList complaintsAbout(QWidget& window)
{
    QStringList found;
    for (auto* widget : window.findChildren<QWidget*>()) {
        if (!isSeen(*widget, window) || !isOurs(*widget) || widget->window() != &window)
            continue;
        if ((qobject_cast<QLabel*>(widget) || qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget)) && isCut(*widget))
            found << QStringLiteral("cut: %1 \"%2\" is %3 wide and wants %4").arg(called(*widget), wordsOf(*widget)).arg(widget->width()).arg(widget->sizeHint().width());
        if (const auto* label = qobject_cast<QLabel*>(widget); label != nullptr && label->buddy() == nullptr && hasMark(label->text()))
            found << QStringLiteral("a key's mark without a field: ") + label->text();
        if (!isScrolled(*widget) && !widget->parentWidget()->rect().adjusted(-1, -1, 1, 1).contains(widget->geometry()))
            found << QStringLiteral("outside: ") + called(*widget);
        found << overlaps(*widget, window);
    }
    return found;
}

QStringList faintTexts(QWidget& window, const QImage& picture)
{
    QStringList found;
    for (auto* widget : window.findChildren<QWidget*>()) {
        const bool hasWords = std::ranges::any_of(wordsOf(*widget), [](QChar c) { return c.isLetterOrNumber(); });
        if (!hasWords || !isSeen(*widget, window) || !widget->isEnabled() || widget->window() != &window)
            continue;
        const auto seen = widget->visibleRegion().boundingRect() & wordsArea(*widget);
        if (seen.height() < widget->fontMetrics().height() / 2 || seen.width() < 10)
            continue; // scrolled almost away
        const auto area = QRect(widget->mapTo(&window, seen.topLeft()), seen.size());
        if (const auto much = contrastIn(part(picture, area)); much < kReadable)
            found << QStringLiteral("faint: %1 \"%2\" %3").arg(called(*widget), wordsOf(*widget)).arg(much, 0, 'f', 2);
    }
    return found;
}

QStringList blurredIcons(const QListWidget& list, const QImage& picture)
{
    QStringList found;
    for (int row = 0; row < list.count(); ++row) {
        const auto entry = list.visualItemRect(list.item(row));
        const QRect icon(entry.left(), entry.top(), std::min(entry.width(), 48), entry.height());
        if (!list.item(row)->icon().isNull() && hardestEdge(part(picture, icon.translated(list.viewport()->mapTo(list.window(), QPoint())))) < kSharp)
            found << QStringLiteral("blurred: ") + list.item(row)->text();
    }
    return found;
}

QStringList unreachable(QWidget& window)
{
    std::set<const QWidget*> wanted;
    for (auto* widget : window.findChildren<QWidget*>())
        if (isSeen(*widget, window) && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && widget->window() == &window
            && widget->focusProxy() == nullptr && isOurs(*widget) && !isByArrow(*widget))
            wanted.insert(widget);
    for (std::size_t step = 0; step < 3 * wanted.size() + 50 && !wanted.empty(); ++step) {
        auto* focus = QApplication::focusWidget();
        wanted.erase(focus);
        // An editor keeps Tab for itself; Ctrl+Tab leaves it, as Qt has it everywhere.
        QTest::keyClick(focus == nullptr ? &window : focus, Qt::Key_Tab, Qt::NoModifier);
        if (QApplication::focusWidget() == focus)
            QTest::keyClick(focus == nullptr ? &window : focus, Qt::Key_Tab, Qt::ControlModifier);
    }
    QStringList found;
    for (const auto* widget : wanted)
        found << QStringLiteral("not by Tab: ") + called(*widget);
    return found;
}

QStringList nameless(QWidget& window)
{
    QStringList found;
    walk(QAccessible::queryAccessibleInterface(&window), [&found](QAccessibleInterface& node) {
        if (node.state().focusable && !isPart(node.role()) && node.text(QAccessible::Name).isEmpty())
            found << QStringLiteral("nameless: ") + placeOf(node);
        if (node.role() == QAccessible::ComboBox && node.relations(QAccessible::Label).isEmpty() && node.text(QAccessible::Description).isEmpty())
            found << QStringLiteral("a choice of what: ") + placeOf(node); // its name is what is chosen
        QStringList names;
        for (int i = 0; i < node.childCount(); ++i) {
            auto* child = node.child(i);
            if (child == nullptr || child->state().invisible || !child->state().focusable || isPart(child->role()))
                continue;
            const auto name = child->text(QAccessible::Name);
            if (names.contains(name))
                found << QStringLiteral("two of the name \"%1\": %2").arg(name, placeOf(*child));
            names << name;
        }
    });
    return found;
}

} // namespace aap
