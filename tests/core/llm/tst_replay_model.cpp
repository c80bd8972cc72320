#include <QTest>

#include "core/llm/recording_model.h"
#include "core/llm/replay_model.h"

using namespace aap;

class ReplayModelTest : public QObject {
    Q_OBJECT

private slots:
    void aStageIsAnsweredVisitByVisit();
    void withoutAStageTheOrderOfTheRecordingCounts();
    void aRecordingThatIsOverSaysSo();
    void textArrivesInPiecesOfWholeCharacters();
    void itStopsAtOnceWhilePacing();
    void whatWasRecordedReplaysTheSame();
};

namespace {

RecordedTurn turn(std::string stage, std::string text)
{
    return {.stage = std::move(stage),
            .content = Json::array({Json{{"type", "text"}, {"text", std::move(text)}}}),
            .stopReason = "end_turn",
            .usage = {.inputTokens = 7, .calls = 1},
            .model = "recorded"};
}

std::vector<RecordedTurn> aRepairedRun()
{
    return {turn("coding", "c1"), turn("coding", "c2"), turn("testing", "t1"), turn("coding", "c3"), turn("coding", "c4"), turn("testing", "t2")};
}

/// A request of a dialogue that already has `replies` answers.
ModelRequest request(std::string stage, int replies)
{
    ModelRequest asked{.messages = {Message::user("task")}, .stage = std::move(stage)};
    for (int i = 0; i < replies; ++i) {
        asked.messages.push_back({Message::Role::Assistant, Json::array()});
        asked.messages.push_back(Message::user("go on"));
    }
    return asked;
}

std::string answer(LanguageModel& model, const ModelRequest& asked)
{
    const auto reply = model.reply(asked, {}, {});
    return reply ? reply->text() : reply.error().text();
}

} // namespace

void ReplayModelTest::aStageIsAnsweredVisitByVisit()
{
    ReplayModel model(aRepairedRun());
    QCOMPARE(answer(model, request("coding", 0)), std::string("c1"));
    QCOMPARE(answer(model, request("testing", 0)), std::string("t1"));
    QCOMPARE(answer(model, request("coding", 0)), std::string("c3")); // c2 belonged to the first visit
    QCOMPARE(answer(model, request("coding", 1)), std::string("c4"));
    QCOMPARE(answer(model, request("testing", 1)), std::string("t2")); // the same dialogue goes on
}

void ReplayModelTest::withoutAStageTheOrderOfTheRecordingCounts()
{
    ReplayModel model(aRepairedRun());
    for (const char* text : {"c1", "c2", "t1", "c3", "c4", "t2"})
        QCOMPARE(answer(model, request("", 0)), std::string(text));
}

void ReplayModelTest::aRecordingThatIsOverSaysSo()
{
    ReplayModel model({turn("coding", "c1")});
    QCOMPARE(model.reply(request("testing", 0), {}, {}).error().code, ErrorCode::NotFound);
    QCOMPARE(answer(model, request("coding", 0)), std::string("c1"));
    QCOMPARE(answer(model, request("coding", 1)), std::string("the recording has no more replies for the stage 'coding'"));
    QCOMPARE(answer(model, request("", 0)), std::string("the recording has no more replies"));
}

void ReplayModelTest::textArrivesInPiecesOfWholeCharacters()
{
    const std::string text = "Grüße — 日本語 🚀👩‍💻 ok";
    auto recorded = turn("coding", text);
    recorded.content.insert(recorded.content.begin(), Json{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "s"}});
    for (std::size_t size : {0U, 1U, 2U, 3U, 5U, 100U}) {
        ReplayModel model({recorded}, {.pieceBytes = size});
        std::string heard;
        std::string thought;
        ReplyListener listener;
        listener.text = [&heard](std::string_view piece) {
            heard += piece;
            QCOMPARE(QString::fromUtf8(heard.data(), qsizetype(heard.size())).count(QChar::ReplacementCharacter), 0);
        };
        listener.thinking = [&thought](std::string_view piece) { thought += piece; };
        const auto reply = model.reply(request("coding", 0), listener, {});
        QVERIFY(reply);
        QCOMPARE(heard, text);
        QCOMPARE(thought, std::string("hm"));
        QCOMPARE(reply->content.dump(), recorded.content.dump());
        QCOMPARE(reply->stopReason, StopReason::EndTurn);
        QVERIFY(reply->usage == recorded.usage);
    }
}

void ReplayModelTest::itStopsAtOnceWhilePacing()
{
    ReplayModel model({turn("coding", std::string(1000, 'x'))}, {.pieceBytes = 1, .betweenPieces = std::chrono::hours(1)});
    std::stop_source stop;
    ReplyListener listener;
    listener.text = [&stop](std::string_view) { stop.request_stop(); };
    const Stopwatch watch;
    QCOMPARE(model.reply(request("coding", 0), listener, stop.get_token()).error().code, ErrorCode::Stopped);
    QVERIFY(watch.elapsed() < std::chrono::milliseconds(300));
}

void ReplayModelTest::whatWasRecordedReplaysTheSame()
{
    ReplayModel original(aRepairedRun());
    std::vector<RecordedTurn> written;
    RecordingModel recorder(original, [&written](const RecordedTurn& given) { written.push_back(given); });
    QCOMPARE(answer(recorder, request("coding", 0)), std::string("c1"));
    QCOMPARE(answer(recorder, request("testing", 0)), std::string("t1"));
    QVERIFY(!recorder.reply(request("monitoring", 0), {}, {})); // an error is no turn

    QCOMPARE(written.size(), 2U);
    ReplayModel again(written);
    for (const char* stage : {"coding", "testing"}) {
        ReplayModel first(aRepairedRun());
        const auto expected = first.reply(request(stage, 0), {}, {});
        const auto actual = again.reply(request(stage, 0), {}, {});
        QCOMPARE(actual->content.dump(), expected->content.dump());
        QCOMPARE(actual->rawStopReason, expected->rawStopReason);
        QCOMPARE(actual->model, expected->model);
        QVERIFY(actual->usage == expected->usage);
    }
}

QTEST_GUILESS_MAIN(ReplayModelTest)
#include "tst_replay_model.moc"
