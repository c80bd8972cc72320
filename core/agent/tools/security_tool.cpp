#include "core/agent/tools/families.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/workspace_file.h"
#include "core/base/redact.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr std::size_t kMostWeaknesses = 100;
constexpr std::uint64_t kLargestScanned = 2U << 20U;

struct Finding {
    int rank = 0; ///< 0 is worst
    std::string text{};
};

/// What the scanners brought up, and what each had to say about itself.
struct Scan {
    std::vector<Finding> findings{};
    std::vector<std::string> notes{};

    void add(std::string severity, std::string_view text)
    {
        std::ranges::transform(severity, severity.begin(), [](unsigned char c) { return char(std::toupper(c)); });
        const int rank = severity == "CRITICAL" ? 0 : severity == "HIGH" ? 1 : severity == "MEDIUM" || severity == "MODERATE" ? 2 : 3;
        findings.push_back({rank, fmt::format("{:<8} {}", shortened(severity, 10), shortened(cleanText(text), 300))});
    }
};

std::string withoutDot(std::string path)
{
    return path.starts_with("./") ? path.substr(2) : path;
}

void readBandit(Scan& scan, std::string_view json)
{
    const auto report = parseBounded(json);
    const auto& results = memberOf(report, "results");
    if (!results.is_array()) {
        scan.notes.emplace_back("bandit: its report could not be read");
        return;
    }
    for (const auto& one : results) {
        const auto line = memberOf(one, "line_number");
        scan.add(stringIn(one, "issue_severity"), fmt::format("{} {}:{} {}", stringIn(one, "test_id"), withoutDot(stringIn(one, "filename")),
                                                              line.is_number_integer() ? line.get<int>() : 0, stringIn(one, "issue_text")));
    }
    scan.notes.push_back(fmt::format("bandit: {} findings", results.size()));
}

void readNpmAudit(Scan& scan, std::string_view json)
{
    const auto report = parseBounded(json);
    const auto& packages = memberOf(report, "vulnerabilities");
    if (!packages.is_object()) {
        scan.notes.emplace_back("npm audit: no answer; it needs the registry, and there is no network here");
        return;
    }
    for (const auto& [name, one] : packages.items())
        scan.add(stringIn(one, "severity"), fmt::format("{} {} fix: {}", name, stringIn(one, "range"), memberOf(one, "fixAvailable") == Json(false) ? "none" : "available"));
    scan.notes.push_back(fmt::format("npm audit: {} packages with findings", packages.size()));
}

void readPipAudit(Scan& scan, std::string_view json)
{
    const auto report = parseBounded(json);
    const auto& packages = memberOf(report, "dependencies");
    if (!packages.is_array()) {
        scan.notes.emplace_back("pip-audit: no answer; it needs the network, and there is none here");
        return;
    }
    std::size_t found = 0;
    for (const auto& package : packages)
        for (const auto& one : memberOf(package, "vulns").is_array() ? memberOf(package, "vulns") : Json::array()) {
            const auto& fixes = memberOf(one, "fix_versions");
            scan.add("HIGH", fmt::format("{} {} {} fix: {}", stringIn(one, "id"), stringIn(package, "name"), stringIn(package, "version"), fixes.is_array() && !fixes.empty() ? fixes.dump() : "none"));
            ++found;
        }
    scan.notes.push_back(fmt::format("pip-audit: {} findings", found));
}

struct Scanner {
    std::string program;
    std::vector<std::string> argv;
    void (*read)(Scan&, std::string_view);
};

Result<void> runScanner(Scan& scan, const Scanner& scanner, ToolContext& context)
{
    const auto present = hasProgram(context, scanner.program);
    if (!present)
        return present.error();
    if (!*present) {
        scan.notes.push_back(scanner.program + ": not available in this image");
        return {};
    }
    const auto result = runInSandbox(context, scanner.argv, kLongTimeout);
    if (!result)
        return result.error();
    if (result->ending != Ending::Exited)
        scan.notes.push_back(scanner.program + ": " + endingOf(*result));
    else
        scanner.read(scan, result->standardOutput);
    return {};
}

/// Our own search for keys and passwords: needs no program and no network.
Result<void> scanForSecrets(Scan& scan, ToolContext& context)
{
    std::size_t files = 0;
    std::size_t hits = 0;
    const auto root = WorkspacePath::parse("");
    const auto walked = eachProjectFile(context.workspace, *root, [&](const ProjectFile& file) {
        const auto text = context.workspace.read(file.beneath, kLargestScanned, Folder::Links::Refuse);
        if (!text || looksBinary(*text))
            return !context.stop.stop_requested();
        ++files;
        for (const auto& hit : findSecrets(*text)) {
            scan.add("HIGH", fmt::format("secret {}:{} {}", visibleText(file.shown), hit.line, hit.kind));
            ++hits;
        }
        return !context.stop.stop_requested();
    });
    if (context.stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while searching for secrets"};
    scan.notes.push_back(fmt::format("secrets: {} found in {} files{}", hits, files, walked ? "" : ", not all of them read: " + walked.error().detail));
    return {};
}

std::string report(Scan scan)
{
    std::ranges::stable_sort(scan.findings, {}, &Finding::rank);
    std::string text = fmt::format("{} finding{}\n", scan.findings.size(), scan.findings.size() == 1 ? "" : "s");
    for (std::size_t i = 0; i < std::min(scan.findings.size(), kMostWeaknesses); ++i)
        text += scan.findings[i].text + "\n";
    if (scan.findings.size() > kMostWeaknesses)
        text += fmt::format("[{} more are not shown]\n", scan.findings.size() - kMostWeaknesses);
    return text + fmt::format("{}", fmt::join(scan.notes, "\n"));
}

Result<ToolOutcome> runSecurityScan(const Json& input, ToolContext& context)
{
    const auto type = parameter(input, "scan_type", "all");
    const auto project = viewOf(context.workspace, "repo");
    std::vector<Scanner> scanners;
    if (type != "dependencies")
        scanners.push_back({"bandit", {"bandit", "-r", "-q", "-f", "json", "-x", "./node_modules,./.venv,./venv,./build,./dist,./.git", "."}, readBandit});
    if (type != "code" && project.exists("package.json"))
        scanners.push_back({"npm", {"npm", "audit", "--json"}, readNpmAudit});
    if (type != "code" && project.exists("requirements.txt"))
        scanners.push_back({"pip-audit", {"pip-audit", "--format", "json", "-r", "requirements.txt"}, readPipAudit});
    Scan scan;
    for (const auto& scanner : scanners)
        if (const auto ran = runScanner(scan, scanner, context); !ran)
            return ran.error();
    if (type != "dependencies")
        if (const auto searched = scanForSecrets(scan, context); !searched)
            return searched.error();
    if (scan.notes.empty())
        scan.notes.emplace_back("there is no manifest with dependencies that could be audited");
    return textOutcome(report(std::move(scan)), context);
}

} // namespace

void addSecurityScanTool(Toolbox& tools)
{
    tools.push_back(makeTool("run_security_scan", ToolClass::Exec,
        "Looks for weaknesses in the code (bandit), for known ones in dependencies (npm audit, pip-audit) and for keys and passwords in "
        "files, with the scanners the image has. Answers with severity, id, place and text, worst first, at most 100, and says which "
        "scanner was not available. Findings are hints: read the place before you judge.",
        R"({"type": "object", "properties": {
            "scan_type": {"enum": ["dependencies", "code", "all"], "description": "all by default; secrets belong to code"}}})",
        runSecurityScan));
}

} // namespace aap
