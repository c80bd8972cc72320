#pragma once

#include <memory>

#include <QWidget>

#include "core/domain/run_state.h"

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;

namespace aap {

class Steering;

/// What a user can wish of a run while it goes: a word to the agent, more of something, a stage less, a stage again.
class SteerBar : public QWidget {
    Q_OBJECT

public:
    explicit SteerBar(QWidget* parent = nullptr);
    ~SteerBar() override;

    /// Whom the wishes go to; null: the run is over.
    void setSteering(std::shared_ptr<Steering> steering);
    void show(const RunState& state);
    bool canSteer() const { return m_steering != nullptr; }
    /// Wished; the run stands still when its turn is over.
    bool isPaused() const;
    void togglePause();
    void beginMessage();
    void raiseLimit();
    void skipStage();
    void sendBack();

signals:
    /// Something was wished.
    void wished();

private:
    QMenu* makeMenu();
    void say();
    void confirm(const QString& words);

    std::shared_ptr<Steering> m_steering;
    RunState m_state;
    QLineEdit* m_message;
    QPushButton* m_send;
    QPushButton* m_more;
    QLabel* m_hint;
};

} // namespace aap
