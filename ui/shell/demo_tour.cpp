#include "ui/shell/demo_tour.h"

#include <iterator>

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "ui/widgets/demo_ribbon.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kTourStripe = 4;

struct Stop {
    PageId page;
    const char* words;
};

/// First what goes on already, then what a run of one's own needs.
constexpr Stop kStops[] = {
    {PageId::Run, QT_TRANSLATE_NOOP("aap::DemoTour", "Run: the cards show how far it is, below them every word and every command of the agents. A tick is the program's own check, never a model's word.")},
    {PageId::Artifacts, QT_TRANSLATE_NOOP("aap::DemoTour", "Artifacts: every file the agents have written. Open one: nothing in it is executed, followed or fetched.")},
    {PageId::History, QT_TRANSLATE_NOOP("aap::DemoTour", "History: every run stays here. Read it again, compare two, go on with one that was interrupted, or run it again from a stage.")},
    {PageId::Project, QT_TRANSLATE_NOOP("aap::DemoTour", "Project: here you write what your own project shall do, a line for each requirement.")},
    {PageId::Pipeline, QT_TRANSLATE_NOOP("aap::DemoTour", "Pipeline: the five stages, their models and limits, and before which of them you are asked.")},
    {PageId::Settings, QT_TRANSLATE_NOOP("aap::DemoTour", "Settings: your key and your budget. Every value says where it came from.")},
    {PageId::Doctor, QT_TRANSLATE_NOOP("aap::DemoTour", "Doctor: what is still missing for a run of your own, and how to mend it.")},
};
constexpr int kStopCount = int(std::size(kStops));

} // namespace

DemoTour::DemoTour(DemoRibbon& ribbon, QWidget* parent) :
    QWidget(parent),
    m_ribbon(ribbon),
    m_words(new QLabel(this)),
    m_back(new QPushButton(tr("&Back"), this)),
    m_next(new QPushButton(this))
{
    setObjectName(QStringLiteral("demoTour"));
    m_words->setObjectName(QStringLiteral("demoTourWords"));
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_back->setObjectName(QStringLiteral("demoTourBack"));
    m_next->setObjectName(QStringLiteral("demoTourNext"));
    auto* away = new QPushButton(tr("&End the tour"), this);
    away->setObjectName(QStringLiteral("demoTourEnd"));
    connect(&m_ribbon, &DemoRibbon::tourAsked, this, &DemoTour::begin);
    connect(m_back, &QPushButton::clicked, this, [this] { goTo(m_stop - 1); });
    connect(m_next, &QPushButton::clicked, this, [this] { goTo(m_stop + 1); });
    connect(away, &QPushButton::clicked, this, &DemoTour::end);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12 + kTourStripe, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(m_words, 1);
    for (auto* button : {away, m_back, m_next})
        row->addWidget(button);
    hide();
}

void DemoTour::begin()
{
    m_ribbon.offerTour(false);
    goTo(0);
    show();
    m_next->setFocus(Qt::OtherFocusReason);
}

void DemoTour::end()
{
    if (!isOn())
        return;
    m_stop = -1;
    hide();
    m_ribbon.offerTour(true);
}

void DemoTour::goTo(int stop)
{
    if (stop >= kStopCount)
        return end();
    m_stop = stop;
    m_words->setText(tr("%1 of %2 · %3").arg(stop + 1).arg(kStopCount).arg(tr(kStops[stop].words)));
    m_back->setEnabled(stop > 0);
    m_next->setText(stop + 1 == kStopCount ? tr("&Done") : tr("&Next"));
    emit pageAsked(kStops[stop].page);
}

void DemoTour::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.fillRect(QRect(0, 0, kTourStripe, height()), accent());
}

} // namespace aap
