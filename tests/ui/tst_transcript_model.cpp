#include <QAbstractItemModelTester>
#include <QTest>

#include "ui/run/transcript_model.h"

using namespace aap;

namespace {

RunEvent happening(Payload payload, StageId stage = StageId::Coding)
{
    return {.seq = 0, .at = {}, .stage = stage, .payload = std::move(payload)};
}

RunBatch batch(std::vector<RunEvent> events, std::vector<LiveEvent> live = {})
{
    return {.events = std::move(events), .live = std::move(live), .state = {}};
}

LiveEvent said(std::string words)
{
    return {.kind = LiveEvent::Kind::Text, .stage = StageId::Coding, .callId = {}, .text = std::move(words)};
}

TurnFinished turn(const char* words)
{
    TurnFinished finished;
    finished.content = Json::array({{{"type", "text"}, {"text", words}}});
    return finished;
}

} // namespace

class TranscriptModelTest : public QObject {
    Q_OBJECT

private slots:
    void whatAnAgentWritesGrowsInOneRowAndIsReplacedByTheWholeReply();
    void aToolCallIsFoldedUntilSomebodyUnfoldsIt();
    void aFailingCallShowsItsLastTwentyLines();
    void textOfAgentsStaysText();
    void whatWouldHoldTheWindowUpStaysPlain();
    void filesThatTheUserEditedAreNamed();
};

void TranscriptModelTest::whatAnAgentWritesGrowsInOneRowAndIsReplacedByTheWholeReply()
{
    TranscriptModel model;
    const QAbstractItemModelTester tester(&model);
    model.append(batch({}, {said("The build ")}));
    model.append(batch({}, {said("passes.")}));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("The build passes."));
    model.append(batch({happening(turn("The build passes. Done."))}));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("The build passes. Done."));
    model.append(batch({}, {said("Next")}));
    QCOMPARE(model.rowCount(), 2);
}

void TranscriptModelTest::aToolCallIsFoldedUntilSomebodyUnfoldsIt()
{
    TranscriptModel model;
    const QAbstractItemModelTester tester(&model);
    model.append(batch({happening(ToolStarted{.callId = "1", .tool = "run_command", .input = {}, .summary = "make"})}));
    ToolFinished finished;
    finished.callId = "1";
    finished.tool = "run_command";
    finished.result = "one\ntwo";
    finished.exitCode = 0;
    model.append(batch({happening(finished)}));
    QCOMPARE(model.rowCount(), 1);
    const auto row = model.index(0);
    QCOMPARE(row.data().toString(), QStringLiteral("run_command  make"));
    QCOMPARE(row.data(TranscriptModel::UnfoldedRole).toBool(), false);
    model.toggle(row);
    QCOMPARE(row.data(TranscriptModel::UnfoldedRole).toBool(), true);
    QCOMPARE(row.data(TranscriptModel::DetailRole).toString(), QStringLiteral("one\ntwo"));
    QVERIFY(row.data(TranscriptModel::AsideRole).toString().contains(QStringLiteral("exit code 0")));
}

void TranscriptModelTest::aFailingCallShowsItsLastTwentyLines()
{
    TranscriptModel model;
    ToolFinished finished;
    finished.callId = "1";
    finished.tool = "run_tests";
    finished.isError = true;
    for (int i = 1; i <= 50; ++i)
        finished.result += "line " + std::to_string(i) + (i < 50 ? "\n" : "");
    model.append(batch({happening(finished)}));
    const auto row = model.index(0);
    QCOMPARE(row.data(TranscriptModel::UnfoldedRole).toBool(), true);
    const auto detail = row.data(TranscriptModel::DetailRole).toString();
    QVERIFY(detail.startsWith(QStringLiteral("line 31")));
    QVERIFY(detail.endsWith(QStringLiteral("line 50")));
}

void TranscriptModelTest::textOfAgentsStaysText()
{
    TranscriptModel model;
    model.append(batch({happening(turn("<img src=/etc/passwd> **bold**"))}));
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("<img src=/etc/passwd> **bold**"));
}

void TranscriptModelTest::whatWouldHoldTheWindowUpStaysPlain()
{
    TranscriptModel model;
    std::string bomb;
    for (int i = 0; i < 12'000; ++i)
        bomb += "&amp;";
    model.append(batch({happening(turn("**usual**")), happening(turn(bomb.c_str()))}));
    QVERIFY(model.index(0).data(TranscriptModel::MarkdownRole).toBool());
    QVERIFY(!model.index(1).data(TranscriptModel::MarkdownRole).toBool());
    QVERIFY(model.index(1).data().toString().size() < 20'000);
    model.append(batch({}, {said("**gro")}));
    QVERIFY(!model.index(2).data(TranscriptModel::MarkdownRole).toBool());
    model.append(batch({happening(turn("**grown**"))}));
    QVERIFY(model.index(2).data(TranscriptModel::MarkdownRole).toBool());
}

void TranscriptModelTest::filesThatTheUserEditedAreNamed()
{
    TranscriptModel model;
    model.append(batch({happening(FilesEdited{.paths = {"src/main.py", "docs/why.md"}, .commit = "c"})}));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0).data().toString(), QStringLiteral("You edited: src/main.py, docs/why.md"));
}

QTEST_MAIN(TranscriptModelTest)
#include "tst_transcript_model.moc"
