#include "core/agent/tools/test_output.h"

#include <algorithm>
#include <array>

#include <QRegularExpression>
#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/text_edit.h"

namespace aap {
namespace {

constexpr std::size_t kMostShown = 20;

QRegularExpression lines(const char* pattern)
{
    return QRegularExpression(QString::fromUtf8(pattern), QRegularExpression::MultilineOption);
}

int numberIn(const QString& text, const char* pattern)
{
    const auto match = lines(pattern).match(text);
    return match.hasMatch() ? match.captured(1).toInt() : 0;
}

/// Group 1 is the name, group 2 (where there is one) the message.
void addFailures(TestSummary& summary, const QString& text, const char* pattern)
{
    for (auto matches = lines(pattern).globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const auto name = match.captured(1).trimmed().toStdString();
        const auto known = std::ranges::find(summary.failures, name, &std::pair<std::string, std::string>::first);
        if (known == summary.failures.end() && summary.failures.size() < 500)
            summary.failures.emplace_back(name, match.captured(2).trimmed().toStdString());
    }
}

TestSummary pytest(const QString& text)
{
    // "=== 1 failed, 2 passed in 0.03s ===", with -q without the rules at its sides
    static const auto totals = lines(R"(^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s(?: \([\d:]+\))?(?: =+)?\s*$)");
    TestSummary summary;
    const auto match = totals.match(text);
    if (!match.hasMatch())
        return summary;
    const auto line = match.captured(1);
    summary.recognised = true;
    summary.passed = numberIn(line, R"((\d+) passed)") + numberIn(line, R"((\d+) xpassed)");
    summary.failed = numberIn(line, R"((\d+) failed)") + numberIn(line, R"((\d+) errors?\b)");
    summary.skipped = numberIn(line, R"((\d+) skipped)") + numberIn(line, R"((\d+) xfailed)");
    addFailures(summary, text, R"(^(?:FAILED|ERROR) (\S+(?: \S+)*?)(?: - (.*))?$)");
    return summary;
}

TestSummary unittest(const QString& text)
{
    TestSummary summary;
    const auto ran = lines(R"(^Ran (\d+) tests? in )").match(text);
    if (!ran.hasMatch())
        return summary;
    summary.recognised = true;
    const auto verdict = lines(R"(^(?:OK|FAILED)(?: \(.*\))?\s*$)").match(text).captured(0);
    summary.failed = numberIn(verdict, R"(failures=(\d+))") + numberIn(verdict, R"(errors=(\d+))") + numberIn(verdict, R"(unexpected successes=(\d+))");
    summary.skipped = numberIn(verdict, R"(skipped=(\d+))");
    summary.passed = std::max(0, ran.captured(1).toInt() - summary.failed - summary.skipped);
    // "FAIL: test_x (module.Class.test_x)", a rule, the traceback, and at its end the message
    addFailures(summary, text, R"(^(?:FAIL|ERROR): (.+)\n(?:.*\n)?-{20,}\n(?:(?:Traceback.*|[ ].*|)\n)*(\S.*)$)");
    return summary;
}

TestSummary ctest(const QString& text)
{
    TestSummary summary;
    const auto totals = lines(R"(^\d+% tests passed, (\d+) tests? failed out of (\d+))").match(text);
    if (!totals.hasMatch())
        return summary;
    summary.recognised = true;
    summary.failed = totals.captured(1).toInt();
    summary.skipped = int(text.count(QStringLiteral("***Skipped"))) + int(text.count(QStringLiteral("***Not Run (Disabled)")));
    summary.passed = std::max(0, totals.captured(2).toInt() - summary.failed - summary.skipped);
    addFailures(summary, text, R"(^\s*\d+ - (\S+) \((?!Skipped|Disabled)([^)]+)\)\s*$)");
    return summary;
}

TestSummary node(const QString& text)
{
    TestSummary summary;
    const auto marker = lines(R"(^(?:#|\x{2139}) tests (\d+)\s*$)").match(text);
    if (!marker.hasMatch())
        return summary;
    summary.recognised = true;
    summary.passed = numberIn(text, R"(^(?:#|\x{2139}) pass (\d+)\s*$)");
    summary.failed = numberIn(text, R"(^(?:#|\x{2139}) fail (\d+)\s*$)") + numberIn(text, R"(^(?:#|\x{2139}) cancelled (\d+)\s*$)");
    summary.skipped = numberIn(text, R"(^(?:#|\x{2139}) skipped (\d+)\s*$)") + numberIn(text, R"(^(?:#|\x{2139}) todo (\d+)\s*$)");
    addFailures(summary, text, R"(^\s*not ok \d+ - (.+?)\s*(?:# .*)?\n(?:(?!\s*\.\.\.).*\n)*?\s*error: (?:\|-\n\s*)?['"]?(.*?)['"]?$)");
    addFailures(summary, text, R"(^\s*not ok \d+ - (.+?)\s*(?:#.*)?$)");
    addFailures(summary, text, R"(^\s*\x{2716} (.+?) \([\d.]+ms\)()$)");
    return summary;
}

TestSummary jest(const QString& text)
{
    TestSummary summary;
    const auto totals = lines(R"(^Tests:\s+(.*\btotal)\s*$)").match(text);
    if (!totals.hasMatch())
        return summary;
    summary.recognised = true;
    summary.passed = numberIn(totals.captured(1), R"((\d+) passed)");
    summary.failed = numberIn(totals.captured(1), R"((\d+) failed)");
    summary.skipped = numberIn(totals.captured(1), R"((\d+) skipped)") + numberIn(totals.captured(1), R"((\d+) todo)");
    addFailures(summary, text, R"(^\s*\x{25CF} (.+ \x{203A} .+)\n\n\s*(.+)$)");
    return summary;
}

TestSummary go(const QString& text)
{
    TestSummary summary;
    const auto count = [&](const char* pattern) {
        int number = 0;
        for (auto matches = lines(pattern).globalMatch(text); matches.hasNext(); matches.next())
            ++number;
        return number;
    };
    const int packages = count(R"(^ok\s+\S+\s+[\d.(])");
    const int failedPackages = count(R"(^FAIL\s+\S+\s+[\d.(\[])");
    summary.recognised = packages + failedPackages > 0;
    summary.failed = count(R"(^\s*--- FAIL: )");
    summary.skipped = count(R"(^\s*--- SKIP: )");
    const int named = count(R"(^\s*--- PASS: )");
    summary.passed = named > 0 ? named : packages; // without -v only packages are named
    if (summary.failed == 0)
        summary.failed = failedPackages; // it did not even build
    addFailures(summary, text, R"(^\s*--- FAIL: (\S+) .*\n\s*(.*)$)");
    addFailures(summary, text, R"(^FAIL\s+(\S+) (\[.*\])$)");
    return summary;
}

TestSummary cargo(const QString& text)
{
    TestSummary summary;
    for (auto matches = lines(R"(^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored)").globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        summary.recognised = true;
        summary.passed += match.captured(1).toInt();
        summary.failed += match.captured(2).toInt();
        summary.skipped += match.captured(3).toInt();
    }
    addFailures(summary, text, R"(^---- (\S+) stdout ----\n(?:thread .* panicked at (.*))?)");
    addFailures(summary, text, R"(^test (\S+) \.\.\. FAILED()$)");
    return summary;
}

/// TAP, as bats writes it: "1..3", "ok 1 adds", "not ok 2 says no", "# (in test file …", "ok 3 later # skip why".
TestSummary bats(const QString& text)
{
    TestSummary summary;
    if (!lines(R"(^1\.\.\d+\s*$)").match(text).hasMatch())
        return summary;
    summary.recognised = true;
    for (auto matches = lines(R"(^(not ok|ok) \d+ .*?(# skip.*)?$)").globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        auto& count = !match.captured(2).isEmpty() ? summary.skipped : match.captured(1) == QStringLiteral("ok") ? summary.passed : summary.failed;
        ++count;
    }
    addFailures(summary, text, R"(^not ok \d+ (.+)\n# \(.*\n#\s+(.*)$)");
    addFailures(summary, text, R"(^not ok \d+ (.+)()$)");
    return summary;
}

using Reader = TestSummary (*)(const QString&);
constexpr std::array<std::pair<TestFormat, Reader>, 8> kReaders{{{TestFormat::Pytest, pytest}, {TestFormat::Unittest, unittest},
    {TestFormat::Ctest, ctest}, {TestFormat::Node, node}, {TestFormat::Jest, jest}, {TestFormat::Cargo, cargo}, {TestFormat::Go, go}, {TestFormat::Bats, bats}}};

} // namespace

TestSummary summariseTests(std::string_view output, TestFormat format)
{
    const auto text = QString::fromUtf8(output.data(), qsizetype(output.size()));
    for (const auto& [kind, read] : kReaders) {
        if (format != TestFormat::Unknown && format != kind)
            continue;
        if (auto summary = read(text); summary.recognised)
            return summary;
    }
    return {};
}

std::string describe(const TestSummary& summary)
{
    if (!summary.recognised)
        return "no totals found in the output";
    auto text = fmt::format("{} passed, {} failed, {} skipped", summary.passed, summary.failed, summary.skipped);
    for (std::size_t i = 0; i < std::min(summary.failures.size(), kMostShown); ++i) {
        const auto& [name, message] = summary.failures[i];
        text += fmt::format("\n  failed: {}{}{}", shortened(name, 200), message.empty() ? "" : ": ", shortened(message, 200));
    }
    if (summary.failures.size() > kMostShown)
        text += fmt::format("\n  … and {} more", summary.failures.size() - kMostShown);
    return text;
}

Coverage readCoverage(std::string_view output)
{
    static const auto row = lines(R"(^[ \t]*(\S(?:.*?\S)?)[ \t]+(?:\d+[ \t]+)+(\d+(?:\.\d+)?)%(?:[ \t].*)?$)"); // "app/x.py  10  2  80%"
    static const auto istanbul = lines(R"(^[# \t\x{2139}]*(\S(?:.*?\S)?)[ \t]*\|[ \t]*(\d+(?:\.\d+)?)[ \t]*\|.*$)");   // "  x.js | 90.5 | …"
    static const auto goPackage = lines(R"(^ok\s+(\S+)\s.*coverage: ([\d.]+)% of statements)");
    const auto text = QString::fromUtf8(output.data(), qsizetype(output.size()));
    Coverage coverage;
    for (const auto* form : {&row, &istanbul, &goPackage}) {
        for (auto matches = form->globalMatch(text); matches.hasNext();) {
            const auto match = matches.next();
            const auto name = match.captured(1);
            const auto percent = match.captured(2).toDouble();
            if (name == QStringLiteral("TOTAL") || name.compare(QStringLiteral("all files"), Qt::CaseInsensitive) == 0) {
                coverage.recognised = true;
                coverage.totalPercent = percent;
            } else {
                coverage.files.push_back({name.toStdString(), percent});
            }
        }
        if (coverage.recognised || !coverage.files.empty())
            break;
    }
    if (!coverage.recognised && !coverage.files.empty()) { // go names no total: the packages' mean
        coverage.recognised = true;
        for (const auto& file : coverage.files)
            coverage.totalPercent += file.percent / double(coverage.files.size());
    }
    return coverage;
}

std::string describe(Coverage coverage)
{
    if (!coverage.recognised)
        return "no coverage table found in the output";
    std::ranges::stable_sort(coverage.files, {}, &FileCoverage::percent);
    auto text = fmt::format("total coverage {:.1f} %", coverage.totalPercent);
    for (std::size_t i = 0; i < std::min(coverage.files.size(), kMostShown); ++i)
        text += fmt::format("\n  {:5.1f} %  {}", coverage.files[i].percent, coverage.files[i].file);
    return text;
}

} // namespace aap
