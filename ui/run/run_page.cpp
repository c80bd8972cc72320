#include "ui/run/run_page.h"

#include <utility>

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "core/engine/sandbox_log.h"
#include "ui/describe.h"
#include "ui/log/log_panel.h"
#include "ui/pipeline/stage_card.h"
#include "ui/run/changes_panel.h"
#include "ui/run/metrics_panel.h"
#include "ui/run/playback_log.h"
#include "ui/run/problem_list.h"
#include "ui/run/transcript_model.h"
#include "ui/run/transcript_view.h"
#include "ui/shell/workbench.h"
#include "ui/widgets/demo_ribbon.h"
#include "ui/widgets/look.h"
#include "ui/widgets/notice_bar.h"

namespace aap {
namespace {

constexpr int kIconSize = 18;

} // namespace

RunPage::RunPage(QWidget* parent) :
    QWidget(parent),
    m_ribbon(new DemoRibbon(kDemoSpeed, this)),
    m_lane(new StageLane(this)),
    m_headline(new QLabel(this)),
    m_note(new QLabel(this)),
    m_stop(new QPushButton(tr("S&top"), this)),
    m_transcript(new TranscriptModel(this)),
    m_view(new TranscriptView(*m_transcript, this)),
    m_log(new LogPanel(QStringLiteral("rawLog"), this)),
    m_changes(new ChangesPanel(this)),
    m_metrics(new MetricsPanel(this)),
    m_problems(new ProblemList(*m_transcript, this)),
    m_problemView(makeProblems()),
    m_tabs(makeTabs()),
    m_deployments(new NoticeBar(QStringLiteral("deployments"), tr("Stop and &remove the deployment"), this))
{
    setObjectName("pageRun");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(m_ribbon);
    column->addLayout(makeHeading());
    column->addWidget(m_lane);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_deployments);
    column->addWidget(makeGateBar());
    connect(m_lane, &StageLane::opened, this, [this](StageId stage) {
        m_tabs->setCurrentWidget(m_view);
        m_view->showStage(stage);
    });
    connect(m_view, &TranscriptView::logAsked, this, &RunPage::openLog);
    connect(m_ribbon, &DemoRibbon::speedChosen, this, &RunPage::speedChosen);
    connect(m_deployments, &NoticeBar::acted, this, &RunPage::removalAsked);
}

RunPage::~RunPage() = default;

QTabWidget* RunPage::makeTabs()
{
    auto* tabs = new QTabWidget(this);
    tabs->setObjectName("runTabs");
    tabs->setDocumentMode(true);
    tabs->setAccessibleName(tr("Views of the run"));
    tabs->addTab(m_view, tr("Transcript"));
    tabs->addTab(m_log, tr("Log"));
    tabs->addTab(m_changes, tr("Changes"));
    tabs->addTab(m_metrics, tr("Metrics"));
    tabs->addTab(m_problemView, tr("Problems"));
    tabs->tabBar()->setAccessibleName(tr("Views of the run"));
    return tabs;
}

QListView* RunPage::makeProblems()
{
    auto* view = new QListView(this);
    view->setObjectName("problems");
    view->setAccessibleName(tr("Problems"));
    view->setModel(m_problems);
    view->setWordWrap(true);
    view->setResizeMode(QListView::Adjust);
    view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    view->setFrameShape(QFrame::NoFrame);
    view->setSpacing(4);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    connect(view, &QAbstractItemView::activated, this, &RunPage::showProblem);
    for (const auto changed : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_problems, changed, this, &RunPage::countProblems);
    connect(m_problems, &QAbstractItemModel::modelReset, this, &RunPage::countProblems);
    return view;
}

void RunPage::countProblems()
{
    const auto count = m_problems->rowCount();
    m_tabs->setTabText(m_tabs->indexOf(m_problemView), count == 0 ? tr("Problems") : tr("Problems (%1)").arg(count));
}

void RunPage::showProblem(const QModelIndex& problem)
{
    m_problemView->setCurrentIndex(problem);
    m_tabs->setCurrentWidget(m_view);
    m_view->showRow(m_problems->mapToSource(problem));
}

void RunPage::goToProblem(bool forward)
{
    const auto count = m_problems->rowCount();
    if (count == 0)
        return;
    const auto here = m_problemView->currentIndex();
    const auto next = !here.isValid() ? (forward ? 0 : count - 1) : (here.row() + (forward ? 1 : count - 1)) % count;
    showProblem(m_problems->index(next, 0));
}

QLayout* RunPage::makeHeading()
{
    m_headline->setObjectName("runHeadline");
    m_headline->setTextFormat(Qt::PlainText);
    m_headline->setWordWrap(true);
    m_headline->setFont(headingFont(m_headline->font()));
    m_headline->setText(tr("No run yet"));
    m_note->setObjectName("runNote");
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setText(tr("Write requirements on the page Project and start a run, or try the demo."));
    m_stop->setObjectName("runStopButton");
    m_stop->setToolTip(tr("Stop the run in order; everything made so far is kept (Ctrl+.)"));
    m_stop->hide();
    connect(m_stop, &QPushButton::clicked, this, &RunPage::stopAsked);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_headline);
    words->addWidget(m_note);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addLayout(words, 1);
    row->addWidget(m_stop, 0, Qt::AlignTop);
    return row;
}

QWidget* RunPage::makeGateBar()
{
    m_gateBar = new QWidget(this);
    m_gateBar->setObjectName("gateBar");
    m_gateIcon = new QLabel(m_gateBar);
    m_gateQuestion = new QLabel(m_gateBar);
    m_gateQuestion->setObjectName("gateQuestion");
    m_gateQuestion->setTextFormat(Qt::PlainText);
    m_gateQuestion->setWordWrap(true);
    auto bold = m_gateQuestion->font();
    bold.setBold(true);
    m_gateQuestion->setFont(bold);
    m_gateFacts = new QLabel(m_gateBar);
    m_gateFacts->setObjectName("gateFacts");
    m_gateFacts->setTextFormat(Qt::PlainText);
    m_gateFacts->setWordWrap(true);
    m_gateFacts->setForegroundRole(QPalette::PlaceholderText);
    m_gateComment = new QLineEdit(m_gateBar);
    m_gateComment->setObjectName("gateComment");
    m_gateComment->setAccessibleName(tr("Comment for the decision"));
    m_gateComment->setPlaceholderText(tr("Comment (optional)"));
    auto* approve = new QPushButton(tr("&Approve"), m_gateBar);
    approve->setObjectName("approveButton");
    approve->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Y));
    approve->setToolTip(tr("Let the run go on (Ctrl+Shift+Y)"));
    auto* reject = new QPushButton(tr("Do &not allow"), m_gateBar);
    reject->setObjectName("rejectButton");
    reject->setToolTip(tr("The run ends here; everything made so far is kept"));
    connect(approve, &QPushButton::clicked, this, [this] { decide(Approver::Decision::Approved); });
    connect(reject, &QPushButton::clicked, this, [this] { decide(Approver::Decision::Rejected); });

    auto* question = new QHBoxLayout;
    question->setSpacing(8);
    question->addWidget(m_gateIcon, 0, Qt::AlignTop);
    question->addWidget(m_gateQuestion, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_gateComment, 1);
    buttons->addWidget(reject);
    buttons->addWidget(approve);
    auto* column = new QVBoxLayout(m_gateBar);
    column->setContentsMargins(12, 4, 12, 0);
    column->addLayout(question);
    column->addWidget(m_gateFacts);
    column->addLayout(buttons);
    m_gateBar->hide();
    return m_gateBar;
}

void RunPage::begin(const std::string& runId)
{
    m_runId = runId;
    m_state = {};
    m_transcript->clear();
    m_lane->clear();
    m_headline->setText(tr("Starting …"));
    m_note->setText(tr("Looking whether everything is there that a run needs."));
    m_stop->setEnabled(true);
    m_stop->show();
    m_gateBar->hide();
    m_ribbon->hide();
    m_log->close();
    m_changes->clear();
    m_metrics->clear();
    m_logFolder.clear();
    m_playbackLog.reset();
}

void RunPage::showLog(const RunBatch& batch)
{
    auto folder = text(m_state.started.output);
    if (folder.isEmpty() && !m_state.started.title.empty()) {
        if (!m_playbackLog)
            m_playbackLog = std::make_unique<PlaybackLog>();
        m_playbackLog->write(batch);
        folder = m_playbackLog->folder();
    }
    if (folder.isEmpty() || folder == m_logFolder)
        return;
    m_logFolder = folder;
    m_log->open(folder, QString::fromLatin1(SandboxLog::kName), true);
}

void RunPage::openLog(const QString& callId)
{
    if (!m_log->view().goToCall(callId))
        return;
    m_tabs->setCurrentWidget(m_log);
    m_log->view().setFocus();
}

void RunPage::showWaiting()
{
    m_headline->setText(tr("Waiting for a place"));
    m_note->setText(tr("It begins when another run has ended. How many may be at work at the same time stands in Settings, General."));
}

void RunPage::showPast(const RunBatch& past)
{
    begin({}); // its gates ask nobody any more
    append(past);
    m_stop->hide();
    if (!past.state.ending)
        m_note->setText(tr("This run was not finished: it was interrupted, or another program is at work on it."));
}

void RunPage::showFailure(const Error& error)
{
    if (m_state.started.title.empty())
        m_headline->setText(error.code == ErrorCode::Stopped ? tr("Stopped") : tr("The run could not start"));
    m_note->setText(describe(error));
    m_stop->hide();
    m_gateBar->hide();
}

void RunPage::showStopping()
{
    m_stop->setEnabled(false);
    m_note->setText(tr("Stopping … the sandbox is put away first."));
}

void RunPage::showDeployments(int count)
{
    if (count == 0)
        m_deployments->hide();
    else
        m_deployments->say(count == 1 ? tr("What the run has deployed still runs on this machine's Docker engine.")
                                      : tr("What %1 runs have deployed still runs on this machine's Docker engine.").arg(count));
}

void RunPage::showRemoving()
{
    m_deployments->say(tr("Removing the deployment …"));
    m_deployments->setBusy(true);
}

void RunPage::append(const RunBatch& batch)
{
    const auto before = std::exchange(m_state, batch.state);
    announce(before);
    m_lane->show(m_state);
    m_transcript->append(batch);
    m_changes->append(batch);
    m_metrics->append(batch);
    showLog(batch);
    if (!m_state.started.title.empty())
        m_headline->setText(text(m_state.started.title));
    const auto origin = sentence(m_state.started.recordingLabel);
    if (!origin.isEmpty())
        m_ribbon->show(m_state.id != m_runId);
    if (m_state.ending)
        m_note->setText((describeEnding(m_state) + u' ' + origin).trimmed());
    else if (m_stop->isEnabled())
        m_note->setText(origin.isEmpty() ? tr("The run is under way.") : origin);
    m_stop->setVisible(!m_state.ending);
    showGate();
}

/// Screen readers hear when a stage comes to another state; of what is said and printed they hear nothing by themselves.
void RunPage::announce(const RunState& before)
{
    for (const auto& stage : m_state.stages) {
        const auto* earlier = before.stage(stage.id);
        if (earlier == nullptr || earlier->status == stage.status)
            continue;
        m_lane->setAccessibleDescription(spokenState(stage));
        QAccessibleEvent told(m_lane, QAccessible::Alert);
        QAccessible::updateAccessibility(&told);
    }
}

void RunPage::showGate()
{
    const bool waits = m_state.openGate && !m_state.ending && m_state.id == m_runId;
    if (waits) {
        const auto look = lookOf(StageStatus::Waiting);
        m_gateIcon->setPixmap(shapeIcon(look.shape, look.colour).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
        m_gateQuestion->setText(text(m_state.openGate->question));
        m_gateFacts->setText(gateFacts(*m_state.openGate).join(QStringLiteral("  ·  ")));
    }
    const bool opens = waits && m_gateBar->isHidden();
    if (opens)
        m_gateComment->clear();
    m_gateBar->setVisible(waits);
    if (opens) {
        m_gateBar->setAccessibleName(m_gateQuestion->text());
        QAccessibleEvent told(m_gateBar, QAccessible::Alert);
        QAccessible::updateAccessibility(&told);
    }
}

void RunPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_gateBar->isVisible())
        showGate(); // its icon wears the scheme's colours
}

void RunPage::hideGate()
{
    m_gateBar->hide();
}

void RunPage::decide(Approver::Decision decision)
{
    emit gateDecided({.decision = decision, .by = qEnvironmentVariable("USER", tr("the user")).toStdString(), .comment = m_gateComment->text().toStdString()});
}

} // namespace aap
