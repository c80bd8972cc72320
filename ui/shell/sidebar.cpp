#include "ui/shell/sidebar.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include "ui/shell/page_icon.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kWidth = 176;
constexpr int kCompactWidth = 48;
constexpr int kRowHeight = 34;
constexpr int kGapHeight = 13;
constexpr int kIconSize = 20;
constexpr int kMargin = 12;

enum Role { PageRole = Qt::UserRole, NameRole, BadgeRole };

class EntryDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (!index.data(PageRole).isValid())
            return paintGap(*painter, option);
        const auto* widget = option.widget;
        QStyleOptionViewItem row = option;
        row.state |= QStyle::State_Active; // chosen looks the same wherever the focus is
        widget->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &row, painter, widget);
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        const QRect icon(option.rect.left() + kMargin, option.rect.center().y() - kIconSize / 2, kIconSize, kIconSize);
        index.data(Qt::DecorationRole).value<QIcon>().paint(painter, icon, Qt::AlignCenter, chosen ? QIcon::Selected : QIcon::Normal);
        painter->setPen(option.palette.color(chosen ? QPalette::HighlightedText : QPalette::Text));
        const auto badge = index.data(BadgeRole).toString();
        const bool compact = option.rect.width() < kCompactWidth * 2;
        const auto words = option.rect.adjusted(kMargin + kIconSize + kMargin, 0, -kMargin, 0);
        if (!compact)
            painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft, index.data(NameRole).toString());
        if (!badge.isEmpty())
            painter->drawText(compact ? option.rect.adjusted(0, 2, -6, 0) : words, (compact ? Qt::AlignTop : Qt::AlignVCenter) | Qt::AlignRight, badge);
    }

private:
    static void paintGap(QPainter& painter, const QStyleOptionViewItem& option)
    {
        painter.setPen(option.palette.color(QPalette::Mid));
        painter.drawLine(option.rect.left() + kMargin, option.rect.center().y(), option.rect.right() - kMargin, option.rect.center().y());
    }
};

} // namespace

Sidebar::Sidebar(QWidget* parent) :
    QListWidget(parent)
{
    setObjectName("navigation");
    setAccessibleName(tr("Pages"));
    setFrameShape(QFrame::NoFrame);
    setSpacing(1);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new EntryDelegate(this));
    setFixedWidth(kWidth);
    connect(this, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item != nullptr && item->data(PageRole).isValid())
            emit chosen(PageId(item->data(PageRole).toInt()));
    });
}

void Sidebar::addPage(PageId page, const QString& name)
{
    auto* item = new QListWidgetItem(pageIcon(page), name, this);
    item->setData(PageRole, int(page));
    item->setData(NameRole, name);
    item->setSizeHint({0, kRowHeight}); // as wide as the list is
}

void Sidebar::addGap()
{
    auto* gap = new QListWidgetItem(this);
    gap->setFlags(Qt::NoItemFlags);
    gap->setSizeHint({0, kGapHeight});
}

void Sidebar::select(PageId page)
{
    setCurrentItem(entry(page));
}

PageId Sidebar::current() const
{
    return currentItem() == nullptr ? PageId::Welcome : PageId(currentItem()->data(PageRole).toInt());
}

void Sidebar::setBadge(PageId page, const QString& badge, const QString& meaning)
{
    auto* item = entry(page);
    const auto name = item->data(NameRole).toString();
    item->setData(BadgeRole, badge);
    item->setText(badge.isEmpty() ? name : name + QStringLiteral("  ") + badge);
    item->setToolTip(meaning.isEmpty() ? QString() : tr("%1: %2").arg(name, meaning));
}

void Sidebar::setCompact(bool compact)
{
    m_isCompact = compact;
    setFixedWidth(compact ? kCompactWidth : kWidth);
    for (int row = 0; row < count(); ++row)
        if (auto* item = this->item(row); compact && item->toolTip().isEmpty())
            item->setToolTip(item->data(NameRole).toString());
}

QListWidgetItem* Sidebar::entry(PageId page) const
{
    for (int row = 0; row < count(); ++row)
        if (item(row)->data(PageRole).isValid() && PageId(item(row)->data(PageRole).toInt()) == page)
            return item(row);
    return nullptr;
}

} // namespace aap
