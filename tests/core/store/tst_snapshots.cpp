#include <algorithm>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/store/snapshots.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

using Kind = FileChange::Kind;

/// A workspace with repo/, and snapshots of it beside.
class Project {
public:
    Project()
    {
        fs::create_directories(path("repo"));
        workspace = *Folder::open(path(""));
        snapshots = *Snapshots::open(gitFolder(), *workspace);
    }

    fs::path path(const std::string& below) const { return fs::path(m_folder.path().toStdString()) / "ws" / below; }
    fs::path repo(const std::string& below) const { return path("repo") / below; }
    fs::path gitFolder() const { return fs::path(m_folder.path().toStdString()) / "snapshots.git"; }
    fs::path marker() const { return fs::path(m_folder.path().toStdString()) / "executed"; }
    void write(const std::string& below, const std::string& text) const
    {
        fs::create_directories(repo(below).parent_path());
        std::ofstream(repo(below), std::ios::trunc) << text;
    }
    std::string read(const std::string& below) const { return readFile(repo(below)).value_or("<not there>"); }
    std::string take(const std::string& message = "m") const { return snapshots->take(message).value_or("<failed>"); }
    bool leftOut(const std::string& path) const
    {
        const auto notes = snapshots->leftOut();
        return std::ranges::any_of(notes, [&](const auto& note) { return note.starts_with(path + ":"); });
    }

    std::optional<Folder> workspace;
    std::unique_ptr<Snapshots> snapshots;

private:
    QTemporaryDir m_folder;
};

constexpr std::pair<unsigned, unsigned> kAgents{1000, 1000};

void plantHostileGit(const Project& project)
{
    const auto script = "#!/bin/sh\ntouch " + project.marker().string() + "\n";
    for (const auto* hook : {"pre-commit", "post-commit", "post-checkout", "post-index-change", "reference-transaction", "fsmonitor"}) {
        project.write(std::string(".git/hooks/") + hook, script);
        ::chmod(project.repo(std::string(".git/hooks/") + hook).c_str(), 0755);
    }
    const auto run = project.repo(".git/hooks/fsmonitor").string();
    project.write(".git/HEAD", "ref: refs/heads/main\n");
    project.write(".git/config", "[core]\n fsmonitor = " + run + "\n hooksPath = " + project.repo(".git/hooks").string() + "\n[filter \"evil\"]\n clean = "
                      + run + "\n smudge = " + run + "\n required = true\n[diff \"evil\"]\n command = " + run + "\n textconv = " + run + "\n");
    fs::create_directories(project.repo(".git/objects"));
    fs::create_directories(project.repo(".git/refs"));
    project.write(".gitattributes", "* filter=evil diff=evil\n");
    project.write(".gitmodules", "[submodule \"x\"]\n path = sub\n url = ext::" + run + "\n");
}

} // namespace

class SnapshotsTest : public QObject {
    Q_OBJECT

private slots:
    void anUnchangedProjectKeepsItsCommit();
    void everyChangeIsSeen();
    void aChangeThatKeepsSizeAndTimeIsSeen();
    void whatAnAgentPutIntoGitIsNeverRun();
    void restoringPutsFilesModesAndLinksBack();
    void restoringReplacesFoldersByFilesAndBack();
    void restoringLeavesAloneWhatIsNotRecorded();
    void restoringNeverWritesThroughLinks();
    void whatIsLeftOutIsSaid_data();
    void whatIsLeftOutIsSaid();
    void aLargeProjectIsSeenAsASmallOne();
    void theDiffIsUnifiedAndBounded();
    void namesAreGivenAndMoved();
    void anotherProgramGoesOnWithTheSameHistory();
    void theHistoryIsNobodyElses();
    void aHistoryInTheWorkspaceIsRefused();
    void unknownCommitsAreRefused();
};

void SnapshotsTest::anUnchangedProjectKeepsItsCommit()
{
    const Project project;
    project.write("a.txt", "one");
    const auto first = project.take();
    QCOMPARE(first.size(), 40U);
    QCOMPARE(project.take(), first);
    project.write("a.txt", "two");
    QVERIFY(project.take() != first);
}

void SnapshotsTest::everyChangeIsSeen()
{
    const Project project;
    project.write("stays.txt", "s");
    project.write("src/changes.txt", "1");
    project.write("src/old name.txt", "same content");
    const auto before = project.take();
    project.write("src/changes.txt", "2");
    fs::rename(project.repo("src/old name.txt"), project.repo("src/new name.txt"));
    ::chmod(project.repo("stays.txt").c_str(), 0755);
    const auto changes = project.snapshots->changes(before, project.take());
    QVERIFY2(changes, changes ? "" : changes.error().text().c_str());
    QCOMPARE(changes->size(), 4U);
    const auto has = [&](Kind kind, const std::string& path) {
        return std::ranges::any_of(*changes, [&](const auto& change) { return change.kind == kind && change.path == path; });
    };
    QVERIFY(has(Kind::Modified, "src/changes.txt"));
    QVERIFY(has(Kind::Deleted, "src/old name.txt"));
    QVERIFY(has(Kind::Added, "src/new name.txt"));
    QVERIFY(has(Kind::Modified, "stays.txt"));
}

void SnapshotsTest::aChangeThatKeepsSizeAndTimeIsSeen()
{
    const Project project;
    project.write("a.txt", "aaaa");
    const auto time = fs::last_write_time(project.repo("a.txt"));
    const auto before = project.take();
    project.take();
    project.write("a.txt", "bbbb");
    fs::last_write_time(project.repo("a.txt"), time);
    QCOMPARE(project.snapshots->changes(before, project.take())->size(), 1U);
}

void SnapshotsTest::whatAnAgentPutIntoGitIsNeverRun()
{
    const Project project;
    plantHostileGit(project);
    project.write("code.py", "print(1)\n");
    const auto before = project.take();
    project.write("code.py", "print(2)\n");
    const auto after = project.take();
    QVERIFY(project.snapshots->diff(before, after));
    QVERIFY(project.snapshots->restore(before, kAgents));
    QVERIFY(project.snapshots->tag(after, "coding-1"));
    QVERIFY(Snapshots::open(project.gitFolder(), *project.workspace));
    QCOMPARE(project.read("code.py"), std::string("print(1)\n")); // no filter had a hand in it
    QVERIFY(!fs::exists(project.marker()));
    QVERIFY(project.leftOut(".git"));
    QCOMPARE(project.snapshots->changes(before, after)->size(), 1U);
}

void SnapshotsTest::restoringPutsFilesModesAndLinksBack()
{
    const Project project;
    project.write("src/tool.sh", "#!/bin/sh\n");
    project.write("src/gone.txt", "back");
    ::chmod(project.repo("src/tool.sh").c_str(), 0755);
    fs::create_symlink("src/tool.sh", project.repo("tool"));
    const auto good = project.take();
    ::chmod(project.repo("src/tool.sh").c_str(), 0644);
    fs::remove(project.repo("src/gone.txt"));
    fs::remove(project.repo("tool"));
    project.write("new/deep/file.txt", "unwanted");
    project.take();
    const auto restored = project.snapshots->restore(good, kAgents);
    QVERIFY2(restored, restored ? "" : restored.error().text().c_str());
    QCOMPARE(project.read("src/gone.txt"), std::string("back"));
    QCOMPARE(fs::read_symlink(project.repo("tool")).string(), std::string("src/tool.sh"));
    QVERIFY(!fs::exists(project.repo("new")));
    struct stat status {};
    QCOMPARE(::stat(project.repo("src/tool.sh").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0755U);
    const auto after = project.take();
    QVERIFY(project.snapshots->changes(good, after)->empty());
    if (::geteuid() == 0)
        QVERIFY(::stat(project.repo("src/gone.txt").c_str(), &status) == 0 && status.st_uid == kAgents.first);
}

void SnapshotsTest::restoringReplacesFoldersByFilesAndBack()
{
    const Project project;
    project.write("a", "file");
    project.write("b/inside.txt", "in");
    const auto good = project.take();
    fs::remove(project.repo("a"));
    project.write("a/now/folder.txt", "x");
    fs::remove_all(project.repo("b"));
    project.write("b", "now a file");
    const auto other = project.take();
    QVERIFY(project.snapshots->restore(good, kAgents));
    QCOMPARE(project.read("a"), std::string("file"));
    QCOMPARE(project.read("b/inside.txt"), std::string("in"));
    QVERIFY(project.snapshots->restore(other, kAgents));
    QCOMPARE(project.read("a/now/folder.txt"), std::string("x"));
    QCOMPARE(project.read("b"), std::string("now a file"));
}

void SnapshotsTest::restoringLeavesAloneWhatIsNotRecorded()
{
    const Project project;
    project.write("a.txt", "1");
    const auto good = project.take();
    project.write("node_modules/left-pad/index.js", "x");
    project.write(".git/config", "[core]\n");
    project.write("a.txt", "2");
    QVERIFY(project.snapshots->restore(good, kAgents));
    QCOMPARE(project.read("a.txt"), std::string("1"));
    QCOMPARE(project.read("node_modules/left-pad/index.js"), std::string("x"));
    QCOMPARE(project.read(".git/config"), std::string("[core]\n"));
}

void SnapshotsTest::restoringNeverWritesThroughLinks()
{
    const Project project;
    project.write("src/a.txt", "mine");
    const auto good = project.take();
    fs::create_directories(project.path("outside"));
    std::ofstream(project.path("outside/a.txt")) << "somebody else's";
    fs::remove_all(project.repo("src"));
    fs::create_symlink(project.path("outside"), project.repo("src"));
    const auto restored = project.snapshots->restore(good, kAgents);
    QVERIFY2(restored, restored ? "" : restored.error().text().c_str());
    QCOMPARE(*readFile(project.path("outside/a.txt")), std::string("somebody else's"));
    QVERIFY(fs::is_directory(fs::symlink_status(project.repo("src"))));
    QCOMPARE(project.read("src/a.txt"), std::string("mine"));
}

void SnapshotsTest::whatIsLeftOutIsSaid_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("path");
    QTest::newRow("a link out") << QStringLiteral("link") << QStringLiteral("passwd");
    QTest::newRow("a pipe") << QStringLiteral("pipe") << QStringLiteral("fifo");
    QTest::newRow("a big file") << QStringLiteral("big") << QStringLiteral("data/big.bin");
    QTest::newRow("a second name of a file") << QStringLiteral("hard link") << QStringLiteral("second");
    QTest::newRow("packages of a tool") << QStringLiteral("file in") << QStringLiteral("web/node_modules");
    QTest::newRow("a git folder of another spelling") << QStringLiteral("file in") << QStringLiteral("sub/.GIT");
    QTest::newRow("a build tree") << QStringLiteral("cmake") << QStringLiteral("out");
}

void SnapshotsTest::whatIsLeftOutIsSaid()
{
    QFETCH(const QString, kind);
    QFETCH(const QString, path);
    const Project project;
    const auto name = path.toStdString();
    project.write("kept.txt", "k");
    const auto before = project.take();
    fs::create_directories(project.repo(name).parent_path());
    if (kind == QLatin1String("link"))
        fs::create_symlink("/etc/passwd", project.repo(name));
    else if (kind == QLatin1String("pipe"))
        QCOMPARE(::mkfifo(project.repo(name).c_str(), 0644), 0);
    else if (kind == QLatin1String("big"))
        project.write(name, std::string((20U << 20U) + 1, 'x'));
    else if (kind == QLatin1String("hard link"))
        fs::create_hard_link(project.gitFolder() / "HEAD", project.repo(name));
    else
        project.write(name + (kind == QLatin1String("cmake") ? "/CMakeCache.txt" : "/x"), "x");
    QCOMPARE(project.take(), before); // nothing that is recorded has changed
    const auto notes = project.snapshots->leftOut();
    QVERIFY(std::ranges::any_of(notes, [&](const auto& note) { return note.starts_with(name); }));
}

/// Two threads look at it from the second time on.
void SnapshotsTest::aLargeProjectIsSeenAsASmallOne()
{
    const Project project;
    for (int folder = 0; folder < 2100; ++folder) // what makes it large costs no disk: git knows no empty folders
        fs::create_directories(project.repo("empty" + std::to_string(folder % 7) + "/" + std::to_string(folder)));
    for (int file = 0; file < 60; ++file)
        project.write("folder" + std::to_string(file % 10) + "/deep/file" + std::to_string(file), std::to_string(file));
    project.write("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
    project.write("node_modules/x/y", "z");
    const auto first = project.take();
    QCOMPARE(project.take(), first);
    project.write("folder7/deep/file7", "other");
    project.write("new/folder/file", "new");
    fs::remove_all(project.repo("folder3"));
    fs::remove(project.repo("folder8/deep/file8"));
    const auto second = project.take();
    QVERIFY(project.leftOut("cache") && project.leftOut("node_modules"));
    auto changes = *project.snapshots->changes(first, second);
    QCOMPARE(std::ranges::count(changes, Kind::Modified, &FileChange::kind), std::ptrdiff_t(1));
    QCOMPARE(std::ranges::count(changes, Kind::Added, &FileChange::kind), std::ptrdiff_t(1));
    QCOMPARE(std::ranges::count(changes, Kind::Deleted, &FileChange::kind), std::ptrdiff_t(7));
    QCOMPARE(project.take(), second);
}

void SnapshotsTest::theDiffIsUnifiedAndBounded()
{
    const Project project;
    project.write("a.txt", "one\ntwo\n");
    const auto before = project.take();
    project.write("a.txt", "one\n2\n");
    project.write("blob.bin", std::string("\0\1\2", 3));
    auto after = project.take();
    const auto diff = project.snapshots->diff(before, after);
    QVERIFY2(diff->find("--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n") != std::string::npos, diff->c_str());
    QVERIFY2(diff->find("Binary files") != std::string::npos, diff->c_str());
    project.write("long.txt", std::string(5000, 'x') + "\n" + std::string(5000, 'y') + "\n");
    const auto cut = project.snapshots->diff(after, project.take(), 6000);
    QVERIFY(cut->size() <= 6000U);
    QVERIFY(cut->ends_with("left out]\n"));
    QVERIFY(project.snapshots->diff(before, after, 0)->empty());
}

void SnapshotsTest::namesAreGivenAndMoved()
{
    const Project project;
    project.write("a", "1");
    const auto first = project.take();
    project.write("a", "2");
    const auto second = project.take();
    QVERIFY(project.snapshots->tag(first, "coding-1"));
    QVERIFY(project.snapshots->tag(second, "coding-1"));
    QCOMPARE(readFile(project.gitFolder() / "refs/tags/coding-1")->substr(0, 40), second);
    for (const auto* name : {"", "../x", "a b", "x.lock"})
        QCOMPARE(project.snapshots->tag(first, name).error().code, ErrorCode::Invalid);
}

void SnapshotsTest::anotherProgramGoesOnWithTheSameHistory()
{
    const Project project;
    project.write("a", "1");
    const auto first = project.take();
    const auto again = *Snapshots::open(project.gitFolder(), *project.workspace);
    QCOMPARE(*again->take("m"), first);
    project.write("a", "2");
    QCOMPARE(again->changes(first, *again->take("m"))->size(), 1U);
}

void SnapshotsTest::theHistoryIsNobodyElses()
{
    const Project project;
    struct stat status {};
    QCOMPARE(::stat(project.gitFolder().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0700U);
}

void SnapshotsTest::aHistoryInTheWorkspaceIsRefused()
{
    const Project project;
    QCOMPARE(Snapshots::open(project.path("repo/.snapshots"), *project.workspace).error().code, ErrorCode::Invalid);
    QVERIFY(!fs::exists(project.repo(".snapshots")));
}

void SnapshotsTest::unknownCommitsAreRefused()
{
    const Project project;
    const auto known = project.take(); // of an empty project
    QCOMPARE(known.size(), 40U);
    for (const auto& id : {std::string("main"), std::string(40, '0'), std::string(40, 'g'), std::string()}) {
        QCOMPARE(project.snapshots->restore(id, kAgents).error().code, ErrorCode::NotFound);
        QCOMPARE(project.snapshots->changes(known, id).error().code, ErrorCode::NotFound);
        QCOMPARE(project.snapshots->tag(id, "x").error().code, ErrorCode::NotFound);
    }
}

QTEST_GUILESS_MAIN(SnapshotsTest)
#include "tst_snapshots.moc"
