#include "ui/shell/run_desk.h"

#include <algorithm>

#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "core/engine/gate_desk.h"
#include "core/engine/steering.h"
#include "ui/describe.h"
#include "ui/history/fork_at_sheet.h"
#include "ui/history/fork_sheet.h"
#include "ui/run/run_page.h"
#include "ui/run/steer_bar.h"
#include "ui/run/steer_sheets.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kMostTitle = 28;

StateLook lookOf(const RunPage& page)
{
    const auto& state = page.state();
    if (state.ending)
        return lookOf(*state.ending);
    if (const auto halted = page.halt())
        return *halted;
    return lookOf(state.openGate ? StageStatus::Waiting : StageStatus::Running);
}

/// A tab's text takes & for a key's mark.
QString tabTitle(const RunState& state)
{
    auto title = text(state.started.title).simplified();
    if (title.size() > kMostTitle)
        title = title.left(kMostTitle - 1) + u'…';
    return title.isEmpty() ? RunDesk::tr("New run") : title.replace(u'&', QStringLiteral("&&"));
}

} // namespace

/// One run as the window knows it, from its start until its tab is closed and nothing of it goes on.
struct RunDesk::Session {
    std::string id{};
    std::shared_ptr<RunFeed> feed{};
    std::shared_ptr<GateDesk> gates{};
    RunPage* page = nullptr; ///< a child of the desk, in a tab or hidden
    bool isRunning = false;
    bool isDeployed = false;
    bool isBeingRemoved = false;
};

RunDesk::RunDesk(Workbench& workbench, QWidget* parent) :
    QWidget(parent),
    m_workbench(workbench),
    m_tabs(new QTabWidget(this))
{
    setObjectName("pageRun");
    m_tabs->setObjectName("runTabs");
    m_tabs->setAccessibleName(tr("Runs"));
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->setTabBarAutoHide(true);
    m_tabs->setElideMode(Qt::ElideRight);
    m_tabs->tabBar()->setAccessibleName(tr("Runs"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tabs);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &RunDesk::close);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        emit changed();
        if (const auto* session = current())
            emit filesChanged(text(session->page->state().started.output));
    });
}

RunDesk::~RunDesk() = default;

void RunDesk::showBeginning()
{
    if (m_tabs->count() == 0)
        front(add());
}

RunDesk::Session& RunDesk::add()
{
    auto& session = *m_sessions.emplace_back(std::make_unique<Session>());
    session.page = new RunPage(this);
    session.page->setObjectName("runTab");
    session.page->hide();
    session.page->setContextSize([this](const std::string& model) { return m_workbench.contextTokens(model); });
    connectPage(session);
    return session;
}

void RunDesk::connectPage(Session& session)
{
    connect(session.page, &RunPage::stopAsked, this, [this, &session] { stop(session); });
    connect(session.page, &RunPage::resumeAsked, this, [this, &session] { askAndResume(session); });
    connect(session.page, &RunPage::forkAsked, this, &RunDesk::forkCurrent);
    connect(session.page, &RunPage::steered, this, &RunDesk::changed);
    connect(session.page, &RunPage::removalAsked, this, [this, &session] { remove(session); });
    connect(session.page, &RunPage::sandboxLookAsked, this, [this, &session] {
        m_workbench.lookAtSandboxes(session.id, toGui<Result<std::vector<SandboxLook>>>(session.page, [&session](const auto& looks) { session.page->showSandboxes(looks); }));
    });
    connect(session.page, &RunPage::gateDecided, this, [this, &session](const Approver::Answer& answer) {
        if (session.gates && session.gates->decide(answer))
            session.page->hideGate();
        emit changed();
    });
}

RunDesk::Session* RunDesk::current() const
{
    const auto found = std::ranges::find(m_sessions, m_tabs->currentWidget(), [](const auto& session) -> QWidget* { return session->page; });
    return found == m_sessions.end() ? nullptr : found->get();
}

RunDesk::Session* RunDesk::known(const std::string& runId) const
{
    const auto found = std::ranges::find(m_sessions, runId, [](const auto& session) { return session->id; });
    return runId.empty() || found == m_sessions.end() ? nullptr : found->get();
}

/// The page in front, when it shows no run yet.
RunDesk::Session& RunDesk::blank()
{
    auto* front = current();
    return front != nullptr && front->id.empty() ? *front : add();
}

void RunDesk::begin(const Start& start)
{
    carryOut(blank(), start);
}

void RunDesk::carryOut(Session& session, const Start& start)
{
    // The feed belongs to the GUI thread though the run shares it: the last owner hands it back to be deleted here.
    session.feed = std::shared_ptr<RunFeed>(new RunFeed, [](RunFeed* feed) { feed->deleteLater(); });
    session.gates = std::make_shared<GateDesk>();
    session.isRunning = true;
    const auto steering = std::make_shared<Steering>();
    connect(session.feed.get(), &RunFeed::arrived, session.page, [this, &session](const RunBatch& batch) { takeBatch(session, batch); });
    session.id = start({.observer = session.feed, .approver = session.gates, .steering = steering,
                        .ended = toGui<Result<RunState>>(session.page, [this, &session](const auto& outcome) { takeEnd(session, outcome); })});
    session.page->begin(session.id, steering); // what the run says arrives by the event loop, so nothing of it is lost
    if (running() > std::size_t(m_workbench.config().maxParallelRuns))
        session.page->showWaiting();
    front(session);
    emit changed();
}

void RunDesk::resume(const Workbench::Resumption& what)
{
    auto* session = known(what.runId);
    if (session != nullptr && session->isRunning)
        return front(*session);
    carryOut(session == nullptr ? blank() : *session, [&](Workbench::Seat seat) {
        m_workbench.resumeRun(what, std::move(seat));
        return what.runId;
    });
}

void RunDesk::resumeCurrent()
{
    if (auto* session = current(); session != nullptr && session->page->canResume())
        askAndResume(*session);
}

/// A run that has used up a limit would only reach it again.
void RunDesk::askAndResume(Session& session)
{
    const auto& state = session.page->state();
    const bool asks = state.ending == RunEnding::LimitReached
        && askForLimit(*session.page, state, tr("&Raise and resume"), [this, id = session.id](std::optional<StageId> stage, const LimitRaised& raised) {
               resume({.runId = id, .stage = stage, .raised = raised});
           });
    if (!asks)
        resume({.runId = session.id});
}

bool RunDesk::canFork(const Session& session)
{
    return !session.isRunning && !session.id.empty() && session.page->state().id == session.id && session.page->state().started.signedBy.empty() && !session.page->state().stages.empty();
}

bool RunDesk::canForkCurrent() const
{
    const auto* session = current();
    return session != nullptr && canFork(*session);
}

void RunDesk::forkCurrent()
{
    if (!canForkCurrent())
        return;
    const auto chosen = [this](const ForkWish& wish) { fork(wish); };
    if (const auto* stop = currentPage()->moment())
        askHowToForkAt(*this, state(), *stop, chosen);
    else
        askWhereToFork(*this, state(), chosen);
}

void RunDesk::fork(const ForkWish& wish)
{
    begin([&](Workbench::Seat seat) { return m_workbench.forkRun(wish, std::move(seat)); });
}

void RunDesk::showPast(const RunBatch& batch)
{
    auto& session = blank();
    session.id = batch.state.id;
    session.page->showPast(batch);
    front(session);
    emit changed();
    emit filesChanged(text(batch.state.started.output));
}

bool RunDesk::show(const std::string& runId)
{
    auto* session = known(runId);
    if (session != nullptr)
        front(*session);
    return session != nullptr;
}

void RunDesk::front(Session& session)
{
    if (m_tabs->indexOf(session.page) < 0)
        m_tabs->addTab(session.page, {});
    label(session);
    m_tabs->setCurrentWidget(session.page);
}

void RunDesk::label(const Session& session)
{
    session.page->setMayFork(canFork(session));
    const auto tab = m_tabs->indexOf(session.page);
    if (tab < 0)
        return;
    const auto look = lookOf(*session.page);
    m_tabs->setTabText(tab, tabTitle(session.page->state()));
    m_tabs->setTabIcon(tab, session.id.empty() ? QIcon() : shapeIcon(look.shape, look.colour));
}

void RunDesk::takeBatch(Session& session, const RunBatch& batch)
{
    session.page->append(batch);
    label(session);
    const bool filesMayDiffer = std::ranges::any_of(batch.events, [](const RunEvent& event) {
        return std::holds_alternative<RunStarted>(event.payload) || std::holds_alternative<StageFinished>(event.payload)
            || std::holds_alternative<RunFinished>(event.payload);
    });
    if (filesMayDiffer && current() == &session)
        emit filesChanged(text(batch.state.started.output));
    emit changed();
}

void RunDesk::takeEnd(Session& session, const Result<RunState>& outcome)
{
    session.feed->deliver();
    session.isRunning = false;
    if (outcome)
        session.page->end();
    else
        session.page->showFailure(outcome.error());
    if (outcome && outcome->id == session.id && outcome->deployment.is_object()) {
        session.isDeployed = true;
        session.page->showDeployments(1);
    }
    label(session);
    if (m_tabs->indexOf(session.page) < 0 && !session.isDeployed)
        drop(session);
    emit changed();
    emit ended(outcome);
}

void RunDesk::pauseCurrent()
{
    auto* session = current();
    if (session == nullptr)
        return;
    if (session->isRunning)
        session->page->steer().togglePause();
    else
        resumeCurrent();
}

void RunDesk::stopCurrent()
{
    if (auto* session = current())
        stop(*session);
}

void RunDesk::stopAll()
{
    for (const auto& session : m_sessions)
        stop(*session);
}

void RunDesk::stop(Session& session)
{
    if (!session.isRunning)
        return;
    m_workbench.stop(session.id);
    session.page->showStopping();
}

void RunDesk::remove(Session& session)
{
    if (!session.isDeployed || session.isBeingRemoved)
        return;
    session.isBeingRemoved = true;
    session.page->showRemoving();
    m_workbench.removeDeployment(session.id, toGui<Result<void>>(session.page, [this, &session](const auto& outcome) { takeRemoval(session, outcome); }));
}

void RunDesk::removeDeployments()
{
    for (const auto& session : m_sessions)
        remove(*session);
}

void RunDesk::takeRemoval(Session& session, const Result<void>& outcome)
{
    session.isBeingRemoved = false;
    session.isDeployed = !outcome;
    session.page->showDeployments(session.isDeployed ? 1 : 0);
    if (!outcome)
        emit removalFailed(outcome.error());
    if (!isRemoving())
        emit removalsDone();
}

void RunDesk::closeCurrent()
{
    if (m_tabs->currentIndex() >= 0)
        close(m_tabs->currentIndex());
}

void RunDesk::close(int tab)
{
    auto* page = m_tabs->widget(tab);
    const auto found = std::ranges::find(m_sessions, page, [](const auto& session) -> QWidget* { return session->page; });
    if (found == m_sessions.end() || (*found)->id.empty())
        return; // the page that says how to begin stays
    m_tabs->removeTab(tab);
    if (auto& session = **found; !session.isRunning && !session.isDeployed)
        drop(session);
    showBeginning();
    emit changed();
}

void RunDesk::drop(Session& session)
{
    session.page->hide();
    session.page->deleteLater();
    disconnect(session.page, nullptr, this, nullptr);
    if (session.feed)
        disconnect(session.feed.get(), nullptr, session.page, nullptr);
    std::erase_if(m_sessions, [&](const auto& kept) { return kept.get() == &session; });
}

void RunDesk::stepTab(int by)
{
    if (const auto count = m_tabs->count(); count > 1)
        m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + count) % count);
}

const RunState& RunDesk::state() const
{
    static const RunState none;
    const auto* session = current();
    return session == nullptr ? none : session->page->state();
}

bool RunDesk::isCurrentRunning() const
{
    const auto* session = current();
    return session != nullptr && session->isRunning;
}

RunPage* RunDesk::currentPage() const
{
    const auto* session = current();
    return session == nullptr ? nullptr : session->page;
}

std::size_t RunDesk::running() const
{
    return std::size_t(std::ranges::count_if(m_sessions, [](const auto& session) { return session->isRunning; }));
}

std::set<std::string> RunDesk::atWork() const
{
    std::set<std::string> ids;
    for (const auto& session : m_sessions)
        if (session->isRunning && session->page->state().lastSeq > 0)
            ids.insert(session->id);
    return ids;
}

std::size_t RunDesk::waiting() const
{
    return std::size_t(std::ranges::count_if(m_sessions, [](const auto& session) { return session->isRunning && session->page->state().openGate.has_value(); }));
}

const RunState* RunDesk::waitingState(bool isSeen) const
{
    const auto* front = isSeen ? current() : nullptr;
    for (const auto& session : m_sessions)
        if (session->isRunning && session.get() != front && session->page->state().openGate && session->page->state().id == session->id)
            return &session->page->state();
    return nullptr;
}

std::size_t RunDesk::deployed() const
{
    return std::size_t(std::ranges::count_if(m_sessions, [](const auto& session) { return session->isDeployed; }));
}

bool RunDesk::isRemoving() const
{
    return std::ranges::any_of(m_sessions, [](const auto& session) { return session->isBeingRemoved; });
}

} // namespace aap
