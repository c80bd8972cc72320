#include "sandbox/archive/dockerignore.h"

#include <QElapsedTimer>
#include <QTest>

using namespace aap;

class DockerignoreTest : public QObject {
    Q_OBJECT
private slots:
    void rules_data();
    void rules();
    void aHostilePatternTakesNoTime();
    void tooManyPatternsAreRefused();
};

void DockerignoreTest::rules_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("ignored");
    QTest::newRow("no rules") << QByteArray() << QByteArray("a") << false;
    QTest::newRow("a name") << QByteArray("a\n") << QByteArray("a") << true;
    QTest::newRow("a name is meant at the top only") << QByteArray("a\n") << QByteArray("b/a") << false;
    QTest::newRow("what is in an ignored folder") << QByteArray("/build/\n") << QByteArray("build/x/y") << true;
    QTest::newRow("a longer name") << QByteArray("build\n") << QByteArray("builder") << false;
    QTest::newRow("comments and blank lines") << QByteArray("# a\n\n  \r\n") << QByteArray("# a") << false;
    QTest::newRow("a star stays in its name") << QByteArray("*.log") << QByteArray("logs/a.log") << false;
    QTest::newRow("a star at the top") << QByteArray("*.log\r\n") << QByteArray("a.log") << true;
    QTest::newRow("two stars, none between") << QByteArray("**/*.pyc") << QByteArray("a.pyc") << true;
    QTest::newRow("two stars, deep") << QByteArray("**/*.pyc") << QByteArray("a/b/c.pyc") << true;
    QTest::newRow("two stars in the middle") << QByteArray("a/**/z") << QByteArray("a/b/c/z") << true;
    QTest::newRow("a question mark") << QByteArray("a?c") << QByteArray("abc") << true;
    QTest::newRow("a set") << QByteArray("**/*.py[cod]") << QByteArray("x/y.pyo") << true;
    QTest::newRow("a range, outside") << QByteArray("[a-c]x") << QByteArray("dx") << false;
    QTest::newRow("a negated range") << QByteArray("[^a-c]x") << QByteArray("dx") << true;
    QTest::newRow("an open bracket is itself") << QByteArray("[ab") << QByteArray("[ab") << true;
    QTest::newRow("an escaped star") << QByteArray("\\*") << QByteArray("x") << false;
    QTest::newRow("taken back") << QByteArray("*\n!todo") << QByteArray("todo/server.py") << false;
    QTest::newRow("taken back, and again") << QByteArray("*\n!todo\n**/__pycache__") << QByteArray("todo/__pycache__/x") << true;
    QTest::newRow("everything else") << QByteArray("*\n!todo") << QByteArray("README.md") << true;
}

void DockerignoreTest::rules()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, path);
    const auto parsed = Dockerignore::parse(text.toStdString());
    QVERIFY(parsed);
    QTEST(parsed->ignores(path.toStdString()), "ignored");
}

void DockerignoreTest::aHostilePatternTakesNoTime()
{
    std::string stars;
    for (int i = 0; i < 60; ++i)
        stars += "*a";
    std::string folders;
    for (int i = 0; i < 30; ++i)
        folders += "**/a/";
    const auto rules = Dockerignore::parse(stars + "b\n" + folders + "b\n");
    QVERIFY(rules);
    std::string path;
    for (int i = 0; i < 60; ++i)
        path += "a/";
    QElapsedTimer watch;
    watch.start();
    QVERIFY(!rules->ignores(std::string(250, 'a')));
    QVERIFY(!rules->ignores(path + "c"));
    QVERIFY(watch.elapsed() < 1000);
}

void DockerignoreTest::tooManyPatternsAreRefused()
{
    std::string text;
    for (int i = 0; i < 501; ++i)
        text += "a\n";
    const auto rules = Dockerignore::parse(text);
    QVERIFY(!rules);
    QCOMPARE(rules.error().code, ErrorCode::Limit);
}

QTEST_GUILESS_MAIN(DockerignoreTest)
#include "tst_dockerignore.moc"
