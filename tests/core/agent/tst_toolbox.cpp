#include <algorithm>

#include <QRegularExpression>
#include <QTest>

#include "core/domain/stage.h"
#include "core/llm/recording.h"
#include "tests/core/agent/tool_bench.h"

using namespace aap;

class ToolboxTest : public QObject {
    Q_OBJECT

private slots:
    void stagesHaveTheirTools_data();
    void stagesHaveTheirTools();
    void hostToolsAreOfferedWhenThereIsAHost();
    void everyToolIsDescribed();
    void theDemosCallsAreAccepted();
};

namespace {

HostActions fullHost()
{
    const auto done = [](const Json& input) {
        ToolOutcome outcome;
        outcome.text = "host: " + input.dump();
        return outcome;
    };
    return {done, done, done, done, done, done, done, done};
}

QByteArray namesOf(const Toolbox& tools)
{
    QByteArrayList names;
    for (const auto& tool : tools)
        names.push_back(QByteArray::fromStdString(tool->definition().name));
    return names.join(' ');
}

} // namespace

void ToolboxTest::stagesHaveTheirTools_data()
{
    QTest::addColumn<int>("stage");
    QTest::addColumn<QByteArray>("names");
    const auto row = [](StageId stage, const char* names) { QTest::newRow(std::string(slug(stage)).c_str()) << int(stage) << QByteArray(names); };
    row(StageId::Architecture, "analyze_dependencies command_output create_architecture_doc list_directory read_file run_command search_files update_plan write_file");
    row(StageId::Coding, "command_output edit_file lint_code list_directory read_file run_command run_tests search_files start_dev_server update_plan write_file");
    row(StageId::Testing, "command_output edit_file list_directory read_file run_command run_coverage run_linter run_performance_test run_security_scan run_tests search_files update_plan write_file");
    row(StageId::Deployment, "command_output edit_file list_directory read_file run_build run_command run_migrations search_files update_plan write_file");
    row(StageId::Monitoring, "check_logs command_output edit_file list_directory read_file run_command search_files update_plan write_file");
    row(StageId::ArchitectureReview, "analyze_dependencies command_output list_directory read_file run_command search_files update_plan");
    row(StageId::CodeReview, "analyze_dependencies command_output list_directory read_file run_command run_linter run_security_scan search_files update_plan");
    row(StageId::QualityReview, "command_output list_directory read_file run_command run_coverage run_linter run_performance_test run_tests search_files update_plan");
}

void ToolboxTest::stagesHaveTheirTools()
{
    QFETCH(const int, stage);
    QTEST(namesOf(makeToolbox(StageId(stage), {})), "names");
}

void ToolboxTest::hostToolsAreOfferedWhenThereIsAHost()
{
    QCOMPARE(namesOf(makeToolbox(StageId::Deployment, fullHost())),
             QByteArray("build_docker_image command_output deploy_to_environment edit_file health_check list_directory read_file run_build run_command run_migrations search_files update_plan write_file"));
    ToolBench bench(StageId::Deployment, fullHost());
    QVERIFY(!bench.call("build_docker_image", {{"tag", "todo:1"}, {"build_args", R"({"A": "b"})"}}).isError);
    for (const auto* tag : {"--privileged", "a b", "A:1", "$(id)", "a\nb", ""})
        QVERIFY(bench.call("build_docker_image", {{"tag", tag}}).isError);
    QVERIFY(bench.call("build_docker_image", {{"tag", "a"}, {"dockerfile_path", "../Dockerfile"}}).isError);
    QVERIFY(bench.call("build_docker_image", {{"tag", "a"}, {"build_args", {{"A", 1}}}}).isError);
    QVERIFY(bench.call("deploy_to_environment", {{"environment", "moon"}}).isError);
    QVERIFY(!bench.call("health_check", {{"endpoint", "/health"}}).isError);
}

void ToolboxTest::everyToolIsDescribed()
{
    for (const auto stage : {StageId::Architecture, StageId::Coding, StageId::Testing, StageId::Deployment, StageId::Monitoring}) {
        for (const auto& tool : makeToolbox(stage, fullHost())) {
            const auto& [name, description, schema] = tool->definition();
            const auto sentences = QString::fromStdString(description).count(QRegularExpression(QStringLiteral(R"(\.( |$))")));
            QVERIFY2(sentences >= 1 && sentences <= 4 && description.size() < 700, name.c_str());
            QCOMPARE(schema.at("type").get<std::string>().c_str(), "object");
            QVERIFY2(checkedInput(tool->definition(), Json::object()) || schema.contains("required"), name.c_str());
        }
    }
}

void ToolboxTest::theDemosCallsAreAccepted()
{
    const auto demo = loadRecording(":/demo/recording.json");
    QVERIFY2(bool(demo), demo ? "" : demo.error().text().c_str());
    int calls = 0;
    for (const auto& turn : demo->turns) {
        const auto tools = makeToolbox(*parseStage(turn.stage), fullHost());
        for (const auto& block : turn.content) {
            const auto name = block.value("name", std::string());
            if (name.empty() || name == "submit_result")
                continue;
            auto* tool = findTool(tools, name);
            QVERIFY2(tool != nullptr, (turn.stage + " lacks " + name).c_str());
            const auto checked = checkedInput(tool->definition(), block.at("input"));
            QVERIFY2(bool(checked), checked ? "" : checked.error().detail.c_str());
            QVERIFY(*checked == block.at("input")); // the demo needs no making right
            ++calls;
        }
    }
    QVERIFY(calls > 80); // it calls something
}

QTEST_GUILESS_MAIN(ToolboxTest)
#include "tst_toolbox.moc"
