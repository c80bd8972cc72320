#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/llm/language_model.h"
#include "core/llm/recording.h"

using namespace aap;

/// The recording file format, written by hand and written by us.
class RecordingTest : public QObject {
    Q_OBJECT

private slots:
    void handwrittenTurnsBecomeReplies();
    void whatIsWrittenReadsBackTheSame();
    void mistakesNameTheirPlace_data();
    void mistakesNameTheirPlace();
    void filesStayBelowTheFolder();

private:
    std::string write(const std::string& name, std::string_view content) const
    {
        const auto path = m_folder.path().toStdString() + "/" + name;
        const auto written = writeFileAtomically(path, content);
        return written ? path : std::string();
    }
    QTemporaryDir m_folder;
};

namespace {

std::string recordingOf(const std::string& turn)
{
    return R"({"schema": "aap/recording/1", "stages": [{"stage": "coding", "turns": [)" + turn + "]}]}";
}

} // namespace

void RecordingTest::handwrittenTurnsBecomeReplies()
{
    write("files/a.py", "print(\"ü\")\n");
    const auto recording = loadRecording(write("recording.json", R"({
        "schema": "aap/recording/1", "title": "Todo", "label": "recorded replies, no model is called",
        "requirements": "Build it", "model": "handwritten", "settings": {"max_iterations": 5},
        "stages": [
            {"stage": "coding", "turns": [
                {"say": "I write the file.", "calls": [
                    {"tool": "write_file", "input": {"filepath": "a.py", "content": {"$file": "files/a.py"}}},
                    {"tool": "edit_file", "input": {"edits": [{"new": {"$file": "files/a.py"}}]}}],
                 "usage": {"input_tokens": 10, "output_tokens": 20, "cache_read_input_tokens": 30, "cache_creation_input_tokens": 40}}]},
            {"stage": "test", "turns": [{"say": "Done."}]},
            {"stage": "coding", "turns": [
                {"calls": [{"tool": "run_command"}]},
                {"content": [{"type": "new_block", "x": 1}], "stop_reason": "pause_turn", "model": "real"}]}]})"));
    QVERIFY2(recording, recording.has_value() ? "" : recording.error().text().c_str());
    QCOMPARE(recording->title, std::string("Todo"));
    QCOMPARE(recording->label, std::string("recorded replies, no model is called"));
    QCOMPARE(recording->requirements, std::string("Build it"));
    QCOMPARE(recording->settings["max_iterations"].get<int>(), 5);
    QCOMPARE(recording->turns.size(), 4U);

    const auto& first = recording->turns[0];
    QCOMPARE(first.stage, std::string("coding"));
    QCOMPARE(first.stopReason, std::string("tool_use"));
    QCOMPARE(first.model, std::string("handwritten"));
    QVERIFY((first.usage == Usage{.inputTokens = 10, .outputTokens = 20, .cacheReadTokens = 30, .cacheWriteTokens = 40, .calls = 1}));
    const std::string blocks = R"([{"type":"text","text":"I write the file."},)"
                               R"({"type":"tool_use","id":"toolu_coding_1","name":"write_file","input":{"filepath":"a.py","content":"print(\"ü\")\n"}},)"
                               R"({"type":"tool_use","id":"toolu_coding_2","name":"edit_file","input":{"edits":[{"new":"print(\"ü\")\n"}]}}])";
    QCOMPARE(first.content.dump(), blocks);
    QCOMPARE(recording->turns[1].stage, std::string("testing"));
    QCOMPARE(recording->turns[1].stopReason, std::string("end_turn"));
    QCOMPARE(recording->turns[2].content[0]["id"].get<std::string>(), std::string("toolu_coding_3")); // counted on
    QCOMPARE(recording->turns[3].model, std::string("real"));
    QCOMPARE(recording->turns[3].content.dump(), std::string(R"([{"type":"new_block","x":1}])"));
}

void RecordingTest::whatIsWrittenReadsBackTheSame()
{
    Recording made{.title = "t", .label = "l", .requirements = "r"};
    made.settings["k"] = true;
    for (const char* stage : {"coding", "coding", "testing", "coding"})
        made.turns.push_back({.stage = stage,
                              .content = Json::parse(R"([{"type":"thinking","thinking":"","signature":"s"}])"),
                              .stopReason = "end_turn",
                              .usage = {.inputTokens = 1, .outputTokens = 2, .cacheWriteTokens = 3, .cacheWrite1hTokens = 4, .calls = 1},
                              .model = "m"});
    const auto path = write("made.json", toJson(made).dump(1));
    const auto read = loadRecording(path);
    QVERIFY2(read, read.has_value() ? "" : read.error().text().c_str());
    QCOMPARE(toJson(*read).dump(), toJson(made).dump());
    QCOMPARE(read->turns.size(), made.turns.size());
    QVERIFY(read->turns[3].usage == made.turns[3].usage);
}

void RecordingTest::mistakesNameTheirPlace_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("mention");
    const auto turn = [](const char* text) { return QByteArray::fromStdString(recordingOf(text)); };
    QTest::newRow("no JSON") << QByteArray("{\n\n  nonsense}") << QByteArray("line 3");
    QTest::newRow("no object") << QByteArray("[]") << QByteArray("must be an object");
    QTest::newRow("another schema") << QByteArray(R"({"schema": "aap/recording/2", "stages": []})") << QByteArray("schema: must be");
    QTest::newRow("no stages") << QByteArray(R"({"schema": "aap/recording/1", "stages": []})") << QByteArray("stages: must be");
    QTest::newRow("a typo") << QByteArray(R"({"schema": "aap/recording/1", "tilte": "", "stages": []})") << QByteArray("unknown key 'tilte'");
    QTest::newRow("an unknown stage") << QByteArray(R"({"schema": "aap/recording/1", "stages": [{"stage": "cooking", "turns": []}]})") << QByteArray("stages[0].stage");
    QTest::newRow("an empty turn") << turn("{}") << QByteArray("stages[0].turns[0]: needs");
    QTest::newRow("say is no text") << turn(R"({"say": 1})") << QByteArray("'say' must be a string");
    QTest::newRow("a call without a tool") << turn(R"({"calls": [{"input": {}}]})") << QByteArray("calls[0].tool");
    QTest::newRow("an input that is no object") << turn(R"({"calls": [{"tool": "x", "input": [1]}]})") << QByteArray("calls[0].input: must be an object");
    QTest::newRow("both forms") << turn(R"({"say": "x", "content": [], "stop_reason": "end_turn"})") << QByteArray("stands alone");
    QTest::newRow("a stop reason of our own") << turn(R"({"content": [], "stop_reason": "done"})") << QByteArray("'done' is no stop reason");
    QTest::newRow("a stop reason without content") << turn(R"({"say": "x", "stop_reason": "end_turn"})") << QByteArray("goes with 'content'");
    QTest::newRow("a block without type") << turn(R"({"content": [{}], "stop_reason": "end_turn"})") << QByteArray("turns[0].content");
    QTest::newRow("usage in words") << turn(R"({"say": "x", "usage": {"input_tokens": "many"}})") << QByteArray("'input_tokens' must be a whole number");
    QTest::newRow("a file that is not there") << turn(R"({"calls": [{"tool": "x", "input": {"a": {"$file": "absent"}}}]})") << QByteArray("calls[0].input.a: ");
    QTest::newRow("a file above the folder") << turn(R"({"calls": [{"tool": "x", "input": {"a": {"$file": "files/../../b"}}}]})") << QByteArray("below the recording's folder");
    QTest::newRow("an absolute file") << turn(R"({"calls": [{"tool": "x", "input": {"a": {"$file": "/etc/hostname"}}}]})") << QByteArray("below the recording's folder");
}

void RecordingTest::mistakesNameTheirPlace()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, mention);
    const auto recording = loadRecording(write("wrong.json", content.toStdString()));
    QVERIFY(!recording);
    const auto text = recording.error().text();
    QVERIFY2(text.find(mention.toStdString()) != std::string::npos, text.c_str());
    QVERIFY(text.find("wrong.json") != std::string::npos);
}

void RecordingTest::filesStayBelowTheFolder()
{
    QTemporaryDir elsewhere;
    const auto secret = elsewhere.path().toStdString() + "/secret";
    QVERIFY(writeFileAtomically(secret, "secret"));
    std::filesystem::create_symlink(secret, m_folder.path().toStdString() + "/link");
    const auto recording = loadRecording(write("linked.json", recordingOf(R"({"calls": [{"tool": "x", "input": {"a": {"$file": "link"}}}]})")));
    QVERIFY(!recording);
    QVERIFY(recording.error().text().find("through a link") != std::string::npos);

    write("binary", "\xff\xfe");
    const auto binary = loadRecording(write("b.json", recordingOf(R"({"calls": [{"tool": "x", "input": {"a": {"$file": "binary"}}}]})")));
    QVERIFY(!binary);
    QVERIFY(binary.error().text().find("not valid UTF-8") != std::string::npos);
    QCOMPARE(loadRecording(":/no/such/recording.json").error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(RecordingTest)
#include "tst_recording.moc"
