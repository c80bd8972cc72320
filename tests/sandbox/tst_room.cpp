#include <chrono>

#include <QTest>

#include "fake_engine.h"
#include "sandbox/docker/room.h"
#include "sandbox/porter/words.h"

using namespace std::chrono_literals;

namespace aap {

/// How commands end when the engine behaves strangely.
class RoomTest : public QObject {
    Q_OBJECT

private slots:
    void endings_data();
    void endings();
    void aFailedStartRemovesTheContainer();
    void anEngineThatVanishesLosesTheCommand();
    void aStubbornCommandCostsTheContainer();
    void whatThePorterSays_data();
    void whatThePorterSays();
    void aPorterThatCannotStartIsDoneWithout();
    void aPorterThatAlwaysFailsIsDoneWithout();
    void whatThePorterLeavesCostsTheContainer();

private:
    using Script = std::vector<FakeEngine::Answer>;
    static FakeEngine::Answer json(const std::string& body) { return {.bytes = httpAnswer("200 OK", body)}; }
    static FakeEngine::Answer stream(const std::string& frames, bool oneByOne = true)
    {
        return {.bytes = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n" + frames, .oneByOne = oneByOne};
    }
    static std::string frame(char type, const std::string& text)
    {
        return std::string(1, type) + std::string(6, '\0') + std::string(1, char(text.size())) + text;
    }
    /// The answers up to a created command, then `more`.
    static Script opened(Script more)
    {
        Script script{json(R"({"Id":"box"})"), {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}, json(R"({"Id":"exec"})")};
        script.insert(script.end(), more.begin(), more.end());
        return script;
    }
    static Script cleared(long kills = 0)
    {
        return {json(R"({"Id":"clear"})"), stream(frame(1, std::to_string(kills) + "\n")), json(R"({"Running":false,"ExitCode":137})")};
    }
    static std::string said(char type, const std::string& payload = {}, std::uint32_t number = 1)
    {
        std::string bytes(porter::kHeaderBytes, type);
        porter::putNumber(bytes.data() + 1, number);
        porter::putNumber(bytes.data() + 5, std::uint32_t(payload.size()));
        return frame(1, bytes) + (payload.empty() ? "" : frame(1, payload));
    }
    static std::string ending(std::uint32_t code, int left = 0)
    {
        std::string payload(porter::kEndBytes, '\0');
        payload[1] = char(left);
        porter::putNumber(payload.data() + 2, code);
        return said(porter::kEnded, payload);
    }
    static FakeEngine::Answer endedWith(int code) { return json(R"({"Running":false,"ExitCode":)" + std::to_string(code) + "}"); }
    static Script joined(Script first, const Script& rest)
    {
        first.insert(first.end(), rest.begin(), rest.end());
        return first;
    }
    /// "Ending code output", or the error.
    static std::string outcome(Script script, bool hasPorter = false)
    {
        FakeEngine fake(std::move(script));
        DockerClient client(fake.endpoint());
        auto room = Room::open(client, "aap-x", Json::object(), {}, true, {}, {});
        if (!room)
            return room.error().text();
        if (hasPorter)
            (*room)->usePorter();
        const auto result = (*room)->run({.argv = {"true"}, .timeout = 10s}, {}, {});
        if (!result)
            return result.error().text();
        return std::to_string(int(result->ending)) + " " + std::to_string(result->exitCode) + " " + result->output;
    }
    static QByteArray ended(Ending ending, int code, const std::string& output)
    {
        return QByteArray::number(int(ending)) + " " + QByteArray::number(code) + " " + QByteArray::fromStdString(output);
    }
};

void RoomTest::endings_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("frames with the head") << 0 << ended(Ending::Exited, 3, "outerr");
    QTest::newRow("a start failure inside the stream") << 1 << QByteArray("run a command in the sandbox: OCI runtime exec failed: exec: \"x\": not found\r\n");
    QTest::newRow("126 of the command's own") << 2 << ended(Ending::Exited, 126, "denied");
    QTest::newRow("still running after the end of the stream") << 3 << ended(Ending::Exited, 3, "x");
    QTest::newRow("the exec is forgotten") << 4 << ended(Ending::Lost, 0, "x");
    QTest::newRow("a frame too long") << 5 << ended(Ending::Lost, 0, "");
    QTest::newRow("a frame of no type") << 6 << ended(Ending::Lost, 0, "x");
    QTest::newRow("out of memory") << 7 << ended(Ending::OutOfMemory, 137, "Killed");
    QTest::newRow("killed, but not for memory") << 8 << ended(Ending::Exited, 137, "Killed");
}

void RoomTest::endings()
{
    QFETCH(const int, row);
    const FakeEngine::Answer gone{.bytes = httpAnswer("404 Not Found", R"({"message":"No such exec instance: exec"})")};
    const std::vector<Script> scripts{
        opened({stream(frame(1, "out") + frame(2, "err"), false), endedWith(3)}),
        opened({stream(frame(1, "OCI runtime exec failed: exec: \"x\": not found\r\n")), endedWith(126)}),
        opened({stream(frame(2, "denied")), endedWith(126)}),
        opened({stream(frame(1, "x")), json(R"({"Running":true,"ExitCode":null})"), json(R"({"Running":true,"ExitCode":null})"), endedWith(3)}),
        opened(joined({stream(frame(1, "x")), gone}, cleared())),
        opened(joined({stream(std::string("\1\0\0\0\xff\xff\xff\xff", 8))}, cleared())),
        opened(joined({stream(frame(1, "x") + frame(9, "y"))}, cleared())),
        opened(joined({stream(frame(2, "Killed")), endedWith(137)}, cleared(1))),
        opened(joined({stream(frame(2, "Killed")), endedWith(137)}, cleared(0))),
    };
    QTEST(QByteArray::fromStdString(outcome(scripts[std::size_t(row)])), "expected");
}

void RoomTest::aFailedStartRemovesTheContainer()
{
    FakeEngine fake({json(R"({"Id":"box"})"), {.bytes = httpAnswer("500 Oops", R"({"message":"could not find bridge docker0"})")},
                     {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}});
    DockerClient client(fake.endpoint());
    const auto room = Room::open(client, "aap-x", Json::object(), {}, true, {}, {});
    QCOMPARE(room.error().text(), std::string("start the sandbox: Docker: could not find bridge docker0"));
    QVERIFY(fake.requests().back().starts_with("DELETE /v1.41/containers/box?force=1"));
}

void RoomTest::anEngineThatVanishesLosesTheCommand()
{
    QCOMPARE(outcome(opened({stream(frame(1, "x"))})), ended(Ending::Lost, 0, "x").toStdString());
}

void RoomTest::aStubbornCommandCostsTheContainer()
{
    FakeEngine fake(opened({stream(frame(1, "x")), json(R"({"Running":false,"ExitCode":137})"),
                            {.bytes = httpAnswer("500 Oops", R"({"message":"cannot fork"})")}, // the clearing
                            {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"},                      // the kill
                            {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"},                      // the start before the next command
                            json(R"({"Id":"exec2"})"), stream(frame(1, "y")), json(R"({"Running":false,"ExitCode":0})")}));
    DockerClient client(fake.endpoint());
    auto room = Room::open(client, "aap-x", Json::object(), {}, true, {}, {});
    QVERIFY(room.has_value());
    QVERIFY((*room)->run({.argv = {"true"}}, {}, {})->sandboxRestarted);
    QVERIFY((*room)->isDown());
    QCOMPARE((*room)->run({.argv = {"true"}}, {}, {})->output, std::string("y"));
    QVERIFY(!(*room)->isDown());
}

void RoomTest::whatThePorterSays_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("a whole command") << 0 << ended(Ending::Exited, 3, "outerr");
    QTest::newRow("a refusal: a plain exec runs it") << 1 << ended(Ending::Exited, 0, "plain");
    QTest::newRow("a late word of another command: a plain exec runs it") << 2 << ended(Ending::Exited, 0, "plain");
    QTest::newRow("nothing at all: a plain exec runs it") << 3 << ended(Ending::Exited, 0, "plain");
    QTest::newRow("killed together with the command") << 4 << ended(Ending::Exited, 137, "x");
    QTest::newRow("it left, and says nothing") << 5 << ended(Ending::Lost, 0, "x");
    QTest::newRow("nonsense in mid-command") << 6 << ended(Ending::Lost, 0, "x");
    QTest::newRow("words on its standard error") << 7 << ended(Ending::Lost, 0, "");
    QTest::newRow("words after its last") << 8 << ended(Ending::Lost, 0, "");
    QTest::newRow("the command was killed for memory") << 9 << ended(Ending::OutOfMemory, 137, "");
    QTest::newRow("the command was killed, but not for memory") << 10 << ended(Ending::Exited, 137, "");
    QTest::newRow("something is left, and goes") << 11 << ended(Ending::Exited, 0, "");
}

void RoomTest::whatThePorterSays()
{
    QFETCH(const int, row);
    const auto begun = said(porter::kBegun);
    const auto x = begun + said(porter::kOutput, "x");
    const Script plain{json(R"({"Id":"exec"})"), stream(frame(1, "plain")), endedWith(0)};
    const std::vector<Script> scripts{
        {stream(begun + said(porter::kOutput, "out") + said(porter::kPulse) + said(porter::kError, "err") + ending(3))},
        joined({stream(said(porter::kRefused))}, plain),
        joined({stream(said(porter::kBegun, {}, 9))}, plain),
        joined({stream("")}, plain),
        joined({stream(x), endedWith(137)}, cleared()),
        joined({stream(x), endedWith(0)}, cleared()),
        joined({stream(x + frame(1, "nonsense that is long enough"))}, cleared()),
        joined({stream(begun + frame(2, "x"))}, cleared()),
        joined({stream(begun + ending(0) + frame(1, "x"), false)}, cleared()),
        joined({stream(begun + ending(137))}, cleared(1)),
        joined({stream(begun + ending(137))}, cleared(0)),
        joined({stream(begun + ending(0, 1))}, cleared()),
    };
    QTEST(QByteArray::fromStdString(outcome(opened(scripts[std::size_t(row)]), true)), "expected");
}

void RoomTest::aPorterThatCannotStartIsDoneWithout()
{
    const Script plain{json(R"({"Id":"exec"})"), stream(frame(1, "plain")), endedWith(0)};
    const auto refusal = "OCI runtime exec failed: exec failed: exec: \"/.aap/porter\": permission denied\r\n";
    QCOMPARE(outcome(opened(joined({stream(frame(1, refusal))}, plain)), true), ended(Ending::Exited, 0, "plain").toStdString());
}

void RoomTest::aPorterThatAlwaysFailsIsDoneWithout()
{
    Script script{json(R"({"Id":"box"})"), {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}};
    const Script plain{json(R"({"Id":"exec"})"), stream(frame(1, "plain")), endedWith(0)};
    for (int i = 0; i < 3; ++i)
        script = joined(joined(script, {json(R"({"Id":"porter"})"), stream("")}), plain);
    FakeEngine fake(joined(script, plain));
    DockerClient client(fake.endpoint());
    auto room = Room::open(client, "aap-x", Json::object(), {}, true, {}, {});
    QVERIFY(room.has_value());
    (*room)->usePorter();
    for (int i = 0; i < 4; ++i)
        QCOMPARE((*room)->run({.argv = {"true"}}, {}, {})->output, std::string("plain"));
}

void RoomTest::whatThePorterLeavesCostsTheContainer()
{
    FakeEngine fake(opened({stream(said(porter::kBegun) + ending(0, 1)),
                            {.bytes = httpAnswer("500 Oops", R"({"message":"cannot fork"})")}, // the clearing
                            {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}}));               // the kill
    DockerClient client(fake.endpoint());
    auto room = Room::open(client, "aap-x", Json::object(), {}, true, {}, {});
    QVERIFY(room.has_value());
    (*room)->usePorter();
    QVERIFY((*room)->run({.argv = {"true"}}, {}, {})->sandboxRestarted);
    QVERIFY((*room)->isDown());
    QVERIFY(fake.requests().back().starts_with("POST /v1.41/containers/box/kill"));
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::RoomTest)
#include "tst_room.moc"
