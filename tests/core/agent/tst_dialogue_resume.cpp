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

namespace {

using Kind = DialogueOutcome::Kind;

/// A dialogue that has everything in it which counts: parallel calls, a mistake, a reminder, results that come back.
std::vector<Result<ModelReply>> script()
{
    ModelReply invalid = replyOf({called("bad", "write", Json::object())});
    invalid.invalidInputs = {{"bad", "{\"n\": "}};
    return {replyOf({said("I look."), called("e1", "echo", {{"n", 1}}), called("w1", "write", {{"n", 1}})}),
            replyOf({said("That was all.")}),
            invalid,
            replyOf({called("s1", "submit_result", Json{{"wrong", true}})}),
            replyOf({called("s2", "submit_result", Json{{"summary", "all done"}})}),
            replyOf({called("w2", "write", {{"n", 2}}), called("e2", "echo", {{"n", 2}})}),
            replyOf({called("s3", "submit_result", Json{{"summary", "really done"}})})};
}

/// One life of the program: it goes on from `past`, and asks what is left of the script.
struct Life {
    explicit Life(std::vector<RunEvent> events) : past(std::move(events)), recorder("run", journal, redactor, observer, past)
    {
        auto replies = script();
        for (const auto& event : past)
            if (std::holds_alternative<TurnFinished>(event.payload))
                replies.erase(replies.begin());
        model = std::make_unique<ScriptedModel>(std::move(replies));
        settings.stage = StageId::Coding;
        settings.submitSchema = Json::parse(R"({"type": "object", "additionalProperties": false, "required": ["summary"], "properties": {"summary": {"type": "string"}}})");
        settings.snapshot = [](const std::string& label) -> Result<std::string> { return "after " + label; };
        addTool("echo", false);
        addTool("write", true);
    }

    void addTool(std::string_view name, bool changesFiles)
    {
        tools.push_back(makeTool(name, ToolClass::Write, "A tool.", R"({"type": "object", "properties": {"n": {"type": "integer"}}})",
                                 [this, changesFiles](const Json&, ToolContext& with) -> Result<ToolOutcome> {
                                     ran.push_back(with.callId);
                                     with.readHashes["file of " + with.callId] = "hash";
                                     ToolOutcome outcome;
                                     outcome.text = "did " + with.callId;
                                     outcome.changedFiles = changesFiles;
                                     return outcome;
                                 }));
    }

    /// The program rejects the first result and takes the second one.
    Result<DialogueOutcome> live()
    {
        Dialogue dialogue(settings, *model, tools, context, recorder, DialoguePast(past));
        auto outcome = dialogue.begin("the task", {});
        if (!outcome || outcome->kind != Kind::Submitted || outcome->document.at("summary") != "all done")
            return outcome;
        wasRejected = dialogue.wasRejected();
        return dialogue.reject("the tests fail", {});
    }

    std::vector<RunEvent> everything() const
    {
        auto all = past;
        all.insert(all.end(), observer.events.begin(), observer.events.end());
        return all;
    }

    QTemporaryDir folder;
    Folder workspace = *Folder::open(folder.path().toStdString());
    FakeSandbox sandbox{std::make_shared<SandboxScript>()};
    ToolContext context{.stage = StageId::Coding, .sandbox = sandbox, .workspace = workspace};
    const std::vector<RunEvent> past;
    MemoryJournal journal;
    KeepingObserver observer;
    Redactor redactor;
    RunRecorder recorder;
    Toolbox tools;
    std::unique_ptr<ScriptedModel> model;
    DialogueSettings settings;
    std::vector<std::string> ran;
    bool wasRejected = false;
};

std::string textOf(const Json& block)
{
    const auto& content = block.contains("content") ? block.at("content") : block.at("text");
    return content.is_string() ? content.get<std::string>() : content.dump();
}

/// What the agent reads and says, one entry a block; without what only an interruption adds.
std::vector<std::string> conversation(const std::vector<RunEvent>& events, const std::string& cutCall)
{
    std::vector<std::string> lines;
    for (const auto& event : events) {
        if (const auto* user = std::get_if<UserTurn>(&event.payload))
            for (const auto& block : user->content) {
                const bool isCut = block.value("tool_use_id", "") == cutCall;
                if (block.at("type") != "text" || textOf(block) != dialogue_text::resumed)
                    lines.push_back(isCut ? "answer to " + cutCall : textOf(block));
            }
        else if (const auto* turn = std::get_if<TurnFinished>(&event.payload))
            lines.push_back("turn " + std::to_string(turn->turn) + turn->content.dump());
    }
    return lines;
}

std::vector<RunEvent> undisturbed()
{
    Life life({});
    const auto outcome = life.live();
    return outcome && outcome->kind == Kind::Submitted ? life.everything() : std::vector<RunEvent>();
}

/// The call that has begun and not finished where the events end.
std::string openCall(const std::vector<RunEvent>& events)
{
    const auto* begun = events.empty() ? nullptr : std::get_if<ToolStarted>(&events.back().payload);
    return begun != nullptr && begun->tool != "submit_result" && begun->callId != "bad" ? begun->callId : std::string();
}

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::ranges::find(list, text) != list.end();
}

} // namespace

/// A dialogue that was interrupted goes on as if nothing had been, wherever it was cut.
class DialogueResumeTest : public QObject {
    Q_OBJECT

private slots:
    void itGoesOnFromEveryEvent_data();
    void itGoesOnFromEveryEvent();
    void aCutCallIsAnsweredAndNotRun();
    void theAgentIsToldOnce();
    void whatTheUserSaidIsNotLost();
    void moreTurnsMayBeAllowedThanBefore();
    void turnsThatCameToNothingAreAskedAgain();
    void aPastOfOtherMakingIsRefused();
};

void DialogueResumeTest::itGoesOnFromEveryEvent_data()
{
    QTest::addColumn<std::size_t>("kept");
    const auto events = undisturbed();
    QVERIFY(!events.empty());
    for (std::size_t kept = 0; kept <= events.size(); ++kept) {
        const auto last = kept == 0 ? std::string("the start") : std::string(typeName(events[kept - 1].payload));
        QTest::newRow(("after " + std::to_string(kept) + ", " + last).c_str()) << kept;
    }
}

void DialogueResumeTest::itGoesOnFromEveryEvent()
{
    QFETCH(const std::size_t, kept);
    const auto whole = undisturbed();
    const std::vector<RunEvent> past(whole.begin(), whole.begin() + std::ptrdiff_t(kept));
    Life life(past);
    const auto outcome = life.live();
    QVERIFY2(outcome, outcome ? "" : outcome.error().text().c_str());
    QCOMPARE(outcome->document.at("summary").get<std::string>(), std::string("really done"));
    const auto paid = std::size_t(std::ranges::count_if(past, [](const RunEvent& event) { return std::holds_alternative<TurnFinished>(event.payload); }));
    QCOMPARE(life.model->asked.size(), script().size() - paid);
    QCOMPARE(conversation(life.everything(), openCall(past)), conversation(whole, openCall(past)));
    for (const auto& request : life.model->asked)
        QVERIFY(obeyDialogueRules(request.messages));
    for (const auto* call : {"e1", "w1", "w2", "e2"}) {
        const bool hadBegun = std::ranges::any_of(past, [&](const RunEvent& event) {
            const auto* begun = std::get_if<ToolStarted>(&event.payload);
            return begun != nullptr && begun->callId == call;
        });
        QVERIFY2(contains(life.ran, call) != hadBegun, call);
        QCOMPARE(life.context.readHashes.count(std::string("file of ") + call), openCall(past) == call ? 0U : 1U);
    }
}

void DialogueResumeTest::aCutCallIsAnsweredAndNotRun()
{
    auto past = undisturbed();
    past.resize(4); // task, turn, its reply, the first call
    QCOMPARE(openCall(past), std::string("e1"));
    Life life(past);
    QVERIFY(life.live());
    QVERIFY(!contains(life.ran, "e1"));
    const auto& answers = life.model->asked.front().messages.back().content;
    QCOMPARE(textOf(answers.at(0)), std::string(dialogue_text::interrupted));
    QVERIFY(answers.at(0).at("is_error").get<bool>());
    QCOMPARE(textOf(answers.at(1)), std::string("did w1"));
}

void DialogueResumeTest::theAgentIsToldOnce()
{
    auto past = undisturbed();
    past.resize(3);
    Life life(past);
    QVERIFY(life.live());
    const auto told = std::ranges::count_if(life.model->asked.back().messages, [](const Message& message) {
        return std::ranges::any_of(message.content, [](const Json& block) { return block.value("text", "") == dialogue_text::resumed; });
    });
    QCOMPARE(told, 1);
}

/// The program ended between the user's message and the turn that takes it along.
void DialogueResumeTest::whatTheUserSaidIsNotLost()
{
    auto past = undisturbed();
    const auto said = std::ranges::find_if(past, [](const RunEvent& event) { return std::holds_alternative<ToolStarted>(event.payload); });
    past.erase(said, past.end());
    past.push_back({.seq = std::int64_t(past.size()) + 1, .at = {}, .stage = StageId::Coding, .payload = SteeringMessage{"mind the gap"}});
    Life life(past);
    QVERIFY(life.live());
    const auto heard = std::ranges::count_if(life.model->asked.back().messages, [](const Message& message) {
        return std::ranges::any_of(message.content, [](const Json& block) { return block.value("text", "") == "The user says meanwhile: mind the gap"; });
    });
    QCOMPARE(heard, 1);
    Life again(life.everything());
    QVERIFY(again.live());
    QCOMPARE(again.model->asked.size(), 0U);
}

void DialogueResumeTest::moreTurnsMayBeAllowedThanBefore()
{
    Life first({});
    first.settings.maxTurns = 2;
    const auto stopped = first.live();
    QVERIFY(stopped);
    QCOMPARE(stopped->kind, Kind::TurnLimit);
    Life same(first.everything());
    same.settings.maxTurns = 2;
    QCOMPARE(same.live()->kind, Kind::TurnLimit);
    QCOMPARE(same.model->asked.size(), 0U);
    Life second(same.everything());
    second.settings.maxTurns = 20;
    QCOMPARE(second.live()->document.at("summary").get<std::string>(), std::string("really done"));
}

void DialogueResumeTest::turnsThatCameToNothingAreAskedAgain()
{
    auto past = undisturbed();
    past.resize(2);
    past.push_back({.seq = 3, .at = {}, .stage = StageId::Coding, .payload = TurnFinished{.turn = 1, .stopReason = std::string(kLostTurn)}});
    Life life(past);
    life.model = std::make_unique<ScriptedModel>(script());
    QVERIFY(life.live());
    QCOMPARE(life.model->asked.size(), script().size());
}

void DialogueResumeTest::aPastOfOtherMakingIsRefused()
{
    auto past = undisturbed();
    std::erase_if(past, [](const RunEvent& event) { return std::holds_alternative<UserTurn>(event.payload); });
    Life life(past);
    const auto outcome = life.live();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Invalid);
    QVERIFY(!outcome.error().remedy.empty());
    QCOMPARE(life.model->asked.size(), 0U);
}

QTEST_GUILESS_MAIN(DialogueResumeTest)
#include "tst_dialogue_resume.moc"
