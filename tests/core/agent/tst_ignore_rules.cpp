#include <QTest>

#include "core/agent/tools/ignore_rules.h"

using namespace aap;

class IgnoreRulesTest : public QObject {
    Q_OBJECT

private slots:
    void paths_data();
    void paths();
    void rulesOfAFolderHoldBelowIt();
    void hostilePatternsDoNoHarm();
};

// Expected values were compared with `git check-ignore --no-index`.
void IgnoreRulesTest::paths_data()
{
    QTest::addColumn<QByteArray>("rules");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isFolder");
    QTest::addColumn<bool>("ignored");
    const auto row = [](const char* title, const char* rules, const char* path, bool isFolder, bool ignored) {
        QTest::newRow(title) << QByteArray(rules) << QByteArray(path) << isFolder << ignored;
    };
    row("a name anywhere", "*.log", "a/b/x.log", false, true);
    row("a name at the top", "*.log", "x.log", false, true);
    row("another name", "*.log", "x.logs", false, false);
    row("anchored", "/todo.txt", "todo.txt", false, true);
    row("anchored, deeper", "/todo.txt", "a/todo.txt", false, false);
    row("a slash inside anchors", "doc/*.txt", "doc/a.txt", false, true);
    row("a slash inside anchors, deeper", "doc/*.txt", "x/doc/a.txt", false, false);
    row("a star stops at a slash", "doc/*.txt", "doc/x/a.txt", false, false);
    row("two stars before", "**/foo", "a/b/foo", false, true);
    row("two stars behind", "abc/**", "abc/x/y", false, true);
    row("two stars between", "a/**/b", "a/b", false, true);
    row("two stars between, deeper", "a/**/b", "a/x/y/b", false, true);
    row("folders only: a folder", "cache/", "x/cache", true, true);
    row("folders only: a file", "cache/", "x/cache", false, false);
    row("an exception", "*.log\n!keep.log", "keep.log", false, false);
    row("an exception taken back", "*.log\n!keep.log\nkeep.*", "keep.log", false, true);
    row("a comment", "#x\n", "#x", false, false);
    row("an escaped hash", "\\#x", "#x", false, true);
    row("a question mark", "a?c", "abc", false, true);
    row("a class", "[abc].txt", "b.txt", false, true);
    row("a class taken back", "[!abc].txt", "b.txt", false, false);
    row("blanks at the end do not count", "x.txt  ", "x.txt", false, true);
    row("DOS line ends", "x.txt\r\ny.txt\r\n", "y.txt", false, true);
    row("a dot is a dot", "a.c", "abc", false, false);
}

void IgnoreRulesTest::paths()
{
    QFETCH(const QByteArray, rules);
    QFETCH(const QByteArray, path);
    QFETCH(const bool, isFolder);
    IgnoreRules ignore;
    ignore.add(rules.toStdString(), "");
    QTEST(ignore.ignores(path.toStdString(), isFolder), "ignored");
}

void IgnoreRulesTest::rulesOfAFolderHoldBelowIt()
{
    IgnoreRules ignore;
    ignore.add("/out\n*.tmp", "sub");
    QVERIFY(ignore.ignores("sub/out", true));
    QVERIFY(ignore.ignores("sub/x/a.tmp", false));
    QVERIFY(!ignore.ignores("out", true));
    QVERIFY(!ignore.ignores("a.tmp", false));
}

void IgnoreRulesTest::hostilePatternsDoNoHarm()
{
    IgnoreRules ignore;
    ignore.add("[\n(((\n[z-a]\n*************************************************b\n\\\n\xff\xfe\n", "");
    QVERIFY(!ignore.ignores(std::string(200, 'a'), false));
}

QTEST_GUILESS_MAIN(IgnoreRulesTest)
#include "tst_ignore_rules.moc"
