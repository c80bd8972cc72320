#pragma once

#include <QFrame>

#include "core/domain/run_state.h"
#include "ui/widgets/look.h"

class QLabel;

namespace aap {

/// One stage at a glance: icon and word of its state, time, turn, cost and what it does right now.
class StageCard : public QFrame {
    Q_OBJECT

public:
    explicit StageCard(StageId stage, QWidget* parent = nullptr);

    StageId stage() const { return m_state.id; }
    /// `halted`: the stage is not at work though its state says so, and looks like this.
    void show(const StageState& state, const std::optional<StateLook>& halted = {});
    /// Lets the clock go on; called once a second by the lane's shared timer.
    void tick();

signals:
    void opened(aap::StageId stage);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    StateLook look() const;
    /// What it does right now, or what came of it.
    QString activity() const;

    StageState m_state;
    std::optional<StateLook> m_halted;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_word;
    QLabel* m_figures;
    QLabel* m_activity;
};

/// The five cards in their order.
class StageLane : public QWidget {
    Q_OBJECT

public:
    explicit StageLane(QWidget* parent = nullptr);

    /// Shows the stages of a run; cards of stages that do not take part say so. `halted`: nothing is at work, for this reason.
    void show(const RunState& state, const std::optional<StateLook>& halted = {});
    void clear();

signals:
    void opened(aap::StageId stage);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<StageCard*> m_cards;
    int m_repairRound = 0;
    int m_maxRepairRounds = 0;
};

} // namespace aap
