#include "core/pipeline/checks/test_rules.h"

#include <algorithm>
#include <array>
#include <set>

#include <QRegularExpression>
#include <fmt/format.h>

#include "core/agent/tools/text_edit.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/test_command.h"
#include "core/pipeline/checks/test_report.h"
#include "core/pipeline/checks/test_run.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostSource = 1U << 20U;
constexpr std::size_t kNear = 3; // lines

using Problems = std::vector<std::string>;
using Case = TestEvidence::Case;

/// Finds out whether a claimed id exists: among what ran, or by its name in the tests' text where the framework lists nothing.
class KnownTests {
public:
    KnownTests(const TestEvidence& evidence, const Folder& repo) : m_evidence(evidence)
    {
        if (formatOf(evidence.argv) != TestFormat::Unknown)
            return;
        m_byText = true;
        (void)repo.walk("", [&](const Folder::Entry& entry) { // what cannot be read holds no test
            if (entry.kind == Folder::Kind::File && isTestPath(entry.path))
                m_text += repo.read(entry.path, kMostSource).value_or("") + "\n";
            return Folder::Walk::Into;
        });
    }
    bool ran(const std::string& id) const
    {
        if (m_byText)
            return m_text.find(lastWord(id)) != std::string::npos;
        return std::ranges::any_of(m_evidence.cases, [&](const Case& found) { return !found.skipped && isSameTest(id, found.id); });
    }
    bool exists(const std::string& id) const
    {
        return m_byText ? ran(id) : std::ranges::any_of(m_evidence.cases, [&](const Case& found) { return isSameTest(id, found.id); });
    }

private:
    static std::string lastWord(const std::string& id)
    {
        const auto plain = id.substr(0, id.find('['));
        const auto at = plain.rfind("::");
        return at == plain.npos ? plain : plain.substr(at + 2);
    }
    const TestEvidence& m_evidence;
    bool m_byText = false;
    std::string m_text{};
};

std::map<std::string, Problems> claims(const Json& report)
{
    std::map<std::string, Problems> tests;
    for (const auto& entry : listOf(report, "covers"))
        for (auto& id : stringsOf(entry, "tests"))
            tests[stringIn(entry, "requirement")].push_back(std::move(id));
    return tests;
}

std::set<std::string> untestable(const Json& report)
{
    std::set<std::string> ids;
    for (const auto& entry : listOf(report, "untestable"))
        ids.insert(stringIn(entry, "requirement"));
    return ids;
}

struct SourceRule {
    const char* files;   ///< of the name
    const char* pattern; ///< of a line
    const char* severity;
    const char* what;
};

constexpr std::array<SourceRule, 5> kRules{{
    {R"(\.[cm]?[jt]sx?$)", R"(\b(?:eval|new Function)\s*\()", "high", "runs text as code"},
    {R"(\.[cm]?[jt]sx?$)", R"(\bexec(?:Sync)?\s*\(\s*(?:`[^`]*\$\{|['"][^'"]*['"]\s*\+))", "high", "builds a shell command from parts"},
    {R"(\.[cm]?[jt]sx?$)", R"(rejectUnauthorized\s*:\s*false)", "high", "accepts any certificate"},
    {R"(\.(?:c|cc|cpp|cxx|h|hpp)$)", R"((?<![\w.])(?:gets|strcpy|strcat|sprintf)\s*\()", "high", "writes without knowing how much fits"},
    {R"(\.sh$)", R"((?:^|[;&|\s])eval\s)", "high", "runs text as code"},
}};

void scanText(const std::string& path, std::string_view text, std::vector<ScanHit>& hits)
{
    for (const auto& rule : kRules) {
        if (!QRegularExpression(QLatin1String(rule.files)).match(QString::fromStdString(path)).hasMatch())
            continue;
        const QRegularExpression pattern(QLatin1String(rule.pattern));
        std::size_t number = 0;
        for (const auto line : splitLines(text)) {
            ++number;
            if (line.size() < 2000 && pattern.match(QString::fromUtf8(line.data(), qsizetype(line.size()))).hasMatch())
                hits.push_back({path, number, rule.severity, rule.what});
        }
    }
}

} // namespace

Problems failedTests(const TestEvidence& evidence)
{
    Problems failed;
    for (const auto& found : evidence.cases)
        if (!found.passed)
            failed.push_back(found.message.empty() ? found.id : fmt::format("{} ({})", found.id, found.message));
    return failed;
}

Problems uncovered(const Json& report, const Json& requirements, const TestEvidence& evidence, const Folder& repo)
{
    const KnownTests known(evidence, repo);
    const auto excused = untestable(report);
    const auto tests = claims(report);
    Problems problems;
    for (const auto& id : mustIds(requirements)) {
        const auto claimed = tests.find(id);
        const bool covered = claimed != tests.end() && std::ranges::any_of(claimed->second, [&](const auto& test) { return known.ran(test); });
        if (!covered && !excused.contains(id))
            problems.push_back(claimed == tests.end() ? id + " has no test" : fmt::format("{}: none of its tests exists and ran ({})", id, claimed->second.front()));
    }
    return problems;
}

Problems unproven(const Json& report, const Json& requirements, const TestEvidence& evidence)
{
    const auto tests = claims(report);
    Problems problems;
    for (const auto& id : mustIds(requirements)) {
        const auto claimed = tests.find(id);
        bool hasPassed = false;
        std::string failed;
        for (const auto& found : evidence.cases) {
            const auto names = [&found](const std::string& test) { return isSameTest(test, found.id); };
            if (claimed == tests.end() || std::ranges::none_of(claimed->second, names))
                continue;
            hasPassed = hasPassed || (found.passed && !found.skipped);
            if (!found.passed)
                failed = found.id;
        }
        if (!failed.empty())
            problems.push_back(fmt::format("{}: {} fails", id, failed));
        else if (!hasPassed)
            problems.push_back(claimed == tests.end() ? id + " has no test" : fmt::format("{}: none of its tests was seen to pass ({})", id, claimed->second.front()));
    }
    return problems;
}

Problems inventedTests(const Json& report, const Json& requirements, const TestEvidence& evidence, const Folder& repo)
{
    const KnownTests known(evidence, repo);
    const auto ids = allIds(requirements);
    Problems problems;
    for (const auto& [requirement, tests] : claims(report)) {
        if (!requirements.is_null() && !ids.contains(requirement))
            problems.push_back(requirement + " is no requirement");
        for (const auto& test : tests)
            if (!known.exists(test))
                problems.push_back(test + " does not exist");
    }
    return problems;
}

Problems hollow(const Json& report, const Json& requirements, const TestEvidence& evidence, const TestEvidence& onStub)
{
    const auto passesAnyway = [&](const std::string& id) {
        const auto passed = [&](const Case& found) { return isSameTest(id, found.id) && found.passed && !found.skipped; };
        return std::ranges::any_of(evidence.cases, [&](const Case& found) { return isSameTest(id, found.id); }) && std::ranges::any_of(onStub.cases, passed);
    };
    const auto excused = untestable(report);
    const auto must = mustIds(requirements);
    Problems problems;
    for (const auto& [requirement, tests] : claims(report))
        if (must.contains(requirement) && !excused.contains(requirement) && std::ranges::all_of(tests, passesAnyway))
            problems.push_back(fmt::format("{} ({})", requirement, tests.front()));
    return problems;
}

Problems unreported(const TestEvidence& evidence, const Json& report)
{
    Problems silent;
    for (const auto& found : evidence.cases) {
        const auto names = [&](const Json& failure) { return isSameTest(stringIn(failure, "test"), found.id); };
        if (!found.passed && std::ranges::none_of(listOf(report, "failures"), names))
            silent.push_back(found.id);
    }
    return silent;
}

Result<std::vector<ScanHit>> readBandit(std::string_view text)
{
    const auto json = parseBounded(text);
    if (!memberOf(json, "results").is_array())
        return Error{ErrorCode::Protocol, "the scanner's report cannot be read"};
    std::vector<ScanHit> hits;
    for (const auto& result : listOf(json, "results")) {
        auto file = stringIn(result, "filename");
        if (file.starts_with("./"))
            file.erase(0, 2);
        auto severity = stringIn(result, "issue_severity");
        std::ranges::transform(severity, severity.begin(), [](unsigned char c) { return char(std::tolower(c)); });
        const auto& line = memberOf(result, "line_number");
        if (!isTestPath(file))
            hits.push_back({file, line.is_number_unsigned() ? line.get<std::size_t>() : 0, severity, stringIn(result, "test_id") + ": " + stringIn(result, "issue_text")});
    }
    return hits;
}

std::vector<ScanHit> ownScan(const Folder& repo)
{
    std::vector<ScanHit> hits;
    (void)repo.walk("", [&](const Folder::Entry& entry) { // what cannot be read cannot be scanned; the tree has its own check
        const auto name = std::string_view(entry.path).substr(entry.path.rfind('/') + 1);
        if (entry.kind == Folder::Kind::Folder && (name == "node_modules" || name == ".git" || name == "build"))
            return Folder::Walk::Skip;
        if (entry.kind == Folder::Kind::File && !isTestPath(entry.path) && entry.bytes <= kMostSource)
            scanText(entry.path, repo.read(entry.path, kMostSource).value_or(""), hits);
        return Folder::Walk::Into;
    });
    return hits;
}

Problems unexplained(const std::vector<ScanHit>& hits, const Json& report, std::string_view threshold)
{
    const auto counts = [&](const std::string& severity) {
        return severity == "high" || (severity == "medium" && threshold != "high") || (severity == "low" && threshold == "low");
    };
    const auto explains = [](const Json& finding, const ScanHit& hit) {
        const auto& line = memberOf(finding, "line");
        const auto number = line.is_number_unsigned() ? line.get<std::size_t>() : 0;
        return stringIn(finding, "file") == hit.file && std::max(number, hit.line) - std::min(number, hit.line) <= kNear && !stringIn(finding, "explanation").empty();
    };
    Problems problems;
    for (const auto& hit : hits)
        if (counts(hit.severity) && std::ranges::none_of(listOf(report, "findings"), [&](const Json& finding) { return explains(finding, hit); }))
            problems.push_back(fmt::format("{}:{} {}", hit.file, hit.line, hit.what));
    return problems;
}

} // namespace aap
