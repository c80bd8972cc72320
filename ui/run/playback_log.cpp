#include "ui/run/playback_log.h"

namespace aap {

PlaybackLog::PlaybackLog() :
    m_log(std::filesystem::path(m_folder.path().toStdString()) / SandboxLog::kName, m_end)
{
}

void PlaybackLog::write(const RunBatch& batch)
{
    for (const auto& event : batch.events)
        m_log.happened(event, batch.state);
}

} // namespace aap
