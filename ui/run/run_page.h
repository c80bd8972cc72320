#pragma once

#include <QWidget>

#include "core/domain/run_state.h"
#include "core/pipeline/run_request.h"
#include "ui/run/run_feed.h"

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;

namespace aap {

class StageLane;
class TranscriptModel;
class TranscriptView;

/// A run as it goes: the stages above, the transcript below, and the gate when one waits.
class RunPage : public QWidget {
    Q_OBJECT

public:
    explicit RunPage(QWidget* parent = nullptr);

    void begin();
    void append(const RunBatch& batch);
    const RunState& state() const { return m_state; }

signals:
    void gateDecided(aap::Approver::Answer answer);

private:
    QWidget* makeGateBar();
    void showGate();
    void decide(Approver::Decision decision);

    RunState m_state;
    StageLane* m_lane;
    QLabel* m_headline;
    TranscriptModel* m_transcript;
    TranscriptView* m_view;
    QWidget* m_gateBar = nullptr;
    QLabel* m_gateQuestion = nullptr;
    QLineEdit* m_gateComment = nullptr;
};

} // namespace aap
