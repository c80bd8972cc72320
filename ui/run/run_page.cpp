#include "ui/run/run_page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/pipeline/stage_card.h"
#include "ui/run/transcript_model.h"
#include "ui/run/transcript_view.h"
#include "ui/widgets/look.h"
#include "ui/widgets/notice_bar.h"

namespace aap {
namespace {

constexpr int kIconSize = 18;

} // namespace

RunPage::RunPage(QWidget* parent) :
    QWidget(parent),
    m_lane(new StageLane(this)),
    m_headline(new QLabel(this)),
    m_note(new QLabel(this)),
    m_stop(new QPushButton(tr("S&top"), this)),
    m_transcript(new TranscriptModel(this)),
    m_view(new TranscriptView(*m_transcript, this)),
    m_deployments(new NoticeBar(QStringLiteral("deployments"), tr("Stop and &remove the deployment"), this))
{
    setObjectName("pageRun");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(makeHeading());
    column->addWidget(m_lane);
    column->addWidget(m_view, 1);
    column->addWidget(m_deployments);
    column->addWidget(makeGateBar());
    connect(m_lane, &StageLane::opened, m_view, &TranscriptView::showStage);
    connect(m_deployments, &NoticeBar::acted, this, &RunPage::removalAsked);
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
    m_state = batch.state;
    m_lane->show(m_state);
    m_transcript->append(batch);
    if (!m_state.started.title.empty())
        m_headline->setText(text(m_state.started.title));
    const auto origin = sentence(m_state.started.recordingLabel);
    if (m_state.ending)
        m_note->setText((describeEnding(m_state) + u' ' + origin).trimmed());
    else if (m_stop->isEnabled())
        m_note->setText(origin.isEmpty() ? tr("The run is under way.") : origin);
    m_stop->setVisible(!m_state.ending);
    showGate();
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
    if (waits && m_gateBar->isHidden())
        m_gateComment->clear();
    m_gateBar->setVisible(waits);
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
