#include "ui/run/steer_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/engine/steering.h"
#include "ui/describe.h"
#include "ui/run/steer_sheets.h"

namespace aap {
namespace {

constexpr int kMostMessage = 20'000; // characters

} // namespace

SteerBar::SteerBar(QWidget* parent) :
    QWidget(parent),
    m_message(new QLineEdit(this)),
    m_send(new QPushButton(tr("S&end"), this)),
    m_more(new QPushButton(tr("M&ore"), this)),
    m_hint(new QLabel(this))
{
    setObjectName("steerBar");
    m_message->setObjectName("steerInput");
    m_message->setAccessibleName(tr("Message to the agent"));
    m_message->setToolTip(tr("The agent reads it with its next turn (Ctrl+M)"));
    m_message->setMaxLength(kMostMessage);
    m_send->setObjectName("steerSend");
    m_send->setToolTip(tr("Send the message to the agent (Return)"));
    m_send->setEnabled(false);
    m_more->setObjectName("steerMore");
    m_more->setToolTip(tr("Raise a limit, skip a stage, send a stage back"));
    m_more->setMenu(makeMenu());
    m_hint->setObjectName("steerHint");
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    connect(m_message, &QLineEdit::textChanged, this, [this](const QString& words) { m_send->setEnabled(!words.trimmed().isEmpty()); });
    connect(m_message, &QLineEdit::returnPressed, this, &SteerBar::say);
    connect(m_send, &QPushButton::clicked, this, &SteerBar::say);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_message, 1);
    row->addWidget(m_send);
    row->addWidget(m_hint);
    row->addWidget(m_more);
    hide();
}

SteerBar::~SteerBar() = default;

QMenu* SteerBar::makeMenu()
{
    auto* menu = new QMenu(this);
    menu->addAction(tr("&Raise a limit …"), this, &SteerBar::raiseLimit);
    menu->addAction(tr("&Skip a stage …"), this, &SteerBar::skipStage);
    menu->addAction(tr("Send a stage &back …"), this, &SteerBar::sendBack);
    return menu;
}

void SteerBar::setSteering(std::shared_ptr<Steering> steering)
{
    m_steering = std::move(steering);
    m_hint->setText(tr("read at the next turn"));
    if (!m_steering)
        m_message->clear();
}

void SteerBar::show(const RunState& state)
{
    m_state = state;
    const auto whom = state.currentStage ? word(title(*state.currentStage)) : tr("the next agent");
    m_message->setPlaceholderText(tr("Say something to %1 …").arg(whom));
}

bool SteerBar::isPaused() const
{
    return m_steering && m_steering->isPaused();
}

void SteerBar::togglePause()
{
    if (!m_steering)
        return;
    if (m_steering->isPaused())
        m_steering->goOn();
    else
        m_steering->pause();
    emit wished();
}

void SteerBar::beginMessage()
{
    if (m_steering)
        m_message->setFocus(Qt::ShortcutFocusReason);
}

void SteerBar::say()
{
    const auto words = m_message->text().trimmed();
    if (!m_steering || words.isEmpty())
        return;
    m_steering->say(words.toStdString());
    m_message->clear();
    confirm(tr("sent; read at the next turn"));
}

void SteerBar::raiseLimit()
{
    if (m_steering)
        askForLimit(*this, m_state, tr("&Raise"), [this, steering = m_steering](std::optional<StageId> stage, const LimitRaised& raised) {
            steering->raise(stage, raised);
            confirm(tr("the limit is raised at the next turn"));
        });
}

void SteerBar::skipStage()
{
    if (m_steering)
        askWhatToSkip(*this, m_state, [this, steering = m_steering](StageId stage) {
            steering->skip(stage);
            confirm(tr("%1 is skipped").arg(word(title(stage))));
        });
}

void SteerBar::sendBack()
{
    if (m_steering)
        askWhatToSendBack(*this, m_state, [this, steering = m_steering](StageId stage, const QString& comment) {
            steering->sendBack(stage, comment.toStdString());
            confirm(tr("%1 gets your words at the next turn").arg(word(title(stage))));
        });
}

void SteerBar::confirm(const QString& words)
{
    m_hint->setText(words);
    emit wished();
}

} // namespace aap
