#include "core/pipeline/checks/test_command.h"

#include <algorithm>

#include <QRegularExpression>
#include <fmt/format.h>

namespace aap {
namespace {

using Argv = std::vector<std::string>;

std::string_view programOf(std::string_view word)
{
    return word.substr(word.rfind('/') + 1);
}

bool has(const Argv& argv, std::string_view word)
{
    return std::ranges::find(argv, word) != argv.end();
}

void add(Argv& argv, std::initializer_list<std::string> words)
{
    argv.insert(argv.end(), words);
}

/// Words after the program that name places would widen what the ids narrow.
void dropPaths(Argv& argv, const std::function<bool(const std::string&)>& exists)
{
    std::erase_if(argv, [&](const std::string& word) { return &word != &argv.front() && !word.starts_with('-') && exists(word); });
}

std::string anyOf(const Argv& names)
{
    std::string pattern;
    for (const auto& name : names) {
        const auto last = name.substr(name.rfind("::") == name.npos ? 0 : name.rfind("::") + 2);
        pattern += (pattern.empty() ? "" : "|") + QRegularExpression::escape(QString::fromStdString(last)).toStdString();
    }
    return "^(" + pattern + ")$";
}

Argv pytest(Argv argv, const TestWish& wish, const std::function<bool(const std::string&)>& exists)
{
    if (!wish.only.empty())
        dropPaths(argv, exists);
    add(argv, {"-p", "no:cacheprovider", "-o", "junit_family=xunit1", "--junitxml=" + wish.results + "/junit.xml"});
    if (wish.shuffled)
        add(argv, {"-p", kOrderModule});
    if (wish.coverage)
        add(argv, {"--cov=.", "--cov-report=xml:" + wish.results + "/coverage.xml"});
    argv.insert(argv.end(), wish.only.begin(), wish.only.end());
    return argv;
}

Argv unittest(Argv argv, const TestWish& wish)
{
    if (!wish.only.empty())
        argv.resize(std::size_t(std::ranges::find(argv, "unittest") - argv.begin()) + 1);
    if (!has(argv, "-v") && !has(argv, "--verbose"))
        add(argv, {"-v"});
    argv.insert(argv.end(), wish.only.begin(), wish.only.end());
    if (wish.coverage && argv.size() > 2 && argv[1] == "-m")
        argv.insert(argv.begin() + 2, {"coverage", "run", "--source=.", "--data-file=" + wish.results + "/coverage.data", "-m"});
    return argv;
}

Argv node(Argv argv, const TestWish& wish)
{
    if (wish.coverage)
        argv.insert(argv.begin() + 1, "--experimental-test-coverage");
    if (!wish.only.empty())
        argv.insert(argv.begin() + 1, "--test-name-pattern=" + anyOf(wish.only));
    return argv;
}

} // namespace

TestFormat formatOf(const std::vector<std::string>& argv)
{
    if (argv.empty())
        return TestFormat::Unknown;
    const auto program = programOf(argv.front());
    const bool python = program.starts_with("python");
    if (program == "pytest" || program == "py.test" || program == "pytest-3" || (python && has(argv, "pytest")))
        return TestFormat::Pytest;
    if (python && has(argv, "unittest"))
        return TestFormat::Unittest;
    if (program == "ctest")
        return TestFormat::Ctest;
    if (program == "node" && has(argv, "--test"))
        return TestFormat::Node;
    if (program == "go" && has(argv, "test"))
        return TestFormat::Go;
    if (program == "bats")
        return TestFormat::Bats;
    return program == "cargo" && has(argv, "test") ? TestFormat::Cargo : TestFormat::Unknown;
}

std::vector<std::string> withWish(std::vector<std::string> argv, const TestWish& wish, const std::function<bool(const std::string&)>& exists)
{
    switch (formatOf(argv)) {
    case TestFormat::Pytest: return pytest(std::move(argv), wish, exists);
    case TestFormat::Unittest: return unittest(std::move(argv), wish);
    case TestFormat::Node: return node(std::move(argv), wish);
    case TestFormat::Ctest:
        if (!wish.only.empty())
            add(argv, {"-R", anyOf(wish.only)});
        if (wish.shuffled)
            add(argv, {"--schedule-random"});
        return argv;
    case TestFormat::Bats:
        if (!has(argv, "--tap"))
            argv.insert(argv.begin() + 1, "--tap");
        if (!wish.only.empty())
            argv.insert(argv.begin() + 1, {"--filter", anyOf(wish.only)});
        return argv;
    case TestFormat::Go:
        add(argv, {"-v"});
        if (!wish.only.empty())
            add(argv, {"-run", anyOf(wish.only)});
        if (wish.shuffled)
            add(argv, {"-shuffle=on"});
        return argv;
    default: return argv;
    }
}

std::string orderPlugin(unsigned seed)
{
    return fmt::format("import random\n\nimport pytest\n\n\n@pytest.hookimpl(trylast=True)\ndef pytest_collection_modifyitems(items):\n"
                       "    random.Random({}).shuffle(items)\n", seed);
}

std::string stubProgram()
{
    return R"py(import ast
import pathlib
import sys

TESTS = {"tests", "test", "spec", "__tests__"}


class Stub(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        node.body = ast.parse("raise NotImplementedError('stub')").body
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


stubbed = 0
for path in sorted(pathlib.Path(".").rglob("*.py")):
    name = path.name
    if TESTS & set(path.parts[:-1]) or name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py"):
        continue
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        continue
    before = ast.dump(tree)
    tree = Stub().visit(tree)
    if ast.dump(tree) != before:
        path.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")
        stubbed += 1
sys.exit(0 if stubbed else 3)
)py";
}

} // namespace aap
