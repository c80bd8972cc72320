#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/pipeline/check_context.h"
#include "core/pipeline/checks/design_rules.h"
#include "core/pipeline/checks/entry_points.h"
#include "core/pipeline/checks/finding_rules.h"
#include "core/pipeline/checks/implementation_rules.h"
#include "core/pipeline/checks/project_files.h"

using namespace aap;

namespace {

/// A project on disk.
class Project {
public:
    Project() : m_folder(*Folder::open(m_temporary.path().toStdString())) {}
    void write(const std::string& path, std::string_view text) const { QVERIFY(m_folder.write(path, text)); }
    const Folder& repo() const { return m_folder; }
    std::filesystem::path path() const { return m_folder.path(); }

private:
    QTemporaryDir m_temporary{};
    Folder m_folder;
};

Json requirements()
{
    return Json::parse(R"({"items": [{"id": "R1", "text": "one", "priority": "must"}, {"id": "R2", "text": "two", "priority": "must"},
                                     {"id": "R3", "text": "three", "priority": "should"}]})");
}

Json component(std::string name, std::vector<std::string> needs, std::vector<std::string> ids = {})
{
    return {{"name", std::move(name)}, {"depends_on", std::move(needs)}, {"requirements", std::move(ids)}};
}

bool anyHas(const std::vector<std::string>& problems, std::string_view part)
{
    return std::ranges::any_of(problems, [&](const auto& problem) { return problem.find(part) != std::string::npos; });
}

} // namespace

class ChecksRulesTest : public QObject {
    Q_OBJECT

private slots:
    void everyMustNeedsAComponent();
    void theGraphIsClosedAndHasNoCircle_data();
    void theGraphIsClosedAndHasNoCircle();
    void filesAreListedOnce();
    void interfacesHaveToParse_data();
    void interfacesHaveToParse();
    void mermaidIsLookedAt_data();
    void mermaidIsLookedAt();
    void aMissingFileNeedsADeviation();
    void placesHaveToExist();
    void whatIsNotDoneIsOpen();
    void theTreeIsFreeOfSecretsAndForeignThings();
    void entryPointsAreStartedByTheirKind_data();
    void entryPointsAreStartedByTheirKind();
    void changesOutsideOfAFolderAreNamed();
    void inventedFindingsAreRefused_data();
    void inventedFindingsAreRefused();
    void onlyFailedMustsBlock();
};

void ChecksRulesTest::everyMustNeedsAComponent()
{
    const Json design{{"components", {component("a", {}, {"R1", "R9"})}}};
    const auto problems = requirementProblems(design, requirements());
    QCOMPARE(problems.size(), 2U);
    QVERIFY(anyHas(problems, "R9, which is no requirement"));
    QVERIFY(anyHas(problems, "no component has R2"));
    QVERIFY(requirementProblems({{"components", {component("a", {}, {"R1"}), component("b", {}, {"R2"})}}}, requirements()).empty());
}

void ChecksRulesTest::theGraphIsClosedAndHasNoCircle_data()
{
    QTest::addColumn<QByteArray>("components");
    QTest::addColumn<QByteArray>("complaint");
    QTest::newRow("a diamond") << QByteArray(R"([{"name":"a","depends_on":["b","c"]},{"name":"b","depends_on":["d"]},{"name":"c","depends_on":["d"]},{"name":"d"}])") << QByteArray();
    QTest::newRow("a circle") << QByteArray(R"([{"name":"a","depends_on":["b"]},{"name":"b","depends_on":["c"]},{"name":"c","depends_on":["b"]}])") << QByteArray("b → c → b");
    QTest::newRow("itself") << QByteArray(R"([{"name":"a","depends_on":["a"]}])") << QByteArray("a → a");
    QTest::newRow("nobody") << QByteArray(R"([{"name":"a","depends_on":["x"]}])") << QByteArray("\"x\", which is no component");
    QTest::newRow("twice") << QByteArray(R"([{"name":"a"},{"name":"a"}])") << QByteArray("two components are named");
}

void ChecksRulesTest::theGraphIsClosedAndHasNoCircle()
{
    QFETCH(const QByteArray, components);
    QFETCH(const QByteArray, complaint);
    const auto problems = componentProblems({{"components", Json::parse(components.toStdString())}});
    QCOMPARE(problems.empty(), complaint.isEmpty());
    if (!complaint.isEmpty())
        QVERIFY(anyHas(problems, complaint.toStdString()));
}

void ChecksRulesTest::filesAreListedOnce()
{
    const Project project;
    project.write("old.py", "");
    const auto design = Json::parse(R"({"components": [{"name": "a"}], "entry_points": ["old.py", "main.py", "gone.py"],
        "files": [{"path": "main.py"}, {"path": "./main.py"}, {"path": "b.py", "component": "z"}]})");
    const auto problems = filePlanProblems(design, project.repo());
    QCOMPARE(problems.size(), 3U);
    QVERIFY(anyHas(problems, "./main.py is listed twice"));
    QVERIFY(anyHas(problems, "gone.py is not among"));
    QVERIFY(anyHas(problems, "\"z\", which is no component"));
}

void ChecksRulesTest::interfacesHaveToParse_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fine");
    const QByteArray good = R"({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {}}})";
    QTest::newRow("good") << QByteArray("docs/api.json") << good << true;
    QTest::newRow("good YAML") << QByteArray("docs/api.yaml") << QByteArray("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a: {}\n") << true;
    QTest::newRow("a comma too much") << QByteArray("docs/api.json") << QByteArray(R"({"openapi": "3.0.3",})") << false;
    QTest::newRow("no paths") << QByteArray("docs/api.json") << QByteArray(R"({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}})") << false;
    QTest::newRow("an array") << QByteArray("docs/api.json") << QByteArray("[]") << false;
    QTest::newRow("prose") << QByteArray("docs/api.md") << good << false;
}

void ChecksRulesTest::interfacesHaveToParse()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, text);
    const Project project;
    project.write(name.toStdString(), text.toStdString());
    const Json design{{"interfaces", {{{"kind", "http"}, {"spec", name.toStdString()}}}}};
    QTEST(formatProblems(design, project.repo()).empty(), "fine");
}

void ChecksRulesTest::mermaidIsLookedAt_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fine");
    QTest::newRow("good") << QByteArray("```mermaid\nflowchart LR\n  subgraph x\n  a[One (1)] --> b{\"Q: [?\"}\n  end\n```\n") << true;
    QTest::newRow("none") << QByteArray("# Title\n") << true;
    QTest::newRow("unknown kind") << QByteArray("```mermaid\nboxes\n```\n") << false;
    QTest::newRow("open bracket") << QByteArray("```mermaid\ngraph TD\na[One --> b\n```\n") << false;
    QTest::newRow("open subgraph") << QByteArray("```mermaid\ngraph TD\nsubgraph x\na --> b\n```\n") << false;
    QTest::newRow("open fence") << QByteArray("```mermaid\ngraph TD\n") << false;
}

void ChecksRulesTest::mermaidIsLookedAt()
{
    QFETCH(const QByteArray, text);
    QTEST(mermaidProblems(text.toStdString()).empty(), "fine");
}

void ChecksRulesTest::aMissingFileNeedsADeviation()
{
    const Project project;
    project.write("a.py", "x = 1\n");
    const auto design = Json::parse(R"({"files": [{"path": "a.py"}, {"path": "b.py"}, {"path": "sub/c.py"}]})");
    QCOMPARE(missingFiles(design, {{"deviations", {"sub/c.py.orig and lib.py are new", "b.py is not needed."}}}, project.repo()), std::vector<std::string>{"sub/c.py"});
}

void ChecksRulesTest::placesHaveToExist()
{
    const Project project;
    project.write("a.py", "x = 1\ny = 2\n");
    const auto document = Json::parse(R"({"implements": [{"requirement": "R1", "where": ["a.py:2", "a.py:3", "b.py:1"]}]})");
    const auto problems = wrongPlaces(document, project.repo());
    QCOMPARE(problems.size(), 2U);
    QVERIFY(anyHas(problems, "a.py:3: the file has 2 lines"));
    QVERIFY(anyHas(problems, "b.py"));
}

void ChecksRulesTest::whatIsNotDoneIsOpen()
{
    const auto document = Json::parse(R"({"implements": [{"requirement": "R8", "where": ["a:1"]}], "not_done": [{"requirement": "R1", "reason": "no time"}, {"requirement": "R3", "reason": "later"}]})");
    const auto problems = openRequirements(document, requirements());
    QCOMPARE(problems.size(), 3U);
    QVERIFY(anyHas(problems, "R8 is no requirement"));
    QVERIFY(anyHas(problems, "R1 is not done: no time"));
    QVERIFY(anyHas(problems, "R2 is neither"));
}

void ChecksRulesTest::theTreeIsFreeOfSecretsAndForeignThings()
{
    const Project project;
    project.write("fine.py", "password = os.environ['PASSWORD']\n");
    project.write("bad.py", "\ntoken = 'ghp_" + std::string("16C7e42F292c6912E7710c838347Ae178B4a") + "'\n");
    project.write("mine.txt", "the key is correct-horse-battery\n");
    project.write("sub/.git/config", "[core]\n");
    project.write("big.bin", std::string((5U << 20U) + 1, 'x'));
    std::filesystem::create_symlink("/etc/passwd", project.path() / "out");
    std::filesystem::create_symlink("fine.py", project.path() / "in");
    const auto problems = treeProblems(project.repo(), {"correct-horse-battery", "short"});
    QVERIFY(problems.has_value());
    QCOMPARE(problems->secrets.size(), 2U);
    QVERIFY(anyHas(problems->secrets, "bad.py:2 looks like a secret"));
    QVERIFY(anyHas(problems->secrets, "mine.txt holds a secret of this run"));
    QVERIFY(!anyHas(problems->secrets, "ghp_"));
    QCOMPARE(problems->bigFiles.size(), 1U);
    QCOMPARE(problems->foreign.size(), 2U);
    QVERIFY(anyHas(problems->foreign, "sub/.git"));
    QVERIFY(anyHas(problems->foreign, "out (a link to /etc/passwd"));
}

void ChecksRulesTest::entryPointsAreStartedByTheirKind_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<int>("trials");
    QTest::newRow("package") << QByteArray("todo/__main__.py") << QByteArray("python3 -m todo --help") << 3;
    QTest::newRow("script") << QByteArray("bin/run-it.py") << QByteArray("python3 bin/run-it.py --help") << 2;
    QTest::newRow("library") << QByteArray("src/lib/__init__.py") << QByteArray("python3 -c") << 2;
    QTest::newRow("node") << QByteArray("server.js") << QByteArray("node server.js --help") << 3;
    QTest::newRow("page") << QByteArray("index.html") << QByteArray("test -s index.html") << 1;
    QTest::newRow("compiled") << QByteArray("src/main.cpp") << QByteArray("./app --help") << 2;
}

void ChecksRulesTest::entryPointsAreStartedByTheirKind()
{
    QFETCH(const QByteArray, entry);
    QFETCH(const QByteArray, first);
    const auto trials = startTrials(entry.toStdString(), Json::parse(R"({"commands": {"run": ["./app"]}, "deploy": {"port": 8000}})"));
    std::string words;
    for (const auto& word : trials.at(0).argv)
        words += word + " ";
    QVERIFY2(words.starts_with(first.toStdString()), words.c_str());
    QTEST(int(trials.size()), "trials");
}

void ChecksRulesTest::changesOutsideOfAFolderAreNamed()
{
    const Project workspace;
    workspace.write("repo/a.py", "1");
    workspace.write("repo/b.py", "1");
    const auto before = fileHashes(workspace.repo());
    workspace.write("repo/a.py", "2");
    workspace.write("repo/tests/test_a.py", "2");
    workspace.write("repo/__pycache__/a.pyc", "2");
    QVERIFY(workspace.repo().remove("repo/b.py"));
    const auto after = fileHashes(workspace.repo());
    QCOMPARE(changesOutside(*before, *after, {"tests"}), (std::vector<std::string>{"changed a.py", "deleted b.py"}));
    QCOMPARE(changesOutside(*before, *after, {}).size(), 3U);
}

void ChecksRulesTest::inventedFindingsAreRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("line");
    QTest::addColumn<QByteArray>("evidence");
    QTest::addColumn<bool>("fine");
    QTest::newRow("there") << QByteArray("a.py") << 6 << QByteArray("run(query)") << true;
    QTest::newRow("near, other spaces") << QByteArray("a.py") << 3 << QByteArray("  run(query)  ") << true;
    QTest::newRow("two lines") << QByteArray("a.py") << 5 << QByteArray("five = 5\n    run(query)") << true;
    QTest::newRow("too far") << QByteArray("a.py") << 10 << QByteArray("run(query)") << false;
    QTest::newRow("invented") << QByteArray("a.py") << 6 << QByteArray("run(other)") << false;
    QTest::newRow("after the end") << QByteArray("a.py") << 11 << QByteArray("ten = 10") << false;
    QTest::newRow("no such file") << QByteArray("b.py") << 1 << QByteArray("run") << false;
    QTest::newRow("only spaces") << QByteArray("a.py") << 6 << QByteArray("  ") << false;
}

void ChecksRulesTest::inventedFindingsAreRefused()
{
    QFETCH(const QByteArray, file);
    QFETCH(const int, line);
    QFETCH(const QByteArray, evidence);
    const Project project;
    project.write("a.py", "one = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\n    run(query)\nseven = 7\neight = 8\nnine = 9\nten = 10\n");
    const Json finding{{"id", "F1"}, {"file", file.toStdString()}, {"line", line}, {"evidence", evidence.toStdString()}};
    QTEST(inventedFindings({{"findings", Json::array({finding})}}, project.repo()).empty(), "fine");
}

void ChecksRulesTest::onlyFailedMustsBlock()
{
    QVERIFY(!allMustPassed({}));
    QVERIFY(allMustPassed({{.id = "a.b"}, {.id = "a.c", .status = CheckStatus::NotChecked}, {.id = "a.d", .must = false, .status = CheckStatus::Failed}}));
    const std::vector<Check> checks{{.id = "a.should", .must = false, .status = CheckStatus::Failed, .reason = "Small."},
                                    {.id = "a.must", .status = CheckStatus::Failed, .argv = {"make", "-s"}, .exitCode = 2, .reason = std::string(20000, 'x')}};
    QVERIFY(!allMustPassed(checks));
    const auto text = failuresForAgent(checks);
    QVERIFY(text.starts_with("a.must (must) failed: xxx"));
    QVERIFY(text.size() <= 16384U);
}

QTEST_GUILESS_MAIN(ChecksRulesTest)
#include "tst_checks_rules.moc"
