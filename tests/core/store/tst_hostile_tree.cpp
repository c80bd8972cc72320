#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/store/copy_tree.h"
#include "core/store/output_folder.h"
#include "core/store/snapshots.h"

using namespace aap;
namespace fs = std::filesystem;

/// What the host does with a tree that foreign code made: record, compare, put back, copy, export. Nothing of it is followed out, run,
/// waited for or lost without a word.
class HostileTreeTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void namesSurvive_data();
    void namesSurvive();
    void kindsAreLeftOut();
    void aSecretIsNeverCopied();
    void aSparseFileTakesNoTime();

private:
    fs::path at(const std::string& below) const { return m_root / below; }
    std::set<std::string> filesBelow(const fs::path& folder) const
    {
        std::set<std::string> names;
        const auto opened = Folder::open(folder);
        const auto walked = opened->walk("", [&](const Folder::Entry& entry) {
            if (entry.kind != Folder::Kind::Folder)
                names.insert(entry.path);
            return Folder::Walk::Into;
        });
        return walked ? names : std::set<std::string>{walked.error().text()};
    }
    Result<std::vector<std::string>> copied()
    {
        fs::create_directory(m_root / "copy");
        return copyTree(*Folder::open(at("ws/repo")), *Folder::open(at("copy")), "", {}, {});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::unique_ptr<Snapshots> m_snapshots;
};

void HostileTreeTest::init()
{
    m_snapshots.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
    fs::create_directories(at("ws/repo"));
    QVERIFY(writeFileAtomically(at("secret"), "CANARY"));
    m_snapshots = *Snapshots::open(at("snapshots.git"), *Folder::open(at("ws")));
}

/// Qt cannot remove names that are no UTF-8.
void HostileTreeTest::cleanup()
{
    m_snapshots.reset();
    fs::remove_all(m_root);
}

void HostileTreeTest::namesSurvive_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isKept");
    const auto row = [](const char* what, const QByteArray& name, bool isKept = true) { QTest::newRow(what) << name << isKept; };
    row("a line end", "a\nb.py");
    row("a mark that turns the text around", "gnp.\xe2\x80\xae" "cod.exe");
    row("HTML", "<img src=x onerror=alert(1)>.txt");
    row("as long as can be", QByteArray(255, 'n'));
    row("no UTF-8", "a\xff\xfe.txt");
    row("a space at the end", "name ");
    row("a dot at the end", "name.");
    row("a device elsewhere", "CON");
    row("an option", "-rf");
    row("a long option", "--upload-pack=touch x");
    row("a command", "$(touch x);`touch y`");
    row("quotes", "it's \"quoted\"");
    row("a backslash", "..\\..\\x");
    row("a terminal's escape", "\x1b[31mred\x1b]8;;http:x\x07");
    row("three dots", "...");
    row("a wildcard", "*");
    row("a drive", "C:");
    row("nearly a git folder", ".git.bak");
    row("git's settings", ".gitattributes");
    row("a git folder", ".git", false);
    row("a git folder elsewhere", ".GIT", false);
    row("a git folder by its short name", "git~1", false);
}

void HostileTreeTest::namesSurvive()
{
    QFETCH(const QByteArray, name);
    QFETCH(const bool, isKept);
    const auto file = at("ws/repo") / name.toStdString();
    const auto first = m_snapshots->take("before");
    std::ofstream(file, std::ios::binary) << "content\n"; // at once: beside such a name there is no room for another
    QVERIFY(writeFileAtomically(at("ws/repo/plain"), "plain\n"));
    const auto commit = m_snapshots->take("with " + name.toStdString());
    QVERIFY2(commit, commit ? "" : commit.error().text().c_str());
    QVERIFY(m_snapshots->diff(*first, *commit).has_value());
    QCOMPARE(m_snapshots->changes(*first, *commit)->size(), isKept ? 2U : 1U);
    QCOMPARE(m_snapshots->leftOut().empty(), isKept);

    const auto notes = copied();
    QVERIFY(notes);
    QCOMPARE(notes->empty(), isKept);
    QCOMPARE(filesBelow(at("copy")), isKept ? (std::set<std::string>{name.toStdString(), "plain"}) : std::set<std::string>{"plain"});
    const auto zipped = exportOutput(at("copy"), at("copy.zip"));
    QVERIFY2(zipped, zipped ? "" : zipped.error().text().c_str());
    QVERIFY(exportOutput(at("copy"), at("exported")));
    QCOMPARE(filesBelow(at("exported")), filesBelow(at("copy")));

    if (isKept) {
        QVERIFY(fs::remove(file));
        QVERIFY(m_snapshots->restore(*commit, {::geteuid(), ::getegid()}));
        QCOMPARE(readFile(file).value_or("<gone>"), std::string("content\n"));
    }
}

void HostileTreeTest::kindsAreLeftOut()
{
    const auto repo = at("ws/repo");
    QVERIFY(writeFileAtomically(repo / "plain", "plain\n"));
    QVERIFY(writeFileAtomically(repo / "setuid", "#!/bin/sh\n"));
    QCOMPARE(::chmod((repo / "setuid").c_str(), 06755), 0);
    QCOMPARE(::mkfifo((repo / "pipe").c_str(), 0666), 0);
    fs::create_symlink(at("secret"), repo / "out");
    fs::create_symlink("..", repo / "up");
    fs::create_symlink("loop", repo / "loop");
    fs::create_symlink("/proc/self/root", repo / "root");
    fs::create_hard_link(at("secret"), repo / "second-name");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (repo / "sock").string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    QCOMPARE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    QElapsedTimer timer;
    timer.start();
    const auto commit = m_snapshots->take("all kinds");
    QVERIFY2(commit, commit ? "" : commit.error().text().c_str());
    const auto notes = copied();
    QVERIFY2(notes, notes ? "" : notes.error().text().c_str());
    QVERIFY(exportOutput(at("copy"), at("copy.zip")));
    QVERIFY(timer.elapsed() < 5000);
    ::close(socket);
    for (const auto* name : {"pipe", "sock", "out", "up", "root", "second-name"})
        for (const auto& list : {m_snapshots->leftOut(), *notes})
            QVERIFY2(std::ranges::any_of(list, [&](const std::string& note) { return note.starts_with(name); }), name);
    QCOMPARE(filesBelow(at("copy")), (std::set<std::string>{"loop", "plain", "setuid"}));
    struct stat status {};
    QCOMPARE(::stat(at("copy/setuid").c_str(), &status), 0);
    QCOMPARE(status.st_mode & 07777U, 0755U);
}

void HostileTreeTest::aSecretIsNeverCopied()
{
    fs::create_directories(at("ws/repo/a/b"));
    fs::create_symlink("../../../../secret", at("ws/repo/a/b/link"));
    fs::create_directory_symlink(m_root, at("ws/repo/folder"));
    QVERIFY(m_snapshots->take("links").has_value());
    QVERIFY(copied());
    QVERIFY(exportOutput(at("ws/repo"), at("exported")));
    for (const auto* folder : {"copy", "exported"})
        for (const auto& name : filesBelow(at(folder)))
            QVERIFY2(readFile(at(folder) / name).value_or("").find("CANARY") == std::string::npos, name.c_str());
    QVERIFY(Folder::open(at("ws"))->remove("repo"));
    QCOMPARE(readFile(at("secret")).value_or(""), std::string("CANARY"));
}

void HostileTreeTest::aSparseFileTakesNoTime()
{
    QVERIFY(writeFileAtomically(at("ws/repo/hole"), "x"));
    QCOMPARE(::truncate(at("ws/repo/hole").c_str(), 1LL << 40), 0);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(m_snapshots->take("a hole").has_value());
    QCOMPARE(m_snapshots->leftOut().size(), 1U);
    QCOMPARE(int(Folder::open(at("ws"))->read("repo/hole").error().code), int(ErrorCode::Limit));
    QVERIFY(copied());
    QVERIFY(timer.elapsed() < 2000);
}

QTEST_GUILESS_MAIN(HostileTreeTest)
#include "tst_hostile_tree.moc"
