#include "ui/widgets/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kStripeWidth = 4;

} // namespace

NoticeBar::NoticeBar(const QString& name, QWidget* parent) :
    QWidget(parent),
    m_words(new QLabel(this)),
    m_row(new QHBoxLayout(this))
{
    m_words->setObjectName(name);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_row->setContentsMargins(12 + kStripeWidth, 8, 12, 8);
    m_row->setSpacing(12);
    m_row->addWidget(m_words, 1);
    hide();
}

NoticeBar::NoticeBar(const QString& name, const QString& action, QWidget* parent) :
    NoticeBar(name, parent)
{
    connect(offer(name + QStringLiteral("Button"), action), &QPushButton::clicked, this, &NoticeBar::acted);
}

QPushButton* NoticeBar::offer(const QString& name, const QString& label)
{
    auto* button = m_buttons.emplaceBack(new QPushButton(label, this));
    button->setObjectName(name);
    m_row->addWidget(button, 0, Qt::AlignVCenter);
    return button;
}

void NoticeBar::say(const QString& words)
{
    m_words->setText(words);
    setBusy(false);
    show();
}

void NoticeBar::setBusy(bool busy)
{
    for (auto* button : std::as_const(m_buttons))
        button->setEnabled(!busy);
}

void NoticeBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(QRect(0, 0, kStripeWidth, height()), lookOf(StageStatus::Waiting).colour);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(kStripeWidth, height() - 1, width(), height() - 1);
}

} // namespace aap
