#include "ui/run/run_page.h"

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

namespace aap {
namespace {

/// What a gate shows besides its question, one line a fact; values of agents stay plain text.
QString gateDetails(const GateOpened& gate)
{
    QStringList lines;
    for (const auto& [key, value] : gate.details.items())
        if (value.is_primitive())
            lines << text(key) + QStringLiteral(": ") + (value.is_string() ? text(value.get_ref<const std::string&>()) : text(value.dump()));
        else if (value.is_array())
            lines << text(key) + QStringLiteral(": ") + QString::number(value.size());
    return lines.mid(0, 8).join(QStringLiteral("  ·  "));
}

} // namespace

RunPage::RunPage(QWidget* parent) :
    QWidget(parent),
    m_lane(new StageLane(this)),
    m_headline(new QLabel(this)),
    m_transcript(new TranscriptModel(this)),
    m_view(new TranscriptView(*m_transcript, this))
{
    setObjectName("pageRun");
    m_headline->setObjectName("runHeadline");
    m_headline->setTextFormat(Qt::PlainText);
    m_headline->setWordWrap(true);
    m_headline->setText(tr("No run yet. Write requirements and start one, or try the demo."));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(m_headline);
    column->addWidget(m_lane);
    column->addWidget(m_view, 1);
    column->addWidget(makeGateBar());
}

QWidget* RunPage::makeGateBar()
{
    m_gateBar = new QWidget(this);
    m_gateBar->setObjectName("gateBar");
    m_gateBar->setAutoFillBackground(true);
    m_gateBar->setBackgroundRole(QPalette::Base);
    m_gateQuestion = new QLabel(m_gateBar);
    m_gateQuestion->setObjectName("gateQuestion");
    m_gateQuestion->setTextFormat(Qt::PlainText);
    m_gateQuestion->setWordWrap(true);
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

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_gateComment, 1);
    buttons->addWidget(reject);
    buttons->addWidget(approve);
    auto* column = new QVBoxLayout(m_gateBar);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(m_gateQuestion);
    column->addLayout(buttons);
    m_gateBar->hide();
    return m_gateBar;
}

void RunPage::begin()
{
    m_state = {};
    m_transcript->clear();
    m_lane->clear();
    m_headline->setText(tr("Starting …"));
    m_gateBar->hide();
}

void RunPage::append(const RunBatch& batch)
{
    m_state = batch.state;
    m_lane->show(m_state);
    m_transcript->append(batch);
    auto headline = text(m_state.started.title);
    if (!m_state.started.recordingLabel.empty())
        headline += QStringLiteral(" — ") + text(m_state.started.recordingLabel);
    if (m_state.ending)
        headline += u'\n' + describeEnding(m_state);
    if (!headline.isEmpty())
        m_headline->setText(headline);
    showGate();
}

void RunPage::showGate()
{
    const bool waits = m_state.openGate && !m_state.ending;
    if (waits)
        m_gateQuestion->setText(text(m_state.openGate->question) + u'\n' + gateDetails(*m_state.openGate));
    if (waits && m_gateBar->isHidden())
        m_gateComment->clear();
    m_gateBar->setVisible(waits);
}

void RunPage::decide(Approver::Decision decision)
{
    m_gateBar->hide();
    emit gateDecided({.decision = decision, .by = qEnvironmentVariable("USER", tr("the user")).toStdString(), .comment = m_gateComment->text().toStdString()});
}

} // namespace aap
