#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/agent/dialogue_texts.h"
#include "core/llm/replay_model.h"
#include "core/store/run_recording.h"

using namespace aap;

namespace {

struct Events {
    void add(std::optional<StageId> stage, Payload payload)
    {
        all.push_back({.seq = std::int64_t(all.size()) + 1, .at = now(), .stage = stage, .payload = std::move(payload)});
    }
    void turn(StageId stage, std::string_view text, std::string_view stopReason = "end_turn")
    {
        add(stage, UserTurn{Json::array({Json{{"type", "text"}, {"text", "go on"}}})});
        add(stage, TurnStarted{1});
        add(stage, TurnFinished{.turn = 1, .content = Json::array({Json{{"type", "text"}, {"text", text}}}), .stopReason = std::string(stopReason),
                                .usage = {.inputTokens = 10, .outputTokens = 1, .calls = 1}, .model = "claude-sonnet-5-5"});
    }
    std::vector<RunEvent> all;
};

/// Coding twice in a row, then Testing: the first attempt left a turn that the second will not ask for.
Events aRun()
{
    Events events;
    events.add(std::nullopt, RunStarted{.title = "Todo", .requirements = "# R", .pipeline = Json{{"mode", "full"}}, .settings = Json{{"max_iterations", 7}}});
    events.add(StageId::Coding, StageStarted{.attempt = 1, .imageId = "sha256:1"});
    events.turn(StageId::Coding, "c1");
    events.turn(StageId::Coding, "c2");
    events.turn(StageId::Coding, "", kLostTurn);
    events.add(StageId::Coding, StageStarted{.attempt = 2});
    events.turn(StageId::Coding, "c3");
    events.add(StageId::Testing, StageStarted{});
    events.turn(StageId::Testing, "t1");
    return events;
}

ModelRequest request(std::string stage, bool isFresh)
{
    ModelRequest asked{.messages = {Message::user("task")}, .stage = std::move(stage)};
    if (!isFresh)
        asked.messages.push_back({Message::Role::Assistant, Json::array()});
    return asked;
}

} // namespace

class RunRecordingTest : public QObject {
    Q_OBJECT

private slots:
    void aJournalReplaysAsItWent();
    void aSummaryBeginsAnotherVisit();
    void itReadsBackFromAFile();
    void aRunWithoutRepliesIsRefused();
};

void RunRecordingTest::aJournalReplaysAsItWent()
{
    const auto recording = recordingFromEvents("20261126-1", aRun().all);
    QVERIFY(recording);
    QCOMPARE(recording->label, std::string("replies recorded from run 20261126-1"));
    QCOMPARE(recording->requirements, std::string("# R"));
    QCOMPARE(recording->settings.at("max_iterations").get<int>(), 7);
    QCOMPARE(recording->turns.size(), 4U);
    ReplayModel model(recording->turns);
    const auto first = model.reply(request("coding", true), {}, {});
    QCOMPARE(first->text(), std::string("c1"));
    QCOMPARE(first->usage.inputTokens, 10);
    QCOMPARE(first->stopReason, StopReason::EndTurn);
    QCOMPARE(model.reply(request("coding", true), {}, {})->text(), std::string("c3")); // c2 belongs to the first attempt
    QCOMPARE(model.reply(request("testing", true), {}, {})->text(), std::string("t1"));
}

void RunRecordingTest::aSummaryBeginsAnotherVisit()
{
    Events events;
    events.add(StageId::Coding, StageStarted{});
    events.turn(StageId::Coding, "c1");
    events.turn(StageId::Coding, "the summary");
    events.add(StageId::Coding, UserTurn{Json::array({Json{{"type", "text"}, {"text", "the task\n\n" + std::string(dialogue_text::summaryOpening)}}})});
    events.turn(StageId::Coding, "c2");
    const auto recording = recordingFromEvents("r", events.all);
    ReplayModel model(recording->turns);
    QCOMPARE(model.reply(request("coding", true), {}, {})->text(), std::string("c1"));
    QCOMPARE(model.reply(request("coding", false), {}, {})->text(), std::string("the summary"));
    QCOMPARE(model.reply(request("coding", true), {}, {})->text(), std::string("c2"));
}

void RunRecordingTest::itReadsBackFromAFile()
{
    const auto made = *recordingFromEvents("r", aRun().all);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("r.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(toJson(made).dump()));
    file.close();
    const auto read = loadRecording(file.fileName().toStdString());
    QVERIFY2(read, read ? "" : read.error().text().c_str());
    QCOMPARE(toJson(*read).dump(), toJson(made).dump());
    QCOMPARE(read->pipeline.at("mode").get<std::string>(), std::string("full"));
    QCOMPARE(read->imageId, std::string("sha256:1"));
    QVERIFY(read->turns[2].beginsVisit); // the second attempt, although the stage is the same
    QVERIFY(!read->turns[1].beginsVisit);
}

void RunRecordingTest::aRunWithoutRepliesIsRefused()
{
    Events events;
    events.add(std::nullopt, RunStarted{.title = "Todo"});
    const auto recording = recordingFromEvents("r", events.all);
    QCOMPARE(recording.error().code, ErrorCode::NotFound);
    QVERIFY(!recording.error().remedy.empty());
}

QTEST_GUILESS_MAIN(RunRecordingTest)
#include "tst_run_recording.moc"
