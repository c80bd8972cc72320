#pragma once

#include <optional>
#include <string>

#include <QObject>
#include <QThreadPool>

#include "core/domain/run_state.h"
#include "ui/shell/workbench.h"

namespace aap {

class Banner;
class RunDesk;

/// What of runs is said above every page: one that was interrupted when the program began, one that waits for the user where he does
/// not look, one that has used most of its money. Reads the journal on a thread of its own.
class RunNotices : public QObject {
    Q_OBJECT

public:
    RunNotices(Workbench& workbench, Banner& banner, QObject* parent);
    ~RunNotices() override;

    /// Looks, once, for runs whose program died.
    void lookForInterrupted();
    /// `runs`: what the desk knows now; `isSeen`: the user looks at the run in front.
    void refresh(const RunDesk& runs, bool isSeen);

signals:
    void resumeAsked(const aap::RunSummary& run);
    void showAsked(const std::string& runId);
    void discardAsked(const aap::RunSummary& run);
    void limitAsked();

private:
    struct Interrupted {
        RunSummary newest{};
        RunState state{};
        int others = 0;
    };
    static Result<std::optional<Interrupted>> findInterrupted(const Workbench& workbench);
    void offerInterrupted();
    void offerOthers();
    void sayInterrupted(const Interrupted& found);
    void sayGate(const RunDesk& runs, bool isSeen);
    void sayBudget(const RunDesk& runs);

    Workbench& m_workbench;
    Banner& m_banner;
    RunSummary m_interrupted{};  ///< the run that is spoken of
    std::string m_waiting{};
    QThreadPool m_reading;       ///< own: a disk may be slow
};

} // namespace aap
