#include <algorithm>
#include <filesystem>
#include <fstream>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/pipeline/attachments.h"
#include "core/pipeline/workspace.h"
#include "core/store/snapshots.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";
constexpr std::pair<unsigned, unsigned> kAgents{1000, 1000};

/// Listens on 127.0.0.1 and never says a word.
class SilentServer {
public:
    SilentServer() : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        m_isListening = ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(m_fd, 4) == 0
            && ::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        m_port = ntohs(address.sin_port);
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;
    ~SilentServer() { ::close(m_fd); }
    bool isListening() const { return m_isListening; }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(m_port) + "/team/project.git"; }

private:
    int m_fd;
    int m_port = 0;
    bool m_isListening = false;
};

} // namespace

class WorkspaceTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void itStartsEmptyAndClosed();
    void aFolderIsCopiedWithoutWhatIsDangerous();
    void aFolderThatHoldsTheWorkspacesIsCopiedOnce();
    void aBareRepositoryIsCheckedOutByOurselves();
    void whatIsAttachedLiesInTheProject();
    void attachmentsAreRefused_data();
    void attachmentsAreRefused();
    void sourcesAreRefused_data();
    void sourcesAreRefused();
    void aSilentServerIsWaitedForOnlySoLong();
    void aStopIsObeyedWhileAServerIsSilent();
    void aWorkspaceIsMadeOnce();
    void removingLeavesTheOthers();

private:
    fs::path at(const std::string& below) const { return m_root / below; }
    void write(const std::string& below, const std::string& text) const
    {
        fs::create_directories(at(below).parent_path());
        std::ofstream(at(below)) << text;
    }
    WorkspaceRequest request(std::optional<std::string> repository = {})
    {
        m_leftOut.clear();
        WorkspaceRequest made{.folder = at("ws"), .runId = kRun, .repository = std::move(repository), .owner = kAgents};
        made.leftOut = [this](const std::string& note) { m_leftOut.push_back(note); };
        return made;
    }
    bool leftOut(const std::string& path) const
    {
        return std::ranges::any_of(m_leftOut, [&](const auto& note) { return note.starts_with(path); });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::vector<std::string> m_leftOut;
};

void WorkspaceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
}

void WorkspaceTest::itStartsEmptyAndClosed()
{
    const auto workspace = prepareWorkspace(request(), {});
    QVERIFY2(workspace, workspace ? "" : workspace.error().text().c_str());
    QVERIFY(workspace->list("repo")->empty());
    QVERIFY(workspace->list(".agent/out")->empty());
    struct stat status {};
    QCOMPARE(::stat((at("ws") / kRun).c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0700U);
    if (::geteuid() == 0) {
        QCOMPARE(status.st_uid, kAgents.first);
        QCOMPARE(workspace->stat("repo")->uid, kAgents.first);
    }
}

void WorkspaceTest::aFolderIsCopiedWithoutWhatIsDangerous()
{
    write("secret.txt", "not yours");
    write("src/app.py", "print(1)\n");
    write("src/sub/run.sh", "#!/bin/sh\n");
    write("src/.git/config", "[core]\n fsmonitor = evil\n");
    write("src/sub/.git/hooks/pre-commit", "evil");
    ::chmod(at("src/sub/run.sh").c_str(), 0755);
    fs::create_symlink("sub/run.sh", at("src/run"));
    fs::create_symlink(at("secret.txt"), at("src/absolute"));
    fs::create_symlink("../secret.txt", at("src/relative"));
    fs::create_symlink("../..", at("src/sub/folder"));
    fs::create_hard_link(at("secret.txt"), at("src/second name"));
    QCOMPARE(::mkfifo(at("src/fifo").c_str(), 0644), 0);
    const auto workspace = prepareWorkspace(request(at("src").string()), {});
    QVERIFY2(workspace, workspace ? "" : workspace.error().text().c_str());
    QCOMPARE(*workspace->read("repo/app.py"), std::string("print(1)\n"));
    QCOMPARE(workspace->stat("repo/sub/run.sh")->mode, 0755U);
    QCOMPARE(workspace->stat("repo/run")->target, std::string("sub/run.sh"));
    for (const std::string path : {".git", "sub/.git", "absolute", "relative", "sub/folder", "second name", "fifo"}) {
        QVERIFY2(!workspace->stat("repo/" + path), path.c_str());
        QVERIFY2(leftOut(path), path.c_str());
    }
    if (::geteuid() == 0)
        QCOMPARE(workspace->stat("repo/sub/run.sh")->uid, kAgents.first);
    QVERIFY(fs::exists(at("src/.git/config"))); // the source is only read
}

void WorkspaceTest::aFolderThatHoldsTheWorkspacesIsCopiedOnce()
{
    write("app.py", "x");
    const auto workspace = prepareWorkspace(request(m_root.string()), {});
    QVERIFY2(workspace, workspace ? "" : workspace.error().text().c_str());
    QVERIFY(workspace->stat("repo/app.py"));
    QVERIFY(!workspace->stat("repo/ws"));
}

void WorkspaceTest::aBareRepositoryIsCheckedOutByOurselves()
{
    write("made/repo/app.py", "print(1)\r\n");
    write("made/repo/.gitattributes", "* filter=evil text eol=lf\n");
    write("made/repo/bin/run", "#!/bin/sh\n");
    ::chmod(at("made/repo/bin/run").c_str(), 0755);
    fs::create_symlink("bin/run", at("made/repo/run"));
    const auto snapshots = *Snapshots::open(at("bare.git"), *Folder::open(at("made")));
    QVERIFY(snapshots->take("one"));
    std::ofstream(at("bare.git/config"), std::ios::app) << "[filter \"evil\"]\n smudge = touch " << at("executed").string() << "\n";
    write("bare.git/hooks/post-checkout", "#!/bin/sh\ntouch " + at("executed").string() + "\n");
    ::chmod(at("bare.git/hooks/post-checkout").c_str(), 0755);
    const auto workspace = prepareWorkspace(request(at("bare.git").string()), {});
    QVERIFY2(workspace, workspace ? "" : workspace.error().text().c_str());
    QCOMPARE(*workspace->read("repo/app.py"), std::string("print(1)\r\n"));
    QCOMPARE(workspace->stat("repo/bin/run")->mode, 0755U);
    QCOMPARE(workspace->stat("repo/run")->target, std::string("bin/run"));
    QVERIFY(!fs::exists(at("executed")));
    QVERIFY(!workspace->stat("repo/.git"));
    for (const auto& left : fs::directory_iterator(at("ws")))
        QCOMPARE(left.path().filename().string(), std::string(kRun));
}

void WorkspaceTest::whatIsAttachedLiesInTheProject()
{
    write("src/app.py", "print(1)\n");
    write("one/notes.md", "one");
    write("two/notes.md", "two\n");
    write("set/a.csv", "1,2");
    write("set/deep/b.bin", std::string("\0\1", 2));
    write("set/.git/config", "[core]\n");
    fs::create_symlink(at("one/notes.md"), at("linked.md"));
    auto wanted = request(at("src").string());
    wanted.attachments = {at("one/notes.md"), at("two/notes.md"), at("set/"), at("linked.md")};
    QCOMPARE(attachmentPaths(wanted.attachments), (std::vector<std::string>{"attachments/notes.md", "attachments/notes-2.md", "attachments/set", "attachments/linked.md"}));
    const auto workspace = prepareWorkspace(wanted, {});
    QVERIFY2(workspace, workspace ? "" : workspace.error().text().c_str());
    QCOMPARE(*workspace->read("repo/app.py"), std::string("print(1)\n"));
    QCOMPARE(*workspace->read("repo/attachments/notes.md"), std::string("one"));
    QCOMPARE(*workspace->read("repo/attachments/notes-2.md"), std::string("two\n"));
    QCOMPARE(*workspace->read("repo/attachments/set/a.csv"), std::string("1,2"));
    QCOMPARE(*workspace->read("repo/attachments/linked.md"), std::string("one")); // what the user means, not a link out of the project
    QVERIFY(!workspace->stat("repo/attachments/set/.git"));
    QVERIFY(leftOut("attachments/set/.git"));
    if (::geteuid() == 0)
        QCOMPARE(workspace->stat("repo/attachments/notes.md")->uid, kAgents.first);
    const auto size = sizeOfAttachment(at("set"));
    QVERIFY(size);
    QCOMPARE(size->files, 2U);
    QCOMPARE(size->bytes, 5U);
    QCOMPARE(size->textBytes, 3U);
}

void WorkspaceTest::attachmentsAreRefused_data()
{
    QTest::addColumn<QString>("attachment");
    QTest::addColumn<QString>("says");
    QTest::newRow("not there") << QStringLiteral("nowhere.txt") << QStringLiteral("is not there");
    QTest::newRow("too large") << QStringLiteral("large.bin") << QStringLiteral("is larger than 5 MiB");
    QTest::newRow("a pipe") << QStringLiteral("pipe") << QStringLiteral("neither a file nor a folder");
    QTest::newRow("something is there") << QStringLiteral("taken.txt") << QStringLiteral("the project has something there");
}

void WorkspaceTest::attachmentsAreRefused()
{
    QFETCH(const QString, attachment);
    QFETCH(const QString, says);
    write("src/attachments/taken.txt", "the project's own");
    write("taken.txt", "mine");
    write("large.bin", "");
    fs::resize_file(at("large.bin"), kMostAttachmentBytes + 1);
    QCOMPARE(::mkfifo(at("pipe").c_str(), 0644), 0);
    auto wanted = request(at("src").string());
    wanted.attachments = {at(attachment.toStdString())};
    const auto refused = prepareWorkspace(wanted, {});
    QVERIFY(!refused);
    QVERIFY2(QString::fromStdString(refused.error().text()).contains(says), refused.error().text().c_str());
    QVERIFY(!refused.error().remedy.empty());
    QVERIFY(!fs::exists(at("ws") / kRun)); // nothing is left behind
}

void WorkspaceTest::sourcesAreRefused_data()
{
    QTest::addColumn<QString>("repository");
    QTest::newRow("http") << QStringLiteral("http://example.org/x.git");
    QTest::newRow("ssh") << QStringLiteral("ssh://git@example.org/x.git");
    QTest::newRow("file") << QStringLiteral("file:///etc");
    QTest::newRow("git") << QStringLiteral("git://example.org/x");
    QTest::newRow("a command") << QStringLiteral("ext::sh -c touch% /tmp/x");
    QTest::newRow("scp") << QStringLiteral("git@example.org:x.git");
    QTest::newRow("a password") << QStringLiteral("https://me:hunter2@example.org/x.git");
    QTest::newRow("a token as name") << QStringLiteral("https://ghp_token@example.org/x.git");
    QTest::newRow("no host") << QStringLiteral("https:///x.git");
    QTest::newRow("not a URL") << QStringLiteral("https://exa mple/x");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no such folder") << QStringLiteral("/no/such/folder");
    QTest::newRow("a file") << QStringLiteral("/etc/passwd");
    QTest::newRow("an option") << QStringLiteral("--upload-pack=evil");
    QTest::newRow("a workspace") << QStringLiteral("ws/other");
}

void WorkspaceTest::sourcesAreRefused()
{
    QFETCH(const QString, repository);
    fs::create_directories(at("ws/other"));
    const auto text = repository == QLatin1String("ws/other") ? at("ws/other").string() : repository.toStdString();
    const auto refused = prepareWorkspace(request(text), {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Invalid);
    QVERIFY(!refused.error().remedy.empty());
    QVERIFY(refused.error().text().find("hunter2") == std::string::npos);
    QVERIFY(!fs::exists(at("ws") / kRun));
}

void WorkspaceTest::aSilentServerIsWaitedForOnlySoLong()
{
    const SilentServer server;
    QVERIFY(server.isListening());
    auto asked = request(server.url());
    asked.patience = std::chrono::milliseconds(200);
    const auto failed = prepareWorkspace(asked, {});
    QVERIFY(!failed);
    QVERIFY2(failed.error().code == ErrorCode::Timeout, failed.error().text().c_str());
    QVERIFY(fs::is_empty(at("ws"))); // nothing is left behind
}

void WorkspaceTest::aStopIsObeyedWhileAServerIsSilent()
{
    const SilentServer server;
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(prepareWorkspace(request(server.url()), stop.get_token()).error().code, ErrorCode::Stopped);
    write("src/a", "x");
    QCOMPARE(prepareWorkspace(request(at("src").string()), stop.get_token()).error().code, ErrorCode::Stopped);
    QVERIFY(fs::is_empty(at("ws")));
}

void WorkspaceTest::aWorkspaceIsMadeOnce()
{
    QVERIFY(prepareWorkspace(request(), {}));
    write("ws/" + std::string(kRun) + "/repo/kept.txt", "kept");
    QCOMPARE(prepareWorkspace(request(), {}).error().code, ErrorCode::Invalid);
    QVERIFY(fs::exists(at("ws") / kRun / "repo/kept.txt"));
    auto escaping = request();
    escaping.runId = "../elsewhere";
    QCOMPARE(prepareWorkspace(escaping, {}).error().code, ErrorCode::Invalid);
}

void WorkspaceTest::removingLeavesTheOthers()
{
    QVERIFY(prepareWorkspace(request(), {}));
    write("ws/20261124-120000-other1/repo/a", "x");
    fs::create_symlink(at("ws/20261124-120000-other1"), at("ws") / kRun / "repo/link");
    QVERIFY(removeWorkspace(at("ws"), kRun));
    QVERIFY(!fs::exists(at("ws") / kRun));
    QVERIFY(fs::exists(at("ws/20261124-120000-other1/repo/a")));
    QVERIFY(removeWorkspace(at("ws"), kRun));
    QVERIFY(removeWorkspace(at("nowhere"), kRun));
    QCOMPARE(removeWorkspace(at("ws"), "..").error().code, ErrorCode::Invalid);
}

QTEST_GUILESS_MAIN(WorkspaceTest)
#include "tst_workspace.moc"
