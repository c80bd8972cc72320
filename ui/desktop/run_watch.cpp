#include "ui/desktop/run_watch.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "ui/run/run_budget.h"

namespace aap {
namespace {

using Moment = RunNews::Moment;

constexpr double kNearlyAll = 0.8;

QString textOf(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

Moment momentOf(RunEnding ending)
{
    switch (ending) {
    case RunEnding::Completed:
    case RunEnding::CompletedWithWaivers: return Moment::Finished;
    case RunEnding::WaitingAtGate: return Moment::NeedsYou;
    case RunEnding::Stopped: return Moment::Stopped;
    case RunEnding::LimitReached: return Moment::BudgetSpent;
    case RunEnding::EnvironmentProblem: return Moment::EngineLost;
    case RunEnding::Failed:
    case RunEnding::InvalidInput:
    case RunEnding::ProviderGaveUp: return Moment::Failed;
    }
    return Moment::Failed;
}

QString endOf(const RunFinished& end)
{
    auto title = std::string(aap::title(end.ending));
    return textOf(end.reason.empty() ? title : title + ": " + end.reason);
}

} // namespace

struct RunWatch::Post {
    std::mutex mutex{};
    RunWatch* watch = nullptr; ///< guarded by mutex; null when the watch has gone
    int ears = 0;              ///< guarded by mutex; how many were ever made

    void send(int ear, const RunNews& news)
    {
        const std::lock_guard lock(mutex);
        if (watch != nullptr)
            QMetaObject::invokeMethod(watch, [watch = watch, ear, news] { watch->take(ear, news); }, Qt::QueuedConnection);
    }
};

/// Stands between a run and who observes it; lives as long as the run does.
class RunWatch::Ear final : public RunObserver {
public:
    Ear(int number, std::shared_ptr<Post> post, std::shared_ptr<RunObserver> inner) :
        m_number(number), m_post(std::move(post)), m_inner(std::move(inner))
    {
        m_post->send(m_number, {.moment = Moment::Began});
    }
    ~Ear() override { m_post->send(m_number, {.run = m_run, .moment = Moment::Gone}); }

    void happened(const RunEvent& event, const RunState& state) override
    {
        m_run = state.id;
        m_inner->happened(event, state);
        if (const auto* gate = std::get_if<GateOpened>(&event.payload))
            say(state, Moment::NeedsYou, textOf(gate->question));
        else if (const auto* pause = std::get_if<RunPaused>(&event.payload))
            say(state, Moment::Paused, textOf(pause->reason));
        else if (std::holds_alternative<GateDecided>(event.payload) || std::holds_alternative<RunResumed>(event.payload))
            say(state, Moment::GoesOn, {});
        else if (const auto* end = std::get_if<RunFinished>(&event.payload))
            say(state, momentOf(end->ending), endOf(*end));
        else if (std::holds_alternative<TurnFinished>(event.payload))
            weigh(state);
    }
    void live(const LiveEvent& event) override { m_inner->live(event); }

private:
    void say(const RunState& state, Moment moment, const QString& detail)
    {
        m_post->send(m_number, {.run = state.id, .moment = moment, .name = textOf(state.started.title), .detail = detail});
    }
    void weigh(const RunState& state)
    {
        const auto budget = budgetOf(state);
        const bool isReal = state.started.recordingLabel.empty();
        const bool isNear = isReal && budget && budget->microUsd > 0 && state.cost.inUsd() >= kNearlyAll * budget->inUsd();
        if (isNear && !m_saidNear)
            say(state, Moment::BudgetNear, textOf(state.cost.text() + " / " + budget->text()));
        m_saidNear = isNear; // what was raised can be used up again
    }

    const int m_number;
    const std::shared_ptr<Post> m_post;
    const std::shared_ptr<RunObserver> m_inner;
    std::string m_run;
    bool m_saidNear = false;
};

RunWatch::RunWatch(QObject* parent) : QObject(parent), m_post(std::make_shared<Post>())
{
    m_post->watch = this;
}

RunWatch::~RunWatch()
{
    const std::lock_guard lock(m_post->mutex);
    m_post->watch = nullptr;
}

std::shared_ptr<RunObserver> RunWatch::watched(std::shared_ptr<RunObserver> inner)
{
    std::unique_lock lock(m_post->mutex);
    const auto number = ++m_post->ears;
    lock.unlock();
    return std::make_shared<Ear>(number, m_post, std::move(inner));
}

int RunWatch::working() const
{
    return int(std::ranges::count_if(m_working, [](const auto& entry) { return entry.second; }));
}

void RunWatch::take(int ear, const RunNews& what)
{
    if (what.moment == Moment::Gone)
        m_working.erase(ear);
    else
        m_working[ear] = what.moment != Moment::NeedsYou && what.moment != Moment::Paused;
    emit news(what);
}

} // namespace aap
