#include "ui/run/run_page.h"

#include <utility>

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "core/engine/sandbox_log.h"
#include "core/engine/steering.h"
#include "ui/describe.h"
#include "ui/log/log_panel.h"
#include "ui/pipeline/stage_card.h"
#include "ui/run/agents_pane.h"
#include "ui/run/changes_panel.h"
#include "ui/run/files_panel.h"
#include "ui/run/gate_bar.h"
#include "ui/run/metrics_panel.h"
#include "ui/run/playback_log.h"
#include "ui/run/problem_list.h"
#include "ui/run/sandbox_panel.h"
#include "ui/run/steer_bar.h"
#include "ui/run/time_slider.h"
#include "ui/run/transcript_model.h"
#include "ui/run/transcript_view.h"
#include "ui/widgets/look.h"
#include "ui/widgets/notice_bar.h"

namespace aap {
namespace {

constexpr int kRoomForAgents = 960;
constexpr int kAgentsWidth = 250;

bool isPause(const RunState& state)
{
    return !state.pausedFor.empty() && !state.ending;
}

} // namespace

RunPage::RunPage(QWidget* parent) :
    QWidget(parent),
    m_lane(new StageLane(this)),
    m_headline(new QLabel(this)),
    m_note(new QLabel(this)),
    m_resume(new QPushButton(tr("Res&ume"), this)),
    m_pause(new QPushButton(tr("&Pause"), this)),
    m_stop(new QPushButton(tr("S&top"), this)),
    m_transcript(new TranscriptModel(this)),
    m_view(new TranscriptView(*m_transcript, this)),
    m_log(new LogPanel(QStringLiteral("rawLog"), this)),
    m_changes(new ChangesPanel(this)),
    m_sandbox(new SandboxPanel(this)),
    m_files(new FilesPanel(this)),
    m_metrics(new MetricsPanel(this)),
    m_problems(new ProblemList(*m_transcript, this)),
    m_problemView(makeProblems()),
    m_tabs(makeTabs()),
    m_agents(new AgentsPane(this)),
    m_time(new TimeSlider(this)),
    m_deployments(new NoticeBar(QStringLiteral("deployments"), tr("Stop and &remove the deployment"), this)),
    m_steer(new SteerBar(this)),
    m_gate(new GateBar(this))
{
    setObjectName("pageRun");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(makeHeading());
    column->addWidget(m_lane);
    column->addWidget(m_time);
    column->addWidget(makeViews(), 1);
    column->addWidget(m_deployments);
    column->addWidget(m_gate);
    column->addWidget(m_steer);
    connect(m_lane, &StageLane::opened, this, [this](StageId stage) {
        m_tabs->setCurrentWidget(m_view);
        m_view->showStage(stage);
    });
    connect(m_time, &TimeSlider::moved, this, &RunPage::showMoment);
    connect(m_time, &TimeSlider::forkAsked, this, &RunPage::forkAsked);
    connect(m_view, &TranscriptView::logAsked, this, &RunPage::openLog);
    connect(m_sandbox, &SandboxPanel::lookAsked, this, &RunPage::sandboxLookAsked);
    connect(m_deployments, &NoticeBar::acted, this, &RunPage::removalAsked);
    connect(m_gate, &GateBar::decided, this, &RunPage::gateDecided);
    connect(m_steer, &SteerBar::wished, this, [this] {
        m_note->setText(noteNow());
        showControls();
        emit steered();
    });
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
    tabs->addTab(m_files, tr("Files"));
    tabs->addTab(m_sandbox, tr("Sandbox"));
    tabs->addTab(m_metrics, tr("Metrics"));
    tabs->addTab(m_problemView, tr("Problems"));
    tabs->tabBar()->setAccessibleName(tr("Views of the run"));
    return tabs;
}

QWidget* RunPage::makeViews()
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_tabs);
    splitter->addWidget(m_agents);
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({900, kAgentsWidth});
    splitter->setChildrenCollapsible(false);
    return splitter;
}

/// Where there is little room, what is said comes first; the cards above name the agents, too.
void RunPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_agents->setVisible(width() >= kRoomForAgents);
}

void RunPage::setContextSize(std::function<std::int64_t(const std::string& model)> size)
{
    m_agents->setContextSize(std::move(size));
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
    m_resume->setObjectName("runResumeButton");
    m_resume->setToolTip(tr("Go on where the run was left; nothing that was paid for is paid again (Ctrl+Alt+P)"));
    connect(m_resume, &QPushButton::clicked, this, &RunPage::resumeAsked);
    m_pause->setObjectName("runPauseButton");
    connect(m_pause, &QPushButton::clicked, m_steer, &SteerBar::togglePause);
    m_stop->setObjectName("runStopButton");
    m_stop->setToolTip(tr("Stop the run in order; everything made so far is kept (Ctrl+.)"));
    connect(m_stop, &QPushButton::clicked, this, &RunPage::stopAsked);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_headline);
    words->addWidget(m_note);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addLayout(words, 1);
    for (auto* button : {m_resume, m_pause, m_stop}) {
        row->addWidget(button, 0, Qt::AlignTop);
        button->hide();
    }
    return row;
}

void RunPage::begin(const std::string& runId, std::shared_ptr<Steering> steering)
{
    m_runId = runId;
    m_state = {};
    m_isGoing = true;
    m_isStopping = false;
    m_steer->setSteering(std::move(steering));
    m_steer->show(m_state);
    m_transcript->clear();
    m_lane->clear();
    m_headline->setText(tr("Starting …"));
    m_note->setText(tr("Looking whether everything is there that a run needs."));
    m_gate->hide();
    showControls();
    m_log->close();
    m_changes->clear();
    m_agents->clear();
    m_sandbox->clear();
    m_files->clear();
    m_time->clear();
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

const TimeStop* RunPage::moment() const
{
    return m_time->stop();
}

void RunPage::setMayFork(bool may)
{
    m_time->setMayFork(may);
}

/// Tree, changes, transcript and log go there together; the tab in front stays.
void RunPage::showMoment()
{
    const auto* stop = moment();
    m_changes->showUpTo(stop == nullptr ? std::string() : stop->commit);
    m_files->show(text(m_state.started.output), stop == nullptr ? m_time->newest() : stop->commit);
    if (stop == nullptr) {
        m_view->followEnd();
        return;
    }
    const auto rows = m_transcript->match(m_transcript->index(0, 0), TranscriptModel::CallRole, stop->callId, 1, Qt::MatchExactly);
    if (!stop->callId.isEmpty() && !rows.isEmpty())
        m_view->showRow(rows.first());
    (void)m_log->view().goToCall(stop->callId);
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
    end();
    if (!past.state.ending)
        m_note->setText(tr("This run was not finished: it was interrupted, or another program is at work on it."));
}

void RunPage::end()
{
    m_isGoing = false;
    m_lane->show(m_state, halt());
    m_agents->setHalted(halt());
    m_steer->setSteering({});
    m_gate->hide();
    showControls();
}

void RunPage::showFailure(const Error& error)
{
    if (m_state.started.title.empty())
        m_headline->setText(error.code == ErrorCode::Stopped ? tr("Stopped") : tr("The run could not start"));
    m_note->setText(describe(error));
    end();
}

void RunPage::showStopping()
{
    m_isStopping = true;
    m_note->setText(noteNow());
    showControls();
}

std::optional<StateLook> RunPage::halt() const
{
    if (isPause(m_state))
        return pausedLook();
    return m_isGoing || m_state.ending ? std::nullopt : std::optional(interruptedLook());
}

bool RunPage::canResume() const
{
    const bool isOurs = m_runId.empty() || m_state.id == m_runId;
    return !m_isGoing && isOurs && m_state.startedAt && m_state.started.signedBy.empty() && mayGoOn(m_state.ending);
}

/// A playback does not.
bool RunPage::listens() const
{
    return m_isGoing && !m_state.ending && m_steer->canSteer() && m_state.id == m_runId;
}

bool RunPage::hasProblems() const
{
    return m_problems->rowCount() > 0;
}

/// Whichever of resume, pause and stop make sense now.
void RunPage::showControls()
{
    const bool goes = m_isGoing && !m_state.ending;
    const bool standsStill = m_steer->isPaused();
    m_sandbox->follow(m_state, goes && !isPlayback());
    m_resume->setVisible(canResume());
    m_pause->setVisible(listens());
    m_pause->setText(standsStill ? tr("&Go on") : tr("&Pause"));
    m_pause->setToolTip(standsStill ? tr("Let the run go on (Ctrl+Alt+P)") : tr("When this turn is over nothing happens and nothing is paid until you let it go on (Ctrl+Alt+P)"));
    m_pause->setEnabled(!m_isStopping);
    m_stop->setVisible(goes);
    m_stop->setEnabled(!m_isStopping);
    m_steer->setVisible(listens() && !m_state.openGate); // there the comment is the way to speak
}

QString RunPage::noteNow() const
{
    const auto origin = sentence(m_state.started.recordingLabel);
    if (m_state.ending)
        return (describeEnding(m_state) + u' ' + origin).trimmed();
    if (m_isStopping)
        return tr("Stopping … the sandbox is put away first.");
    if (isPause(m_state))
        return m_steer->isPaused() ? tr("Paused. Nothing happens and nothing is paid.") : tr("Going on …");
    if (m_steer->isPaused())
        return tr("Pausing … the run stands still when this turn is over.");
    return origin.isEmpty() ? tr("The run is under way.") : origin;
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

void RunPage::showSandboxes(const Result<std::vector<SandboxLook>>& looks)
{
    m_sandbox->take(looks);
}

void RunPage::append(const RunBatch& batch)
{
    const auto before = std::exchange(m_state, batch.state);
    announce(before);
    m_lane->show(m_state, halt());
    m_agents->append(batch);
    m_transcript->append(batch);
    m_changes->append(batch);
    m_time->append(batch);
    if (moment() == nullptr)
        m_files->show(text(m_state.started.output), m_time->newest());
    m_metrics->append(batch);
    showLog(batch);
    if (!m_state.started.title.empty())
        m_headline->setText(text(m_state.started.title));
    m_note->setText(noteNow());
    m_steer->show(m_state);
    showControls();
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
    if (m_state.openGate && !m_state.ending && m_isGoing && m_state.id == m_runId)
        m_gate->ask(*m_state.openGate);
    else
        m_gate->hide();
}

void RunPage::hideGate()
{
    m_gate->hide();
}

} // namespace aap
