#include <filesystem>
#include <fstream>
#include <sstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/store/git.h"
#include "core/store/snapshot_files.h"
#include "core/store/snapshots.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

std::string textOf(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

/// A tree as no program of ours writes it: one entry, whatever its name.
git_oid rawTree(git_odb* objects, std::string_view mode, std::string_view name, const git_oid& content)
{
    std::string raw(mode);
    raw += ' ';
    raw += name;
    raw += '\0';
    raw.append(reinterpret_cast<const char*>(content.id), GIT_OID_RAWSZ);
    git_oid made;
    git_odb_write(&made, objects, raw.data(), raw.size(), GIT_OBJECT_TREE);
    return made;
}

} // namespace

/// Files out of the snapshots of a run, after the run.
class SnapshotFilesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void filesAreListedAndRestoredAsTheyWere();
    void nothingIsOverwritten();
    void whatIsNotThereIsSaid();
    void hostileTreesStayInTheFolder_data();
    void hostileTreesStayInTheFolder();
    void anEditIsASnapshotOfItsOwn();
    void noEditLeadsElsewhere_data();
    void noEditLeadsElsewhere();

private:
    fs::path at(const std::string& below) const { return m_root / below; }
    fs::path git() const { return at("snapshots.git"); }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::string m_commit;
};

void SnapshotFilesTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
    QVERIFY(writeFileAtomically(at("ws/repo/src/main.py"), "print(1)\n"));
    QVERIFY(writeFileAtomically(at("ws/repo/run.sh"), "#!/bin/sh\n", FileMode::Executable));
    fs::create_symlink("src/main.py", at("ws/repo/main"));
    const auto snapshots = Snapshots::open(git(), *Folder::open(at("ws")));
    m_commit = *(*snapshots)->take("first");
}

void SnapshotFilesTest::filesAreListedAndRestoredAsTheyWere()
{
    const auto files = filesOfSnapshot(git(), m_commit);
    QVERIFY2(files.has_value(), files ? "" : files.error().text().c_str());
    QCOMPARE(files->size(), 3U);
    QCOMPARE((*files)[0].path, std::string("main"));
    QVERIFY((*files)[0].isLink);
    QVERIFY((*files)[1].isExecutable);
    QCOMPARE((*files)[2].bytes, std::uint64_t(9));
    const auto restored = restoreSnapshot(git(), m_commit, at("old"));
    QVERIFY2(restored.has_value(), restored ? "" : restored.error().text().c_str());
    QCOMPARE(*restored, std::size_t(3));
    QCOMPARE(textOf(at("old/src/main.py")), std::string("print(1)\n"));
    QCOMPARE(textOf(at("old/main")), std::string("print(1)\n"));
    QVERIFY((fs::status(at("old/run.sh")).permissions() & fs::perms::owner_exec) != fs::perms::none);
    QVERIFY((fs::status(at("old/src/main.py")).permissions() & fs::perms::owner_exec) == fs::perms::none);
}

void SnapshotFilesTest::nothingIsOverwritten()
{
    fs::create_directory(at("mine"));
    QVERIFY(writeFileAtomically(at("file"), "mine"));
    for (const auto* target : {"mine", "file"}) {
        const auto restored = restoreSnapshot(git(), m_commit, at(target));
        QCOMPARE(restored.error().code, ErrorCode::Invalid);
        QVERIFY(restored.error().text().find("exists already") != std::string::npos);
    }
    QVERIFY(fs::is_empty(at("mine")));
    QCOMPARE(restoreSnapshot(git(), m_commit, at("no/where")).error().code, ErrorCode::Io);
}

void SnapshotFilesTest::whatIsNotThereIsSaid()
{
    QCOMPARE(filesOfSnapshot(git(), std::string(40, '0')).error().code, ErrorCode::NotFound);
    QCOMPARE(filesOfSnapshot(git(), "main").error().code, ErrorCode::NotFound);
    QCOMPARE(filesOfSnapshot(at("nothing"), m_commit).error().code, ErrorCode::NotFound);
    QCOMPARE(restoreSnapshot(git(), std::string(40, '0'), at("new")).error().code, ErrorCode::NotFound);
    QVERIFY(!fs::exists(at("new")));
}

void SnapshotFilesTest::hostileTreesStayInTheFolder_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a file above") << QByteArray("100644") << QByteArray("../stolen") << QByteArray("x");
    QTest::newRow("a file that is the folder above") << QByteArray("100644") << QByteArray("..") << QByteArray("x");
    QTest::newRow("an absolute path") << QByteArray("100644") << QByteArray("/tmp/aap-stolen") << QByteArray("x");
    QTest::newRow("a link to a file of the system") << QByteArray("120000") << QByteArray("link") << QByteArray("/etc/passwd");
    QTest::newRow("a link that climbs") << QByteArray("120000") << QByteArray("link") << QByteArray("../../x");
}

void SnapshotFilesTest::hostileTreesStayInTheFolder()
{
    QFETCH(const QByteArray, mode);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, content);
    startGit();
    const auto repository = gitMake(git_repository_open_bare, git().c_str());
    const auto objects = gitMake(git_repository_odb, repository.get());
    git_oid blob;
    QCOMPARE(git_blob_create_from_buffer(&blob, repository.get(), content.data(), std::size_t(content.size())), 0);
    const auto tree = rawTree(objects.get(), mode.toStdString(), name.toStdString(), blob);
    const auto raw = "tree " + hex(tree) + "\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\nx";
    git_oid commit;
    QCOMPARE(git_odb_write(&commit, objects.get(), raw.data(), raw.size(), GIT_OBJECT_COMMIT), 0);
    const auto restored = restoreSnapshot(git(), hex(commit), at("new"));
    QVERIFY(!restored);
    QVERIFY(!fs::exists(at("new")));
    QVERIFY(!fs::exists(at("stolen")));
    QVERIFY(!fs::exists("/tmp/aap-stolen"));
}

void SnapshotFilesTest::anEditIsASnapshotOfItsOwn()
{
    const auto edited = editSnapshot(git(), m_commit, {{"src/main.py", "print(2)\n"}, {"docs/new/why.md", "because\n"}, {"run.sh", "#!/bin/bash\n"}});
    QVERIFY2(edited.has_value(), edited ? "" : edited.error().text().c_str());
    QVERIFY(restoreSnapshot(git(), *edited, at("new")));
    QCOMPARE(textOf(at("new/src/main.py")), std::string("print(2)\n"));
    QCOMPARE(textOf(at("new/docs/new/why.md")), std::string("because\n"));
    QVERIFY((fs::status(at("new/run.sh")).permissions() & fs::perms::owner_exec) != fs::perms::none);
    QVERIFY(restoreSnapshot(git(), m_commit, at("old")));
    QCOMPARE(textOf(at("old/src/main.py")), std::string("print(1)\n"));
    const auto snapshots = Snapshots::open(git(), *Folder::open(at("ws")));
    QVERIFY((*snapshots)->restore(*edited, {0, 0}));
    QCOMPARE(textOf(at("ws/repo/src/main.py")), std::string("print(2)\n"));
}

void SnapshotFilesTest::noEditLeadsElsewhere_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const auto* path : {"", "/etc/passwd", "../x", "src/../../x", "src", "src/", "main", "run.sh/x", ".git/config", "a/.GIT/hooks/x", "./x"})
        QTest::newRow(*path == '\0' ? "nothing" : path) << QByteArray(path);
}

void SnapshotFilesTest::noEditLeadsElsewhere()
{
    QFETCH(const QByteArray, path);
    const auto edited = editSnapshot(git(), m_commit, {{path.toStdString(), "x"}});
    QVERIFY(!edited);
    QCOMPARE(edited.error().code, ErrorCode::Invalid);
    QVERIFY(!edited.error().remedy.empty());
}

QTEST_GUILESS_MAIN(SnapshotFilesTest)
#include "tst_snapshot_files.moc"
