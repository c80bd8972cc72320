#include <filesystem>
#include <fstream>
#include <memory>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/store/export_git.h"
#include "core/store/snapshots.h"

using namespace aap;
namespace fs = std::filesystem;

/// A run's project as a repository that git itself reads.
class ExportGitTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void everyStageIsACommit();
    void whatItBeganWithComesFirst();
    void nothingIsOverwrittenOrLeft();

private:
    fs::path at(const std::string& below) const { return m_root / below; }
    void write(const std::string& path, const std::string& content) { QVERIFY(writeFileAtomically(at("ws/repo") / path, content)); }
    std::string take() { return *m_snapshots->take("a tool"); }
    void happens(std::optional<StageId> stage, Payload payload)
    {
        const auto seq = std::int64_t(m_events.size()) + 1;
        m_events.push_back({.seq = seq, .at = TimePoint(Milliseconds(1'764'000'000'000 + 60'000 * seq)), .stage = stage, .payload = std::move(payload)});
    }
    QString git(const QStringList& words) const
    {
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(at("exported").string()));
        process.start(QStringLiteral("git"), words);
        return process.waitForFinished() && process.exitCode() == 0 ? QString::fromUtf8(process.readAllStandardOutput()).trimmed() : QString::fromUtf8(process.readAllStandardError());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::unique_ptr<Snapshots> m_snapshots;
    std::vector<RunEvent> m_events;
};

void ExportGitTest::init()
{
    m_snapshots.reset();
    m_events.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
    fs::create_directories(at("ws/repo"));
    m_snapshots = *Snapshots::open(at("out/snapshots.git"), *Folder::open(at("ws")));
    happens({}, RunStarted{.title = "Todo"});
}

void ExportGitTest::everyStageIsACommit()
{
    happens(StageId::Architecture, StageStarted{.commit = take()});
    write("docs/design.md", "# Design\n");
    happens(StageId::Architecture, StageFinished{.status = StageStatus::Passed, .commit = take()});
    happens(StageId::Coding, StageStarted{.commit = take()});
    write("src/main.py", "print(1)\n");
    write("tool.sh", "#!/bin/sh\n");
    fs::permissions(at("ws/repo/tool.sh"), fs::perms(0755));
    fs::create_symlink("src/main.py", at("ws/repo/link"));
    happens(StageId::Coding, ToolFinished{.tool = "write_file", .snapshot = take()});
    happens(StageId::Coding, StageFinished{.status = StageStatus::Failed, .reason = "does not build"}); // without a snapshot of its own
    write("src/main.py", "print(2)\n");
    write(".git/config", "[core]\n\tfsmonitor = touch marker\n");
    write(".gitattributes", "*.py filter=evil\n");
    happens(StageId::Coding, StageFinished{.status = StageStatus::Passed, .commit = take()});

    const auto commits = exportGit(m_events, at("out/snapshots.git"), at("exported"));
    QVERIFY2(commits, commits ? "" : commits.error().text().c_str());
    QCOMPARE(*commits, 3U);
    QCOMPARE(git({QStringLiteral("log"), QStringLiteral("--reverse"), QStringLiteral("--format=%s|%at|%an")}),
             QStringLiteral("Architecture: Passed|1764000180|AI Agent Pipeline\nCoding: Failed|1764000360|AI Agent Pipeline\nCoding: Passed|1764000420|AI Agent Pipeline"));
    QCOMPARE(git({QStringLiteral("status"), QStringLiteral("--porcelain")}), QString());
    QCOMPARE(git({QStringLiteral("branch"), QStringLiteral("--show-current")}), QStringLiteral("main"));
    QCOMPARE(git({QStringLiteral("show"), QStringLiteral("HEAD~1:src/main.py")}), QStringLiteral("print(1)"));
    QCOMPARE(git({QStringLiteral("log"), QStringLiteral("-1"), QStringLiteral("--format=%b"), QStringLiteral("HEAD~1")}), QStringLiteral("does not build"));
    QCOMPARE(git({QStringLiteral("fsck"), QStringLiteral("--full"), QStringLiteral("--strict")}), QString());
    QCOMPARE(*readFile(at("exported/src/main.py")), std::string("print(2)\n"));
    QVERIFY(readFile(at("exported/.git/config"))->find("fsmonitor") == std::string::npos);
    QVERIFY(!fs::exists(at("exported/marker")));
}

void ExportGitTest::whatItBeganWithComesFirst()
{
    write("old.txt", "old\n");
    happens(StageId::Coding, StageStarted{.commit = take()});
    write("new.txt", "new\n");
    happens(StageId::Coding, StageFinished{.status = StageStatus::Passed, .commit = take()});
    QCOMPARE(*exportGit(m_events, at("out/snapshots.git"), at("exported")), 2U);
    QCOMPARE(git({QStringLiteral("log"), QStringLiteral("--reverse"), QStringLiteral("--format=%s")}), QStringLiteral("The project before the first stage\nCoding: Passed"));
    QCOMPARE(git({QStringLiteral("ls-tree"), QStringLiteral("--name-only"), QStringLiteral("HEAD~1")}), QStringLiteral("old.txt"));
}

void ExportGitTest::nothingIsOverwrittenOrLeft()
{
    const auto none = exportGit(m_events, at("out/snapshots.git"), at("exported"));
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::Invalid);
    write("a", "a");
    happens(StageId::Coding, StageFinished{.status = StageStatus::Passed, .commit = take()});
    const auto imported = exportGit(m_events, at("nowhere/snapshots.git"), at("exported"));
    QVERIFY(!imported);
    QCOMPARE(imported.error().code, ErrorCode::NotFound);
    QVERIFY(!fs::exists(at("exported")));
    fs::create_directory(at("exported"));
    QCOMPARE(exportGit(m_events, at("out/snapshots.git"), at("exported")).error().code, ErrorCode::Invalid);
    QVERIFY(fs::is_empty(at("exported")));
    fs::remove(at("exported"));
    m_events.insert(m_events.begin() + 1, {.seq = 2, .at = {}, .stage = StageId::Coding, .payload = StageFinished{.status = StageStatus::Passed, .commit = std::string(40, 'a')}});
    QCOMPARE(exportGit(m_events, at("out/snapshots.git"), at("exported")).error().code, ErrorCode::NotFound);
    QVERIFY(!fs::exists(at("exported")));
}

QTEST_GUILESS_MAIN(ExportGitTest)
#include "tst_export_git.moc"
