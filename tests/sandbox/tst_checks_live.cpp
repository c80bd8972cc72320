#include <filesystem>
#include <functional>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/paths.h"
#include "sandbox/docker/docker_sandbox.h"
#include "tests/sandbox/checks_bench.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

/// The documents that the recorded agents of the demo hand in, by contract, in their order.
std::vector<Json> recordedHandIns(const std::string& contract)
{
    const auto recording = Json::parse(readFile(AAP_SOURCE_DIR "/resources/demo/recording.json").value_or("{}"));
    std::vector<Json> found;
    const std::function<void(const Json&)> look = [&](const Json& value) {
        if (value.is_object() && value.contains("schema") && value["schema"] == "aap/" + contract + "/1")
            found.push_back(value);
        else if (value.is_structured())
            for (const auto& inner : value)
                look(inner);
    };
    look(recording);
    return found;
}

Json demoRequirements()
{
    Json items = Json::array();
    for (int i = 1; i <= 10; ++i)
        items.push_back({{"id", "R" + std::to_string(i)}, {"text", "see the demo"}, {"priority", i < 10 ? "must" : "should"}});
    return {{"schema", "aap/requirements/1"}, {"title", "Todo"}, {"kind", "service"}, {"items", items}};
}

/// The demo, with what its agents hand in.
class Bench final : public ChecksBench {
public:
    using ChecksBench::ChecksBench;
    void copyDemo()
    {
        const fs::path demo = AAP_SOURCE_DIR "/resources/demo/files";
        for (const auto* name : {"todo", "tests", "docs", "pyproject.toml", "setup.cfg", "README.md"})
            fs::copy(demo / name, root() / "repo" / name, fs::copy_options::recursive);
        fs::copy(demo / "gitignore.txt", root() / "repo" / ".gitignore");
    }
    void useDemoDocuments()
    {
        requirements = demoRequirements();
        design = recordedHandIns("design").at(0);
        implementation = recordedHandIns("implementation").at(0);
        report = recordedHandIns("testreport").at(0);
    }
};

std::string failed(const std::vector<Check>& checks)
{
    std::string ids;
    for (const auto& check : checks)
        if (check.must && check.status == CheckStatus::Failed)
            ids += (ids.empty() ? "" : " ") + check.id;
    return ids;
}

/// A small project that does everything right.
void makeGood(Bench& bench)
{
    bench.write("calc/__init__.py", "def double(x):\n    return 2 * x\n\n\ndef negate(x):\n    return -x\n");
    bench.write("tests/__init__.py", "");
    bench.write("tests/test_calc.py", "import calc\n\n\ndef test_double():\n    assert calc.double(2) == 4\n\n\ndef test_negate():\n    assert calc.negate(2) == -2\n");
    bench.requirements = Json::parse(R"({"items": [{"id": "R1", "text": "double", "priority": "must"}, {"id": "R2", "text": "negate", "priority": "must"}]})");
    bench.design = Json::parse(R"({"runtime": {"base_image": "coding-agent-sandbox:latest"}, "entry_points": ["calc/__init__.py"], "files": [{"path": "calc/__init__.py"}],
        "commands": {"build": ["python3", "-m", "compileall", "-q", "calc"], "test": ["python3", "-m", "pytest", "-q"], "lint": ["python3", "-m", "flake8", "calc", "tests"]}})");
    bench.implementation = Json::parse(R"({"implements": [{"requirement": "R1", "where": ["calc/__init__.py:1"]}, {"requirement": "R2", "where": ["calc/__init__.py:5"]}]})");
    bench.report = Json::parse(R"({"verdict": "accept", "covers": [{"requirement": "R1", "tests": ["tests/test_calc.py::test_double"]}, {"requirement": "R2", "tests": ["tests/test_calc.py::test_negate"]}]})");
}

} // namespace

class ChecksLiveTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aGoodProjectPasses();
    void faultsOfCodeAreFound_data();
    void faultsOfCodeAreFound();
    void faultsOfTestsAreFound_data();
    void faultsOfTestsAreFound();
    void aPipelineMayDemandThatEveryMustIsProven();
    void theDemoFailsFirstAndPassesRepaired();

private:
    std::unique_ptr<DockerClient> m_client{};
    std::unique_ptr<SandboxProvider> m_sandboxes{};
};

void ChecksLiveTest::initTestCase()
{
    const auto endpoint = findEndpoint("", processEnvironment(), {});
    QVERIFY(endpoint.has_value());
    const auto profile = readFile(AAP_SOURCE_DIR "/resources/sandbox/seccomp.json");
    QVERIFY(profile.has_value());
    m_client = std::make_unique<DockerClient>(*endpoint);
    m_sandboxes = std::make_unique<DockerSandboxProvider>(
        *m_client, DockerSandboxSettings{.memoryBytes = 1024ULL << 20U, .lifetime = std::chrono::seconds(900), .seccompProfile = *profile});
}

void ChecksLiveTest::aGoodProjectPasses()
{
    Bench bench(*m_sandboxes);
    makeGood(bench);
    const auto coding = bench.coding();
    QVERIFY2(allMustPassed(coding), failuresForAgent(coding).c_str());
    const auto testing = bench.testing();
    QVERIFY2(allMustPassed(testing), failuresForAgent(testing).c_str());
    QCOMPARE(bench.evidence.coveragePercent.value_or(0), 100.0);
    QCOMPARE(bench.evidence.cases.size(), 2U);
    QVERIFY(bench.reports.contains("reports/junit.xml"));
    QVERIFY(bench.reports.contains("reports/coverage.xml"));
    QVERIFY(bench.reports.contains("reports/security.sarif") && bench.reports.contains("reports/security.md"));
}

void ChecksLiveTest::faultsOfCodeAreFound_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("text"); // null: the file is removed
    QTest::addColumn<QByteArray>("found");
    QTest::newRow("syntax error") << QByteArray("calc/other.py") << QByteArray("def (:\n") << QByteArray("coding.build coding.lint");
    QTest::newRow("unused import") << QByteArray("calc/other.py") << QByteArray("import os\n") << QByteArray("coding.lint");
    QTest::newRow("raises when imported") << QByteArray("calc/__init__.py") << QByteArray("A = 1\n\n\nB = 2\n\nraise ValueError(A + B)\n") << QByteArray("coding.starts");
    QTest::newRow("missing file") << QByteArray("calc/__init__.py") << QByteArray() << QByteArray("coding.files coding.places");
    QTest::newRow("a secret") << QByteArray("notes.txt") << QByteArray("token: ghp_") + QByteArray("16C7e42F292c6912E7710c838347Ae178B4a\n") << QByteArray("coding.secrets");
}

void ChecksLiveTest::faultsOfCodeAreFound()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, text);
    Bench bench(*m_sandboxes);
    makeGood(bench);
    if (text.isNull())
        bench.erase(path.toStdString());
    else
        bench.write(path.toStdString(), text.toStdString());
    QTEST(QByteArray::fromStdString(failed(bench.coding())), "found");
}

void ChecksLiveTest::faultsOfTestsAreFound_data()
{
    QTest::addColumn<QByteArray>("tests");
    QTest::addColumn<QByteArray>("found");
    const QByteArray both("import calc\n\n\ndef test_double():\n    assert calc.double(2) == 4\n\n\ndef test_negate():\n");
    QTest::newRow("a failing test") << both + "    assert calc.negate(2) == 2\n" << QByteArray("testing.tests-pass");
    QTest::newRow("a hollow test") << both + "    assert calc.negate is not None\n" << QByteArray("testing.coverage testing.not-hollow");
    QTest::newRow("an invented test") << both.left(both.lastIndexOf("def")).trimmed() + "\n    calc.negate(1)\n" << QByteArray("testing.covers");
    QTest::newRow("tests that need their order") << QByteArray("import calc\n\nseen = []\n\n\ndef test_double():\n    seen.append(calc.double(1))\n\n\ndef test_negate():\n    assert len(seen) == 1 and calc.negate(1) == -1\n\n\n"
                                                               "def test_a():\n    seen.append(1)\n\n\ndef test_b():\n    assert len(seen) == 2\n\n\ndef test_c():\n    assert len(seen) == 2\n")
                                                 << QByteArray("testing.tests-shuffled");
    QTest::newRow("no tests at all") << QByteArray("\n") << QByteArray("testing.tests-pass testing.covers testing.coverage");
}

void ChecksLiveTest::faultsOfTestsAreFound()
{
    QFETCH(const QByteArray, tests);
    Bench bench(*m_sandboxes);
    makeGood(bench);
    bench.write("tests/test_calc.py", tests.toStdString());
    QTEST(QByteArray::fromStdString(failed(bench.testing())), "found");
}

/// An excuse is enough where nobody asks for proof.
void ChecksLiveTest::aPipelineMayDemandThatEveryMustIsProven()
{
    Bench bench(*m_sandboxes);
    makeGood(bench);
    bench.requirements["items"].push_back({{"id", "R3"}, {"text", "be beautiful"}, {"priority", "must"}});
    bench.report["untestable"] = Json::array({{{"requirement", "R3"}, {"reason", "taste"}}});
    QCOMPARE(failed(bench.testing()), std::string());
    bench.pipeline.mustProven = true;
    const auto checks = bench.testing();
    QCOMPARE(failed(checks), std::string("testing.must-proven"));
    QVERIFY(failuresForAgent(checks).find("R3 has no test") != std::string::npos);
    bench.report["covers"].push_back({{"requirement", "R3"}, {"tests", {"tests/test_calc.py::test_double"}}});
    QCOMPARE(failed(bench.testing()), std::string());
}

void ChecksLiveTest::theDemoFailsFirstAndPassesRepaired()
{
    Bench bench(*m_sandboxes);
    bench.copyDemo();
    bench.useDemoDocuments();
    const auto good = readFile(bench.root() / "repo/todo/storage.py").value_or("");
    bench.write("todo/storage.py", readFile(AAP_SOURCE_DIR "/resources/demo/first-try/storage.py").value_or(""));
    const auto architecture = bench.architecture();
    QVERIFY2(allMustPassed(architecture), failuresForAgent(architecture).c_str());
    const auto coding = bench.coding();
    QVERIFY2(allMustPassed(coding), failuresForAgent(coding).c_str());
    const auto first = bench.testing();
    QVERIFY2(failed(first) == "testing.tests-pass", failuresForAgent(first).c_str());
    std::string failing;
    for (const auto& found : bench.evidence.cases)
        if (!found.passed)
            failing += found.id;
    QCOMPARE(failing, std::string("tests/test_privacy.py::test_another_users_todo_cannot_be_read"));

    bench.write("todo/storage.py", good);
    const auto repaired = bench.testing();
    QVERIFY2(allMustPassed(repaired), failuresForAgent(repaired).c_str());
    QVERIFY(bench.evidence.coveragePercent.value_or(0) >= 80);
}

QTEST_GUILESS_MAIN(ChecksLiveTest)
#include "tst_checks_live.moc"
