#include <latch>
#include <thread>

#include <QTest>

#include "core/engine/gate_desk.h"
#include "core/engine/run_engine.h"

using namespace aap;

namespace {

/// A job that works until it is asked to stop.
Result<RunState> untilStopped(std::latch& begun, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    begun.count_down();
    changed.wait(lock, stop, [] { return false; });
    RunState state;
    state.ending = RunEnding::Stopped;
    return state;
}

} // namespace

class RunEngineTest : public QObject {
    Q_OBJECT

private slots:
    void aRunThatIsStoppedEndsAndIsForgotten();
    void stoppingOneRunLeavesTheOtherAlone();
    void moreRunsThanPlacesWait();
    void anExceptionBecomesAnError();
    void theEngineWaitsForItsRunsBeforeItGoes();
    void aGateWaitsUntilSomebodyDecides();
    void aGateThatIsStoppedDecidesNothing();
};

void RunEngineTest::aRunThatIsStoppedEndsAndIsForgotten()
{
    RunEngine engine(2);
    std::latch begun(1);
    std::latch ended(1);
    std::optional<RunEnding> ending;
    engine.start(
        "a", [&](const std::stop_token& stop) { return untilStopped(begun, stop); },
        [&](const std::string& id, const Result<RunState>& outcome) {
            QCOMPARE(id, std::string("a"));
            ending = outcome->ending;
            ended.count_down();
        });
    begun.wait();
    QCOMPARE(engine.running(), std::vector<std::string>{"a"});
    engine.stop("unknown");
    engine.stop("a");
    ended.wait();
    QCOMPARE(ending, RunEnding::Stopped);
    QVERIFY(engine.running().empty());
}

void RunEngineTest::stoppingOneRunLeavesTheOtherAlone()
{
    RunEngine engine(2);
    std::latch begun(2);
    std::latch firstEnded(1);
    const auto job = [&](const std::stop_token& stop) { return untilStopped(begun, stop); };
    engine.start("a", job, [&](const auto&, const auto&) { firstEnded.count_down(); });
    engine.start("b", job, [](const auto&, const auto&) {});
    begun.wait();
    engine.stop("a");
    firstEnded.wait();
    QCOMPARE(engine.running(), std::vector<std::string>{"b"});
}

void RunEngineTest::moreRunsThanPlacesWait()
{
    RunEngine engine(1);
    std::latch firstBegun(1);
    std::latch secondBegun(1);
    std::atomic_bool secondIsAtWork = false;
    engine.start("first", [&](const std::stop_token& stop) { return untilStopped(firstBegun, stop); }, [](const std::string&, const Result<RunState>&) {});
    engine.start(
        "second",
        [&](const std::stop_token& stop) {
            secondIsAtWork = true;
            return untilStopped(secondBegun, stop);
        },
        [](const std::string&, const Result<RunState>&) {});
    firstBegun.wait();
    QVERIFY(!secondIsAtWork);
    QCOMPARE(engine.running().size(), 2U); // it is known, and can be stopped
    engine.setMaxParallelRuns(2);
    secondBegun.wait(); // a place more is taken at once
    engine.stopAll();
}

void RunEngineTest::anExceptionBecomesAnError()
{
    RunEngine engine(1);
    std::latch ended(1);
    std::string said;
    engine.start(
        "a", [](const std::stop_token&) -> Result<RunState> { throw std::runtime_error("no such thing"); },
        [&](const std::string&, const Result<RunState>& outcome) {
            said = outcome.error().text();
            ended.count_down();
        });
    ended.wait();
    QCOMPARE(said, std::string("no such thing"));
}

void RunEngineTest::theEngineWaitsForItsRunsBeforeItGoes()
{
    std::latch begun(1);
    bool ended = false;
    {
        RunEngine engine(1);
        engine.start(
            "a", [&](const std::stop_token& stop) { return untilStopped(begun, stop); }, [&](const auto&, const auto&) { ended = true; });
        begun.wait();
    }
    QVERIFY(ended);
}

void RunEngineTest::aGateWaitsUntilSomebodyDecides()
{
    std::latch opened(1);
    GateDesk desk([&](const GateOpened& gate) {
        QCOMPARE(gate.gate, std::string("deployment"));
        opened.count_down();
    });
    QVERIFY(!desk.decide({.decision = Approver::Decision::Rejected})); // nobody has asked: without effect
    Approver::Answer answer;
    std::jthread run([&] { answer = desk.ask({.gate = "deployment", .question = "Deploy?", .details = {}}, {}); });
    opened.wait();
    QVERIFY(desk.decide({.decision = Approver::Decision::Approved, .by = "tester", .comment = "fine"}));
    run.join();
    QCOMPARE(answer.decision, Approver::Decision::Approved);
    QCOMPARE(answer.comment, std::string("fine"));
}

void RunEngineTest::aGateThatIsStoppedDecidesNothing()
{
    std::stop_source stop;
    GateDesk desk([&](const GateOpened&) { stop.request_stop(); });
    QCOMPARE(desk.ask({.gate = "deployment", .question = "Deploy?", .details = {}}, stop.get_token()).decision, Approver::Decision::Waiting);
}

QTEST_GUILESS_MAIN(RunEngineTest)
#include "tst_run_engine.moc"
