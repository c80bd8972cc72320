#include "ui/project/requirement_items.h"

#include <algorithm>

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/inert_text.h"

namespace aap {
namespace {

enum ItemColumn { IdColumn, PriorityColumn, LinesColumn, TextColumn };
constexpr int kLineRole = Qt::UserRole;

QString memberText(const Json& item, const char* name)
{
    return item.contains(name) && item.at(name).is_string() ? text(item.at(name).get<std::string>()) : QString();
}

QString priorityWord(const QString& priority)
{
    return priority == QLatin1String("must") ? RequirementItems::tr("must") : priority == QLatin1String("should") ? RequirementItems::tr("should") : RequirementItems::tr("could");
}

/// First and last; 0 where an item has none.
std::pair<int, int> linesOf(const Json& item)
{
    return item.contains("lines") ? std::pair(item.at("lines").at(0).get<int>(), item.at("lines").at(1).get<int>()) : std::pair(0, 0);
}

QTreeWidgetItem* rowOf(const Json& item)
{
    const auto [first, last] = linesOf(item);
    auto* row = new QTreeWidgetItem;
    row->setText(IdColumn, memberText(item, "id"));
    row->setText(PriorityColumn, priorityWord(memberText(item, "priority")));
    row->setText(LinesColumn, first == 0 ? QString() : first == last ? QString::number(first) : QStringLiteral("%1–%2").arg(first).arg(last));
    row->setText(TextColumn, memberText(item, "text").simplified());
    row->setToolTip(TextColumn, memberText(item, "text").toHtmlEscaped());
    row->setData(IdColumn, kLineRole, first);
    return row;
}

} // namespace

RequirementItems::RequirementItems(QWidget* parent) :
    QWidget(parent),
    m_words(plainLabel("requirementReasons", this)),
    m_items(new QTreeWidget(this))
{
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_items->setObjectName("requirementItems");
    m_items->setAccessibleName(tr("Requirements as they are read"));
    m_items->setRootIsDecorated(false);
    m_items->setUniformRowHeights(true);
    m_items->setHeaderLabels({tr("Id"), tr("Priority"), tr("Lines"), tr("Requirement")});
    for (const auto column : {IdColumn, PriorityColumn, LinesColumn})
        m_items->header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_items, 1);
    column->addWidget(m_words);
    const auto jump = [this](const QTreeWidgetItem* item) {
        if (const auto line = item->data(IdColumn, kLineRole).toInt(); line > 0)
            emit lineChosen(line);
    };
    connect(m_items, &QTreeWidget::itemClicked, this, jump);
    connect(m_items, &QTreeWidget::itemActivated, this, jump);
}

void RequirementItems::show(const Result<Intake>& intake)
{
    m_items->clear();
    if (!intake)
        return m_words->setText(describe(intake.error()));
    for (const auto& item : intake->requirements.at("items"))
        m_items->addTopLevelItem(rowOf(item));
    QStringList words;
    for (const auto& question : intake->requirements.value("questions", Json::array()))
        words << tr("Open question: %1").arg(text(question.get<std::string>()));
    for (const auto& reason : intake->reasons)
        words << text(reason);
    m_words->setText(words.join(u'\n'));
}

QString itemsInShort(const Result<Intake>& intake)
{
    if (!intake)
        return describe(intake.error());
    const auto& items = intake->requirements.at("items");
    const auto musts = std::ranges::count_if(items, [](const Json& item) { return item.at("priority") == "must"; });
    const auto questions = intake->requirements.value("questions", Json::array()).size();
    auto words = RequirementItems::tr("%n item(s), %1 of them must", nullptr, int(items.size())).arg(musts);
    if (questions > 0)
        words += QStringLiteral("  ·  ") + RequirementItems::tr("%n open question(s)", nullptr, int(questions));
    return words;
}

} // namespace aap
