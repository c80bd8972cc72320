#include "core/agent/tools/project_kind.h"

#include <algorithm>

#include <QRegularExpression>

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

using Commands = std::vector<ProjectCommand>;
using Argv = std::vector<std::string>;

std::vector<std::string> names(const ProjectView& project, const std::string& folder)
{
    return project.names ? project.names(folder) : std::vector<std::string>();
}

bool anyName(const ProjectView& project, const std::string& folder, std::string_view start, std::string_view end)
{
    return std::ranges::any_of(names(project, folder), [&](const auto& name) { return name.starts_with(start) && name.ends_with(end); });
}

Commands cmake(const ProjectView& project, ProjectTask task)
{
    const std::string because = "CMakeLists.txt";
    if (!project.exists(because))
        return {};
    switch (task) {
    case ProjectTask::Test: return {{{"ctest", "--test-dir", "build", "--output-on-failure"}, because, {}, TestFormat::Ctest}};
    case ProjectTask::Build: return {{{"/bin/sh", "-c", "cmake -S . -B build && cmake --build build"}, because, {}, {}}};
    case ProjectTask::Lint:
        if (!project.exists(".clang-tidy"))
            return {};
        return {{{"/bin/sh", "-c", "find . -path ./build -prune -o \\( -name '*.cpp' -o -name '*.cc' \\) -print0 | xargs -0 -r clang-tidy -p build --quiet"}, ".clang-tidy", {}, {}}};
    case ProjectTask::Coverage: return {{{"gcovr", "--root", "."}, because, {}, {}}};
    case ProjectTask::Benchmark: break;
    }
    return {};
}

/// The words of a script that is no more than a node call: it then works without npm.
Argv plainNodeCall(const std::string& script)
{
    static const QRegularExpression plain(QStringLiteral(R"(^node( [\w./=:@-]+)+$)"));
    Argv argv;
    if (const auto text = QString::fromStdString(script); plain.match(text).hasMatch())
        for (const auto& word : text.split(QLatin1Char(' ')))
            argv.push_back(word.toStdString());
    return argv;
}

Commands node(const ProjectView& project, ProjectTask task)
{
    const std::string because = "package.json";
    if (!project.exists(because))
        return {};
    const auto json = parseBounded(project.text(because));
    const auto& scripts = memberOf(json, "scripts");
    const auto ways = [&](const char* script, Argv argv) {
        Commands commands;
        if (const auto text = stringIn(scripts, script); !text.empty()) {
            const auto format = text.find("jest") != std::string::npos ? TestFormat::Jest : text.find("node") != std::string::npos ? TestFormat::Node : TestFormat::Unknown;
            commands.push_back({std::move(argv), because, {}, format});
            if (auto direct = plainNodeCall(text); !direct.empty())
                commands.push_back({std::move(direct), because, {}, TestFormat::Node});
        }
        return commands;
    };
    switch (task) {
    case ProjectTask::Test: return ways("test", {"npm", "test", "--silent"});
    case ProjectTask::Build: return ways("build", {"npm", "run", "build"});
    case ProjectTask::Coverage: return ways("test", {"npm", "test", "--silent", "--", "--coverage"});
    case ProjectTask::Benchmark: return ways(scripts.is_object() && scripts.contains("bench") ? "bench" : "benchmark",
                                             {"npm", "run", scripts.is_object() && scripts.contains("bench") ? "bench" : "benchmark"});
    case ProjectTask::Lint: break;
    }
    const auto root = names(project, "");
    const bool configured = std::ranges::any_of(root, [](const auto& name) { return name.starts_with(".eslintrc") || name.starts_with("eslint.config"); });
    return configured ? Commands{{{"npx", "--no-install", "eslint", "."}, because, {}, {}}} : Commands{};
}

/// unittest finds tests in packages only; a tests folder that is none must be named.
Argv unittestCall(const ProjectView& project)
{
    if (!project.exists("tests/__init__.py") && anyName(project, "tests", "test", ".py"))
        return {"python3", "-m", "unittest", "discover", "-s", "tests"};
    return {"python3", "-m", "unittest"};
}

std::string pythonSign(const ProjectView& project)
{
    for (const auto* name : {"pyproject.toml", "pytest.ini", "requirements.txt", "setup.py", "setup.cfg", "tox.ini"})
        if (project.exists(name))
            return name;
    if (anyName(project, "tests", "test_", ".py"))
        return "tests/test_*.py";
    return anyName(project, "", "", ".py") ? "*.py" : "";
}

Commands python(const ProjectView& project, ProjectTask task)
{
    const auto because = pythonSign(project);
    if (because.empty())
        return {};
    auto underCoverage = unittestCall(project);
    underCoverage.insert(underCoverage.begin() + 2, {"coverage", "run", "-m"});
    switch (task) {
    case ProjectTask::Test:
        return {{{"python3", "-m", "pytest", "-q"}, because, "pytest", TestFormat::Pytest}, {unittestCall(project), because, {}, TestFormat::Unittest}};
    case ProjectTask::Lint:
        return {{{"ruff", "check", "--output-format", "concise", "."}, because, {}, {}},
                {{"python3", "-m", "flake8", "."}, because, "flake8", {}},
                {{"python3", "-m", "compileall", "-q", "."}, because, {}, {}}};
    case ProjectTask::Coverage:
        return {{{"python3", "-m", "pytest", "-q", "--cov=.", "--cov-report=term"}, because, "pytest_cov", TestFormat::Pytest},
                {std::move(underCoverage), because, "coverage", TestFormat::Unittest}};
    case ProjectTask::Benchmark:
        return {{{"python3", "-m", "pytest", "-q", "--benchmark-only"}, because, "pytest_benchmark", TestFormat::Pytest}};
    case ProjectTask::Build: break;
    }
    return {};
}

Commands go(const ProjectView& project, ProjectTask task)
{
    if (!project.exists("go.mod"))
        return {};
    switch (task) {
    case ProjectTask::Test: return {{{"go", "test", "./..."}, "go.mod", {}, TestFormat::Go}};
    case ProjectTask::Build: return {{{"go", "build", "./..."}, "go.mod", {}, {}}};
    case ProjectTask::Lint: return {{{"go", "vet", "./..."}, "go.mod", {}, {}}};
    case ProjectTask::Coverage: return {{{"go", "test", "-cover", "./..."}, "go.mod", {}, TestFormat::Go}};
    case ProjectTask::Benchmark: break;
    }
    return {{{"go", "test", "-run", "^$", "-bench", ".", "./..."}, "go.mod", {}, TestFormat::Unknown}};
}

Commands cargo(const ProjectView& project, ProjectTask task)
{
    if (!project.exists("Cargo.toml"))
        return {};
    switch (task) {
    case ProjectTask::Test: return {{{"cargo", "test"}, "Cargo.toml", {}, TestFormat::Cargo}};
    case ProjectTask::Build: return {{{"cargo", "build", "--release"}, "Cargo.toml", {}, {}}};
    case ProjectTask::Lint: return {{{"cargo", "clippy"}, "Cargo.toml", {}, {}}};
    case ProjectTask::Benchmark: return {{{"cargo", "bench"}, "Cargo.toml", {}, {}}};
    case ProjectTask::Coverage: break;
    }
    return {};
}

Commands jvm(const ProjectView& project, ProjectTask task)
{
    const bool maven = project.exists("pom.xml");
    const std::string gradle = project.exists("build.gradle") ? "build.gradle" : project.exists("build.gradle.kts") ? "build.gradle.kts" : "";
    if ((!maven && gradle.empty()) || (task != ProjectTask::Test && task != ProjectTask::Build))
        return {};
    const bool test = task == ProjectTask::Test;
    if (maven)
        return {{test ? Argv{"mvn", "-q", "test"} : Argv{"mvn", "package"}, "pom.xml", {}, {}}};
    return {{{"gradle", test ? "test" : "build"}, gradle, {}, {}}};
}

Commands make(const ProjectView& project, ProjectTask task)
{
    const std::string because = "Makefile";
    if (!project.exists(because))
        return {};
    const auto hasTarget = [&](const char* target) {
        const QRegularExpression form(QStringLiteral("^%1\\s*:(?!=)").arg(QLatin1String(target)), QRegularExpression::MultilineOption);
        return form.match(QString::fromStdString(project.text(because))).hasMatch();
    };
    switch (task) {
    case ProjectTask::Build: return {{{"make"}, because, {}, {}}};
    case ProjectTask::Test: return hasTarget("test") ? Commands{{{"make", "test"}, because, {}, {}}} : hasTarget("check") ? Commands{{{"make", "check"}, because, {}, {}}} : Commands{};
    case ProjectTask::Lint: return hasTarget("lint") ? Commands{{{"make", "lint"}, because, {}, {}}} : Commands{};
    case ProjectTask::Coverage: return hasTarget("coverage") ? Commands{{{"make", "coverage"}, because, {}, {}}} : Commands{};
    case ProjectTask::Benchmark: break;
    }
    return hasTarget("bench") ? Commands{{{"make", "bench"}, because, {}, {}}} : Commands{};
}

/// What is JavaScript without a package.json: node's own runner finds test files by their names.
Commands bareNode(const ProjectView& project, ProjectTask task)
{
    const bool tests = anyName(project, "test", "", ".test.js") || anyName(project, "tests", "", ".test.js") || anyName(project, "test", "", ".test.mjs")
        || anyName(project, "tests", "", ".test.mjs");
    return task == ProjectTask::Test && tests ? Commands{{{"node", "--test"}, "*.test.js", {}, TestFormat::Node}} : Commands{};
}

} // namespace

std::vector<ProjectCommand> projectCommands(const ProjectView& project, ProjectTask task)
{
    for (const auto& kind : {cmake, node, python, go, cargo, jvm, make, bareNode})
        if (auto commands = kind(project, task); !commands.empty())
            return commands;
    return {};
}

std::vector<std::string> withSelection(const ProjectCommand& command, const TestSelection& selection, std::string& left)
{
    auto argv = command.argv;
    const auto add = [&](std::initializer_list<std::string> words) { argv.insert(argv.end(), words); };
    const bool path = !selection.path.empty();
    const bool pattern = !selection.pattern.empty();
    const bool npm = argv.front() == "npm";
    switch (command.format) {
    case TestFormat::Pytest:
        if (selection.verbose)
            add({"-v"});
        if (pattern)
            add({"-k", selection.pattern});
        if (path)
            add({"--", selection.path});
        return argv;
    case TestFormat::Unittest:
        if (path) // a file or a folder: both are other calls than discovery of all
            argv = selection.path.ends_with(".py") ? Argv{"python3", "-m", "unittest", selection.path}
                                                   : Argv{"python3", "-m", "unittest", "discover", "-s", selection.path};
        if (selection.verbose)
            add({"-v"});
        if (pattern)
            add({"-k", selection.pattern});
        return argv;
    case TestFormat::Ctest:
        if (selection.verbose)
            add({"-V"});
        if (pattern)
            add({"-R", selection.pattern});
        break;
    case TestFormat::Node:
    case TestFormat::Jest:
        if (npm && (path || pattern))
            add({"--"});
        if (pattern && command.format == TestFormat::Jest)
            add({"-t", selection.pattern});
        else if (pattern) // node reads its own options before the first file only
            argv.insert(npm ? argv.end() : argv.begin() + 1, "--test-name-pattern=" + selection.pattern);
        if (path && !npm) // instead of the files the script names
            std::erase_if(argv, [&](const std::string& word) { return &word != &argv.front() && !word.starts_with('-'); });
        if (path)
            add({selection.path});
        return argv;
    case TestFormat::Go:
        if (path)
            argv.back() = "./" + selection.path;
        if (selection.verbose)
            argv.insert(argv.begin() + 2, "-v");
        if (pattern)
            argv.insert(argv.begin() + 2, {"-run", selection.pattern});
        return argv;
    case TestFormat::Cargo:
        if (pattern)
            add({selection.pattern});
        break;
    case TestFormat::Unknown:
        if (argv.front() == "mvn" && pattern)
            add({"-Dtest=" + selection.pattern});
        else if (argv.front() == "gradle" && pattern)
            add({"--tests", selection.pattern});
        else if (pattern)
            left = "pattern";
        break;
    }
    if (path)
        left += left.empty() ? "test_path" : " and test_path";
    return argv;
}

} // namespace aap
