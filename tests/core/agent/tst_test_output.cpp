#include <QFile>
#include <QTest>

#include "core/agent/tools/test_output.h"

using namespace aap;

class TestOutputTest : public QObject {
    Q_OBJECT

private slots:
    void frameworks_data();
    void frameworks();
    void theFrameworkNeedNotBeKnown_data() { frameworks_data(); }
    void theFrameworkNeedNotBeKnown();
    void otherTextHasNoFigures();
    void moreLines_data();
    void moreLines();
    void coverageTables_data();
    void coverageTables();
    void theWorstFilesComeFirst();
};

namespace {

std::string sample(const QByteArray& name)
{
    QFile file(QStringLiteral(AAP_TEST_DATA "/test_output/%1.txt").arg(QString::fromUtf8(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

} // namespace

void TestOutputTest::frameworks_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("format");
    QTest::addColumn<QByteArray>("description");
    const auto row = [](const char* file, TestFormat format, const char* description) { QTest::newRow(file) << QByteArray(file) << int(format) << QByteArray(description); };
    row("pytest", TestFormat::Pytest, "1 passed, 2 failed, 1 skipped\n  failed: tests/test_a.py::T::test_bad: AssertionError: 1 != 2\n  failed: tests/test_a.py::T::test_err: KeyError: 'x'");
    row("unittest", TestFormat::Unittest, "1 passed, 2 failed, 1 skipped\n  failed: test_err (test_a.T.test_err): KeyError: 'x'\n  failed: test_bad (test_a.T.test_bad): AssertionError: 1 != 2");
    row("ctest", TestFormat::Ctest, "1 passed, 2 failed, 1 skipped\n  failed: subtracts: Failed\n  failed: waits: Timeout");
    row("node", TestFormat::Node, "1 passed, 1 failed, 1 skipped\n  failed: subtracts well: Expected values to be strictly equal:");
    row("jest", TestFormat::Jest, "1 passed, 1 failed, 1 skipped\n  failed: sums › subtracts: expect(received).toBe(expected) // Object.is equality");
    row("go", TestFormat::Go, "1 passed, 1 failed, 1 skipped\n  failed: TestSubtracts: sum_test.go:12: got 1, want 2");
    row("cargo", TestFormat::Cargo, "1 passed, 1 failed, 1 skipped\n  failed: tests::subtracts: src/lib.rs:12:9:");
}

void TestOutputTest::frameworks()
{
    QFETCH(const QByteArray, file);
    QFETCH(const int, format);
    QTEST(QByteArray::fromStdString(describe(summariseTests(sample(file), TestFormat(format)))), "description");
}

void TestOutputTest::theFrameworkNeedNotBeKnown()
{
    QFETCH(const QByteArray, file);
    QTEST(QByteArray::fromStdString(describe(summariseTests(sample(file), TestFormat::Unknown))), "description");
}

void TestOutputTest::otherTextHasNoFigures()
{
    const auto summary = summariseTests("all is well\nOK\n3 passed\n", TestFormat::Unknown);
    QVERIFY(!summary.recognised);
    QCOMPARE(QByteArray::fromStdString(describe(summary)), QByteArray("no totals found in the output"));
}

void TestOutputTest::moreLines_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("description");
    const auto row = [](const char* title, const char* output, const char* description) { QTest::newRow(title) << QByteArray(output) << QByteArray(description); };
    row("pytest with its rules", "=== 2 failed, 30 passed, 1 xfailed, 3 warnings in 1.20s ===", "30 passed, 2 failed, 1 skipped");
    row("pytest for minutes", "1 passed in 75.10s (0:01:15)", "1 passed, 0 failed, 0 skipped");
    row("pytest could not collect", "ERROR tests/test_b.py - SyntaxError: bad\n1 error in 0.10s", "0 passed, 1 failed, 0 skipped\n  failed: tests/test_b.py: SyntaxError: bad");
    row("unittest all well", "Ran 3 tests in 0.001s\n\nOK\n", "3 passed, 0 failed, 0 skipped");
    row("unittest with skips", "Ran 3 tests in 0.001s\n\nOK (skipped=2)\n", "1 passed, 0 failed, 2 skipped");
    row("go packages", "ok  \texample.org/a\t0.003s\nok  \texample.org/b\t(cached)\n", "2 passed, 0 failed, 0 skipped");
    row("go did not build", "FAIL\texample.org/a [build failed]\n", "0 passed, 1 failed, 0 skipped\n  failed: example.org/a: [build failed]");
    row("bats", "1..3\nok 1 adds\nnot ok 2 subtracts\n# (in test file tests/a.bats, line 5)\n#   `[ 1 = 2 ]' failed\nok 3 later # skip why\n",
        "1 passed, 1 failed, 1 skipped\n  failed: subtracts: `[ 1 = 2 ]' failed");
    row("bats all well", "1..1\nok 1 adds\n", "1 passed, 0 failed, 0 skipped");
    row("ctest all well", "100% tests passed, 0 tests failed out of 5", "5 passed, 0 failed, 0 skipped");
}

void TestOutputTest::moreLines()
{
    QFETCH(const QByteArray, output);
    QTEST(QByteArray::fromStdString(describe(summariseTests(output.toStdString(), TestFormat::Unknown))), "description");
}

void TestOutputTest::coverageTables_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("description");
    const auto row = [](const char* title, const char* output, const char* description) { QTest::newRow(title) << QByteArray(output) << QByteArray(description); };
    row("coverage.py", "Name        Stmts   Miss  Cover\n-------------------------------\napp/a.py       10      2    80%\napp/b.py        4      0   100%\n-------------------------------\nTOTAL          14      2    86%\n",
        "total coverage 86.0 %\n   80.0 %  app/a.py\n  100.0 %  app/b.py");
    row("coverage.py with branches and lines", "app/a.py   10   2   4   1   79%   3-5, 9\nTOTAL      10   2   4   1   79%\n", "total coverage 79.0 %\n   79.0 %  app/a.py");
    row("gcovr", "src/a.cpp        20      15    75%   3,4,5-7\nTOTAL            20      15    75%\n", "total coverage 75.0 %\n   75.0 %  src/a.cpp");
    row("Istanbul", "----------|---------|----------|\nFile      | % Stmts | % Branch |\n----------|---------|----------|\nAll files |   90.5 |      80 |\n a.js     |     81 |      60 | 4,9\n",
        "total coverage 90.5 %\n   81.0 %  a.js");
    row("node", "# file | line % | branch % | funcs % | uncovered lines\n# a.js | 70.00 | 100.00 | 100.00 | 3-4\n# all files | 70.00 | 100.00 | 100.00 |\n", "total coverage 70.0 %\n   70.0 %  a.js");
    row("go", "ok  \texample.org/a\t0.003s\tcoverage: 80.0% of statements\nok  \texample.org/b\t0.003s\tcoverage: 60.0% of statements\n",
        "total coverage 70.0 %\n   60.0 %  example.org/b\n   80.0 %  example.org/a");
    row("none", "nothing here 80%\n", "no coverage table found in the output");
}

void TestOutputTest::coverageTables()
{
    QFETCH(const QByteArray, output);
    QTEST(QByteArray::fromStdString(describe(readCoverage(output.toStdString()))), "description");
}

void TestOutputTest::theWorstFilesComeFirst()
{
    Coverage coverage{.recognised = true, .totalPercent = 50};
    for (int i = 0; i < 40; ++i)
        coverage.files.push_back({"file" + std::to_string(i), double(99 - i)});
    const auto text = describe(coverage);
    QCOMPARE(std::ranges::count(text, '\n'), 20);
    QVERIFY(text.starts_with("total coverage 50.0 %\n   60.0 %  file39\n"));
}

QTEST_GUILESS_MAIN(TestOutputTest)
#include "tst_test_output.moc"
