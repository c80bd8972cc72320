#pragma once

#include <QString>
#include <QTemporaryDir>

#include "core/engine/sandbox_log.h"
#include "ui/run/run_feed.h"

namespace aap {

/// The sandbox log of a run that is only played back: written again from what it says, in a folder of its own that goes with it.
class PlaybackLog {
public:
    PlaybackLog();

    QString folder() const { return m_folder.path(); }
    void write(const RunBatch& batch);

private:
    class End final : public RunObserver { // nobody stands behind us
        void happened(const RunEvent& /*event*/, const RunState& /*state*/) override {}
        void live(const LiveEvent& /*event*/) override {}
    };
    QTemporaryDir m_folder;
    End m_end;
    SandboxLog m_log;
};

} // namespace aap
