#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/redact.h"
#include "core/engine/gate_decision.h"
#include "core/store/bundle.h"
#include "core/store/fork_run.h"
#include "core/store/import_bundle.h"
#include "core/store/journal.h"
#include "core/store/lenient_json.h"
#include "core/store/manifest.h"
#include "core/store/zip_file.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";

struct Part {
    std::string path{};
    std::string content{};
    bool isLink = false;
};

/// A bundle as anybody can sign one, whatever is in it.
void signBundle(const fs::path& zip, const std::vector<Part>& parts, const SigningKey& key, const std::string& runId = kRun)
{
    ZipFile file(zip);
    Json listed = Json::array();
    const auto above = runId + "/";
    for (const auto& part : parts) {
        listed.push_back(manifestEntry(part.path, part.content.size(), part.isLink ? printOfLink(part.content) : printOfFile(part.content)));
        QVERIFY(part.isLink ? file.addLink(above + part.path, part.content, 0) : file.addFile(above + part.path, part.content, 0));
    }
    const auto list = dumped({{"schema", "aap/bundle/1"}, {"run_id", runId}, {"files", listed}});
    QVERIFY(file.addFile(above + "BUNDLE.json", list, 0));
    QVERIFY(file.addFile(above + "BUNDLE.sig.json", dumped({{"algorithm", "Ed25519"}, {"key", key.publicKey()}, {"signature", key.sign(list)}}), 0));
    QVERIFY(file.complete());
}

std::vector<RunEvent> endedRun()
{
    RunStarted started;
    started.title = "Todo";
    started.output = "/elsewhere/pipeline_output/" + std::string(kRun);
    started.workspace = "/elsewhere/workspace";
    std::vector<RunEvent> events;
    const auto happens = [&](std::optional<StageId> stage, Payload payload) {
        events.push_back({.seq = std::int64_t(events.size()) + 1, .at = *parseIso8601("2026-11-24T12:00:00.000Z"), .stage = stage, .payload = std::move(payload)});
    };
    happens({}, started);
    happens(StageId::Coding, StageStarted{.model = "m"});
    happens({}, GateOpened{.gate = "deploy", .question = "Deploy?"});
    happens({}, RunFinished{.ending = RunEnding::WaitingAtGate, .reason = "nobody answered"});
    return events;
}

std::string lines(const std::vector<RunEvent>& events)
{
    std::string text;
    for (const auto& event : events)
        text += dumped(toJson(event)) + "\n";
    return text;
}

} // namespace

/// A run that came in a bundle: it is read like any other, it is never carried on, and a hostile one does nothing.
class ImportBundleTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void aBundleOfOursIsReadHere();
    void itIsNeverCarriedOn();
    void onlyOnce();
    void whatIsWrongIsRefusedWhole_data();
    void whatIsWrongIsRefusedWhole();
    void aStopLeavesNothing();
    void onlyOneAtATime();
    void whatAKilledImportLeftIsRemoved();

private:
    fs::path at(const std::string& below) const { return m_root / below; }
    Result<ImportedRun> import(const std::string& name, const std::stop_token& stop = {}) { return importBundle({.bundle = at(name), .into = at("data/imported")}, *m_journal, stop); }
    void verifyNothingIsLeft()
    {
        QVERIFY(m_journal->runs()->empty());
        QVERIFY(!fs::exists(at("data/imported")) || fs::is_empty(at("data/imported")));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<SigningKey> m_key;
};

void ImportBundleTest::init()
{
    m_journal.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
    m_journal = *openSqliteJournal(at("data/journal.sqlite"));
    m_key = std::make_unique<SigningKey>(*SigningKey::open(at("there/signing.key")));
}

void ImportBundleTest::aBundleOfOursIsReadHere()
{
    QVERIFY(writeFileAtomically(at("ws/repo/run.sh"), "#!/bin/sh\n", FileMode::Executable) && writeFileAtomically(at("ws/repo/src/main.py"), "print(1)\n"));
    fs::create_symlink("src/main.py", at("ws/repo/link"));
    const auto events = endedRun();
    RunState state;
    for (const auto& event : events)
        apply(state, event);
    state.id = kRun;
    auto output = OutputFolder::create(at("out"), kRun);
    QVERIFY(writeFileAtomically(at("out") / kRun / "snapshots.git/HEAD", "ref: refs/heads/main\n")); // is in no bundle
    QVERIFY(output->finish({.state = state, .events = events, .requirements = Json(), .workspace = *Folder::open(at("ws"))}));
    QVERIFY(writeBundle({.output = at("out") / kRun, .runId = kRun, .title = "Todo", .target = at("run.zip")}, *m_key));

    const auto imported = import("run.zip");
    QVERIFY2(imported, imported ? "" : imported.error().text().c_str());
    QCOMPARE(imported->runId, std::string(kRun));
    QCOMPARE(imported->publicKey, m_key->publicKey());
    const auto runs = *m_journal->runs();
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs.front().signedBy, m_key->publicKey());
    const auto folder = at("data/imported") / kRun;
    QCOMPARE(runs.front().output, folder.string());
    const auto read = *m_journal->events(kRun);
    QCOMPARE(read.size(), events.size());
    QCOMPARE(toJson(read.back()).dump(), toJson(events.back()).dump());
    QVERIFY(std::get<RunStarted>(read.front().payload).workspace.empty());
    QCOMPARE(*readFile(folder / "workspace/src/main.py"), std::string("print(1)\n"));
    QCOMPARE(fs::read_symlink(folder / "workspace/link"), fs::path("src/main.py"));
    QVERIFY((fs::status(folder / "workspace/run.sh").permissions() & fs::perms::owner_exec) != fs::perms::none);
    const auto verified = verifyOutput(folder);
    QVERIFY2(verified && verified->isIntact(), "and 'verify' says the same of it");
    QVERIFY(writeFileAtomically(folder / "workspace/src/main.py", "print(2)\n"));
    QCOMPARE(verifyOutput(folder)->changed, std::vector<std::string>{"workspace/src/main.py"});
    QCOMPARE(std::distance(fs::directory_iterator(at("data/imported")), fs::directory_iterator()), std::ptrdiff_t(1));
}

void ImportBundleTest::itIsNeverCarriedOn()
{
    signBundle(at("run.zip"), {{"journal.jsonl", lines(endedRun())}}, *m_key);
    QVERIFY(import("run.zip"));
    const auto run = m_journal->runs()->front();
    QVERIFY(!mayGoOn(run));
    RunState state;
    const auto read = *m_journal->events(kRun);
    for (const auto& event : read)
        apply(state, event);
    const auto own = isOurOwn(state.started);
    QVERIFY(!own);
    QCOMPARE(own.error().code, ErrorCode::Invalid);
    QVERIFY2(own.error().text().find("imported") != std::string::npos && !own.error().remedy.empty(), own.error().text().c_str());
    const auto answered = decideGate(kRun, {.gate = "deploy", .decision = "approved", .by = "me", .comment = ""}, *m_journal, Redactor());
    QVERIFY(!answered);
    QCOMPARE(answered.error().text(), own.error().text());
    const auto forked = forkRun({.from = kRun, .runId = "20261124-120001-abcdef", .stage = StageId::Coding}, *m_journal);
    QVERIFY(!forked && forked.error().text().find("imported") != std::string::npos);
    QCOMPARE(m_journal->events(kRun)->size(), endedRun().size());
}

void ImportBundleTest::onlyOnce()
{
    signBundle(at("run.zip"), {{"journal.jsonl", lines(endedRun())}, {"file", "1"}}, *m_key);
    signBundle(at("other.zip"), {{"journal.jsonl", lines(endedRun())}, {"file", "2"}}, *m_key);
    QVERIFY(import("run.zip"));
    const auto again = import("other.zip");
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Invalid);
    QVERIFY(again.error().text().find("already") != std::string::npos);
    QCOMPARE(*readFile(at("data/imported") / kRun / "file"), std::string("1"));
}

void ImportBundleTest::whatIsWrongIsRefusedWhole_data()
{
    QTest::addColumn<std::function<void(std::vector<Part>&)>>("spoil");
    QTest::addColumn<QByteArray>("says");
    using Spoil = std::function<void(std::vector<Part>&)>;
    const auto row = [](const char* name, Spoil spoil, const char* says) { QTest::newRow(name) << std::move(spoil) << QByteArray(says); };
    const auto add = [](const char* path, const char* content, bool isLink = false) { return [=](std::vector<Part>& parts) { parts.push_back({path, content, isLink}); }; };
    const auto events = [](std::function<void(std::vector<RunEvent>&)> change) {
        return [change = std::move(change)](std::vector<Part>& parts) {
            auto changed = endedRun();
            change(changed);
            parts.front().content = lines(changed);
        };
    };
    row("a path that leads out", add("../../../escaped", "x"), "escaped");
    row("a path through a folder that leads out", add("workspace/../../escaped", "x"), "escaped");
    row("a link that leads out", add("workspace/link", "../../../../escaped", true), "link");
    row("an absolute link", add("workspace/link", "/etc/passwd", true), "link");
    row("a file and a link of one name", [](std::vector<Part>& parts) { parts.insert(parts.end(), {{"a", ".", true}, {"a/b", "x"}}); }, "");
    row("settings of a git folder", add("workspace/.git/config", "[core] fsmonitor = touch /tmp/x"), "git folder");
    row("a git folder in other letters", add("workspace/.GIT/hooks/post-checkout", "x"), "git folder");
    row("no journal", [](std::vector<Part>& parts) { parts.front().path = "other.jsonl"; }, "events cannot be read");
    row("a journal that is a link", [](std::vector<Part>& parts) { parts.front() = {"journal.jsonl", "a", true}; parts.push_back({"a", lines(endedRun())}); }, "events cannot be read");
    row("a line that is no event", [](std::vector<Part>& parts) { parts.front().content += "{\"seq\": 5}\n"; }, "line 5");
    row("a line that nests too deep", [](std::vector<Part>& parts) { parts.front().content += std::string(100'000, '[') + "\n"; }, "line 5");
    row("an event is missing", events([](auto& all) { all.erase(all.begin() + 1); }), "line 2");
    row("it has no end", events([](auto& all) { all.pop_back(); }), "has ended");
    row("it has no beginning", events([](auto& all) { all.front().payload = Warned{"hello"}; }), "has ended");
    row("nothing happened", [](std::vector<Part>& parts) { parts.front().content.clear(); }, "has ended");
    row("an artifact elsewhere", events([](auto& all) { all[1].payload = ArtifactRecorded{"../../secret", "", 1}; }), "line 2");
    row("a log elsewhere", events([](auto& all) { all[1].payload = CheckFinished{{.id = "x", .log = "/etc/shadow"}}; }), "line 2");
}

void ImportBundleTest::whatIsWrongIsRefusedWhole()
{
    QFETCH(const std::function<void(std::vector<Part>&)>, spoil);
    QFETCH(const QByteArray, says);
    std::vector<Part> parts{{"journal.jsonl", lines(endedRun())}, {"workspace/main.py", "print(1)\n"}};
    spoil(parts);
    signBundle(at("run.zip"), parts, *m_key); // whoever sends it may sign what he likes
    const auto imported = import("run.zip");
    QVERIFY(!imported);
    QVERIFY2(QByteArray::fromStdString(imported.error().text()).contains(says), imported.error().text().c_str());
    QVERIFY(!fs::exists(at("escaped")) && !fs::exists(at("data/escaped")));
    verifyNothingIsLeft();
    signBundle(at("good.zip"), {{"journal.jsonl", lines(endedRun())}}, *m_key);
    QVERIFY(import("good.zip")); // and nothing is in the way of the next
}

void ImportBundleTest::aStopLeavesNothing()
{
    signBundle(at("run.zip"), {{"journal.jsonl", lines(endedRun())}}, *m_key);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(import("run.zip", stop.get_token()).error().code, ErrorCode::Stopped);
    verifyNothingIsLeft();
}

void ImportBundleTest::onlyOneAtATime()
{
    signBundle(at("run.zip"), {{"journal.jsonl", lines(endedRun())}}, *m_key);
    fs::create_directories(at("data/imported"));
    const int other = ::open(at("data/imported").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    QVERIFY(other >= 0 && ::flock(other, LOCK_EX | LOCK_NB) == 0);
    QCOMPARE(import("run.zip").error().code, ErrorCode::Unavailable);
    ::close(other);
    QVERIFY(import("run.zip"));
}

void ImportBundleTest::whatAKilledImportLeftIsRemoved()
{
    signBundle(at("run.zip"), {{"journal.jsonl", lines(endedRun())}}, *m_key);
    QVERIFY(writeFileAtomically(at("data/imported/.unfinished/half"), "x") && writeFileAtomically(at("data/imported") / kRun / "old", "x"));
    QVERIFY(import("run.zip"));
    QVERIFY(!fs::exists(at("data/imported/.unfinished")));
    QVERIFY(!fs::exists(at("data/imported") / kRun / "old"));
}

QTEST_GUILESS_MAIN(ImportBundleTest)
#include "tst_import_bundle.moc"
