#include "ui/history/compare_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kWhatWidth = 240;

} // namespace

CompareView::CompareView(QWidget* parent) :
    QWidget(parent),
    m_summary(new QLabel(this)),
    m_lines(new QTreeWidget(this))
{
    setObjectName("compareView");
    auto* back = new QPushButton(tr("&Back to the history"), this);
    back->setObjectName("compareBack");
    connect(back, &QPushButton::clicked, this, &CompareView::backAsked);
    m_summary->setObjectName("compareSummary");
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setFont(headingFont(m_summary->font()));
    m_lines->setObjectName("compareLines");
    m_lines->setAccessibleName(tr("Differences"));
    m_lines->setColumnCount(3);
    m_lines->setUniformRowHeights(true);
    m_lines->setAlternatingRowColors(true);
    m_lines->header()->setStretchLastSection(true);
    auto* heading = new QHBoxLayout;
    heading->addWidget(m_summary, 1);
    heading->addWidget(back);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(heading);
    column->addWidget(m_lines, 1);
}

void CompareView::show(const ComparedRun& left, const ComparedRun& right)
{
    const auto name = [](const RunState& state) { return state.started.title.empty() ? text(state.id) : text(state.started.title).simplified(); };
    const auto comparison = compareRuns(left, right);
    m_summary->setText(tr("Two runs compared"));
    m_lines->clear();
    m_lines->setHeaderLabels({tr("What"), tr("%1 (%2)").arg(name(left.state), text(left.state.id)), tr("%1 (%2)").arg(name(right.state), text(right.state.id))});
    addGroup(tr("Outcome"), comparison.outcome, {});
    addGroup(tr("Stages"), comparison.stages, tr("No stage was reached."));
    addGroup(tr("Settings that differ"), comparison.settings, tr("Both were started with the same settings."));
    addGroup(tr("Files that differ"), comparison.files,
             !left.hasFiles || !right.hasFiles ? tr("The files of one of them are no longer there.") : tr("Both made the same files."));
    m_lines->expandAll();
    m_lines->setColumnWidth(0, kWhatWidth);
    m_lines->setColumnWidth(1, (width() - kWhatWidth) / 2);
    m_lines->setFocus();
}

void CompareView::addGroup(const QString& name, const QList<RunComparison::Line>& lines, const QString& whenNone)
{
    auto* group = new QTreeWidgetItem(m_lines, {name});
    auto bold = m_lines->font();
    bold.setBold(true);
    group->setFont(0, bold);
    group->setFirstColumnSpanned(true);
    if (lines.isEmpty())
        (new QTreeWidgetItem(group, {whenNone}))->setFirstColumnSpanned(true);
    for (const auto& [what, left, right] : lines) {
        auto* item = new QTreeWidgetItem(group, {what, left.simplified(), right.simplified()});
        if (left != right)
            item->setFont(2, bold);
    }
}

void CompareView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        emit backAsked();
    else
        QWidget::keyPressEvent(event);
}

} // namespace aap
