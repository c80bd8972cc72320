#include "ui/history/history_page.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/history/compare_view.h"
#include "ui/history/fork_sheet.h"
#include "ui/history/past_runs.h"
#include "ui/history/run_exports.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/look.h"
#include "ui/widgets/notice_bar.h"

namespace aap {
namespace {

/// In characters; the project takes the rest.
constexpr std::pair<HistoryModel::Column, int> kWidths[] = {{HistoryModel::Number, 5}, {HistoryModel::Started, 15}, {HistoryModel::Mode, 10}, {HistoryModel::Outcome, 24},
                                                            {HistoryModel::Duration, 12}, {HistoryModel::Tokens, 9}, {HistoryModel::Cost, 9}, {HistoryModel::Model, 20}};
constexpr int kUndoTime = 10'000; // milliseconds
const QString kPinned = QStringLiteral("history/pinned");

} // namespace

HistoryPage::HistoryPage(Workbench& workbench, QSettings& memory, QWidget* parent) :
    QWidget(parent),
    m_workbench(workbench),
    m_memory(memory),
    m_runs(new HistoryModel(this)),
    m_selection(new HistorySelection(*m_runs, this)),
    m_views(new QStackedWidget(this)),
    m_comparison(new CompareView(this)),
    m_exports(new RunExports(workbench, this))
{
    setObjectName("pageHistory");
    m_workers.setMaxThreadCount(1);
    m_views->addWidget(makeList());
    m_views->addWidget(m_comparison);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_views);
    connect(m_exports, &RunExports::failed, this, &HistoryPage::failed);
    connect(m_exports, &RunExports::imported, this, &HistoryPage::reload);
    connect(m_exports, &RunExports::said, this, [this](const QString& words) {
        offer();
        m_figures->setText(words);
    });
    connect(m_comparison, &CompareView::backAsked, this, [this] {
        m_views->setCurrentIndex(0);
        m_table->setFocus();
    });
    offer();
}

HistoryPage::~HistoryPage()
{
    discardForGood();
    m_workers.waitForDone();
}

QWidget* HistoryPage::makeList()
{
    auto* list = new QWidget(this);
    makeTable();
    m_figures = new QLabel(list);
    m_figures->setObjectName("historyFigures");
    m_figures->setTextFormat(Qt::PlainText);
    m_figures->setForegroundRole(QPalette::PlaceholderText);
    makeUndo();
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(makeSearch());
    column->addLayout(makeBar());
    column->addWidget(m_undo);
    column->addWidget(m_empty = makeEmpty());
    column->addWidget(m_table, 1);
    column->addWidget(m_figures);
    return list;
}

QWidget* HistoryPage::makeEmpty()
{
    auto* empty = new QWidget(this);
    auto* words = new QLabel(tr("No runs yet."), empty);
    auto* demo = new QPushButton(tr("Try the &demo"), empty);
    demo->setObjectName("historyDemo");
    connect(demo, &QPushButton::clicked, this, &HistoryPage::demoAsked);
    auto* row = new QHBoxLayout(empty);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(words);
    row->addWidget(demo);
    row->addStretch(1);
    empty->hide();
    return empty;
}

QLayout* HistoryPage::makeSearch()
{
    auto* imports = new QPushButton(tr("&Import …"), this);
    imports->setObjectName("historyImport");
    imports->setToolTip(tr("Take a run that somebody handed on as a bundle into the history, to be read"));
    connect(imports, &QPushButton::clicked, m_exports, &RunExports::import);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(makeFilter(), 1);
    row->addWidget(imports);
    return row;
}

QLineEdit* HistoryPage::makeFilter()
{
    m_filter = new QLineEdit(this);
    m_filter->setObjectName("historyFilter");
    m_filter->setAccessibleName(tr("Filter the history"));
    m_filter->setPlaceholderText(tr("result:failed model:opus cost:>2 last week"));
    m_filter->setToolTip(tr("Words of the title, and result:  model:  mode:  cost:>2  cost:<2  today  yesterday  last week  last month"));
    m_filter->setClearButtonEnabled(true);
    connect(m_filter, &QLineEdit::textChanged, this, &HistoryPage::filter);
    return m_filter;
}

QLayout* HistoryPage::makeBar()
{
    const auto button = [this](const char* name, const QString& label, const QString& tip, auto work) {
        auto* made = new QPushButton(label, this);
        made->setObjectName(name);
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, work);
        return made;
    };
    m_open = button("historyOpen", tr("&Open"), tr("Show the run as it went (Return)"), [this] { emit openAsked(chosen().front().id); });
    m_resume = button("historyResume", tr("Res&ume"), tr("Go on where the run was left; nothing that was paid for is paid again"), [this] { emit resumeAsked(chosen().front()); });
    m_fork = button("historyFork", tr("Run again &from …"), tr("A new run that takes over what was before a stage (Ctrl+Shift+R)"), [this] { forkChosen(); });
    m_compare = button("historyCompare", tr("Co&mpare two"), tr("Choose two runs to see what differs (Ctrl+Shift+D)"), [this] { compareChosen(); });
    m_export = button("historyExport", tr("E&xport …"), tr("Write the results of the run into a ZIP file or a signed bundle (Ctrl+Shift+E)"), [this] { exportChosen(); });
    m_pin = button("historyPin", tr("&Pin"), tr("Keep the run on top of the list, and out of the trash"), [this] { pinChosen(); });
    m_discard = button("historyDiscard", tr("Move to &trash"), tr("Take the run out of the history and move its files to the trash (Del)"), [this] { discardChosen(); });
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    for (auto* made : {m_open, m_resume, m_fork, m_compare, m_export, m_pin})
        bar->addWidget(made);
    bar->addStretch(1);
    bar->addWidget(m_discard);
    return bar;
}

void HistoryPage::makeUndo()
{
    m_undo = new NoticeBar(QStringLiteral("historyUndo"), tr("&Undo"), this);
    m_undoTime.setSingleShot(true);
    m_undoTime.setInterval(kUndoTime);
    connect(m_undo, &NoticeBar::acted, this, &HistoryPage::keepDiscarded);
    connect(&m_undoTime, &QTimer::timeout, this, &HistoryPage::discardForGood);
}

void HistoryPage::makeTable()
{
    m_table = new QTableView(this);
    m_table->setObjectName("historyTable");
    m_table->setAccessibleName(tr("Runs"));
    m_table->setModel(m_selection);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(HistoryModel::Number, Qt::DescendingOrder);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // ten thousand rows are not measured
    m_table->horizontalHeader()->setHighlightSections(false);
    const auto digit = m_table->fontMetrics().averageCharWidth();
    for (const auto& [column, characters] : kWidths)
        m_table->setColumnWidth(column, characters * digit + 2 * digit);
    m_table->horizontalHeader()->setSectionResizeMode(HistoryModel::Project, QHeaderView::Stretch);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& index) { emit openAsked(m_selection->run(index).id); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryPage::offer);
}

void HistoryPage::inBackground(std::function<void()> work)
{
    m_workers.start(std::move(work));
}

void HistoryPage::setAtWork(std::set<std::string> runIds)
{
    if (m_atWork == runIds)
        return;
    m_atWork = std::move(runIds);
    reload();
}

void HistoryPage::reload()
{
    if (!isVisible())
        return; // it is read when it is looked at
    inBackground([this, done = toGui<Result<std::vector<RunSummary>>>(this, [this](const auto& runs) { showRuns(runs); })] {
        done(guarded([this] { return readRuns(m_workbench); }));
    });
}

void HistoryPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    reload();
}

void HistoryPage::showRuns(const Result<std::vector<RunSummary>>& runs)
{
    if (!runs) {
        emit failed(runs.error());
        return;
    }
    std::set<std::string> selected;
    for (const auto& run : chosen())
        selected.insert(run.id);
    auto shown = *runs;
    std::erase_if(shown, [this](const RunSummary& run) { return m_discarded.contains(run.id); });
    m_runs->show(std::move(shown), m_atWork, pinned());
    for (int row = 0; row < m_selection->rowCount() && !selected.empty(); ++row)
        if (const auto index = m_selection->index(row, 0); selected.erase(m_selection->run(index).id) > 0)
            m_table->selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    if (!m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_selection->index(0, HistoryModel::Project));
    m_empty->setVisible(m_runs->rowCount() == 0);
    offer();
}

void HistoryPage::filter()
{
    m_selection->setFilter(HistoryFilter::parse(m_filter->text(), QDateTime::currentDateTime()));
    offer();
}

void HistoryPage::find()
{
    m_views->setCurrentIndex(0);
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void HistoryPage::offer()
{
    const auto runs = chosen();
    m_open->setEnabled(runs.size() == 1);
    const auto* one = runs.size() == 1 ? &runs.front() : nullptr;
    const bool rests = one != nullptr && !one->isRunning && !m_atWork.contains(one->id);
    m_resume->setEnabled(rests && mayGoOn(*one));
    m_fork->setEnabled(rests && one->signedBy.empty());
    const bool isPinned = one != nullptr && pinned().contains(one->id);
    m_pin->setEnabled(one != nullptr);
    m_pin->setText(isPinned ? tr("Un&pin") : tr("&Pin"));
    m_discard->setEnabled(rests && !isPinned);
    m_compare->setEnabled(runs.size() == 2);
    m_export->setEnabled(runs.size() == 1 && !runs.front().output.empty());
    const auto shown = m_selection->rowCount();
    const auto all = m_runs->rowCount();
    m_figures->setText(shown == all ? tr("Runs: %1").arg(all) : tr("Runs: %1 of %2").arg(shown).arg(all));
}

std::vector<RunSummary> HistoryPage::chosen() const
{
    std::vector<RunSummary> runs;
    for (const auto& index : m_table->selectionModel()->selectedRows())
        runs.push_back(m_selection->run(index));
    return runs;
}

void HistoryPage::open(const std::string& runId)
{
    readAnd(runId, [this](const RunBatch& past) { emit opened(past); });
}

void HistoryPage::readAnd(const std::string& runId, std::function<void(const RunBatch&)> work)
{
    const auto done = toGui<Result<RunBatch>>(this, [this, work = std::move(work)](const auto& past) {
        if (past)
            work(*past);
        else
            emit failed(past.error());
    });
    inBackground([this, runId, done] { done(guarded([&] { return readPastRun(m_workbench, runId); })); });
}

void HistoryPage::forkChosen()
{
    if (!m_fork->isEnabled())
        return;
    readAnd(chosen().front().id, [this](const RunBatch& past) {
        if (!askWhereToFork(*this, past.state, [this](const ForkWish& wish) { emit forkAsked(wish); }))
            emit failed(Error{ErrorCode::Invalid, "no stage of this run has begun", {}, "Start a new run instead."});
    });
}

std::set<std::string> HistoryPage::pinned() const
{
    std::set<std::string> ids;
    for (const auto& id : m_memory.value(kPinned).toStringList())
        ids.insert(id.toStdString());
    return ids;
}

void HistoryPage::pinChosen()
{
    const auto runs = chosen();
    if (runs.size() != 1)
        return;
    auto ids = m_memory.value(kPinned).toStringList();
    if (const auto id = text(runs.front().id); ids.removeAll(id) == 0)
        ids << id;
    m_memory.setValue(kPinned, ids);
    reload();
}

void HistoryPage::discardChosen()
{
    if (m_discard->isEnabled())
        discard(chosen().front());
}

void HistoryPage::discard(const RunSummary& run)
{
    discardForGood(); // one can be undone at a time
    m_undoable = run.id;
    m_discarded.insert(run.id);
    m_undoTime.start();
    m_undo->say(tr("“%1” goes to the trash.").arg(run.title.empty() ? text(run.id) : text(run.title).simplified()));
    reload();
}

void HistoryPage::keepDiscarded()
{
    m_undoTime.stop();
    m_undo->hide();
    m_discarded.erase(std::exchange(m_undoable, {}));
    reload();
}

/// It stays hidden until it is done; what cannot be discarded comes back, and why is said.
void HistoryPage::discardForGood()
{
    m_undoTime.stop();
    m_undo->hide();
    const auto id = std::exchange(m_undoable, {});
    if (id.empty())
        return;
    m_workbench.discardRun(id, toGui<Result<void>>(this, [this, id](const auto& outcome) {
        m_discarded.erase(id);
        if (!outcome)
            emit failed(outcome.error());
        reload();
    }));
}

void HistoryPage::compareChosen()
{
    auto runs = chosen();
    if (runs.size() != 2)
        return;
    std::ranges::sort(runs, {}, &RunSummary::startedAt); // what was before stands on the left
    using Pair = std::pair<ComparedRun, ComparedRun>;
    const auto done = toGui<Result<Pair>>(this, [this](const auto& pair) {
        if (!pair) {
            emit failed(pair.error());
            return;
        }
        m_comparison->show(pair->first, pair->second);
        m_views->setCurrentWidget(m_comparison);
    });
    const auto read = [this](const RunSummary& run) -> Result<ComparedRun> {
        const auto journal = m_workbench.openJournal();
        if (!journal)
            return journal.error();
        return comparedRun(run.id, **journal);
    };
    inBackground([runs, read, done] {
        done(guarded([&]() -> Result<Pair> {
            auto left = read(runs[0]);
            auto right = read(runs[1]);
            if (!left || !right)
                return (left ? right : left).error();
            return Pair(*std::move(left), *std::move(right));
        }));
    });
}

void HistoryPage::exportChosen()
{
    if (const auto runs = chosen(); runs.size() == 1 && !runs.front().output.empty())
        m_exports->exportRun(runs.front());
}

void HistoryPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_filter->text().isEmpty())
        m_filter->clear();
    else if (event->key() == Qt::Key_Delete && m_table->hasFocus())
        discardChosen();
    else
        QWidget::keyPressEvent(event);
}

} // namespace aap
