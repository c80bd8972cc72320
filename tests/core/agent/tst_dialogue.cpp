#include <algorithm>

#include <fmt/format.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/agent/dialogue.h"
#include "core/agent/dialogue_texts.h"
#include "core/agent/tools/make_tool.h"
#include "core/base/beneath.h"
#include "core/base/redact.h"
#include "core/engine/run_recorder.h"
#include "core/llm/dialogue_rules.h"
#include "core/store/journal.h"
#include "tests/support/fake_sandbox.h"
#include "tests/support/memory_journal.h"
#include "tests/support/scripted_model.h"

using namespace aap;

Q_DECLARE_METATYPE(std::vector<aap::ModelReply>)

namespace {

using Kind = DialogueOutcome::Kind;
const std::string kKey = "correct-horse-battery-staple";

/// A dialogue with small tools in a temporary workspace; nothing is sent anywhere.
struct Stage {
    explicit Stage(std::vector<Result<ModelReply>> script = {}) : model(std::move(script))
    {
        settings.stage = StageId::Coding;
        settings.model = "model";
        settings.submitSchema = Json::parse(R"({"type": "object", "additionalProperties": false, "required": ["summary"],
                                               "properties": {"summary": {"type": "string", "minLength": 3}}})");
        settings.snapshot = [this](const std::string& label) -> Result<std::string> {
            snapshots.push_back(label);
            return "commit" + std::to_string(snapshots.size());
        };
        settings.saveLog = [this](const std::string& callId, std::string_view text) -> Result<std::string> {
            logs[callId] = text;
            return "logs/" + callId + ".txt";
        };
        addTools();
    }

    void addTool(std::string_view name, ToolClass toolClass, ToolFunction run)
    {
        tools.push_back(makeTool(name, toolClass, "A tool.", R"({"type": "object", "properties": {"n": {"type": "integer"}, "text": {"type": "string"}}})",
                                 std::move(run)));
    }

    void addTools()
    {
        addTool("broken", ToolClass::Exec, [](const Json&, ToolContext&) -> Result<ToolOutcome> { return Error{ErrorCode::Unavailable, "the engine is gone"}; });
        addTool("echo", ToolClass::Read, [this](const Json& input, ToolContext& with) -> Result<ToolOutcome> {
            ran.push_back("echo " + with.callId);
            ToolOutcome outcome;
            outcome.text = parameter(input, "text", "");
            return outcome;
        });
        addTool("fail", ToolClass::Read, [this](const Json&, ToolContext& with) -> Result<ToolOutcome> {
            ran.push_back("fail " + with.callId);
            return ToolOutcome::error("that did not work");
        });
        addTool("long", ToolClass::Exec, [](const Json&, ToolContext& with) -> Result<ToolOutcome> {
            with.output("one\ncorrect-horse-bat");
            with.output("tery-staple two");
            ToolOutcome outcome;
            outcome.text = "cut";
            outcome.fullText = "all of it, " + kKey;
            outcome.exitCode = 2;
            outcome.isError = true;
            return outcome;
        });
        addTool("picture", ToolClass::Read, [](const Json&, ToolContext&) -> Result<ToolOutcome> {
            ToolOutcome outcome;
            outcome.text = "a picture";
            outcome.images.push_back(Json{{"type", "image"}, {"source", {{"type", "base64"}, {"media_type", "image/png"}, {"data", "iVBORw0KGgo="}}}});
            return outcome;
        });
        addTool("plan", ToolClass::Read, [](const Json&, ToolContext&) -> Result<ToolOutcome> {
            ToolOutcome outcome;
            outcome.text = "ok";
            outcome.plan = std::vector<PlanItem>{{"write", "in_progress"}};
            return outcome;
        });
        addTool("throw", ToolClass::Read, [](const Json&, ToolContext&) -> Result<ToolOutcome> { throw std::runtime_error("out of range"); });
        addTool("wait", ToolClass::Exec, [this](const Json&, ToolContext&) -> Result<ToolOutcome> {
            stop.request_stop(); // as if the user pressed stop meanwhile
            return Error{ErrorCode::Stopped, "stopped"};
        });
        addTool("write", ToolClass::Write, [](const Json&, ToolContext&) -> Result<ToolOutcome> {
            ToolOutcome outcome;
            outcome.text = "written";
            outcome.changedFiles = true;
            return outcome;
        });
    }

    Result<DialogueOutcome> begin()
    {
        dialogue = std::make_unique<Dialogue>(settings, model, tools, context, recorder);
        return dialogue->begin("the task", stop.get_token());
    }

    template <typename T>
    std::vector<T> recorded() const
    {
        std::vector<T> found;
        for (const auto& event : observer.events)
            if (const auto* payload = std::get_if<T>(&event.payload))
                found.push_back(*payload);
        return found;
    }
    std::string types() const
    {
        std::string all;
        for (const auto& event : observer.events)
            all += std::string(typeName(event.payload)) + ' ';
        return all;
    }
    std::string shown(LiveEvent::Kind kind) const
    {
        std::string all;
        for (const auto& event : observer.lived)
            if (event.kind == kind)
                all += event.text;
        return all;
    }
    /// The user message that the n-th request ends with.
    const Json& lastUserMessage(std::size_t request) const { return model.asked.at(request).messages.back().content; }

    QTemporaryDir folder;
    Folder workspace = *Folder::open(folder.path().toStdString());
    FakeSandbox sandbox{std::make_shared<SandboxScript>()};
    ToolContext context{.stage = StageId::Coding, .sandbox = sandbox, .workspace = workspace};
    MemoryJournal journal;
    KeepingObserver observer;
    Redactor redactor{std::vector{kKey}};
    RunRecorder recorder{"run", journal, redactor, observer};
    std::vector<std::string> ran;
    std::vector<std::string> snapshots;
    std::map<std::string, std::string> logs;
    Toolbox tools;
    ScriptedModel model;
    DialogueSettings settings;
    std::stop_source stop;
    std::unique_ptr<Dialogue> dialogue;
};

ModelReply handsIn(std::string_view id = "s")
{
    return replyOf({called(id, "submit_result", Json{{"summary", "all done"}})});
}

/// Calls that differ, so that the guard against loops has nothing to say.
Json call(std::string_view tool, int n)
{
    return called(fmt::format("{}{}", tool, n), tool, Json{{"n", n}});
}

std::string resultText(const Json& block)
{
    return block.at("content").is_string() ? block.at("content").get<std::string>() : block.at("content").at(0).at("text").get<std::string>();
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

/// Every request obeys the API's rules, and each continues the one before it.
void verifyHistory(const ScriptedModel& model)
{
    for (const auto& request : model.asked) {
        const auto obedient = obeyDialogueRules(request.messages);
        QVERIFY2(obedient, obedient ? "" : obedient.error().text().c_str());
    }
    for (std::size_t i = 1; i < model.asked.size(); ++i) {
        const auto& before = model.asked[i - 1].messages;
        const auto& after = model.asked[i].messages;
        QVERIFY(after.size() >= before.size());
        for (std::size_t m = 0; m < before.size(); ++m)
            QVERIFY(before[m].content == after[m].content);
    }
}

} // namespace

class DialogueTest : public QObject {
    Q_OBJECT

private slots:
    void everyStopReasonIsTreatedByTheTable_data();
    void everyStopReasonIsTreatedByTheTable();
    void aResultIsHandedInAndEverythingIsRecordedInOrder();
    void theCallsOfATurnAreAnsweredTogetherInTheirOrder();
    void mistakesAreAnsweredAndNotRun();
    void theSameCallIsNotRunAThirdTime();
    void fiveTurnsOfMistakesEndTheStage();
    void commandsThatFailAreNoMistakes();
    void aResultThatMissesTheContractComesBackFiveTimes();
    void aResultBesideFailedCallsComesBack();
    void aSecondResultInOneTurnIsAnsweredToo();
    void rejectedResultsGoOnInTheSameConversation();
    void aCutToolCallIsRepeatedOnceWithMoreTokens();
    void stoppingAnswersEveryOpenCall();
    void aBrokenSandboxEndsTheStageWithEveryCallAnswered();
    void aFullDiskStopsBeforeTheNextStep_data();
    void aFullDiskStopsBeforeTheNextStep();
    void aTurnWaitsTwiceForTheDisk();
    void longOutputIsKeptWithoutSecrets();
    void theUsersSecretsAreNotShownToTheModel();
    void picturesGoAlong();
    void plansAndSnapshotsAreRecorded();
    void whatIsShownLiveHoldsNoSecret();
    void tokensOfALostReplyAreCounted();
    void whatTheUserSaysGoesInBehindTheAnswers();
    void aFullContextIsSummarised();
    void aTaskThatFillsTheContextIsNotSummarisedForEver();
    void anExceededContextIsSummarisedOnce();
};

void DialogueTest::everyStopReasonIsTreatedByTheTable_data()
{
    QTest::addColumn<std::vector<ModelReply>>("replies");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("asked");
    QTest::addColumn<QByteArray>("reason");
    const auto text = [](std::string_view stopReason) { return replyOf({said("some text")}, stopReason); };
    const auto empty = replyOf({});
    const auto thinking = replyOf({Json{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "s"}}});
    const auto paused = replyOf({Json{{"type", "server_tool_use"}, {"id", "w"}, {"name", "web_search"}, {"input", Json::object()}}}, "pause_turn");
    auto declined = text("refusal");
    declined.refusal = "cyber: no";

    QTest::newRow("handed in") << std::vector{handsIn()} << int(Kind::Submitted) << 1 << QByteArray();
    QTest::newRow("end, reminded, handed in") << std::vector{text("end_turn"), handsIn()} << int(Kind::Submitted) << 2 << QByteArray();
    QTest::newRow("end twice") << std::vector{text("end_turn"), text("end_turn")} << int(Kind::Incomplete) << 2 << QByteArray("reminded");
    QTest::newRow("stop sequence is an end") << std::vector{text("stop_sequence"), text("stop_sequence")} << int(Kind::Incomplete) << 2 << QByteArray("reminded");
    QTest::newRow("empty twice") << std::vector{empty, thinking, handsIn()} << int(Kind::Submitted) << 3 << QByteArray();
    QTest::newRow("empty three times") << std::vector{empty, thinking, empty} << int(Kind::Incomplete) << 3 << QByteArray("empty");
    QTest::newRow("tool_use without a call") << std::vector{replyOf({}, "tool_use"), handsIn()} << int(Kind::Submitted) << 2 << QByteArray();
    QTest::newRow("cut three times") << std::vector{text("max_tokens"), text("max_tokens"), text("max_tokens"), handsIn()} << int(Kind::Submitted) << 4 << QByteArray();
    QTest::newRow("cut four times") << std::vector(4, text("max_tokens")) << int(Kind::Incomplete) << 4 << QByteArray("max_tokens");
    QTest::newRow("paused") << std::vector{paused, handsIn()} << int(Kind::Submitted) << 2 << QByteArray();
    QTest::newRow("paused for ever") << std::vector(11, paused) << int(Kind::Incomplete) << 11 << QByteArray("paused");
    QTest::newRow("refused") << std::vector{declined} << int(Kind::Refused) << 1 << QByteArray("cyber: no");
    QTest::newRow("refused with a call") << std::vector{replyOf({call("echo", 1)}, "refusal")} << int(Kind::Refused) << 1 << QByteArray("declined");
    QTest::newRow("unknown reason") << std::vector{text("tired")} << int(Kind::Incomplete) << 1 << QByteArray("tired");
    QTest::newRow("context at once") << std::vector{text("model_context_window_exceeded")} << int(Kind::Incomplete) << 1 << QByteArray("context");
    QTest::newRow("a call in a turn that ended") << std::vector{replyOf({call("echo", 1)}, "end_turn"), handsIn()} << int(Kind::Submitted) << 2 << QByteArray();
    std::vector<ModelReply> busy;
    for (int n = 0; n < 20; ++n)
        busy.push_back(replyOf({call("echo", n)}));
    QTest::newRow("too many turns") << busy << int(Kind::TurnLimit) << 20 << QByteArray("max_iterations");
}

void DialogueTest::everyStopReasonIsTreatedByTheTable()
{
    QFETCH(const std::vector<ModelReply>, replies);
    QFETCH(const QByteArray, reason);
    Stage stage({replies.begin(), replies.end()});
    const auto outcome = stage.begin();
    QVERIFY2(outcome, outcome ? "" : outcome.error().text().c_str());
    QTEST(int(outcome->kind), "kind");
    QTEST(int(stage.model.asked.size()), "asked");
    QVERIFY2(contains(outcome->reason, reason.toStdString()), outcome->reason.c_str());
    QCOMPARE(stage.recorded<TurnFinished>().size(), stage.model.asked.size());
    QVERIFY(stage.ran.empty() || outcome->kind == Kind::TurnLimit); // nothing runs of a turn that ended otherwise
    verifyHistory(stage.model);
}

void DialogueTest::aResultIsHandedInAndEverythingIsRecordedInOrder()
{
    Stage stage({replyOf({said("I look."), call("echo", 1)}), handsIn()});
    const auto outcome = stage.begin();
    QCOMPARE(outcome->document.at("summary").get<std::string>(), std::string("all done"));
    QCOMPARE(stage.types(), std::string("user_turn turn_started turn_finished tool_started tool_finished user_turn turn_started turn_finished submitted "));
    QCOMPARE(stage.observer.events.front().stage, StageId::Coding);
    const auto& request = stage.model.asked.front();
    QCOMPARE(request.stage, std::string("coding"));
    QVERIFY(std::ranges::is_sorted(request.tools, {}, &ToolDefinition::name));
    QVERIFY(std::ranges::find(request.tools, "submit_result", &ToolDefinition::name) != request.tools.end());
    QCOMPARE(resultText(stage.lastUserMessage(1).at(0)), std::string("(no output)"));
    QCOMPARE(stage.observer.last.usage.calls, 2);
}

void DialogueTest::theCallsOfATurnAreAnsweredTogetherInTheirOrder()
{
    Stage stage({replyOf({called("a", "echo", Json{{"text", "first"}}), said("and"), called("b", "ECHO", Json{{"text", "second"}}), call("fail", 1)}), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto& answers = stage.lastUserMessage(1);
    QCOMPARE(answers.size(), 3U);
    const std::string first = R"({"type":"tool_result","tool_use_id":"a","content":"first"})";
    QCOMPARE(answers[0].dump(), first);
    QCOMPARE(resultText(answers[1]), std::string("second"));
    QCOMPARE(answers[2].value("is_error", false), true);
    QCOMPARE(stage.ran, (std::vector<std::string>{"echo a", "echo b", "fail fail1"}));
}

void DialogueTest::mistakesAreAnsweredAndNotRun()
{
    auto reply = replyOf({called("a", "teleport"), called("b", "echo", Json{{"n", "many"}}), called("c", "echo"), called("d", "throw")});
    reply.invalidInputs.emplace_back("c", "{\"text\": ");
    Stage stage({reply, handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto& answers = stage.lastUserMessage(1);
    QVERIFY(contains(resultText(answers[0]), "broken, echo, fail"));
    QVERIFY(contains(resultText(answers[1]), "n"));
    const std::string invalid = R"({"INVALID_JSON":"{\"text\": "})";
    QCOMPARE(resultText(answers[2]), invalid);
    QVERIFY(contains(resultText(answers[3]), "out of range"));
    for (const auto& answer : answers)
        QVERIFY(answer.value("is_error", false));
    QVERIFY(stage.ran.empty());
    QCOMPARE(stage.recorded<ToolFinished>().size(), 4U);
}

void DialogueTest::theSameCallIsNotRunAThirdTime()
{
    const auto same = [](std::string_view id) { return replyOf({called(id, "echo", Json{{"n", 7}})}); };
    Stage stage({same("a"), same("b"), same("c"), same("d"), replyOf({call("echo", 8)}), same("e"), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(stage.ran, (std::vector<std::string>{"echo a", "echo b", "echo echo8", "echo e"}));
    QVERIFY(contains(resultText(stage.lastUserMessage(3).at(0)), "third time"));

    Stage polling;
    polling.addTool("command_output", ToolClass::Exec, [&](const Json&, ToolContext&) -> Result<ToolOutcome> {
        polling.ran.emplace_back("poll");
        return ToolOutcome();
    });
    for (int n = 0; n < 5; ++n)
        polling.model.add(replyOf({called(std::to_string(n), "command_output", Json{{"n", 60}})}));
    polling.model.add(handsIn());
    QCOMPARE(polling.begin()->kind, Kind::Submitted);
    QCOMPARE(polling.ran.size(), 5U);
}

void DialogueTest::fiveTurnsOfMistakesEndTheStage()
{
    Stage stage;
    for (int n = 0; n < 4; ++n)
        stage.model.add(replyOf({call("fail", n)}));
    stage.model.add(replyOf({call("fail", 4), call("echo", 4)})); // one good call begins the count anew
    for (int n = 5; n < 10; ++n)
        stage.model.add(replyOf({call("fail", n), call("fail", n + 100)}));
    const auto outcome = stage.begin();
    QCOMPARE(outcome->kind, Kind::Incomplete);
    QVERIFY(contains(outcome->reason, "5 errors in a row"));
    QCOMPARE(stage.model.asked.size(), 10U);
    QCOMPARE(stage.types().substr(stage.types().size() - 10), std::string("user_turn ")); // answered all the same
}

void DialogueTest::commandsThatFailAreNoMistakes()
{
    Stage stage;
    for (int n = 0; n < 7; ++n)
        stage.model.add(replyOf({call("long", n)}));
    stage.model.add(handsIn());
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
}

void DialogueTest::aResultThatMissesTheContractComesBackFiveTimes()
{
    Stage stage;
    for (int n = 0; n < 5; ++n)
        stage.model.add(replyOf({called(std::to_string(n), "submit_result", Json{{"summary", "x"}})}));
    const auto outcome = stage.begin();
    QCOMPARE(outcome->kind, Kind::Incomplete);
    QVERIFY2(contains(outcome->reason, "summary"), outcome->reason.c_str());
    QCOMPARE(stage.model.asked.size(), 5U);
    QVERIFY(contains(resultText(stage.lastUserMessage(1).at(0)), "summary"));
    QVERIFY(stage.recorded<Submitted>().empty());
}

void DialogueTest::aResultBesideFailedCallsComesBack()
{
    Stage stage({replyOf({called("s", "submit_result", Json{{"summary", "all done"}}), call("fail", 1)}),
                 replyOf({call("echo", 2), called("t", "submit_result", Json{{"summary", "all done"}})})});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto& answers = stage.lastUserMessage(1);
    QCOMPARE(answers[0].at("tool_use_id").get<std::string>(), std::string("s"));
    QVERIFY(contains(resultText(answers[0]), "other calls of this turn failed"));
    QCOMPARE(stage.ran, (std::vector<std::string>{"fail fail1", "echo echo2"}));
    QCOMPARE(stage.recorded<Submitted>().size(), 1U);
}

void DialogueTest::aSecondResultInOneTurnIsAnsweredToo()
{
    Stage stage({replyOf({called("s", "submit_result", Json{{"summary", "first"}}), called("t", "Submit_Result", Json{{"summary", "second"}})}), handsIn("u")});
    const auto outcome = stage.begin();
    QCOMPARE(outcome->document.at("summary").get<std::string>(), std::string("first"));
    QCOMPARE(stage.dialogue->reject("not good", {})->kind, Kind::Submitted);
    QCOMPARE(stage.lastUserMessage(1).size(), 2U);
    verifyHistory(stage.model);
}

void DialogueTest::rejectedResultsGoOnInTheSameConversation()
{
    Stage stage({replyOf({call("echo", 1), called("s", "submit_result", Json{{"summary", "all done"}})}), replyOf({said("I see.")}), handsIn("t")});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto outcome = stage.dialogue->reject("coding.build failed: exit code 2", {});
    QCOMPARE(outcome->kind, Kind::Submitted);
    const std::string expected = R"json([{"type":"tool_result","tool_use_id":"echo1","content":"(no output)"},)json"
                                 R"json({"type":"tool_result","tool_use_id":"s","content":"coding.build failed: exit code 2","is_error":true}])json";
    QCOMPARE(stage.lastUserMessage(1).dump(), expected);
    verifyHistory(stage.model);
    QCOMPARE(stage.recorded<Submitted>().size(), 2U);

    Stage nothing({replyOf({}, "refusal")});
    QCOMPARE(nothing.begin()->kind, Kind::Refused);
    QCOMPARE(nothing.dialogue->reject("x", {}).error().code, ErrorCode::Bug);
}

void DialogueTest::aCutToolCallIsRepeatedOnceWithMoreTokens()
{
    const auto cut = [](int n) { return replyOf({call("echo", n)}, "max_tokens"); };
    Stage stage({cut(1), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(stage.model.asked[1].maxTokens, 128'000);
    QCOMPARE(stage.model.asked[1].messages.size(), 1U); // as if the turn had never been
    QVERIFY(stage.ran.empty());

    Stage again({cut(1), cut(2)});
    again.settings.maxTokens = 1000;
    const auto outcome = again.begin();
    QCOMPARE(outcome->kind, Kind::Incomplete);
    QVERIFY2(contains(outcome->reason, "2000"), outcome->reason.c_str());

    Stage atTheLimit({cut(1)});
    atTheLimit.settings.maxTokens = atTheLimit.settings.mostMaxTokens = 8000;
    QCOMPARE(atTheLimit.begin()->kind, Kind::Incomplete);
    QCOMPARE(atTheLimit.model.asked.size(), 1U);
}

void DialogueTest::stoppingAnswersEveryOpenCall()
{
    Stage stage({replyOf({call("echo", 1), call("wait", 1), call("echo", 2), called("s", "submit_result", Json{{"summary", "all done"}})})});
    const auto outcome = stage.begin();
    QCOMPARE(outcome.error().code, ErrorCode::Stopped);
    QCOMPARE(stage.ran, std::vector<std::string>{"echo echo1"});
    const auto answers = stage.recorded<UserTurn>().back().content;
    QCOMPARE(answers.size(), 4U);
    for (std::size_t i = 1; i < answers.size(); ++i)
        QCOMPARE(resultText(answers[i]), std::string("cancelled by user"));
    QCOMPARE(stage.recorded<ToolFinished>().size(), 4U);
    QVERIFY(stage.recorded<Submitted>().empty());

    Stage before;
    before.stop.request_stop();
    QCOMPARE(before.begin().error().code, ErrorCode::Stopped);
    QVERIFY(before.model.asked.empty());
}

void DialogueTest::aBrokenSandboxEndsTheStageWithEveryCallAnswered()
{
    Stage stage({replyOf({call("broken", 1), call("echo", 1)})});
    const auto outcome = stage.begin();
    QCOMPARE(outcome.error().code, ErrorCode::Unavailable);
    QCOMPARE(outcome.error().text(), std::string("broken: the engine is gone"));
    QCOMPARE(stage.recorded<UserTurn>().back().content.size(), 2U);
    QVERIFY(stage.ran.empty());

    Stage model({Error{ErrorCode::Unavailable, "HTTP 529"}});
    QCOMPARE(model.begin().error().text(), std::string("stage Coding, turn 1: HTTP 529"));
}

void DialogueTest::aFullDiskStopsBeforeTheNextStep_data()
{
    QTest::addColumn<int>("events");
    QTest::addColumn<int>("asked");
    QTest::addColumn<int>("ran");
    QTest::newRow("the task") << 0 << 0 << 0;
    QTest::newRow("the turn's start") << 1 << 0 << 0;
    QTest::newRow("the reply") << 2 << 1 << 0;
    QTest::newRow("the tool's start") << 3 << 1 << 0;
    QTest::newRow("the tool's end") << 4 << 1 << 1;
    QTest::newRow("the answers") << 5 << 1 << 1;
    QTest::newRow("the result") << 8 << 2 << 1;
}

void DialogueTest::aFullDiskStopsBeforeTheNextStep()
{
    QFETCH(const int, events);
    Stage stage({replyOf({call("echo", 1)}), handsIn()});
    stage.journal.failAfter = std::size_t(events);
    const auto outcome = stage.begin();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Io);
    QTEST(int(stage.model.asked.size()), "asked");
    QTEST(int(stage.ran.size()), "ran");
}

/// Before the tool runs, and before the model is asked.
void DialogueTest::aTurnWaitsTwiceForTheDisk()
{
    Stage stage({replyOf({call("echo", 1)}), replyOf({call("echo", 2)}), replyOf({call("echo", 3), call("nothing", 1)}), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(stage.journal.commits, 1 + 3 * 2 + 1); // the first question, three turns, what was handed in
    QCOMPARE(stage.journal.kept.begin()->second.size(), stage.observer.events.size());
}

void DialogueTest::longOutputIsKeptWithoutSecrets()
{
    Stage stage({replyOf({call("long", 1)}), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto finished = stage.recorded<ToolFinished>().front();
    QCOMPARE(finished.log, std::string("logs/long1.txt"));
    QCOMPARE(finished.exitCode, 2);
    QVERIFY(contains(stage.logs.at("long1"), "all of it"));
    QVERIFY(!contains(stage.logs.at("long1"), kKey));
    QCOMPARE(*stage.workspace.read(".agent/out/long1.txt"), stage.logs.at("long1"));
    QVERIFY(contains(stage.shown(LiveEvent::Kind::ToolOutput), "one\n"));
    QVERIFY(!contains(stage.shown(LiveEvent::Kind::ToolOutput), kKey));
}

/// Whatever a tool has read: what is secret goes to no provider. Short words are no secrets.
void DialogueTest::theUsersSecretsAreNotShownToTheModel()
{
    Stage stage({replyOf({called("e1", "echo", Json{{"text", "the key is " + kKey + ", twice " + kKey}})}), handsIn()});
    stage.settings.hidden = {kKey, "key"};
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(resultText(stage.lastUserMessage(1).at(0)), std::string("the key is [secret], twice [secret]"));
}

void DialogueTest::picturesGoAlong()
{
    Stage stage({replyOf({call("picture", 1)}), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto& content = stage.lastUserMessage(1).at(0).at("content");
    QCOMPARE(content[0].at("text").get<std::string>(), std::string("a picture"));
    QCOMPARE(content[1].at("type").get<std::string>(), std::string("image"));
}

void DialogueTest::plansAndSnapshotsAreRecorded()
{
    Stage stage({replyOf({call("plan", 1), called("w", "write", Json{{"text", "a.py"}})}), handsIn()});
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(stage.recorded<PlanUpdated>().front().items.front().text, std::string("write"));
    QCOMPARE(stage.snapshots, std::vector<std::string>{"write a.py"});
    QCOMPARE(stage.recorded<ToolFinished>().back().snapshot, std::string("commit1"));

    Stage full({replyOf({call("write", 1)})});
    full.settings.snapshot = [](const std::string&) -> Result<std::string> { return Error{ErrorCode::Io, "disk full"}; };
    QCOMPARE(full.begin().error().code, ErrorCode::Io);
    QCOMPARE(full.recorded<UserTurn>().size(), 2U);
}

void DialogueTest::whatIsShownLiveHoldsNoSecret()
{
    Stage stage;
    stage.model.add([](const ModelRequest&, const ReplyListener& listener) -> Result<ModelReply> {
        listener.thinking("I th");
        listener.thinking("ink.");
        listener.text("withdrawn half");
        listener.retrying(Error{ErrorCode::Unavailable, "HTTP 529"}, Milliseconds(500), 1);
        for (const char letter : "The key is " + kKey + ", done.")
            listener.text(std::string_view(&letter, 1));
        return handsIn();
    });
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(stage.shown(LiveEvent::Kind::Thinking), std::string("I think."));
    const auto text = stage.shown(LiveEvent::Kind::Text);
    QVERIFY2(text.ends_with(", done.") && !contains(text, "horse"), text.c_str());
    QVERIFY(contains(stage.shown(LiveEvent::Kind::Retrying), "HTTP 529"));
    QVERIFY(std::ranges::find(stage.observer.lived, LiveEvent::Kind::Withdrawn, &LiveEvent::kind) != stage.observer.lived.end());
}

void DialogueTest::tokensOfALostReplyAreCounted()
{
    Stage stage;
    stage.model.add([](const ModelRequest&, const ReplyListener& listener) -> Result<ModelReply> {
        listener.lost(Usage{.inputTokens = 500, .calls = 2}, Money{70});
        return Error{ErrorCode::Unavailable, "HTTP 529"};
    });
    QCOMPARE(stage.begin().error().code, ErrorCode::Unavailable);
    QCOMPARE(stage.observer.last.usage.inputTokens, 500);
    QCOMPARE(stage.observer.last.cost.microUsd, 70);
}

void DialogueTest::whatTheUserSaysGoesInBehindTheAnswers()
{
    Stage stage({replyOf({call("echo", 1)}), handsIn()});
    std::vector<std::string> waiting;
    stage.settings.steering = [&] {
        auto now = std::exchange(waiting, {});
        waiting = stage.ran.empty() ? std::vector<std::string>{"use tabs"} : std::vector<std::string>();
        return now;
    };
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    const auto& message = stage.lastUserMessage(1);
    QCOMPARE(message.size(), 2U);
    QCOMPARE(message[0].at("type").get<std::string>(), std::string("tool_result"));
    QVERIFY(contains(message[1].at("text").get<std::string>(), "use tabs"));
    QCOMPARE(stage.recorded<SteeringMessage>().size(), 1U);
}

void DialogueTest::aFullContextIsSummarised()
{
    Stage stage;
    stage.settings.contextTokens = 10'000;
    stage.settings.maxTurns = 6;
    const auto turn = [](int n, std::int64_t tokens) {
        auto reply = replyOf({call("echo", n)});
        reply.usage.inputTokens = tokens;
        return reply;
    };
    for (int n = 1; n <= 3; ++n)
        stage.model.add(turn(n, 2000 * n));
    stage.model.add(turn(4, 8500));
    stage.model.add(replyOf({said("I wrote a.py; b.py is next.")}));
    stage.model.add(turn(5, 1000));
    stage.model.add(handsIn());
    QCOMPARE(stage.begin()->kind, Kind::Submitted);
    QCOMPARE(stage.model.asked.size(), 7U); // the summary is not one of the six
    const auto& asking = stage.model.asked[4].messages;
    QCOMPARE(asking.back().content.at(0).at("text").get<std::string>(), std::string(dialogue_text::summaryRequest));
    QVERIFY(obeyDialogueRules(asking));
    const auto& fresh = stage.model.asked[5].messages;
    QCOMPARE(fresh.size(), 1U);
    const auto text = fresh[0].content.at(0).at("text").get<std::string>();
    QVERIFY2(text.starts_with("the task") && contains(text, "b.py is next"), text.c_str());
    QCOMPARE(stage.model.asked[5].system, stage.model.asked[0].system);
}

void DialogueTest::aTaskThatFillsTheContextIsNotSummarisedForEver()
{
    Stage stage;
    stage.settings.contextTokens = 1000;
    stage.settings.maxTurns = 12;
    for (int n = 0; n < 100; ++n) {
        auto reply = replyOf({said("still at it"), call("echo", n)});
        reply.usage.inputTokens = 2000;
        stage.model.add(std::move(reply));
    }
    QCOMPARE(stage.begin()->kind, Kind::TurnLimit);
    QVERIFY(stage.model.asked.size() < 20);
}

void DialogueTest::anExceededContextIsSummarisedOnce()
{
    const auto exceeded = replyOf({said("half a sent")}, "model_context_window_exceeded");
    Stage stage({replyOf({call("echo", 1)}), replyOf({call("echo", 2)}), exceeded, replyOf({said("echoed twice")}), exceeded});
    const auto outcome = stage.begin();
    QCOMPARE(outcome->kind, Kind::Incomplete);
    QVERIFY(contains(outcome->reason, "context"));
    QCOMPARE(stage.model.asked[4].messages.size(), 1U);
    QVERIFY(obeyDialogueRules(stage.model.asked[3].messages));

    Stage silent({replyOf({call("echo", 1)}), replyOf({call("echo", 2)}), exceeded, replyOf({})});
    QCOMPARE(silent.begin()->kind, Kind::Incomplete);
}

QTEST_GUILESS_MAIN(DialogueTest)
#include "tst_dialogue.moc"
