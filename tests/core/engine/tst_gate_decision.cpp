#include <QTest>

#include "core/base/redact.h"
#include "core/engine/gate_decision.h"
#include "core/domain/run_state.h"
#include "tests/support/memory_journal.h"

using namespace aap;

/// Answers to runs that wait at a gate.
class GateDecisionTest : public QObject {
    Q_OBJECT

private slots:
    void anApprovalIsKeptForTheNextStart();
    void aRejectionSendsTheStageBack_data();
    void aRejectionSendsTheStageBack();
    void whatCannotBeDecidedIsRefused();

private:
    void init() { m_journal.kept.clear(); }
    void happens(std::optional<StageId> stage, Payload payload)
    {
        auto& events = m_journal.kept["r"];
        events.push_back({.seq = std::int64_t(events.size()) + 1, .at = now(), .stage = stage, .payload = std::move(payload)});
    }
    void waitsAt(const std::string& gate, std::optional<StageId> stage)
    {
        RunStarted started{.requirements = "- It must sort\n"};
        started.pipeline = {{"stages", Json::array({{{"id", "architecture"}}, {{"id", "coding"}}, {{"id", "deployment"}}})}};
        happens({}, started);
        happens(StageId::Architecture, StageStarted{});
        happens(StageId::Architecture, StageFinished{.status = StageStatus::Passed});
        happens(stage, GateOpened{.gate = gate});
        happens(stage, GateDecided{.gate = gate, .decision = "waiting"});
        happens({}, RunFinished{.ending = RunEnding::WaitingAtGate});
    }
    RunState state()
    {
        RunState state;
        for (const auto& event : m_journal.kept["r"])
            apply(state, event);
        return state;
    }
    MemoryJournal m_journal;
};

void GateDecisionTest::anApprovalIsKeptForTheNextStart()
{
    init();
    waitsAt("stage.coding", StageId::Coding);
    const auto gate = decideGate("r", {.decision = "approved", .by = "me"}, m_journal, Redactor());
    QVERIFY(gate);
    QCOMPARE(gate->gate, std::string("stage.coding"));
    QVERIFY(state().approvedGates.contains("stage.coding"));
    QVERIFY(!state().openGate);
    QVERIFY(!decideGate("r", {.decision = "approved", .by = "me"}, m_journal, Redactor())); // once is enough
}

void GateDecisionTest::aRejectionSendsTheStageBack_data()
{
    QTest::addColumn<QByteArray>("gate");
    QTest::addColumn<int>("stage"); // that is sent back; -1: none
    QTest::newRow("requirements") << QByteArray("requirements") << -1;
    QTest::newRow("before a stage") << QByteArray("stage.coding") << int(StageId::Architecture);
    QTest::newRow("deployment") << QByteArray("deployment") << int(StageId::Deployment);
    QTest::newRow("a tool") << QByteArray("tool.0123456789abcdef") << -1;
}

void GateDecisionTest::aRejectionSendsTheStageBack()
{
    QFETCH(const QByteArray, gate);
    QFETCH(const int, stage);
    init();
    waitsAt(gate.toStdString(), gate == "requirements" ? std::nullopt : std::optional(gate == "deployment" ? StageId::Deployment : StageId::Coding));
    QVERIFY(decideGate("r", {.decision = "rejected", .by = "me", .comment = "the key is sk-ant-test-0123456789"}, m_journal, Redactor({"sk-ant-test-0123456789"})));
    const auto now = state();
    for (const auto& one : now.stages)
        QCOMPARE(!one.comment.empty(), int(one.id) == stage);
    QVERIFY(now.approvedGates.empty());
    QCOMPARE(now.started.requirements.find("the key is") != std::string::npos, gate == "requirements");
    for (const auto& event : m_journal.kept["r"])
        QVERIFY(toJson(event).dump().find("sk-ant-test") == std::string::npos);
}

void GateDecisionTest::whatCannotBeDecidedIsRefused()
{
    init();
    QCOMPARE(decideGate("r", {.decision = "approved"}, m_journal, Redactor()).error().code, ErrorCode::Invalid);
    waitsAt("deployment", StageId::Deployment);
    QCOMPARE(decideGate("r", {.decision = "rejected", .comment = " \n"}, m_journal, Redactor()).error().code, ErrorCode::Invalid);
    happens({}, RunResumed{}); // somebody carries it on already
    QCOMPARE(decideGate("r", {.decision = "approved"}, m_journal, Redactor()).error().code, ErrorCode::Invalid);
}

QTEST_GUILESS_MAIN(GateDecisionTest)
#include "tst_gate_decision.moc"
