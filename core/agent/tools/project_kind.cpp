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

/// Beside the project: what is measured is built in its own way and leaves nothing behind.
constexpr auto kMeasuredBuild = "set -e; cmake -S . -B /tmp/aap-measured -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=--coverage -DCMAKE_CXX_FLAGS=--coverage >/dev/null; "
                                "cmake --build /tmp/aap-measured >/dev/null; code=0; ctest --test-dir /tmp/aap-measured --output-on-failure || code=$?; "
                                "gcovr --root . --exclude '(.*/)?tests?/' /tmp/aap-measured; exit $code";

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
    case ProjectTask::Coverage: return {{{"/bin/sh", "-c", kMeasuredBuild}, because, {}, TestFormat::Ctest, "gcovr"}};
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

/// Without a linter node itself says what it cannot read.
constexpr auto kNodeSyntax = "find . -name node_modules -prune -o \\( -name '*.js' -o -name '*.mjs' -o -name '*.cjs' \\) -print0 | xargs -0 -r -n 1 node --check";

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
            if (auto direct = plainNodeCall(text); !direct.empty()) {
                if (task == ProjectTask::Coverage)
                    direct.insert(direct.begin() + 1, "--experimental-test-coverage");
                commands.push_back({std::move(direct), because, {}, TestFormat::Node});
            }
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
    Commands commands;
    if (configured)
        commands.push_back({{"npx", "--no-install", "eslint", "."}, because, {}, {}});
    commands.push_back({{"/bin/sh", "-c", kNodeSyntax}, because, {}, {}, "node"});
    return commands;
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

/// C and C++ that nobody else has a linter for.
Commands plainCpp(const ProjectView& project, ProjectTask task)
{
    if (task != ProjectTask::Lint || !project.exists("CMakeLists.txt"))
        return {};
    return {{{"cppcheck", "--enable=warning,style,performance,portability", "--inline-suppr", "--suppress=missingIncludeSystem", "--quiet", "--error-exitcode=1",
              "--template={file}:{line}: {severity} {id}: {message}", "-i", "build", "."}, "CMakeLists.txt", {}, {}}};
}

constexpr auto kShellScripts = "find . -name .git -prune -o \\( -name '*.sh' -o -name '*.bash' -o -name '*.bats' \\) -print0 | xargs -0 -r ";

/// Runs the tests with every bash script telling its lines, and counts them. A line that only closes or opens a block is none.
constexpr auto kShellCoverage = R"py(import glob, os, re, subprocess, sys, tempfile
trace = tempfile.mkdtemp(prefix="aap-trace-")
setup = os.path.join(trace, "setup")
with open(setup, "w") as file:
    file.write("exec 9>>\"%s/lines.$$\"; BASH_XTRACEFD=9; PS4='+@${BASH_SOURCE}:${LINENO}@ '; set -x\n" % trace)
code = subprocess.run(["bats", "--tap", sys.argv[1]], env={**os.environ, "BASH_ENV": setup}).returncode
hit = set()
for name in glob.glob(os.path.join(trace, "lines.*")):
    with open(name, errors="replace") as file:
        for path, line in re.findall(r"\+@([^@\n]*):(\d+)@", file.read()):
            hit.add((os.path.realpath(path), int(line)))
blank = re.compile(r"^\s*(#.*|[{}()]|(then|else|do|done|fi|esac|;;)\s*;?|[\w-]+\s*\(\)\s*\{?|function .*\{|[^\s()]+\)|)\s*$")
total = reached = 0
print("File  Lines  Reached  Coverage")
for path in sorted(glob.glob("**/*.sh", recursive=True) + glob.glob("**/*.bash", recursive=True)):
    if re.search(r"(^|/)(tests?|node_modules)/", path):
        continue
    with open(path, errors="replace") as file:
        lines = [number for number, text in enumerate(file, 1) if not blank.match(text)]
    seen = sum((os.path.realpath(path), number) in hit for number in lines)
    total += len(lines)
    reached += seen
    print("%s  %d  %d  %.1f%%" % (path, len(lines), seen, 100.0 * seen / max(len(lines), 1)))
print("TOTAL  %d  %d  %.1f%%" % (total, reached, 100.0 * reached / max(total, 1)))
sys.exit(code)
)py";

std::string shellTests(const ProjectView& project)
{
    for (const auto* folder : {"tests", "test"})
        if (anyName(project, folder, "", ".bats"))
            return folder;
    return {};
}

/// What is shell and nothing else.
Commands shell(const ProjectView& project, ProjectTask task)
{
    const auto tests = shellTests(project);
    const bool isShell = !tests.empty() || anyName(project, "", "", ".sh") || anyName(project, "bin", "", ".sh") || anyName(project, "src", "", ".sh");
    if (!isShell)
        return {};
    const std::string because = tests.empty() ? "*.sh" : tests + "/*.bats";
    switch (task) {
    case ProjectTask::Test: return tests.empty() ? Commands{} : Commands{{{"bats", "--tap", tests}, because, {}, TestFormat::Bats}};
    case ProjectTask::Build: return {{{"/bin/sh", "-c", "find . -name .git -prune -o \\( -name '*.sh' -o -name '*.bash' \\) -print0 | xargs -0 -r -n 1 bash -n"}, because, {}, {}}};
    case ProjectTask::Lint: return {{{"/bin/sh", "-c", std::string(kShellScripts) + "shellcheck -f gcc"}, because, {}, {}, "shellcheck"}};
    case ProjectTask::Coverage: return tests.empty() ? Commands{} : Commands{{{"python3", "-c", kShellCoverage, tests}, because, {}, TestFormat::Bats, "bats"}};
    case ProjectTask::Benchmark: break;
    }
    return {};
}

} // namespace

std::vector<ProjectCommand> projectCommands(const ProjectView& project, ProjectTask task)
{
    for (const auto& kind : {cmake, node, python, go, cargo, jvm, make, bareNode, plainCpp, shell})
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
    case TestFormat::Bats:
        if (path)
            argv.back() = selection.path;
        if (pattern)
            argv.insert(argv.end() - 1, {"--filter", selection.pattern});
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
