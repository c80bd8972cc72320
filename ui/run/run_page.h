#pragma once

#include <functional>
#include <memory>

#include <QWidget>

#include "core/domain/run_state.h"
#include "core/pipeline/run_request.h"
#include "core/sandbox/sandbox_look.h"
#include "ui/run/run_feed.h"
#include "ui/widgets/look.h"

class QLabel;
class QListView;
class QPushButton;
class QTabWidget;

namespace aap {

class AgentsPane;
class ChangesPanel;
class FilesPanel;
class GateBar;
class LogPanel;
class MetricsPanel;
class NoticeBar;
class PlaybackLog;
class ProblemList;
class SandboxPanel;
class StageLane;
class SteerBar;
class Steering;
class TimeSlider;
class TranscriptModel;
class TranscriptView;
struct TimeStop;

/// A run as it goes: the stages above, below in tabs what was said and what was printed, and the gate when one waits.
class RunPage : public QWidget {
    Q_OBJECT

public:
    explicit RunPage(QWidget* parent = nullptr);
    ~RunPage() override;

    /// States of another id are of a playback: its gates ask nobody, and nothing can be wished of it. `steering`: whom wishes go to.
    void begin(const std::string& runId, std::shared_ptr<Steering> steering = {});
    /// Nothing comes any more. What may go on can be resumed from here.
    void end();
    /// As many runs are at work as may be; this one begins when another has ended.
    void showWaiting();
    /// A run of the past, as its events tell it.
    void showPast(const RunBatch& past);
    /// A run that ended without a state: it could not even begin, or was stopped before.
    void showFailure(const Error& error);
    void showStopping();
    void hideGate();
    /// How many services that runs have deployed still stand; none hides the offer to remove them.
    void showDeployments(int count);
    void showRemoving();
    /// What came of sandboxLookAsked().
    void showSandboxes(const Result<std::vector<SandboxLook>>& looks);
    void append(const RunBatch& batch);
    /// How many tokens a model reads at once; 0 where that is not known.
    void setContextSize(std::function<std::int64_t(const std::string& model)> size);
    const RunState& state() const { return m_state; }
    /// Goes to the next thing that is wrong, or the one before, and around.
    void goToProblem(bool forward);
    GateBar& gate() const { return *m_gate; }
    SteerBar& steer() const { return *m_steer; }
    bool hasProblems() const;
    /// Nothing of it runs here: what is shown was recorded.
    bool isPlayback() const { return !m_runId.empty() && !m_state.id.empty() && m_state.id != m_runId; }
    /// Whether something can be wished of it now.
    bool listens() const;
    /// A run of the past, or one that has ended here, which may go on.
    bool canResume() const;
    /// Why nothing is at work, though the run has not ended; empty: it is.
    std::optional<StateLook> halt() const;
    /// The moment of the run that is looked at; null: now.
    const TimeStop* moment() const;
    /// A new run may begin at such a moment, or not now.
    void setMayFork(bool may);

protected:
    void resizeEvent(QResizeEvent* event) override;

signals:
    void stopAsked();
    void resumeAsked();
    /// A new run shall begin at the moment that is looked at.
    void forkAsked();
    /// Something was wished of the run.
    void steered();
    void gateDecided(aap::Approver::Answer answer);
    void removalAsked();
    void sandboxLookAsked();

private:
    QLayout* makeHeading();
    QTabWidget* makeTabs();
    QWidget* makeViews();
    void showGate();
    void announce(const RunState& before);
    void showLog(const RunBatch& batch);
    void openLog(const QString& callId);
    QListView* makeProblems();
    void countProblems();
    void showProblem(const QModelIndex& problem);
    void showMoment();
    void showControls();
    QString noteNow() const;

    RunState m_state;
    std::string m_runId;
    StageLane* m_lane;
    QLabel* m_headline;
    QLabel* m_note;
    QPushButton* m_resume;
    QPushButton* m_pause;
    QPushButton* m_stop;
    TranscriptModel* m_transcript;
    TranscriptView* m_view;
    LogPanel* m_log;
    ChangesPanel* m_changes;
    SandboxPanel* m_sandbox;
    FilesPanel* m_files;
    MetricsPanel* m_metrics;
    ProblemList* m_problems;
    QListView* m_problemView;
    QTabWidget* m_tabs;
    AgentsPane* m_agents;
    TimeSlider* m_time;
    std::unique_ptr<PlaybackLog> m_playbackLog; ///< of a run that has no folder of its own
    QString m_logFolder;
    NoticeBar* m_deployments;
    SteerBar* m_steer;
    GateBar* m_gate;
    bool m_isGoing = false;   ///< events still come
    bool m_isStopping = false;
};

} // namespace aap
