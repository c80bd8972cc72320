#include "ui/run/gate_bar.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kGateIcon = 18;

} // namespace

GateBar::GateBar(QWidget* parent) :
    QWidget(parent),
    m_icon(new QLabel(this)),
    m_question(plainLabel("gateQuestion", this)),
    m_facts(plainLabel("gateFacts", this)),
    m_comment(new QLineEdit(this))
{
    setObjectName("gateBar");
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_comment->setObjectName("gateComment");
    m_comment->setAccessibleName(tr("Comment for the decision"));
    m_comment->setPlaceholderText(tr("Comment; needed to send back"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->addLayout(makeQuestion());
    column->addWidget(m_facts);
    column->addLayout(makeAnswers());
    hide();
}

QLayout* GateBar::makeQuestion()
{
    auto bold = m_question->font();
    bold.setBold(true);
    m_question->setFont(bold);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_question, 1);
    return row;
}

QLayout* GateBar::makeAnswers()
{
    const auto button = [this](const char* name, const QString& label, const QString& tip) {
        auto* made = new QPushButton(label, this);
        made->setObjectName(name);
        made->setToolTip(tip);
        return made;
    };
    auto* approves = button("approveButton", tr("&Approve"), tr("Let the run go on (Ctrl+Shift+Y)"));
    m_sendBack = button("sendBackButton", tr("Send &back"), tr("The run works on what the comment says, and asks again (Ctrl+Shift+B)"));
    m_sendBack->setEnabled(false);
    auto* rejects = button("rejectButton", tr("Do &not allow"), tr("The run ends here; everything made so far is kept"));
    connect(approves, &QPushButton::clicked, this, &GateBar::approve);
    connect(m_sendBack, &QPushButton::clicked, this, &GateBar::sendBack);
    connect(rejects, &QPushButton::clicked, this, [this] { decide(Approver::Decision::Rejected, {}); });
    connect(m_comment, &QLineEdit::textChanged, this, [this](const QString& words) { m_sendBack->setEnabled(!words.trimmed().isEmpty()); });
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_comment, 1);
    for (auto* made : {rejects, m_sendBack, approves})
        row->addWidget(made);
    return row;
}

void GateBar::ask(const GateOpened& gate)
{
    m_question->setText(text(gate.question));
    m_facts->setText(gateFacts(gate).join(QStringLiteral("  ·  ")));
    m_facts->setVisible(!m_facts->text().isEmpty());
    if (!isHidden())
        return;
    m_comment->clear();
    showIcon();
    show();
    setAccessibleName(m_question->text());
    QAccessibleEvent told(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&told);
}

void GateBar::showIcon()
{
    const auto look = lookOf(StageStatus::Waiting);
    m_icon->setPixmap(shapeIcon(look.shape, look.colour).pixmap(QSize(kGateIcon, kGateIcon), devicePixelRatioF()));
}

void GateBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !isHidden())
        showIcon(); // it wears the scheme's colours
}

void GateBar::approve()
{
    decide(Approver::Decision::Approved, m_comment->text());
}

void GateBar::sendBack()
{
    if (m_comment->text().trimmed().isEmpty())
        m_comment->setFocus(Qt::ShortcutFocusReason);
    else
        decide(Approver::Decision::Rejected, m_comment->text());
}

void GateBar::decide(Approver::Decision decision, const QString& comment)
{
    emit decided({.decision = decision, .by = qEnvironmentVariable("USER", tr("the user")).toStdString(), .comment = comment.toStdString()});
}

} // namespace aap
