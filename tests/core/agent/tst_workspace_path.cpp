#include <QTest>

#include "core/agent/tools/workspace_path.h"

using namespace aap;

class WorkspacePathTest : public QObject {
    Q_OBJECT

private slots:
    void accepted_data();
    void accepted();
    void refused_data();
    void refused();
    void prefixesAreWholeNames();
};

void WorkspacePathTest::accepted_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QByteArray>("beneath");
    const auto row = [](const char* text, const char* shown, const char* beneath) { QTest::newRow(text) << QByteArray(text) << QByteArray(shown) << QByteArray(beneath); };
    row("src/a.py", "src/a.py", "repo/src/a.py");
    row("./src//a.py/", "src/a.py", "repo/src/a.py");
    row("", ".", "repo");
    row(".", ".", "repo");
    row("/workspace/repo", ".", "repo");
    row("/workspace/repo/src/a.py", "src/a.py", "repo/src/a.py");
    row("/workspace/.agent/out/x.txt", "/workspace/.agent/out/x.txt", ".agent/out/x.txt");
    row("/workspace/repository/x", "/workspace/repository/x", "repository/x");
    row("a b/ü.txt", "a b/ü.txt", "repo/a b/ü.txt");
    row("-rf", "-rf", "repo/-rf");
    row("%2e%2e/x", "%2e%2e/x", "repo/%2e%2e/x");
    row("...", "...", "repo/...");
    row("a..b/c", "a..b/c", "repo/a..b/c");
    row("$(id)'\"`", "$(id)'\"`", "repo/$(id)'\"`");
}

void WorkspacePathTest::accepted()
{
    QFETCH(const QByteArray, text);
    const auto path = WorkspacePath::parse(text.toStdString());
    QVERIFY2(path, path ? "" : path.error().detail.c_str());
    QTEST(QByteArray::fromStdString(path->shown()), "shown");
    QTEST(QByteArray::fromStdString(path->beneath()), "beneath");
}

void WorkspacePathTest::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* title, const QByteArray& text, const char* why) { QTest::newRow(title) << text << QByteArray(why); };
    row("upwards", "../x", "leads upwards");
    row("upwards and back", "a/../../b", "leads upwards");
    row("upwards within", "a/../b", "leads upwards");
    row("absolute", "/etc/passwd", "lies outside the workspace");
    row("a longer name than the workspace's", "/workspaces/x", "lies outside the workspace");
    row("out of the absolute workspace", "/workspace/repo/../../etc/passwd", "leads upwards");
    row("home", "~/.ssh/id_rsa", "starts with `~`");
    row("NUL", QByteArray("a\0b", 3), "control characters");
    row("newline", "a\nb", "control characters");
    row("escape", "a\x1b[2Jb", "control characters");
    row("bad UTF-8", "a\xff", "not UTF-8");
    row("backslash", "a\\b", "holds a backslash");
    row("ten megabytes", QByteArray(10 << 20, 'a'), "is too long");
    row("a long name", QByteArray(256, 'a'), "at most 255 bytes");
}

void WorkspacePathTest::refused()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, why);
    const auto path = WorkspacePath::parse(text.toStdString());
    QVERIFY(!path);
    QCOMPARE(path.error().code, ErrorCode::Invalid);
    const auto said = QByteArray::fromStdString(path.error().detail);
    QVERIFY2(said.contains(why) && said.size() < 600, said.constData());
}

void WorkspacePathTest::prefixesAreWholeNames()
{
    QVERIFY(liesBelow("docs/a.md", "docs"));
    QVERIFY(liesBelow("docs/a.md", "docs/"));
    QVERIFY(liesBelow("docs", "docs/"));
    QVERIFY(!liesBelow("docs2/a.md", "docs"));
    QVERIFY(!liesBelow("doc", "docs"));
    QVERIFY(liesBelow("Dockerfile", "Dockerfile"));
    QVERIFY(!liesBelow("Dockerfile.old", "Dockerfile"));
}

QTEST_GUILESS_MAIN(WorkspacePathTest)
#include "tst_workspace_path.moc"
