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

NoticeBar::NoticeBar(const QString& name, const QString& action, QWidget* parent) :
    QWidget(parent),
    m_words(new QLabel(this)),
    m_button(new QPushButton(action, this))
{
    m_words->setObjectName(name);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_button->setObjectName(name + QStringLiteral("Button"));
    connect(m_button, &QPushButton::clicked, this, &NoticeBar::acted);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12 + kStripeWidth, 8, 12, 8);
    row->setSpacing(12);
    row->addWidget(m_words, 1);
    row->addWidget(m_button, 0, Qt::AlignVCenter);
    hide();
}

void NoticeBar::say(const QString& words)
{
    m_words->setText(words);
    setBusy(false);
    show();
}

void NoticeBar::setBusy(bool busy)
{
    m_button->setEnabled(!busy);
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
