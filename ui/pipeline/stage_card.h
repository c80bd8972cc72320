#pragma once

#include <QFrame>

#include "core/domain/run_state.h"

class QLabel;

namespace aap {

/// One stage at a glance: icon and word of its state, time, turn, cost and what it does right now.
class StageCard : public QFrame {
    Q_OBJECT

public:
    explicit StageCard(StageId stage, QWidget* parent = nullptr);

    StageId stage() const { return m_state.id; }
    void show(const StageState& state);
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
    /// What it does right now, or what came of it.
    QString activity() const;

    StageState m_state;
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

    /// Shows the stages of a run; cards of stages that do not take part say so.
    void show(const RunState& state);
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
