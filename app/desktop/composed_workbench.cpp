#include "app/desktop/composed_workbench.h"

#include "app/doctor.h"
#include "app/run_wish.h"

namespace aap {

namespace {

constexpr int kMostParallelRuns = 2;
/// As fast as people read along.
constexpr ReplayPace kDemoPace{.betweenPieces = Milliseconds(10), .beforeTurn = Milliseconds(200)};

} // namespace

ComposedWorkbench::ComposedWorkbench(const Composition& composition) :
    m_composition(composition), m_watched([](std::shared_ptr<RunObserver> observer) { return observer; }), m_engine(kMostParallelRuns)
{
}

ComposedWorkbench::~ComposedWorkbench()
{
    m_stop.request_stop();
    m_engine.stopAll();
    m_errands.waitForDone();
}

std::string ComposedWorkbench::startRun(const QString& requirements, std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    RunWish wish;
    wish.requirements = requirements.toStdString();
    auto request = makeRunRequest(wish, m_composition.config());
    const auto job = [this, request, observer = m_watched(std::move(observer)), approver = std::move(approver)](const std::stop_token& stop) -> Result<RunState> {
        if (!request)
            return request.error();
        if (auto ready = m_composition.preflight(true, stop); !ready)
            return std::move(ready).error();
        return m_composition.run(*request, *approver, *observer, stop);
    };
    return start(request, job, std::move(ended));
}

std::string ComposedWorkbench::startDemo(std::shared_ptr<RunObserver> observer, std::shared_ptr<Approver> approver, Ended ended)
{
    auto recording = demoRecording();
    Result<RunRequest> request = recording ? [&] {
        RunWish wish;
        wish.requirements = recording->requirements;
        return makeRunRequest(wish, m_composition.config());
    }() : Result<RunRequest>(recording.error());
    const auto job = [this, request, recording, observer = m_watched(std::move(observer)), approver = std::move(approver)](const std::stop_token& stop) -> Result<RunState> {
        if (!request)
            return request.error();
        return runDemo(*request, *recording, *approver, *observer, stop);
    };
    return start(request, job, std::move(ended));
}

Result<RunState> ComposedWorkbench::runDemo(const RunRequest& request, const Recording& recording, Approver& approver, RunObserver& observer, const std::stop_token& stop) const
{
    if (auto ready = m_composition.preflight(false, stop); !ready)
        return m_composition.playDemo(4, observer, stop);
    auto asRecorded = request;
    auto pipeline = recordedPipeline(recording, m_composition.config());
    if (!pipeline)
        return std::move(pipeline).error();
    asRecorded.pipeline = *std::move(pipeline);
    return m_composition.replay(asRecorded, recording, kDemoPace, approver, observer, stop);
}

std::string ComposedWorkbench::start(Result<RunRequest> request, RunEngine::Job job, Ended ended)
{
    const auto runId = request ? request->runId : std::string("none");
    m_engine.start(runId, std::move(job), [ended = std::move(ended)](const std::string&, const Result<RunState>& outcome) { ended(outcome); });
    return runId;
}

void ComposedWorkbench::stop(const std::string& runId)
{
    m_engine.stop(runId);
}

void ComposedWorkbench::removeDeployment(const std::string& runId, std::function<void(const Result<void>&)> done)
{
    m_errands.start([this, runId, done = std::move(done)] { done(guarded([&] { return m_composition.removeDeployment(runId); })); });
}

bool ComposedWorkbench::isRunning() const
{
    return !m_engine.running().empty();
}

void ComposedWorkbench::examine(std::function<void(const std::vector<Finding>&)> found)
{
    m_errands.start([this, found = std::move(found)] { found(aap::examine(m_composition, m_stop.get_token())); });
}

QString ComposedWorkbench::modelName() const
{
    return QString::fromStdString(m_composition.config().anthropicModel);
}

QString ComposedWorkbench::demoRequirements() const
{
    const auto recording = demoRecording();
    return recording ? QString::fromStdString(recording->requirements) : QString();
}

} // namespace aap
