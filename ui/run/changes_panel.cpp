#include "ui/run/changes_panel.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QtConcurrent>

#include "core/store/snapshot_diff.h"
#include "ui/describe.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/list_beside.h"

namespace aap {
namespace {

constexpr int kFromRole = Qt::UserRole;
constexpr int kToRole = Qt::UserRole + 1;
constexpr int kCallRole = Qt::UserRole + 2; // bool: the change of one tool call

} // namespace

ChangesPanel::ChangesPanel(QWidget* parent) :
    QWidget(parent),
    m_steps(new QListWidget(this)),
    m_diff(new DiffView(this)),
    m_beside(new QPushButton(tr("Side &by side"), this))
{
    m_steps->setObjectName("changeSteps");
    m_steps->setAccessibleName(tr("Whose changes"));
    m_steps->setUniformItemSizes(true);
    m_diff->setObjectName("changes");
    m_beside->setObjectName("changesBeside");
    m_beside->setCheckable(true);
    connect(m_beside, &QPushButton::toggled, m_diff, &DiffView::setSideBySide);
    connect(m_steps, &QListWidget::currentRowChanged, this, &ChangesPanel::compareCurrent);
    connect(&m_comparing, &QFutureWatcherBase::finished, this, &ChangesPanel::showComparison);

    auto* bar = new QHBoxLayout;
    bar->addStretch(1);
    bar->addWidget(m_beside);
    layOutBeside(*this, m_steps, bar, m_diff);
    clear();
}

void ChangesPanel::clear()
{
    m_steps->clear();
    m_output.clear();
    m_last.clear();
    m_upTo.clear();
    m_stageBegin.clear();
    m_stageRow = -1;
    m_calls.clear();
    m_diff->show({}, tr("Nothing has changed yet."));
}

void ChangesPanel::addStep(const QString& words, int indent, const std::string& from, const std::string& to)
{
    auto* step = new QListWidgetItem(QString(indent * 3, u' ') + words, m_steps);
    step->setToolTip(words.toHtmlEscaped());
    step->setData(kFromRole, QString::fromStdString(from));
    step->setData(kToRole, QString::fromStdString(to));
}

void ChangesPanel::append(const RunBatch& batch)
{
    const auto before = m_last;
    m_output = text(batch.state.started.output);
    for (const auto& event : batch.events)
        take(event);
    if (m_output.isEmpty() && !batch.state.started.title.empty())
        m_diff->show({}, tr("This run is played back: it has no files of its own."));
    if (m_last == before)
        return;
    if (m_upTo.empty())
        m_steps->item(0)->setData(kToRole, QString::fromStdString(m_last));
    if (m_stageRow >= 0)
        m_steps->item(m_stageRow)->setData(kToRole, QString::fromStdString(m_last));
    m_stale = true;
    hideLater();
    if (!isVisible())
        return;
    if (m_steps->currentRow() < 0)
        m_steps->setCurrentRow(0);
    else if (m_steps->currentRow() == 0 || m_steps->currentRow() == m_stageRow)
        compareCurrent();
}

void ChangesPanel::take(const RunEvent& event)
{
    if (std::holds_alternative<StageStarted>(event.payload)) {
        m_stageBegin = m_last;
        m_stageRow = -1;
    } else if (const auto* started = std::get_if<ToolStarted>(&event.payload)) {
        m_calls.insert(text(started->callId), (text(started->tool) + u' ' + text(started->summary)).simplified().left(120));
    } else if (const auto* tool = std::get_if<ToolFinished>(&event.payload)) {
        const auto words = m_calls.take(text(tool->callId));
        if (tool->snapshot.empty() || tool->snapshot == m_last)
            return;
        if (m_steps->count() == 0)
            addStep(tr("All changes"), 0, {}, tool->snapshot);
        if (m_stageRow < 0) {
            m_stageRow = m_steps->count();
            addStep(event.stage ? word(title(*event.stage)) : QString(), 1, m_stageBegin, tool->snapshot);
        }
        addStep(words, 2, m_last, tool->snapshot);
        m_steps->item(m_steps->count() - 1)->setData(kCallRole, true);
        m_last = tool->snapshot;
    }
}

void ChangesPanel::showUpTo(const std::string& commit)
{
    if (commit == m_upTo || m_steps->count() == 0)
        return;
    m_upTo = commit;
    m_steps->item(0)->setText(commit.empty() ? tr("All changes") : tr("All changes up to here"));
    m_steps->item(0)->setData(kToRole, QString::fromStdString(commit.empty() ? m_last : commit));
    hideLater();
    m_stale = true;
    if (m_steps->currentRow() > 0)
        m_steps->setCurrentRow(0);
    else if (isVisible())
        compareCurrent();
}

/// What came after the moment that is looked at.
void ChangesPanel::hideLater()
{
    bool isLater = false;
    for (int row = 1; row < m_steps->count(); ++row) {
        auto* step = m_steps->item(row);
        step->setHidden(isLater);
        isLater = isLater || (!m_upTo.empty() && step->data(kCallRole).toBool() && step->data(kToRole).toString().toStdString() == m_upTo);
    }
}

void ChangesPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!m_stale || m_steps->count() == 0)
        return;
    if (m_steps->currentRow() < 0)
        m_steps->setCurrentRow(0);
    else
        compareCurrent();
}

void ChangesPanel::compareCurrent()
{
    const auto* step = m_steps->currentItem();
    if (step == nullptr || m_output.isEmpty())
        return;
    m_stale = false;
    const auto from = step->data(kFromRole).toString().toStdString();
    const auto to = step->data(kToRole).toString().toStdString();
    m_comparing.setFuture(QtConcurrent::run([folder = m_output.toStdString() + "/snapshots.git", from, to] {
        const auto diff = diffOfSnapshots(folder, from, to);
        return diff ? Comparison{parseUnifiedDiff(text(*diff)), {}} : Comparison{{}, describe(diff.error())};
    }));
}

void ChangesPanel::showComparison()
{
    auto comparison = m_comparing.result();
    m_diff->show(std::move(comparison.rows), comparison.problem.isEmpty() ? tr("Nothing has changed.") : comparison.problem);
}

} // namespace aap
