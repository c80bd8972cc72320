#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/paths.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

unsigned modeOf(const fs::path& path)
{
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

} // namespace

class PathsTest : public QObject {
    Q_OBJECT

private slots:
    void foldersFollowTheEnvironment_data();
    void foldersFollowTheEnvironment();
    void withoutAHomeThePasswordDatabaseKnows();
    void foldersAreMadeForTheOwnerOnly();
    void anOpenFolderIsClosed();
    void somebodyElsesFolderIsRefused();
    void theRootFolderIsRefused_data();
    void theRootFolderIsRefused();
    void anOpenFolderBehindALinkStaysAsItIs();
    void sharedFoldersStayAsTheyAre();
    void whatIsNoFolderIsRefused();
    void theProcessEnvironmentIsComplete();

private:
    fs::path inFolder(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    QTemporaryDir m_folder;
};

void PathsTest::foldersFollowTheEnvironment_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* variable, const char* value, const char* member, const char* expected) {
        QTest::addRow("%s=%s", variable, value) << QByteArray(variable) << QByteArray(value) << QByteArray(member) << QByteArray(expected);
    };
    row("X", "", "config", "/home/me/.config/agent-pipeline");
    row("X", "", "data", "/home/me/.local/share/agent-pipeline");
    row("X", "", "state", "/home/me/.local/state/agent-pipeline");
    row("X", "", "cache", "/home/me/.cache/agent-pipeline");
    row("X", "", "runtime", "/home/me/.local/state/agent-pipeline/run");
    row("XDG_CONFIG_HOME", "/c", "config", "/c/agent-pipeline");
    row("XDG_DATA_HOME", "/d", "data", "/d/agent-pipeline");
    row("XDG_STATE_HOME", "/s", "state", "/s/agent-pipeline");
    row("XDG_STATE_HOME", "/s2", "runtime", "/s2/agent-pipeline/run");
    row("XDG_CACHE_HOME", "/k", "cache", "/k/agent-pipeline");
    row("XDG_RUNTIME_DIR", "/run/user/7", "runtime", "/run/user/7/agent-pipeline");
    row("XDG_CONFIG_HOME", "relative/is/ignored", "config", "/home/me/.config/agent-pipeline");
    row("XDG_CONFIG_HOME", "", "config", "/home/me/.config/agent-pipeline");
}

void PathsTest::foldersFollowTheEnvironment()
{
    QFETCH(const QByteArray, variable);
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, member);
    QFETCH(const QByteArray, expected);
    const auto folders = *appFolders({{"HOME", "/home/me"}, {variable.toStdString(), value.toStdString()}});
    const std::map<QByteArray, fs::path> members{{"config", folders.config}, {"data", folders.data}, {"state", folders.state},
                                                 {"cache", folders.cache}, {"runtime", folders.runtime}};
    QCOMPARE(members.at(member).string(), expected.toStdString());
}

void PathsTest::withoutAHomeThePasswordDatabaseKnows()
{
    const auto folders = appFolders({});
    QVERIFY(folders);
    QVERIFY(folders->config.is_absolute());
}

void PathsTest::foldersAreMadeForTheOwnerOnly()
{
    const auto before = ::umask(0);
    const auto home = inFolder("home").string();
    const auto folders = *appFolders({{"HOME", home}});
    const auto made = makePrivateFolders(folders);
    const auto again = makePrivateFolders(folders);
    ::umask(before);
    QVERIFY(made);
    QVERIFY(again);
    for (const auto& folder : {folders.config, folders.data, folders.state, folders.cache, folders.runtime})
        QCOMPARE(modeOf(folder), 0700U);
    QCOMPARE(modeOf(inFolder("home/.config")), 0700U); // as the specification asks for parents
}

void PathsTest::anOpenFolderIsClosed()
{
    const auto folder = inFolder("open");
    QCOMPARE(::mkdir(folder.c_str(), 0777), 0);
    QCOMPARE(::chmod(folder.c_str(), 0777), 0);
    QVERIFY(makePrivateFolder(folder));
    QCOMPARE(modeOf(folder), 0700U);
    QVERIFY(makePrivateFolder(folder / ""));
}

void PathsTest::somebodyElsesFolderIsRefused()
{
    if (::geteuid() != 0) { // an ordinary user: /usr belongs to root
        QCOMPARE(makePrivateFolder("/usr").error().code, ErrorCode::Unauthorized);
        return;
    }
    const auto folder = inFolder("theirs");
    QCOMPARE(::mkdir(folder.c_str(), 0777), 0);
    QCOMPARE(::chown(folder.c_str(), 12345, 12345), 0);
    QCOMPARE(makePrivateFolder(folder).error().code, ErrorCode::Unauthorized);
    const auto link = inFolder("link");
    fs::create_directory_symlink(m_folder.path().toStdString(), link);
    QCOMPARE(::lchown(link.c_str(), 12345, 12345), 0);
    const auto refused = makePrivateFolder(link);
    QCOMPARE(refused.error().code, ErrorCode::Unauthorized);
    QVERIFY(!refused.error().remedy.empty());
}

void PathsTest::theRootFolderIsRefused_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("by its name") << QByteArray("/");
    QTest::newRow("twice") << QByteArray("//");
    QTest::newRow("with a dot") << QByteArray("/.");
    QTest::newRow("upwards") << QByteArray("/usr/..");
    fs::create_directory_symlink("/", inFolder("root"));
    QTest::newRow("behind a link") << QByteArray::fromStdString(inFolder("root").string());
    QTest::newRow("behind a link, with a slash") << QByteArray::fromStdString(inFolder("root/").string());
    QTest::newRow("behind a link, with a dot") << QByteArray::fromStdString(inFolder("root/.").string());
}

void PathsTest::theRootFolderIsRefused()
{
    QFETCH(const QByteArray, path);
    const auto before = modeOf("/");
    const auto refused = makePrivateFolder(path.toStdString());
    QCOMPARE(modeOf("/"), before);
    QCOMPARE(refused.error().code, ErrorCode::Unauthorized);
    QVERIFY(refused.error().text().find("root of the file system") != std::string::npos);
    QVERIFY(!refused.error().remedy.empty());
}

void PathsTest::anOpenFolderBehindALinkStaysAsItIs()
{
    const auto folder = inFolder("target");
    const auto link = inFolder("to-target");
    QCOMPARE(::mkdir(folder.c_str(), 0755), 0);
    fs::create_directory_symlink(folder, link);
    for (const auto& name : {link, link / ""}) {
        QCOMPARE(makePrivateFolder(name).error().code, ErrorCode::Unauthorized);
        QCOMPARE(modeOf(folder), 0755U);
    }
    QVERIFY(makePrivateFolder(folder)); // by its own name, and from then on by the link too
    QVERIFY(makePrivateFolder(link));
    QCOMPARE(modeOf(folder), 0700U);
}

void PathsTest::sharedFoldersStayAsTheyAre()
{
    const auto shared = inFolder("shared");
    QCOMPARE(::mkdir(shared.c_str(), 0777), 0);
    QCOMPARE(::chmod(shared.c_str(), 01777), 0);
    QCOMPARE(makePrivateFolder(shared).error().code, ErrorCode::Unauthorized);
    QCOMPARE(modeOf(shared), 0777U);
    const auto before = modeOf("/usr");
    QCOMPARE(makePrivateFolder("/usr").error().code, ErrorCode::Unauthorized); // whoever we are
    QCOMPARE(modeOf("/usr"), before);
}

void PathsTest::whatIsNoFolderIsRefused()
{
    QVERIFY(writeFileAtomically(inFolder("file"), "text"));
    QVERIFY(makePrivateFolder(inFolder("file")).error().text().find("not a folder") != std::string::npos);
    QVERIFY(makePrivateFolder(inFolder("file/below")).error().text().find("file") != std::string::npos);
    QCOMPARE(makePrivateFolder("/proc/nowhere").error().code, ErrorCode::Io);
}

void PathsTest::theProcessEnvironmentIsComplete()
{
    qputenv("AAP_TEST_VALUE", "a=b");
    const auto environment = processEnvironment();
    QCOMPARE(environment.at("AAP_TEST_VALUE"), std::string("a=b"));
    QCOMPARE(environment.at("PATH"), qgetenv("PATH").toStdString());
}

QTEST_GUILESS_MAIN(PathsTest)
#include "tst_paths.moc"
