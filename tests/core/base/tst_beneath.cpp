#include <atomic>
#include <thread>

#include <csignal>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/beneath.h"
#include "core/base/files.h"

using namespace aap;
namespace fs = std::filesystem;

class BeneathTest : public QObject {
    Q_OBJECT

private slots:
    void linkTargets_data();
    void linkTargets();
    void init();
    void pathsThatCouldLeaveAreRefused_data();
    void pathsThatCouldLeaveAreRefused();
    void linksThatLeaveAreNotFollowed_data();
    void linksThatLeaveAreNotFollowed();
    void aLinkThatStaysIsReadWhenAllowed();
    void specialFilesAreRefusedWithoutWaiting();
    void hardLinksAreRefused();
    void whatIsWrittenRoundTripsByteForByte();
    void writingReplacesALinkInsteadOfFollowingIt();
    void writingThroughALinkedFolderIsRefused();
    void swappingAFileForALinkNeverLeaksTheTarget();
    void onlyLinksThatStayAreWritten_data();
    void onlyLinksThatStayAreWritten();
    void removingDoesNotFollowLinks();
    void walkingListsEverythingOnceAndObeysItsLimits();
    void aLeaseDoesNotKeepUsWaiting();
    void whatIsNestedTooDeepIsRemoved();
    void manyFilesAreBoundedAndRemoved();
    void closedFoldersAreSteppedOverAndRemoved();

private:
    fs::path at(const char* name) const { return m_root / name; }
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    fs::path m_secret;
};

void BeneathTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = fs::path(m_folder->path().toStdString()) / "workspace";
    fs::create_directory(m_root);
    m_secret = fs::path(m_folder->path().toStdString()) / "secret";
    QVERIFY(writeFileAtomically(m_secret, "CANARY"));
}

void BeneathTest::pathsThatCouldLeaveAreRefused_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("up") << QByteArray("../secret");
    QTest::newRow("up in the middle") << QByteArray("a/../../secret");
    QTest::newRow("up and back") << QByteArray("a/../b");
    QTest::newRow("absolute") << QByteArray("/etc/passwd");
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("10 MB") << QByteArray(10 << 20, 'a');
    QTest::newRow("256 bytes") << QByteArray(256, 'a');
}

void BeneathTest::pathsThatCouldLeaveAreRefused()
{
    QFETCH(const QByteArray, path);
    const auto folder = Folder::open(m_root);
    QCOMPARE(folder->read(path.toStdString()).error().code, ErrorCode::Invalid);
    QCOMPARE(folder->write(path.toStdString(), "x").error().code, ErrorCode::Invalid);
    QCOMPARE(folder->remove(path.toStdString()).error().code, ErrorCode::Invalid);
    QVERIFY(folder->read(path.toStdString()).error().text().size() < 400);
}

void BeneathTest::linksThatLeaveAreNotFollowed_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("relative") << QByteArray("../secret");
    QTest::newRow("absolute") << QByteArray("/etc/passwd");
    QTest::newRow("magic") << QByteArray("/proc/self/root/etc/passwd");
    QTest::newRow("loop") << QByteArray("link");
    QTest::newRow("dangling") << QByteArray("nowhere");
}

void BeneathTest::linksThatLeaveAreNotFollowed()
{
    QFETCH(const QByteArray, target);
    fs::create_symlink(target.toStdString(), at("link"));
    const auto folder = Folder::open(m_root);
    QVERIFY(!folder->read("link"));
    QVERIFY(!folder->read("link", 100, Folder::Links::Refuse));
    QCOMPARE(folder->stat("link")->kind, Folder::Kind::Link);
    QCOMPARE(folder->stat("link")->target, target.toStdString());
}

void BeneathTest::aLinkThatStaysIsReadWhenAllowed()
{
    QVERIFY(writeFileAtomically(at("file"), "inside"));
    fs::create_symlink("file", at("link"));
    const auto folder = Folder::open(m_root);
    QCOMPARE(*folder->read("link"), std::string("inside"));
    QCOMPARE(folder->read("link", 100, Folder::Links::Refuse).error().code, ErrorCode::Invalid);
}

void BeneathTest::specialFilesAreRefusedWithoutWaiting()
{
    QCOMPARE(::mkfifo(at("fifo").c_str(), 0600), 0);
    const auto folder = Folder::open(m_root);
    QCOMPARE(folder->read("fifo").error().code, ErrorCode::Invalid);
    QCOMPARE(folder->stat("fifo")->kind, Folder::Kind::Other);
    QCOMPARE(folder->read(".").error().code, ErrorCode::Invalid);
}

void BeneathTest::hardLinksAreRefused()
{
    fs::create_hard_link(m_secret, at("second"));
    QCOMPARE(Folder::open(m_root)->read("second").error().code, ErrorCode::Invalid);
}

void BeneathTest::whatIsWrittenRoundTripsByteForByte()
{
    const auto folder = Folder::open(m_root);
    std::string content = "it's $HOME `x`\nEOF\n\xff\xfe";
    content += std::string(1 << 20, 'y') + std::string(1, '\0');
    QVERIFY(folder->write("deep/er/file name", content, {.mode = 0755}));
    QCOMPARE(*folder->read("deep/er/file name"), content);
    QCOMPARE(folder->stat("deep/er/file name")->mode, 0755U);
    QVERIFY(folder->write("deep/er/file name", "new"));
    QCOMPARE(*folder->read("./deep//er/file name"), std::string("new"));
    QCOMPARE(folder->list("deep/er")->size(), 1U); // no temporary file stays
    QCOMPARE(folder->read("deep/er/file name", 2).error().code, ErrorCode::Limit);
}

void BeneathTest::writingReplacesALinkInsteadOfFollowingIt()
{
    fs::create_symlink("../secret", at("link"));
    QVERIFY(Folder::open(m_root)->write("link", "mine"));
    QCOMPARE(*readFile(m_secret), std::string("CANARY"));
    QVERIFY(!fs::is_symlink(at("link")));
}

void BeneathTest::writingThroughALinkedFolderIsRefused()
{
    fs::create_directory_symlink(m_folder->path().toStdString(), at("out"));
    const auto folder = Folder::open(m_root);
    QVERIFY(!folder->write("out/planted", "x"));
    QVERIFY(!folder->list("out"));
    QVERIFY(!fs::exists(fs::path(m_folder->path().toStdString()) / "planted"));
}

void BeneathTest::swappingAFileForALinkNeverLeaksTheTarget()
{
    QVERIFY(writeFileAtomically(at("target"), "harmless"));
    fs::create_symlink("../secret", at("evil"));
    std::atomic_bool done = false;
    std::thread attacker([&] {
        while (!done) {
            ::renameat2(AT_FDCWD, at("target").c_str(), AT_FDCWD, at("evil").c_str(), RENAME_EXCHANGE);
            std::this_thread::yield();
        }
    });
    const auto folder = Folder::open(m_root);
    int read = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto content = folder->read("target");
        if (content && *content != "harmless")
            qFatal("the canary leaked");
        read += bool(content);
    }
    done = true;
    attacker.join();
    QVERIFY(read > 0);
}

void BeneathTest::onlyLinksThatStayAreWritten_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("stays");
    QTest::newRow("beside") << QByteArray("a/link") << QByteArray("b") << true;
    QTest::newRow("up to the folder itself") << QByteArray("a/link") << QByteArray("..") << true;
    QTest::newRow("up and down again") << QByteArray("a/b/link") << QByteArray("../../c/./d") << true;
    QTest::newRow("out") << QByteArray("a/link") << QByteArray("../..") << false;
    QTest::newRow("out and in again") << QByteArray("link") << QByteArray("../root/x") << false;
    QTest::newRow("out after going down") << QByteArray("link") << QByteArray("a/../../x") << false;
    QTest::newRow("doubled slashes hide nothing") << QByteArray("a//link") << QByteArray("../..//x") << false;
    QTest::newRow("absolute") << QByteArray("a/link") << QByteArray("/etc/passwd") << false;
    QTest::newRow("nothing") << QByteArray("link") << QByteArray() << false;
}

void BeneathTest::onlyLinksThatStayAreWritten()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, target);
    QFETCH(const bool, stays);
    const auto folder = Folder::open(m_root);
    const auto written = folder->writeLink(path.toStdString(), target.toStdString(), {});
    QCOMPARE(bool(written), stays);
    const auto there = folder->stat(path.toStdString());
    QCOMPARE(bool(there), stays);
    if (stays)
        QCOMPARE(there->target, target.toStdString());
    QVERIFY(!linkStaysBelow("link", std::string_view("a\0b", 3)));
}

void BeneathTest::removingDoesNotFollowLinks()
{
    fs::create_directories(at("a/b/c"));
    fs::create_directory_symlink(m_folder->path().toStdString(), at("a/b/out"));
    const auto folder = Folder::open(m_root);
    QVERIFY(folder->remove("a"));
    QVERIFY(folder->remove("a"));
    QVERIFY(!fs::exists(at("a")));
    QVERIFY(fs::exists(m_secret));
}

void BeneathTest::walkingListsEverythingOnceAndObeysItsLimits()
{
    const auto folder = Folder::open(m_root);
    for (const auto* path : {"b/2", "b/1", "a", "skip/x", "c"})
        QVERIFY(folder->write(path, "x"));
    std::vector<std::string> seen;
    QVERIFY(folder->walk(".", [&](const Folder::Entry& entry) {
        seen.push_back(entry.path);
        return entry.path == "skip" ? Folder::Walk::Skip : Folder::Walk::Into;
    }));
    QCOMPARE(seen, (std::vector<std::string>{"a", "b", "b/1", "b/2", "c", "skip"}));
    const auto all = [](const Folder::Entry&) { return Folder::Walk::Into; };
    QCOMPARE(folder->walk(".", all, 3).error().code, ErrorCode::Limit);
    std::string deep = "d";
    for (int i = 0; i < 80; ++i)
        deep += "/d";
    QVERIFY(folder->makeFolder(deep));
    QCOMPARE(folder->walk(".", all).error().code, ErrorCode::Limit);
    QVERIFY(folder->remove("d"));
}

/// Whoever owns a file may take a lease, and everybody else's open then says "again" for 45 seconds.
void BeneathTest::aLeaseDoesNotKeepUsWaiting()
{
    std::signal(SIGIO, SIG_IGN); // which asks the holder to give it back
    QVERIFY(writeFileAtomically(at("leased"), "mine"));
    const int holder = ::open(at("leased").c_str(), O_RDONLY | O_CLOEXEC);
    QCOMPARE(::fcntl(holder, F_SETLEASE, F_WRLCK), 0);
    const auto folder = Folder::open(m_root);
    QElapsedTimer timer;
    timer.start();
    const auto content = folder->read("leased");
    QVERIFY(!content);
    QVERIFY2(content.error().text().find("somebody holds it") != std::string::npos, content.error().text().c_str());
    QVERIFY(timer.elapsed() < 1000);
    ::close(holder);
    QCOMPARE(folder->read("leased").value_or(""), std::string("mine"));
}

void BeneathTest::whatIsNestedTooDeepIsRemoved()
{
    int at = ::open(m_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int depth = 0; depth < 1500; ++depth) {
        QCOMPARE(::mkdirat(at, "d", 0755), 0);
        const int below = ::openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ::close(at);
        at = below;
    }
    QCOMPARE(::symlinkat(m_secret.c_str(), at, "link"), 0);
    ::close(at);
    const auto folder = Folder::open(m_root);
    const auto walked = folder->walk("", [](const Folder::Entry&) { return Folder::Walk::Into; });
    QCOMPARE(int(walked.error().code), int(ErrorCode::Limit));
    const auto removed = folder->remove("d");
    QVERIFY2(removed, removed ? "" : removed.error().text().c_str());
    QVERIFY(fs::is_empty(m_root));
    QVERIFY(fs::exists(m_secret));
}

void BeneathTest::manyFilesAreBoundedAndRemoved()
{
    const QTemporaryDir memory(QStringLiteral("/dev/shm/tst_beneath-XXXXXX")); // a disk would take its time
    const fs::path root = memory.path().toStdString();
    fs::create_directory(root / "many");
    const int many = ::open((root / "many").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < 200'001; ++i)
        QCOMPARE(::mknodat(many, std::to_string(i).c_str(), S_IFREG | 0644, 0), 0);
    ::close(many);
    const auto folder = Folder::open(root);
    const auto listed = folder->list("many");
    QCOMPARE(int(listed.error().code), int(ErrorCode::Limit));
    QVERIFY(folder->remove("many"));
    QVERIFY(fs::is_empty(root));
}

/// As somebody for whom modes count, which they do not for root.
void BeneathTest::closedFoldersAreSteppedOverAndRemoved()
{
    fs::permissions(m_folder->path().toStdString(), fs::perms(0755));
    QVERIFY(writeFileAtomically(at("tree/closed/inner/file"), "x"));
    QVERIFY(writeFileAtomically(at("tree/locked/file"), "x"));
    QVERIFY(writeFileAtomically(at("tree/open"), "x"));
    fs::permissions(at("tree/closed"), fs::perms(0));
    fs::permissions(at("tree/locked"), fs::perms(0500));
    constexpr unsigned kSomebody = 1000;
    if (::geteuid() == 0)
        for (const auto* path : {".", "tree", "tree/closed", "tree/closed/inner", "tree/locked"})
            QCOMPARE(::lchown(at(path).c_str(), kSomebody, kSomebody), 0);
    const auto child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(kSomebody) != 0 || ::setuid(kSomebody) != 0))
            ::_exit(10);
        const auto folder = Folder::open(m_root);
        int files = 0;
        const auto walked = folder->walk("", [&](const Folder::Entry& entry) {
            files += entry.kind == Folder::Kind::File ? 1 : 0;
            return Folder::Walk::Into;
        });
        ::_exit(!walked ? 1 : files != 2 ? 2 : !folder->remove("tree") ? 3 : 0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(WEXITSTATUS(status), 0);
    QVERIFY(fs::is_empty(m_root));
}

void BeneathTest::linkTargets_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("stays");
    QTest::newRow("beside") << QByteArray("a") << QByteArray("b") << true;
    QTest::newRow("up and over") << QByteArray("a/b") << QByteArray("../c/d") << true;
    QTest::newRow("to the root itself") << QByteArray("a/b") << QByteArray("..") << true;
    QTest::newRow("one too far") << QByteArray("a/b") << QByteArray("../../c") << false;
    QTest::newRow("absolute") << QByteArray("a") << QByteArray("/a") << false;
    QTest::newRow("empty") << QByteArray("a") << QByteArray("") << false;
    QTest::newRow("up behind a name, which may be a link") << QByteArray("a/b/c") << QByteArray("d/../x") << false;
    QTest::newRow("dots are no names") << QByteArray("a/b") << QByteArray("./.././c") << true;
    QTest::newRow("three dots are a name") << QByteArray("a") << QByteArray("...") << true;
}

void BeneathTest::linkTargets()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, target);
    QTEST(linkStaysBelow(path.toStdString(), target.toStdString()), "stays");
}

QTEST_GUILESS_MAIN(BeneathTest)
#include "tst_beneath.moc"
