#include "ui/pipeline/stage_card.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kStripeWidth = 4;
constexpr int kIconSize = 18;
constexpr int kGap = 20; // between two cards, for the arrow

QLabel* plainLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // what agents write never becomes markup
    return label;
}

/// A label that shows as much as fits and never asks for more room.
QLabel* modestLabel(QWidget* parent)
{
    auto* label = plainLabel(parent);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

StageCard::StageCard(StageId stage, QWidget* parent) :
    QFrame(parent),
    m_icon(new QLabel(this)),
    m_title(plainLabel(this)),
    m_word(plainLabel(this)),
    m_figures(modestLabel(this)),
    m_activity(modestLabel(this))
{
    m_state.id = stage;
    setObjectName(QStringLiteral("stageCard.") + text(slug(stage)));
    setFocusPolicy(Qt::StrongFocus);
    setMinimumWidth(132);
    auto bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setText(word(title(stage)));

    auto* heading = new QHBoxLayout;
    heading->setSpacing(6);
    heading->addWidget(m_icon);
    heading->addWidget(m_title, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8 + kStripeWidth, 8, 8, 8);
    column->setSpacing(4);
    column->addLayout(heading);
    column->addWidget(m_word);
    column->addWidget(m_figures);
    column->addWidget(m_activity);
    refresh();
}

void StageCard::show(const StageState& state, const std::optional<StateLook>& halted)
{
    m_state = state;
    m_halted = halted;
    refresh();
}

StateLook StageCard::look() const
{
    return m_halted ? *m_halted : lookOf(m_state.status);
}

void StageCard::tick()
{
    if (m_state.startedAt && !m_state.finishedAt && !m_halted)
        refresh();
}

void StageCard::refresh()
{
    const auto look = this->look();
    m_icon->setPixmap(shapeIcon(look.shape, look.colour).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
    auto coloured = palette();
    coloured.setColor(QPalette::WindowText, look.colour);
    m_word->setPalette(coloured);
    m_word->setText(look.word);

    QStringList figures;
    if (m_state.turn > 0)
        figures << tr("turn %1").arg(m_state.turn);
    if (m_state.startedAt)
        figures << durationText(m_state.finishedAt.value_or(now()) - *m_state.startedAt);
    if (m_state.cost.microUsd > 0)
        figures << moneyText(m_state.cost);
    m_figures->setText(m_figures->fontMetrics().elidedText(figures.join(QStringLiteral(" · ")), Qt::ElideRight, std::max(80, m_figures->width())));
    m_figures->setToolTip(m_state.usage.calls > 0 ? tr("Turn %1, at most %2; %3 tokens in, %4 out, %5 from the cache")
                                                        .arg(m_state.turn)
                                                        .arg(m_state.maxTurns)
                                                        .arg(countText(m_state.usage.promptTokens()), countText(m_state.usage.outputTokens),
                                                             countText(m_state.usage.cacheReadTokens))
                                                  : QString());

    const auto doing = activity();
    m_activity->setText(m_activity->fontMetrics().elidedText(doing, Qt::ElideRight, std::max(80, m_activity->width())));
    m_activity->setToolTip(doing);
    setAccessibleName(tr("%1 stage").arg(word(title(m_state.id))));
    setAccessibleDescription(m_halted ? tr("%1. %2").arg(m_halted->word, spokenState(m_state)) : spokenState(m_state));
    update();
}

QString StageCard::activity() const
{
    if (!m_state.finishedAt)
        return text(m_state.currentTool.empty() ? m_state.lastActivity : m_state.currentTool).simplified();
    if (!m_state.reason.empty())
        return text(m_state.reason).simplified();
    const auto passed = std::ranges::count(m_state.checks, CheckStatus::Passed, &Check::status);
    return passed == 1 ? tr("1 check") : passed > 0 ? tr("%1 checks").arg(passed) : QString();
}

void StageCard::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    refresh(); // what is elided depends on the width
}

void StageCard::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto look = this->look();
    const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setPen(hasFocus() ? QPen(accent(), 2) : QPen(palette().color(QPalette::Mid), 1));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(box, 6, 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.colour);
    painter.drawRoundedRect(QRectF(box.left() + 2, box.top() + 6, kStripeWidth, box.height() - 12), 2, 2);
}

void StageCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        emit opened(m_state.id);
    else if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Left)
        focusNextPrevChild(event->key() == Qt::Key_Right);
    else
        QFrame::keyPressEvent(event);
}

void StageCard::mouseReleaseEvent(QMouseEvent* event)
{
    if (rect().contains(event->position().toPoint()))
        emit opened(m_state.id);
}

void StageCard::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::PaletteChange)
        QMetaObject::invokeMethod(this, &StageCard::refresh, Qt::QueuedConnection);
}

StageLane::StageLane(QWidget* parent) :
    QWidget(parent)
{
    setObjectName(QStringLiteral("stageLane"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 14); // the repair arrow runs below the cards
    row->setSpacing(kGap);
    for (const auto stage : kPipelineStages) {
        auto* card = new StageCard(stage, this);
        connect(card, &StageCard::opened, this, &StageLane::opened);
        row->addWidget(card, 1);
        m_cards << card;
    }
    auto* clock = new QTimer(this);
    connect(clock, &QTimer::timeout, this, [this] {
        for (auto* card : std::as_const(m_cards))
            card->tick();
    });
    clock->start(1000);
}

void StageLane::show(const RunState& state, const std::optional<StateLook>& halted)
{
    m_repairRound = state.repairRound;
    m_maxRepairRounds = state.maxRepairRounds;
    for (auto* card : std::as_const(m_cards)) {
        StageState shown;
        shown.id = card->stage();
        shown.status = state.stages.empty() ? StageStatus::NotStarted : StageStatus::Skipped;
        if (const auto* stage = state.stage(card->stage()))
            shown = *stage;
        card->show(shown, state.currentStage == card->stage() ? halted : std::nullopt);
    }
    update();
}

void StageLane::clear()
{
    show(RunState{});
}

void StageLane::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(quietText(), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    for (qsizetype i = 0; i + 1 < m_cards.size(); ++i) {
        const auto y = m_cards[i]->geometry().center().y();
        const auto from = m_cards[i]->geometry().right() + 4;
        const auto to = m_cards[i + 1]->geometry().left() - 4;
        painter.drawLine(from, y, to, y);
        painter.drawPolyline(QPolygon({{to - 5, y - 4}, {to, y}, {to - 5, y + 4}}));
    }
    const auto coding = m_cards[1]->geometry();
    const auto testing = m_cards[2]->geometry();
    const auto below = coding.bottom() + 9;
    const bool taken = m_repairRound > 0;
    const auto colour = taken ? lookOf(StageStatus::Repairing).colour : palette().color(QPalette::Mid);
    painter.setPen(QPen(colour, taken ? 2.5 : 1.5, taken ? Qt::SolidLine : Qt::DashLine));
    painter.drawPolyline(QPolygon({{testing.center().x(), testing.bottom() + 2}, {testing.center().x(), below},
                                   {coding.center().x(), below}, {coding.center().x(), coding.bottom() + 2}}));
    if (!taken)
        return;
    const auto label = tr("repair %1 of %2").arg(m_repairRound).arg(m_maxRepairRounds);
    const auto middle = (coding.center().x() + testing.center().x()) / 2;
    const QRect box(middle - 70, below - 9, 140, 18);
    painter.fillRect(QRect(middle - fontMetrics().horizontalAdvance(label) / 2 - 6, below - 9, fontMetrics().horizontalAdvance(label) + 12, 18),
                     palette().color(QPalette::Window));
    painter.drawText(box, Qt::AlignCenter, label);
}

} // namespace aap
