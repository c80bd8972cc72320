#include <functional>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <QElapsedTimer>
#include <QTest>

#include "tests/e2e/engine_proxy.h"
#include "tests/e2e/program.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/interlocutor.h"

using namespace aap;
using namespace aap::e2e;

namespace {

/// Tells that it has begun, and gives time for an accident.
constexpr auto kSlow = "echo begun > begun; sleep 6; echo done > done";
constexpr auto kQuick = "echo begun > begun";

/// A run of one stage by the real program, whose engine stands behind a proxy of ours.
class Ordeal {
public:
    explicit Ordeal(const QByteArray& command) : proxy(home.path(QStringLiteral("engine.sock")).toStdString())
    {
        QFile recording(QStringLiteral(AAP_TEST_DATA "/e2e/one-command.json"));
        if (!recording.open(QIODevice::ReadOnly))
            qFatal("the recording is not there");
        home.write(QStringLiteral("recording.json"), recording.readAll().replace("@COMMAND@", command));
        model.emplace(*loadRecording(home.path(QStringLiteral("recording.json")).toStdString()));
        api.answerWith([this](const SeenRequest& request) {
            const auto answer = model->answer(request);
            if (beforeTurn2 && request.json().at("messages").size() == 3)
                std::exchange(beforeTurn2, {})();
            return answer;
        });
        home.write(QStringLiteral("tasks.json"), R"({"coding": "Write hello.py, which prints hello."})");
        home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QString::fromStdString(api.baseUrl()));
        home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromLatin1(kKey));
        home.set(QStringLiteral("DOCKER_HOST"), QString::fromStdString(proxy.host()));
    }
    ~Ordeal()
    {
        if (!runId().isEmpty())
            (void)containersDo(QStringLiteral("rm"));
    }

    void begin()
    {
        program = home.start({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"),
                              QStringLiteral("--yes"), QStringLiteral("--quiet")});
    }
    /// Whether the slow command is at work.
    bool hasBegun() const { return !runId().isEmpty() && QFile::exists(home.path(QStringLiteral("workspaces/") + runId() + QStringLiteral("/repo/begun"))); }
    QString runId() const
    {
        const auto ids = QDir(home.path(QStringLiteral("pipeline_output"))).entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
        return ids.isEmpty() ? QString() : ids.first();
    }
    Ended end()
    {
        if (!program->waitForFinished(300'000))
            program->kill();
        program->waitForFinished();
        return {.exitCode = program->exitStatus() == QProcess::NormalExit ? program->exitCode() : -2, .out = program->readAllStandardOutput(), .err = program->readAllStandardError()};
    }
    Ended resume() { return home.run({QStringLiteral("resume"), QStringLiteral("--last"), QStringLiteral("--yes"), QStringLiteral("--quiet")}, 300'000); }
    QJsonObject listed() const { return parsed(home.run({QStringLiteral("runs"), QStringLiteral("--json")}).out); }
    /// What somebody else does to the containers of the run: "kill", "rm".
    bool containersDo(const QString& what) const
    {
        const auto ids = containers(QStringLiteral("aap.run=") + runId());
        for (const auto& id : ids)
            QProcess::execute(QStringLiteral("curl"), {QStringLiteral("--silent"), QStringLiteral("--output"), QStringLiteral("/dev/null"), QStringLiteral("--unix-socket"),
                                                       QStringLiteral("/var/run/docker.sock"), QStringLiteral("-X"), what == QStringLiteral("rm") ? QStringLiteral("DELETE") : QStringLiteral("POST"),
                                                       QStringLiteral("http://docker/containers/") + id + (what == QStringLiteral("rm") ? QStringLiteral("?force=1&v=1") : QStringLiteral("/kill"))});
        return !ids.isEmpty();
    }
    /// What the model was told of its commands: with the last request it got everything.
    QByteArray toldOfCommands() const
    {
        const auto requests = api.requests();
        return requests.empty() ? QByteArray() : QByteArray::fromStdString(requests.back().json().at("messages").dump());
    }

    Home home;
    EngineProxy proxy;
    std::optional<Interlocutor> model;
    std::function<void()> beforeTurn2;
    FakeMessagesApi api;
    std::unique_ptr<QProcess> program;
};

/// Everything is done, once: nothing was asked twice, and nothing is left.
void verifyDone(Ordeal& ordeal, const Ended& ended)
{
    QVERIFY2(ended.exitCode == 0, ended.out + ended.err);
    QCOMPARE(ordeal.listed().value(QStringLiteral("ending")).toString(), QStringLiteral("completed"));
    QVERIFY(QFile::exists(ordeal.home.path(QStringLiteral("pipeline_output/latest/workspace/hello.py"))));
    QCOMPARE(containers(QStringLiteral("aap.run=") + ordeal.runId()), QStringList{});
}

/// The run stands still: it says what is wrong and what to do, the history says that it can go on.
void verifyPaused(const Ordeal& ordeal, const Ended& ended, const QByteArray& said)
{
    QVERIFY2(ended.exitCode == 5, ended.out + ended.err);
    QVERIFY2(ended.err.contains(said), ended.err);
    const auto listed = ordeal.listed();
    QCOMPARE(listed.value(QStringLiteral("ending")).toString(), QStringLiteral("environment_problem"));
    QCOMPARE(listed.value(QStringLiteral("resumable")).toBool(), true);
    const auto shown = ordeal.home.run({QStringLiteral("show"), QStringLiteral("last")});
    QVERIFY2(shown.out.contains(said), shown.out);
}

const std::string kFrames = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

} // namespace

/// What may happen to the engine while a run is at work: what is said, where the run stands, and that it goes on.
class EngineFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void theSocketGoesInACommand();
    void theEngineRestartsInACommand();
    void theContainerIsKilledInACommand();
    void theContainerIsRemovedInACommand();
    void aCommandWantsTooMuchMemory();
    void theImageGoesMeanwhile();
    void theDiskOfTheJournalIsFull();
    void theEngineLies_data();
    void theEngineLies();
};

void EngineFaultsTest::theSocketGoesInACommand()
{
    Ordeal ordeal(kSlow);
    ordeal.begin();
    QTRY_VERIFY_WITH_TIMEOUT(ordeal.hasBegun(), 120'000);
    ordeal.proxy.vanish();
    verifyPaused(ordeal, ordeal.end(), "Docker");
    const auto early = ordeal.resume();
    QVERIFY2(early.exitCode == 5, early.err); // and that changes nothing
    ordeal.proxy.comeBack();
    verifyDone(ordeal, ordeal.resume());
}

/// As dockerd does it without "live-restore": it takes the containers down with it.
void EngineFaultsTest::theEngineRestartsInACommand()
{
    Ordeal ordeal(kSlow);
    ordeal.begin();
    QTRY_VERIFY_WITH_TIMEOUT(ordeal.hasBegun(), 120'000);
    ordeal.proxy.vanish();
    QVERIFY(ordeal.containersDo(QStringLiteral("kill")));
    QTest::qWait(1500); // the time of a restart
    ordeal.proxy.comeBack();
    const auto ended = ordeal.end();
    if (ended.exitCode == 0)
        return verifyDone(ordeal, ended);
    verifyPaused(ordeal, ended, "Docker");
    verifyDone(ordeal, ordeal.resume());
}

void EngineFaultsTest::theContainerIsKilledInACommand()
{
    Ordeal ordeal(kSlow);
    ordeal.begin();
    QTRY_VERIFY_WITH_TIMEOUT(ordeal.hasBegun(), 120'000);
    QVERIFY(ordeal.containersDo(QStringLiteral("kill")));
    verifyDone(ordeal, ordeal.end());
    QVERIFY2(ordeal.toldOfCommands().contains("started anew"), ordeal.toldOfCommands());
}

void EngineFaultsTest::theContainerIsRemovedInACommand()
{
    Ordeal ordeal(kSlow);
    ordeal.begin();
    QTRY_VERIFY_WITH_TIMEOUT(ordeal.hasBegun(), 120'000);
    QVERIFY(ordeal.containersDo(QStringLiteral("rm")));
    verifyDone(ordeal, ordeal.end());
    QVERIFY2(ordeal.toldOfCommands().contains("started anew"), ordeal.toldOfCommands());
}

void EngineFaultsTest::aCommandWantsTooMuchMemory()
{
    Ordeal ordeal("python3 -c 'print(len(bytearray(900 << 20)))'");
    ordeal.home.write(QStringLiteral("config.json"), R"({"sandbox": {"memory_mb": 256}})");
    ordeal.begin();
    verifyDone(ordeal, ordeal.end());
    QVERIFY2(ordeal.toldOfCommands().contains("out of memory"), ordeal.toldOfCommands());
}

/// The program's own checks want a fresh container.
void EngineFaultsTest::theImageGoesMeanwhile()
{
    Ordeal ordeal(kQuick);
    ordeal.beforeTurn2 = [&] { ordeal.proxy.answer("/containers/create", engineAnswer("404 Not Found", R"({"message":"No such image: coding-agent-sandbox:latest"})")); };
    ordeal.begin();
    verifyPaused(ordeal, ordeal.end(), "agent-pipeline sandbox build");
    QVERIFY(ordeal.proxy.lies() > 0);
    ordeal.proxy.answerTruly();
    verifyDone(ordeal, ordeal.resume());
}

void EngineFaultsTest::theDiskOfTheJournalIsFull()
{
    Ordeal ordeal(kQuick);
    const auto folder = ordeal.home.path(QStringLiteral("data"));
    QCOMPARE(::mount("tmpfs", QFile::encodeName(folder).constData(), "tmpfs", 0, "size=4m,mode=700"), 0);
    QFile ballast(folder + QStringLiteral("/ballast"));
    ordeal.beforeTurn2 = [&] {
        if (ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            while (ballast.write(QByteArray(4096, 'x')) == 4096) { }
    };
    ordeal.begin();
    const auto ended = ordeal.end();
    QVERIFY2(ended.exitCode == 5, ended.out + ended.err);
    QVERIFY2(ended.err.contains("the disk with the journal is full"), ended.err);
    QVERIFY2(ended.err.contains("Free some space, then resume the run"), ended.err);
    QVERIFY(ballast.remove());
    QVERIFY(ordeal.listed().value(QStringLiteral("resumable")).toBool());
    const auto done = ordeal.resume();
    verifyDone(ordeal, done);
    ::umount2(QFile::encodeName(folder).constData(), MNT_DETACH);
}

void EngineFaultsTest::theEngineLies_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char* name, const char* path, const std::string& answer) { QTest::newRow(name) << QByteArray(path) << QByteArray::fromStdString(answer); };
    using namespace std::string_literals;
    row("frames of no kind", "/start", kFrames + "\x07\x00\x00\x00\x00\x00\x00\x05hello"s);
    row("a frame of four gigabytes", "/start", kFrames + "\x01\x00\x00\x00\xff\xff\xff\xffhello"s);
    row("half a frame", "/start", kFrames + "\x01\x00\x00\x00\x00\x00\x10\x00hel"s);
    row("nothing at all", "/start", kFrames);
    row("no stream but a page", "/start", engineAnswer("200 OK", "<html>hello</html>"));
    row("an error in HTML", "/containers/", engineAnswer("500 Internal Server Error", "<html><body>" + std::string(100'000, 'x') + "</body></html>"));
    row("no HTTP", "/containers/", "SSH-2.0-OpenSSH_9.2\r\n");
    row("a head without end", "/containers/", "HTTP/1.1 200 OK\r\n" + std::string(2'000'000, 'x'));
    row("JSON that nests", "/exec/", engineAnswer("200 OK", std::string(1'000'000, '[')));
    row("numbers of no sense", "/exec/", engineAnswer("200 OK", R"({"Running": false, "ExitCode": 99999999999999999999999999, "Id": {"a": 1}})"));
    row("an id that is a path", "/exec", engineAnswer("201 Created", R"({"Id": "../../containers/prune"})"));
}

/// From the second turn on it answers some of the questions as it likes.
void EngineFaultsTest::theEngineLies()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, answer);
    Ordeal ordeal(kQuick);
    ordeal.beforeTurn2 = [&] { ordeal.proxy.answer(path.toStdString(), answer.toStdString()); };
    QElapsedTimer took;
    ordeal.begin();
    took.start();
    const auto ended = ordeal.end();
    QVERIFY2(ended.exitCode >= 0 && ended.exitCode <= 6, QByteArray::number(ended.exitCode) + ended.err);
    QVERIFY(ordeal.proxy.lies() > 0);
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    QVERIFY2(used.ru_maxrss < 300'000, QByteArray::number(qint64(used.ru_maxrss)) + " KiB");
    ordeal.proxy.answerTruly();
    if (ended.exitCode != 0) { // it got by
        verifyPaused(ordeal, ended, "");
        verifyDone(ordeal, ordeal.resume());
    }
}

/// Small disks need a view of the file systems that is this program's own.
int main(int argc, char** argv)
{
    if (::unshare(CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        std::perror("cannot have file systems of my own");
    QCoreApplication application(argc, argv);
    EngineFaultsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_engine_faults.moc"
