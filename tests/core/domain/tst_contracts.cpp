#include <QTest>

#include "core/domain/contracts.h"

using namespace aap;

class ContractsTest : public QObject {
    Q_OBJECT

private slots:
    void everyStageHasAContractThatStandsAlone_data();
    void everyStageHasAContractThatStandsAlone();
    void documents_data();
    void documents();
    void anUnknownContractIsAnError();
};

void ContractsTest::everyStageHasAContractThatStandsAlone_data()
{
    QTest::addColumn<StageId>("stage");
    for (const auto stage : kPipelineStages)
        QTest::newRow(std::string(slug(stage)).c_str()) << stage;
    for (const auto stage : kReviewStages)
        QTest::newRow(std::string(slug(stage)).c_str()) << stage;
}

void ContractsTest::everyStageHasAContractThatStandsAlone()
{
    QFETCH(const StageId, stage);
    const auto schema = contractSchema(contractOf(stage));
    QCOMPARE(schema.value("type", ""), std::string("object"));
    QVERIFY(schema.at("properties").contains("schema"));
    QVERIFY(schema.dump().find("$ref") == std::string::npos);
}

void ContractsTest::documents_data()
{
    QTest::addColumn<QByteArray>("contract");
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* title, const char* contract, const char* document, const char* error) {
        QTest::newRow(title) << QByteArray(contract) << QByteArray(document) << QByteArray(error);
    };
    row("requirements", "requirements",
        R"({"schema": "aap/requirements/1", "title": "Todo", "kind": "service", "items": [{"id": "R1", "text": "It answers", "priority": "must", "lines": [1, 2]}]})", "");
    row("requirements of an unknown kind", "requirements",
        R"({"schema": "aap/requirements/1", "title": "Todo", "kind": "app", "items": [{"id": "R1", "text": "It answers", "priority": "must"}]})",
        R"(`kind` must be one of "service", "cli", "library", "static-site", "change", "review")");
    row("design", "design",
        R"({"schema": "aap/design/1", "language": "python", "runtime": {"base_image": "coding-agent-sandbox:latest"}, "entry_points": ["app/__main__.py"],
            "components": [{"name": "api", "purpose": "answers", "requirements": ["R1"]}], "files": [{"path": "app/__main__.py", "purpose": "start"}],
            "commands": {"test": ["python3", "-m", "pytest", "-q"]}, "deploy": {"form": "service", "port": 8000, "health_path": "/health"}})", "");
    row("design with a path that leaves", "design",
        R"({"schema": "aap/design/1", "language": "python", "runtime": {"base_image": "x"}, "entry_points": ["../up.py"],
            "components": [{"name": "api", "purpose": "answers", "requirements": ["R1"]}], "files": [{"path": "a.py", "purpose": "start"}],
            "commands": {"test": ["true"]}, "deploy": {"form": "none"}})",
        R"(`entry_points[0]` must be text, at least 1 characters, at most 512 characters that matches ^(?!/)(?!.*(^|/)\.\.(/|$))[^\\\u0000]+$)");
    row("implementation", "implementation",
        R"({"schema": "aap/implementation/1", "summary": "done", "implements": [{"requirement": "R1", "where": ["app/a.py:12"]}]})", "");
    row("implementation without a line", "implementation",
        R"({"schema": "aap/implementation/1", "summary": "done", "implements": [{"requirement": "R1", "where": ["app/a.py"]}]})",
        "`implements[0].where[0]` must be text that matches ^[^:]+:[1-9][0-9]*$");
    row("testreport", "testreport",
        R"({"schema": "aap/testreport/1", "verdict": "accept", "covers": [{"requirement": "R1", "tests": ["tests/test_a.py::test_b"]}]})", "");
    row("testreport with a half finding", "testreport",
        R"({"schema": "aap/testreport/1", "verdict": "accept", "covers": [], "findings": [{"id": "F1", "title": "t", "severity": "low", "cwe": "CWE-1", "file": "a.py", "line": 1, "evidence": "x", "explanation": "y"}]})",
        "`findings[0].fix` is missing: text");
    row("deployment", "deployment",
        R"({"schema": "aap/deployment/1", "files": [{"path": "Dockerfile", "target": "dockerfile"}],
            "smoke": [{"id": "health", "requirement": "R1", "http": {"method": "GET", "path": "/health", "status": 200}}]})", "");
    row("monitoring", "monitoring",
        R"({"schema": "aap/monitoring/1", "slos": [{"name": "up", "kind": "availability", "target": 0.99}],
            "alerts": [{"alert": "AppDown", "rule_file": "monitoring/alerts.yml", "runbook": "docs/runbook.md", "proof": "live"}]})", "");
    row("review", "review",
        R"({"schema": "aap/review/1", "summary": "fine", "findings": [{"id": "F1", "title": "t", "severity": "high", "cwe": "CWE-89", "file": "a.py", "line": 3, "evidence": "x", "explanation": "y", "fix": "z"}]})", "");
    row("review without findings", "review", R"({"schema": "aap/review/1", "summary": "all of it is fine", "findings": []})", "");
    row("review of an unknown severity", "review",
        R"({"schema": "aap/review/1", "summary": "s", "findings": [{"id": "F1", "title": "t", "severity": "bad", "cwe": "CWE-89", "file": "a.py", "line": 3, "evidence": "x", "explanation": "y", "fix": "z"}]})",
        R"(`findings[0].severity` must be one of "critical", "high", "medium", "low", "info")");
    row("no object", "design", "3", R"(the whole must be an object with "schema", "language", "runtime", "entry_points", "components", "files", "commands", "deploy")");
}

void ContractsTest::documents()
{
    QFETCH(const QByteArray, contract);
    QFETCH(const QByteArray, document);
    QFETCH(const QByteArray, error);
    const auto errors = contractErrors(Json::parse(document.toStdString()), contract.toStdString());
    QCOMPARE(errors.empty() ? QByteArray() : QByteArray::fromStdString(errors.front()), error);
}

void ContractsTest::anUnknownContractIsAnError()
{
    QVERIFY(contractSchema("desing").is_null());
    QCOMPARE(contractErrors(Json::object(), "desing"), std::vector<std::string>{"there is no contract named desing"});
}

QTEST_GUILESS_MAIN(ContractsTest)
#include "tst_contracts.moc"
