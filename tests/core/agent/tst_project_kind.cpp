#include <set>

#include <QTest>
#include <fmt/ranges.h>

#include "core/agent/tools/project_kind.h"

using namespace aap;

class ProjectKindTest : public QObject {
    Q_OBJECT

private slots:
    void detection_data();
    void detection();
    void selection_data();
    void selection();
};

namespace {

using Files = std::map<std::string, std::string>;

ProjectView view(const Files& files)
{
    ProjectView project;
    project.exists = [files](const std::string& path) { return files.contains(path); };
    project.text = [files](const std::string& path) { return files.contains(path) ? files.at(path) : std::string(); };
    project.names = [files](const std::string& folder) {
        std::set<std::string> names;
        for (const auto& [path, text] : files) {
            if (!folder.empty() && !path.starts_with(folder + '/'))
                continue;
            const auto rest = folder.empty() ? path : path.substr(folder.size() + 1);
            names.insert(rest.substr(0, rest.find('/') == std::string::npos ? rest.size() : rest.find('/') + 1));
        }
        return std::vector<std::string>(names.begin(), names.end());
    };
    return project;
}

QByteArray joined(const std::vector<std::string>& argv)
{
    return QByteArray::fromStdString(fmt::format("{}", fmt::join(argv, " ")));
}

} // namespace

Q_DECLARE_METATYPE(Files)

void ProjectKindTest::detection_data()
{
    QTest::addColumn<Files>("files");
    QTest::addColumn<int>("task");
    QTest::addColumn<QByteArray>("commands");
    const auto row = [](const char* title, const Files& files, ProjectTask task, const char* commands) { QTest::newRow(title) << files << int(task) << QByteArray(commands); };
    const Files package{{"package.json", R"({"scripts": {"test": "node --test tests/", "build": "tsc", "bench": "node bench.js"}})"}};
    row("CMake", {{"CMakeLists.txt", ""}}, ProjectTask::Test, "ctest --test-dir build --output-on-failure");
    row("CMake wins over Python", {{"CMakeLists.txt", ""}, {"pyproject.toml", ""}}, ProjectTask::Test, "ctest --test-dir build --output-on-failure");
    row("CMake without clang-tidy leaves the linter to Python", {{"CMakeLists.txt", ""}, {"pyproject.toml", ""}}, ProjectTask::Lint,
        "ruff check --output-format concise . | python3 -m flake8 . | python3 -m compileall -q .");
    row("package.json", package, ProjectTask::Test, "npm test --silent | node --test tests/");
    row("package.json's build", package, ProjectTask::Build, "npm run build");
    row("package.json's benchmark", package, ProjectTask::Benchmark, "npm run bench | node bench.js");
    row("package.json with a script only a shell could read", {{"package.json", R"({"scripts": {"test": "node a.js && rm -rf x"}})"}}, ProjectTask::Test, "npm test --silent");
    row("package.json without that script", {{"package.json", R"({"scripts": {}})"}, {"Makefile", "test:\n\ttrue\n"}}, ProjectTask::Test, "make test");
    const std::string nodeReads = "/bin/sh -c find . -name node_modules -prune -o \\( -name '*.js' -o -name '*.mjs' -o -name '*.cjs' \\) -print0 | xargs -0 -r -n 1 node --check";
    row("eslint only where it is configured", {{"package.json", "{}"}}, ProjectTask::Lint, nodeReads.c_str());
    row("eslint", {{"package.json", "{}"}, {"eslint.config.js", ""}}, ProjectTask::Lint, ("npx --no-install eslint . | " + nodeReads).c_str());
    row("package.json's coverage", package, ProjectTask::Coverage, "npm test --silent -- --coverage | node --experimental-test-coverage --test tests/");
    row("CMake without another linter", {{"CMakeLists.txt", ""}}, ProjectTask::Lint,
        "cppcheck --enable=warning,style,performance,portability --inline-suppr --suppress=missingIncludeSystem --quiet --error-exitcode=1 "
        "--template={file}:{line}: {severity} {id}: {message} -i build .");
    row("shell", {{"bin/a.sh", ""}, {"tests/a.bats", ""}}, ProjectTask::Test, "bats --tap tests");
    row("shell without tests", {{"a.sh", ""}}, ProjectTask::Test, "");
    row("shell's linter", {{"a.sh", ""}}, ProjectTask::Lint,
        "/bin/sh -c find . -name .git -prune -o \\( -name '*.sh' -o -name '*.bash' -o -name '*.bats' \\) -print0 | xargs -0 -r shellcheck -f gcc");
    row("pyproject.toml", {{"pyproject.toml", ""}}, ProjectTask::Test, "python3 -m pytest -q | python3 -m unittest");
    row("only Python tests", {{"tests/test_a.py", ""}}, ProjectTask::Test, "python3 -m pytest -q | python3 -m unittest discover -s tests");
    row("Python tests in a package", {{"tests/test_a.py", ""}, {"tests/__init__.py", ""}}, ProjectTask::Test, "python3 -m pytest -q | python3 -m unittest");
    row("Python coverage", {{"setup.py", ""}}, ProjectTask::Coverage, "python3 -m pytest -q --cov=. --cov-report=term | python3 -m coverage run -m unittest");
    row("go", {{"go.mod", ""}}, ProjectTask::Test, "go test ./...");
    row("cargo", {{"Cargo.toml", ""}}, ProjectTask::Build, "cargo build --release");
    row("maven", {{"pom.xml", ""}}, ProjectTask::Test, "mvn -q test");
    row("gradle", {{"build.gradle.kts", ""}}, ProjectTask::Build, "gradle build");
    row("make has no such target", {{"Makefile", "all:\n\ttrue\ntest := x\n"}}, ProjectTask::Test, "");
    row("make check", {{"Makefile", "check: all\n\ttrue\n"}}, ProjectTask::Test, "make check");
    row("JavaScript without a manifest", {{"test/a.test.js", ""}}, ProjectTask::Test, "node --test");
    row("nothing", {{"README.md", ""}}, ProjectTask::Test, "");
    row("a package.json that is none", {{"package.json", "]["}}, ProjectTask::Test, "");
}

void ProjectKindTest::detection()
{
    QFETCH(const Files, files);
    QFETCH(const int, task);
    QByteArrayList found;
    for (const auto& command : projectCommands(view(files), ProjectTask(task)))
        found << joined(command.argv);
    QTEST(found.join(" | "), "commands");
}

void ProjectKindTest::selection_data()
{
    QTest::addColumn<Files>("files");
    QTest::addColumn<int>("way");
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("without");
    const Files python{{"pyproject.toml", ""}};
    const Files node{{"package.json", R"({"scripts": {"test": "node --test tests/"}})"}};
    const Files jest{{"package.json", R"({"scripts": {"test": "jest"}})"}};
    const auto row = [](const char* title, const Files& files, int way, const char* command, const char* without) {
        QTest::newRow(title) << files << way << QByteArray(command) << QByteArray(without);
    };
    row("pytest", python, 0, "python3 -m pytest -q -v -k login -- tests/test_a.py", "");
    row("unittest", python, 1, "python3 -m unittest tests/test_a.py -v -k login", "");
    row("ctest", {{"CMakeLists.txt", ""}}, 0, "ctest --test-dir build --output-on-failure -V -R login", "test_path");
    row("node", node, 1, "node --test-name-pattern=login --test tests/test_a.py", "");
    row("jest", jest, 0, "npm test --silent -- -t login tests/test_a.py", "");
    row("go", {{"go.mod", ""}}, 0, "go test -run login -v ./tests/test_a.py", "");
    row("cargo", {{"Cargo.toml", ""}}, 0, "cargo test login", "test_path");
    row("bats", {{"tests/a.bats", ""}}, 0, "bats --tap --filter login tests/test_a.py", "");
    row("make", {{"Makefile", "test:\n"}}, 0, "make test", "pattern and test_path");
}

void ProjectKindTest::selection()
{
    QFETCH(const Files, files);
    QFETCH(const int, way);
    const auto commands = projectCommands(view(files), ProjectTask::Test);
    QVERIFY(std::size_t(way) < commands.size());
    std::string left;
    QTEST(joined(withSelection(commands[std::size_t(way)], {"tests/test_a.py", "login", true}, left)), "command");
    QTEST(QByteArray::fromStdString(left), "without");
}

QTEST_GUILESS_MAIN(ProjectKindTest)
#include "tst_project_kind.moc"
