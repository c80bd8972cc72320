#include <QTest>

#include "core/domain/run_state.h"

using namespace aap;

namespace {

/// One of each, with members that are not their defaults.
std::vector<Payload> oneOfEach()
{
    const Usage usage{.inputTokens = 10, .outputTokens = 20, .cacheReadTokens = 30, .cacheWriteTokens = 40, .cacheWrite1hTokens = 50, .calls = 1, .estimated = true};
    const Check check{.id = "coding.build", .must = false, .status = CheckStatus::Failed, .seconds = 1.5, .argv = {"make", "-j2"}, .exitCode = 2,
                      .log = "stages/2-coding/checks/build.log", .reason = "it does not build"};
    const Json content = Json::array({{{"type", "text"}, {"text", "a \"b\" \n ü"}}, {{"type", "tool_use"}, {"id", "t"}, {"name", "x"}, {"input", {{"z", 1}, {"a", 2}}}}});
    return {
        RunStarted{.mode = RunMode::Stages, .title = "t", .requirements = "- a", .pipeline = {{"stages", Json::array({{{"id", "coding"}}})}}, .settings = {{"a", 1}},
                   .provider = "anthropic", .model = "m", .workspace = "/w", .output = "/o", .recordingLabel = "recorded", .program = "0.1",
                   .effort = "high", .reviewFocus = {"security"}, .attachments = {"/home/me/photo.json"}, .recording = "/r", .forkOf = "r0", .forkAt = 7},
        RunPaused{.reason = "r"},
        RunResumed{.pipeline = {{"stages", Json::array()}}, .model = "n"},
        RunFinished{.ending = RunEnding::LimitReached, .reason = "r", .remedy = "do"},
        StageStarted{.attempt = 2, .round = 1, .model = "m", .maxTurns = 9, .container = "c", .imageId = "sha256:1", .commit = "abc", .resumed = true},
        StageFinished{.status = StageStatus::Passed, .reason = "r", .document = {{"schema", "x"}}, .commit = "abc", .evidence = {{"failing", Json::array()}}},
        TurnStarted{.turn = 3},
        UserTurn{.content = content},
        TurnFinished{.turn = 3, .content = content, .stopReason = "tool_use", .usage = usage, .cost = Money{1234}, .model = "m", .requestId = "req_1", .duration = Milliseconds(50),
                     .refusal = "r", .invalidInputs = {{"t", "{"}}},
        ToolStarted{.callId = "t", .tool = "read_file", .input = {{"filepath", "a"}}, .summary = "read_file a"},
        ToolFinished{.callId = "t", .tool = "read_file", .isError = true, .result = "no", .exitCode = 1, .log = "l", .snapshot = "s", .duration = Milliseconds(7), .read = {{"a", "0"}}},
        PlanUpdated{.items = {{.text = "a", .status = "pending"}, {.text = "b", .status = "completed"}}},
        Submitted{.document = {{"a", Json::array({1, 2})}}},
        StageChecking{},
        CheckFinished{.check = check},
        RepairStarted{.round = 1, .maxRounds = 3, .failing = {"tests/a.py::b"}, .commit = "abc"},
        GateOpened{.gate = "deployment", .question = "q", .details = {{"port", 80}}},
        GateDecided{.gate = "deployment", .decision = "approved", .by = "b", .comment = "c"},
        SteeringMessage{.text = "hurry"},
        LimitRaised{.limit = "usd", .to = 7.5},
        SkipAsked{.reason = "not wanted"},
        StageSentBack{.comment = "smaller"},
        ArtifactRecorded{.path = "p", .sha256 = "0", .bytes = 5},
        DeploymentChanged{.state = "healthy", .details = {{"port", 1}}},
        Warned{.text = "w"},
        ErrorRaised{.text = "e", .remedy = "r"},
        RepairJudged{.round = 1, .evidence = {{"failing", Json::array()}}, .commit = "abc", .tried = "t", .spent = Money{5}},
        FilesEdited{.paths = {"a.py"}, .commit = "abc"},
        SandboxReported{.kind = "network_denied", .subject = "example.org:443", .text = "t", .count = 3},
    };
}

RunEvent happening(std::int64_t seq, std::optional<StageId> stage, Payload payload)
{
    return {.seq = seq, .at = TimePoint(Milliseconds(1'000'000 + seq * 1000)), .stage = stage, .payload = std::move(payload)};
}

TurnFinished paidTurn(int turn)
{
    TurnFinished finished;
    finished.turn = turn;
    finished.usage = {.inputTokens = 100, .outputTokens = 10, .calls = 1};
    finished.cost = Money{500};
    return finished;
}

/// A run whose tests fail once.
std::vector<RunEvent> aRunWithARepair()
{
    std::vector<RunEvent> events;
    const auto add = [&](std::optional<StageId> stage, Payload payload) { events.push_back(happening(std::int64_t(events.size()) + 1, stage, std::move(payload))); };
    RunStarted started;
    started.pipeline = {{"stages", Json::array({{{"id", "coding"}}, {{"id", "testing"}}, {{"id", "monitoring"}, {"enabled", false}}})}};
    add({}, started);
    add(StageId::Coding, StageStarted{.attempt = 1, .model = "m", .maxTurns = 20});
    add(StageId::Coding, TurnStarted{.turn = 1});
    add(StageId::Coding, paidTurn(1));
    add(StageId::Coding, ToolStarted{.callId = "1", .tool = "run_command", .summary = "run_command  make"});
    add(StageId::Coding, ToolFinished{.callId = "1", .tool = "run_command"});
    add(StageId::Coding, StageChecking{});
    add(StageId::Coding, CheckFinished{{.id = "coding.build"}});
    add(StageId::Coding, StageFinished{.status = StageStatus::Passed, .document = {{"schema", "aap/implementation/1"}}});
    add(StageId::Testing, StageStarted{.attempt = 1});
    add(StageId::Testing, StageChecking{});
    add(StageId::Testing, CheckFinished{{.id = "testing.passes", .status = CheckStatus::Failed}});
    add({}, RepairStarted{.round = 1, .maxRounds = 3, .failing = {"t"}});
    add(StageId::Coding, StageStarted{.attempt = 2, .round = 1});
    add(StageId::Coding, paidTurn(1));
    add(StageId::Coding, StageFinished{.status = StageStatus::Passed});
    add(StageId::Testing, StageChecking{});
    add(StageId::Testing, CheckFinished{{.id = "testing.passes", .status = CheckStatus::Passed}});
    add(StageId::Testing, StageFinished{.status = StageStatus::Passed});
    add({}, RunFinished{.ending = RunEnding::Completed, .reason = "every stage passed"});
    return events;
}

} // namespace

class RunEventTest : public QObject {
    Q_OBJECT

private slots:
    void everyEventSurvivesItsJson_data();
    void everyEventSurvivesItsJson();
    void whatIsMissingOrUnknownIsAnError_data();
    void whatIsMissingOrUnknownIsAnError();
    void unknownMembersAreOverlooked();
    void theStateIsTheFoldOfTheEvents();
    void foldingIsTheSameHoweverItIsCut();
    void theStateFileKeepsThePlansKeys();
    void anyOrderIsTolerated();
    void whatIsRaisedStandsInThePipeline_data();
    void whatIsRaisedStandsInThePipeline();
    void aStageThatIsSentBackBeginsAnewWithAllAfterIt();
    void aSkippedStageIsNoFailure();
    void anApprovedGateIsRemembered();
    void aCommentBecomesRequirements_data();
    void aCommentBecomesRequirements();
    void aPauseShows();
};

void RunEventTest::everyEventSurvivesItsJson_data()
{
    QTest::addColumn<int>("which");
    const auto all = oneOfEach();
    QCOMPARE(all.size(), std::variant_size_v<Payload>); // a new payload needs its example
    for (std::size_t i = 0; i < all.size(); ++i) {
        QCOMPARE(all[i].index(), i);
        QTest::newRow(std::string(typeName(all[i])).c_str()) << int(i);
    }
}

void RunEventTest::everyEventSurvivesItsJson()
{
    QFETCH(const int, which);
    const auto original = happening(7, which % 2 ? std::optional(StageId::Testing) : std::nullopt, oneOfEach()[std::size_t(which)]);
    const auto json = toJson(original);
    const auto read = parseRunEvent(Json::parse(json.dump()));
    QVERIFY2(read, read ? "" : read.error().text().c_str());
    QCOMPARE(toJson(*read).dump(), json.dump());
    QCOMPARE(read->payload.index(), original.payload.index());
    QCOMPARE(read->at, original.at);
}

void RunEventTest::whatIsMissingOrUnknownIsAnError_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("no seq") << QByteArray(R"({"at":"2026-11-24T12:00:00.000Z","stage":null,"type":"run_resumed"})");
    QTest::newRow("no type") << QByteArray(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":null})");
    QTest::newRow("unknown type") << QByteArray(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":null,"type":"run_flew"})");
    QTest::newRow("unknown stage") << QByteArray(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":"cooking","type":"run_resumed"})");
    QTest::newRow("a time that is none") << QByteArray(R"({"seq":1,"at":"yesterday","stage":null,"type":"run_resumed"})");
    QTest::newRow("missing member") << QByteArray(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":null,"type":"warned"})");
    QTest::newRow("wrong type of a member") << QByteArray(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":null,"type":"warned","text":[]})");
    QTest::newRow("unknown word") << QByteArray(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":null,"type":"run_finished","ending":"well","reason":"","remedy":""})");
    QTest::newRow("no object") << QByteArray("[]");
}

void RunEventTest::whatIsMissingOrUnknownIsAnError()
{
    QFETCH(const QByteArray, json);
    const auto read = parseRunEvent(Json::parse(json.toStdString()));
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Protocol);
}

void RunEventTest::unknownMembersAreOverlooked()
{
    QVERIFY(parseRunEvent(Json::parse(R"({"seq":1,"at":"2026-11-24T12:00:00.000Z","stage":null,"type":"warned","text":"w","later":true})")));
}

void RunEventTest::theStateIsTheFoldOfTheEvents()
{
    RunState state;
    for (const auto& happened : aRunWithARepair())
        apply(state, happened);
    QCOMPARE(state.stages.size(), 2U); // monitoring is switched off
    QCOMPARE(state.ending, RunEnding::Completed);
    QCOMPARE(state.repairRound, 1);
    QCOMPARE(state.cost.microUsd, 1000);
    QCOMPARE(state.usage.calls, 2);
    const auto* coding = state.stage(StageId::Coding);
    QCOMPARE(coding->status, StageStatus::Passed);
    QCOMPARE(coding->attempt, 2);
    QVERIFY(coding->currentTool.empty());
    const auto* testing = state.stage(StageId::Testing);
    QCOMPARE(testing->checks.size(), 1U);
    QCOMPARE(testing->checks.front().status, CheckStatus::Passed);
    QVERIFY(!state.currentStage);
}

void RunEventTest::foldingIsTheSameHoweverItIsCut()
{
    const auto events = aRunWithARepair();
    RunState whole;
    for (const auto& happened : events)
        apply(whole, happened);
    for (std::size_t cut = 0; cut <= events.size(); ++cut) {
        RunState state;
        for (std::size_t i = 0; i < cut; ++i)
            state = fold(std::move(state), events[i]);
        const auto copy = state; // what a program that was killed here finds in its journal
        for (std::size_t i = cut; i < events.size(); ++i)
            state = fold(std::move(state), events[i]);
        QCOMPARE(pipelineStateJson(state).dump(), pipelineStateJson(whole).dump());
        QCOMPARE(copy.ending.has_value(), cut == events.size());
    }
}

void RunEventTest::theStateFileKeepsThePlansKeys()
{
    RunState state;
    state.id = "20261124-120000-abcdef";
    for (const auto& happened : aRunWithARepair())
        apply(state, happened);
    const auto json = pipelineStateJson(state);
    for (const auto* key : {"status", "current_stage", "stages_completed", "results", "errors", "started_at", "completed_at", "run_id", "usage", "cost_usd"})
        QVERIFY2(json.contains(key), key);
    QCOMPARE(json["status"].get<std::string>(), std::string("completed"));
    QCOMPARE(json["stages_completed"].dump(), std::string(R"(["coding","testing"])"));
}

void RunEventTest::anyOrderIsTolerated()
{
    auto events = oneOfEach();
    std::ranges::reverse(events);
    RunState state;
    std::int64_t seq = 0;
    for (auto& payload : events)
        apply(state, happening(++seq, StageId::Coding, std::move(payload)));
    QCOMPARE(state.lastSeq, std::int64_t(std::variant_size_v<Payload>));
}

void RunEventTest::whatIsRaisedStandsInThePipeline_data()
{
    QTest::addColumn<QByteArray>("limit");
    QTest::addColumn<double>("to");
    QTest::addColumn<int>("stage"); // -1: the run
    QTest::addColumn<QByteArray>("pointer");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("money") << QByteArray("usd") << 7.5 << -1 << QByteArray("/limits/usd") << QByteArray("7.5");
    QTest::newRow("tokens") << QByteArray("tokens") << 2e6 << -1 << QByteArray("/limits/tokens") << QByteArray("2000000");
    QTest::newRow("time") << QByteArray("minutes") << 90.0 << -1 << QByteArray("/limits/wall_time_minutes") << QByteArray("90.0");
    QTest::newRow("turns of all") << QByteArray("turns") << 40.0 << -1 << QByteArray("/stages/1/max_turns") << QByteArray("40");
    QTest::newRow("turns of one") << QByteArray("turns") << 40.0 << int(StageId::Testing) << QByteArray("/stages/1/max_turns") << QByteArray("40");
    QTest::newRow("calls of one") << QByteArray("calls") << 5.0 << int(StageId::Coding) << QByteArray("/stages/0/limits/calls") << QByteArray("5");
}

void RunEventTest::whatIsRaisedStandsInThePipeline()
{
    QFETCH(const QByteArray, limit);
    QFETCH(const double, to);
    QFETCH(const int, stage);
    QFETCH(const QByteArray, pointer);
    QFETCH(const QByteArray, value);
    RunState state;
    apply(state, aRunWithARepair().front());
    apply(state, happening(2, stage < 0 ? std::nullopt : std::optional(StageId(stage)), LimitRaised{limit.toStdString(), to}));
    QCOMPARE(state.started.pipeline.at(Json::json_pointer(pointer.toStdString())).dump().c_str(), value.constData());
}

void RunEventTest::aStageThatIsSentBackBeginsAnewWithAllAfterIt()
{
    RunState state;
    for (const auto& happened : aRunWithARepair())
        apply(state, happened);
    apply(state, happening(99, std::nullopt, GateDecided{.gate = "stage.testing", .decision = "approved"}));
    apply(state, happening(100, StageId::Coding, StageSentBack{.comment = "use a map"}));
    QCOMPARE(state.stage(StageId::Coding)->status, StageStatus::NotStarted);
    QCOMPARE(state.stage(StageId::Coding)->comment, std::string("use a map"));
    QCOMPARE(state.stage(StageId::Testing)->status, StageStatus::NotStarted);
    QVERIFY(state.stage(StageId::Testing)->comment.empty());
    QVERIFY(state.approvedGates.empty());
    QCOMPARE(state.cost.microUsd, 1000); // it was spent all the same
    apply(state, happening(101, StageId::Coding, StageFinished{.status = StageStatus::Passed}));
    QVERIFY(state.stage(StageId::Coding)->comment.empty());
}

void RunEventTest::aSkippedStageIsNoFailure()
{
    RunState state;
    apply(state, aRunWithARepair().front());
    apply(state, happening(2, StageId::Coding, StageFinished{.status = StageStatus::Passed}));
    apply(state, happening(3, StageId::Coding, SkipAsked{"too late"}));
    apply(state, happening(4, StageId::Testing, SkipAsked{"no tests today"}));
    QCOMPARE(state.stage(StageId::Coding)->status, StageStatus::Passed);
    QCOMPARE(state.stage(StageId::Testing)->status, StageStatus::Skipped);
    QVERIFY(state.stage(StageId::Testing)->skipAsked);
    QVERIFY(!state.stage(StageId::Coding)->skipAsked);
}

void RunEventTest::anApprovedGateIsRemembered()
{
    RunState state;
    apply(state, happening(1, {}, GateOpened{.gate = "requirements"}));
    apply(state, happening(2, {}, GateDecided{.gate = "requirements", .decision = "waiting"}));
    QVERIFY(state.openGate && state.approvedGates.empty());
    apply(state, happening(3, {}, GateDecided{.gate = "requirements", .decision = "approved"}));
    QVERIFY(!state.openGate && state.approvedGates.contains("requirements"));
    apply(state, happening(4, {}, GateOpened{.gate = "requirements"}));
    QVERIFY(state.approvedGates.empty());
}

void RunEventTest::aCommentBecomesRequirements_data()
{
    QTest::addColumn<QByteArray>("comment");
    QTest::addColumn<QByteArray>("requirements");
    QTest::newRow("a line") << QByteArray("It must be blue") << QByteArray("- It must print\n\n- It must be blue\n");
    QTest::newRow("two items") << QByteArray("- It must be blue\n\n  * It must be round") << QByteArray("- It must print\n\n- It must be blue\n- It must be round\n");
    QTest::newRow("nothing") << QByteArray(" \n") << QByteArray("- It must print\n");
}

void RunEventTest::aCommentBecomesRequirements()
{
    QFETCH(const QByteArray, comment);
    RunState state;
    apply(state, happening(1, {}, RunStarted{.requirements = "- It must print\n"}));
    apply(state, happening(2, {}, GateDecided{.gate = "requirements", .decision = "rejected", .comment = comment.toStdString()}));
    QTEST(QByteArray::fromStdString(state.started.requirements), "requirements");
}

void RunEventTest::aPauseShows()
{
    RunState state;
    apply(state, happening(1, {}, RunPaused{.reason = "by you"}));
    QCOMPARE(state.pausedFor, std::string("by you"));
    apply(state, happening(2, {}, RunResumed{}));
    QVERIFY(state.pausedFor.empty());
}

QTEST_GUILESS_MAIN(RunEventTest)
#include "tst_run_event.moc"
