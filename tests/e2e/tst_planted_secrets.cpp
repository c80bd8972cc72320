#include <algorithm>
#include <atomic>
#include <functional>
#include <set>
#include <thread>

#include <QDirIterator>
#include <QRandomGenerator>
#include <QTest>

#include "tests/e2e/program.h"
#include "tests/support/fake_messages_api.h"

using namespace aap;
using namespace aap::e2e;

namespace {

constexpr int kPlanted = 1000;
constexpr int kInCommands = 700; ///< in what the agent calls and what that prints; the others elsewhere
constexpr int kInReplies = 200;  ///< in what the model says
constexpr int kACommand = 50;

QByteArray drawn(QRandomGenerator& random, const char* letters, int count)
{
    QByteArray text;
    for (const auto length = int(qstrlen(letters)); count > 0; --count)
        text += letters[random.bounded(length)];
    return text;
}

/// A secret, and the text that it stands in.
struct Planted {
    QByteArray secret{};
    QByteArray text{};
};

/// As seven kinds of them look; no two alike.
std::vector<Planted> plantedKeys()
{
    constexpr auto kAlnumLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr auto kUpperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    QRandomGenerator random(20261126);
    std::vector<Planted> keys;
    for (int i = 0; i < kPlanted; ++i) {
        const auto drawnText = drawn(random, i % 7 == 2 ? kUpperLetters : kAlnumLetters, i % 7 == 2 ? 16 : 38);
        switch (i % 7) {
        case 0: keys.push_back({drawnText, "sk-ant-api03-" + drawnText}); break;
        case 1: keys.push_back({drawnText, "ghp_" + drawnText}); break;
        case 2: keys.push_back({drawnText, "AKIA" + drawnText}); break;
        case 3: keys.push_back({drawnText, "https://builder:" + drawnText + "@registry.example/v2/"}); break;
        case 4: keys.push_back({drawnText, "Authorization: Bearer " + drawnText}); break;
        case 5: keys.push_back({drawnText, "DB_PASSWORD=" + drawnText}); break;
        default: keys.push_back({drawnText, "glpat-" + drawnText}); break;
        }
    }
    return keys;
}

/// Those of the secrets that are in there.
std::set<QByteArray> foundIn(const QByteArray& bytes, const std::vector<Planted>& keys)
{
    std::set<QByteArray> found;
    for (const auto& key : keys)
        if (bytes.contains(key.secret))
            found.insert(key.text);
    return found;
}

/// How many, and the first with what stands around it.
QByteArray whatIsFound(const QByteArray& bytes, const std::vector<Planted>& keys)
{
    const auto found = foundIn(bytes, keys);
    for (const auto& key : keys)
        if (const auto at = bytes.indexOf(key.secret); at >= 0)
            return QByteArray::number(qsizetype(found.size())) + " are told, the first here: " + bytes.mid(std::max<qsizetype>(0, at - 200), 400);
    return {};
}

/// Every file below a folder that has one of them, with the first.
QStringList filesThatTell(const QString& folder, const std::vector<Planted>& keys, const QStringList& known)
{
    QStringList telling;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (known.contains(QDir(folder).relativeFilePath(file.fileName())) || !file.open(QIODevice::ReadOnly))
            continue;
        if (const auto found = foundIn(file.readAll(), keys); !found.empty())
            telling << QStringLiteral("%1 has %2, the first: %3").arg(file.fileName()).arg(found.size()).arg(QString::fromUtf8(*found.begin()));
    }
    return telling;
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The processes that descend from one, but not itself.
QStringList descendants(qint64 ancestor)
{
    std::map<QString, QString> parents;
    for (const auto& pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        const auto status = contentOf(QStringLiteral("/proc/%1/status").arg(pid));
        if (const auto at = status.indexOf("\nPPid:\t"); at >= 0)
            parents[pid] = QString::fromUtf8(status.mid(at + 7, status.indexOf('\n', at + 1) - at - 7));
    }
    QStringList found;
    for (const auto& [pid, parent] : parents)
        for (auto above = parent; parents.contains(above); above = parents.at(above))
            if (above == QString::number(ancestor)) {
                found << pid;
                break;
            }
    return found;
}

/// Looks again and again at what other users of the machine could see of a program.
class Spy {
public:
    Spy(qint64 program, const std::vector<Planted>& keys) :
        m_thread([this, program, &keys](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                look(contentOf(QStringLiteral("/proc/%1/cmdline").arg(program)), keys, QStringLiteral("its arguments"));
                for (const auto& child : descendants(program)) {
                    look(contentOf(QStringLiteral("/proc/%1/cmdline").arg(child)), keys, QStringLiteral("arguments of a child"));
                    look(contentOf(QStringLiteral("/proc/%1/environ").arg(child)), keys, QStringLiteral("the environment of a child"));
                }
                ++looks;
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        })
    {
    }
    /// When it has ended.
    QStringList seen()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_seen;
    }
    std::atomic<int> looks{0};

private:
    void look(const QByteArray& bytes, const std::vector<Planted>& keys, const QString& where)
    {
        for (const auto& text : foundIn(bytes, keys))
            m_seen << where + QStringLiteral(": ") + QString::fromUtf8(text);
    }
    QStringList m_seen{};
    std::jthread m_thread;
};

/// What the engine tells of containers to everybody who asks.
QByteArray inspectionOf(const QString& label)
{
    QByteArray all;
    for (const auto& id : containers(label)) {
        QProcess curl;
        curl.start(QStringLiteral("curl"), {QStringLiteral("--silent"), QStringLiteral("--unix-socket"), QStringLiteral("/var/run/docker.sock"), QStringLiteral("http://docker/containers/%1/json").arg(id)});
        curl.waitForFinished(30'000);
        all += curl.readAllStandardOutput();
    }
    return all;
}

Json called(const std::string& id, const char* tool, const Json& input)
{
    return {{"type", "tool_use"}, {"id", id}, {"name", tool}, {"input", input}};
}

} // namespace

/// A thousand secrets in everything that goes through a run: none is in anything that stays of it, or that others can see.
class PlantedSecretsTest : public QObject {
    Q_OBJECT

private slots:
    void noneOfAThousandIsTold();

private:
    /// The n-th reply: commands that print keys, words that say keys, and the end.
    static RecordedTurn turn(std::size_t number, const std::vector<Planted>& keys);
};

RecordedTurn PlantedSecretsTest::turn(std::size_t number, const std::vector<Planted>& keys)
{
    RecordedTurn reply{.stage = "coding", .content = Json::array(), .stopReason = "tool_use", .usage = {.inputTokens = 100, .outputTokens = 20}};
    const auto id = "toolu_" + std::to_string(number);
    const auto commands = std::size_t(kInCommands / kACommand);
    std::string say = "Next.";
    for (auto i = std::size_t(kInCommands) + number; i < std::size_t(kInCommands + kInReplies); i += commands + 1)
        say += "\n" + keys[i].text.toStdString();
    reply.content.push_back({{"type", "text"}, {"text", say}});
    std::string command = "cat <<'END' | tee /tmp/printed >&2; sleep 0.2; cat /tmp/printed";
    for (std::size_t i = 0; number < commands && i < std::size_t(kACommand); ++i)
        command += "\n" + keys[number * std::size_t(kACommand) + i].text.toStdString();
    if (number < commands)
        reply.content.push_back(called(id, "run_command", {{"command", command + "\nEND"}}));
    else if (number == commands)
        reply.content.push_back(called(id, "write_file", {{"filepath", "hello.py"}, {"content", "print('hello')\n"}}));
    else
        reply.content.push_back(called(id, "submit_result", {{"schema", "aap/implementation/1"}, {"summary", "hello.py prints hello. " + keys[std::size_t(kInCommands)].text.toStdString()},
                                                             {"implements", Json::array({Json{{"requirement", "R1"}, {"where", {"hello.py:1"}}}})}}));
    return reply;
}

void PlantedSecretsTest::noneOfAThousandIsTold()
{
    const auto keys = plantedKeys();
    FakeMessagesApi api;
    api.answerWith([&](const SeenRequest& request) {
        const auto said = request.json().at("messages");
        return Step::reply(turn(std::size_t(std::ranges::count(said, "assistant", [](const Json& message) { return message.at("role"); })), keys));
    });
    Home home;
    auto next = keys.begin() + kInCommands + kInReplies;
    home.set(QStringLiteral("ANTHROPIC_BASE_URL"), QString::fromStdString(api.baseUrl()));
    home.set(QStringLiteral("ANTHROPIC_API_KEY"), QString::fromUtf8("sk-ant-api03-" + (next++)->secret)); // ours, and others that are none of our business
    for (int i = 0; i < 49; ++i, ++next)
        home.set(QStringLiteral("SOMEBODYS_TOKEN_%1").arg(i), QString::fromUtf8(next->text));
    QByteArray task = "Write hello.py, which prints hello";
    for (; next != keys.end(); ++next)
        task += " " + next->text;
    home.write(QStringLiteral("tasks.json"), "{\"coding\": \"" + task + "\"}");
    home.write(QStringLiteral("config.json"), R"({"logging": {"level": "trace"}})");

    const auto program = home.start({QStringLiteral("run-stages"), QStringLiteral("--stages"), QStringLiteral("coding"), QStringLiteral("--tasks"), QStringLiteral("tasks.json"),
                                     QStringLiteral("--yes"), QStringLiteral("--verbose")});
    Spy spy(program->processId(), keys);
    QByteArray told;
    QByteArray inspected;
    while (program->state() != QProcess::NotRunning || program->bytesAvailable() > 0) {
        program->waitForReadyRead(200);
        told += program->readAllStandardOutput() + program->readAllStandardError();
        const auto output = QDir(home.path(QStringLiteral("pipeline_output"))).entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
        if (inspected.isEmpty() && !output.isEmpty())
            inspected = inspectionOf(QStringLiteral("aap.run=") + output.first());
    }
    QCOMPARE(spy.seen(), QStringList{});
    QVERIFY(spy.looks > 5);
    QVERIFY2(program->exitCode() == 0, told.right(3000));
    QVERIFY2(told.contains("[secret"), told.right(3000)); // it was printed, but for the keys
    QVERIFY2(foundIn(told, keys).empty(), whatIsFound(told, keys));
    QVERIFY(inspected.contains("aap.run"));
    QVERIFY2(foundIn(inspected, keys).empty(), whatIsFound(inspected, keys));

    // What is handed on and printed later.
    for (const auto& arguments : {QStringList{QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--events"), QStringLiteral("--json")},
                                  {QStringLiteral("export"), QStringLiteral("last"), QStringLiteral("--to"), QStringLiteral("exported")},
                                  {QStringLiteral("export"), QStringLiteral("last"), QStringLiteral("--to"), QStringLiteral("run.recording.json")},
                                  {QStringLiteral("export"), QStringLiteral("last"), QStringLiteral("--git"), QStringLiteral("repository")},
                                  {QStringLiteral("bundle"), QStringLiteral("last"), QStringLiteral("--to"), QStringLiteral("run.zip")},
                                  {QStringLiteral("config"), QStringLiteral("export"), QStringLiteral("settings.json")},
                                  {QStringLiteral("backup"), QStringLiteral("backup.sqlite")},
                                  {QStringLiteral("doctor"), QStringLiteral("--json")}}) {
        const auto ended = home.run(arguments);
        QVERIFY2(ended.exitCode == 0 || arguments.first() == QStringLiteral("doctor"), ended.err);
        QVERIFY2(foundIn(ended.out + ended.err, keys).empty(), whatIsFound(ended.out + ended.err, keys));
    }
    const Home elsewhere; // a bundle is packed: it is looked at where it is imported
    QCOMPARE(elsewhere.run({QStringLiteral("import"), home.path(QStringLiteral("run.zip"))}).exitCode, 0);
    const auto imported = filesThatTell(elsewhere.path(), keys, {});
    QVERIFY2(imported.isEmpty(), qPrintable(imported.join(u'\n')));
    const auto kept = filesThatTell(home.path(), keys, {QStringLiteral("tasks.json")}); // but for what the user wrote
    QVERIFY2(kept.isEmpty(), qPrintable(kept.join(u'\n')));
    QVERIFY(home.read(QStringLiteral("pipeline_output/latest/sandbox.log")).contains("[secret"));
}

QTEST_GUILESS_MAIN(PlantedSecretsTest)
#include "tst_planted_secrets.moc"
