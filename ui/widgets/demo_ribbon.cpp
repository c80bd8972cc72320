#include "ui/widgets/demo_ribbon.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kRibbonStripe = 4;
constexpr double kSpeeds[] = {1, 4, 16};

} // namespace

DemoRibbon::DemoRibbon(double speed, QWidget* parent) :
    QWidget(parent),
    m_words(new QLabel(this)),
    m_tour(new QPushButton(tr("Show me &around"), this)),
    m_speeds(new QWidget(this))
{
    m_words->setObjectName("demoRibbon");
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_tour->setObjectName("demoTourButton");
    m_tour->setToolTip(tr("What each page is for, in a minute"));
    connect(m_tour, &QPushButton::clicked, this, &DemoRibbon::tourAsked);
    auto* speeds = new QHBoxLayout(m_speeds);
    speeds->setContentsMargins(0, 0, 0, 0);
    speeds->setSpacing(4);
    speeds->addWidget(new QLabel(tr("Speed"), m_speeds));
    auto* group = new QButtonGroup(this);
    for (const auto offered : kSpeeds) {
        auto* button = new QToolButton(m_speeds);
        button->setObjectName(QStringLiteral("demoSpeed%1").arg(offered));
        button->setText(QStringLiteral("%1×").arg(offered));
        button->setAccessibleName(tr("Play %1 times as fast as it went").arg(offered));
        button->setToolTip(button->accessibleName());
        button->setCheckable(true);
        button->setChecked(offered == speed);
        button->setMinimumSize(36, 28);
        group->addButton(button);
        speeds->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, offered] { emit speedChosen(offered); });
    }
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12 + kRibbonStripe, 4, 8, 4);
    row->setSpacing(12);
    row->addWidget(m_words, 1);
    row->addWidget(m_speeds);
    row->addWidget(m_tour);
    hide();
}

void DemoRibbon::show(bool playedBack)
{
    m_words->setText(playedBack ? tr("Demo: recorded run, nothing is spent. It is only played back: nothing runs on this machine.")
                                : tr("Demo: recorded replies, nothing is spent. The tools run for real, in a sandbox."));
    m_speeds->setVisible(playedBack);
    QWidget::show();
}

void DemoRibbon::offerTour(bool offered)
{
    m_tour->setVisible(offered);
}

void DemoRibbon::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(QRect(0, 0, kRibbonStripe, height()), accent());
}

} // namespace aap
