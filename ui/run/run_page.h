#pragma once

#include <QWidget>

#include "core/domain/run_state.h"
#include "core/pipeline/run_request.h"
#include "ui/run/run_feed.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace aap {

class NoticeBar;
class StageLane;
class TranscriptModel;
class TranscriptView;

/// A run as it goes: the stages above, the transcript below, and the gate when one waits.
class RunPage : public QWidget {
    Q_OBJECT

public:
    explicit RunPage(QWidget* parent = nullptr);

    /// States of another id are of a playback: its gates ask nobody.
    void begin(const std::string& runId);
    /// A run of the past, as its events tell it.
    void showPast(const RunBatch& past);
    /// A run that ended without a state: it could not even begin, or was stopped before.
    void showFailure(const Error& error);
    void showStopping();
    void hideGate();
    /// How many services that runs have deployed still stand; none hides the offer to remove them.
    void showDeployments(int count);
    void showRemoving();
    void append(const RunBatch& batch);
    const RunState& state() const { return m_state; }

signals:
    void stopAsked();
    void gateDecided(aap::Approver::Answer answer);
    void removalAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    QLayout* makeHeading();
    QWidget* makeGateBar();
    void showGate();
    void decide(Approver::Decision decision);

    RunState m_state;
    std::string m_runId;
    StageLane* m_lane;
    QLabel* m_headline;
    QLabel* m_note;
    QPushButton* m_stop;
    TranscriptModel* m_transcript;
    TranscriptView* m_view;
    NoticeBar* m_deployments;
    QWidget* m_gateBar = nullptr;
    QLabel* m_gateIcon = nullptr;
    QLabel* m_gateQuestion = nullptr;
    QLabel* m_gateFacts = nullptr;
    QLineEdit* m_gateComment = nullptr;
};

} // namespace aap
