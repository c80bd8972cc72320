#include "core/agent/tools/families.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <QRegularExpression>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/text_edit.h"
#include "core/agent/tools/workspace_file.h"
#include "core/base/time.h"

namespace aap {
namespace {

constexpr std::uint64_t kLargestSearched = 4U << 20U;
constexpr std::size_t kLongestHit = 300; // characters shown
constexpr std::size_t kMostFilesNamed = 20;
constexpr int kMostCostlyLines = 20;
constexpr Milliseconds kSearchTime = std::chrono::seconds(20);
/// Bounds the work on one line, whatever the pattern; PCRE takes the lower one should the pattern name another.
constexpr auto kMatchLimit = "(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=5000)";

/// "*.{ts,tsx}" means "*.ts" and "*.tsx".
std::vector<std::string> withoutBraces(const std::string& glob)
{
    const auto open = glob.find('{');
    const auto close = glob.find('}', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos)
        return {glob};
    std::vector<std::string> all;
    std::string_view choices = std::string_view(glob).substr(open + 1, close - open - 1);
    while (all.size() < 50) {
        const auto comma = choices.find(',');
        all.push_back(glob.substr(0, open) + std::string(choices.substr(0, comma)) + glob.substr(close + 1));
        if (comma == std::string_view::npos)
            break;
        choices.remove_prefix(comma + 1);
    }
    return all;
}

/// A glob chooses files as a line of .gitignore would.
IgnoreRules chosenBy(const std::string& glob)
{
    IgnoreRules rules;
    for (const auto& one : withoutBraces(glob))
        rules.add(one, "");
    return rules;
}

struct Query {
    QRegularExpression pattern{};
    std::optional<IgnoreRules> chosen{};
    std::string mode{};
    std::size_t context = 0;
    std::size_t mostResults = 100;
};

/// One search: what was found so far and what it cost.
class Search {
public:
    Search(Query query, ToolContext& context) : m_query(std::move(query)), m_context(context) {}

    bool visit(const ProjectFile& file)
    {
        if (m_context.stop.stop_requested() || m_deadline.hasPassed() || m_costly > kMostCostlyLines)
            return false;
        if (m_query.chosen && !m_query.chosen->ignores(file.shown, false))
            return true;
        if (file.bytes > kLargestSearched) {
            ++m_skipped;
            return true;
        }
        if (const auto content = m_context.workspace.read(file.beneath, kLargestSearched, Folder::Links::Refuse); content && !looksBinary(*content))
            lookInto(file, *content);
        return true;
    }

    bool tooCostly() const { return m_costly > kMostCostlyLines; }

    std::string text(bool everything) const
    {
        auto all = m_hits == 0 ? std::string("no match") : fmt::format("{} match{} in {} file{}", m_hits, m_hits == 1 ? "" : "es", m_files.size(), m_files.size() == 1 ? "" : "s");
        if (m_hits > 0 && m_query.mode == "content")
            all += ": " + perFile(kMostFilesNamed, ", ");
        if (m_shown < total())
            all += fmt::format("; the first {} are shown", m_shown);
        if (!everything || m_deadline.hasPassed())
            all += "\n[the search ended before every file was read; name a `path` or a `glob`]";
        if (m_skipped > 0)
            all += fmt::format("\n[{} files of more than 4 MiB were not searched]", m_skipped);
        const auto found = m_query.mode == "content" ? m_lines : perFile(m_query.mostResults, "\n");
        return m_hits == 0 ? all : all + "\n" + found;
    }

private:
    std::size_t total() const { return m_query.mode == "content" ? m_hits : m_files.size(); }

    std::string perFile(std::size_t most, std::string_view separator) const
    {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < std::min(most, m_files.size()); ++i)
            names.push_back(m_query.mode == "files" ? visibleText(m_files[i].first) : fmt::format("{} {}", visibleText(m_files[i].first), m_files[i].second));
        return fmt::format("{}{}", fmt::join(names, separator), most < m_files.size() && separator == ", " ? ", …" : "");
    }

    bool matches(std::string_view line)
    {
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        const auto match = m_query.pattern.match(QString::fromUtf8(line));
        m_costly += match.isValid() ? 0 : 1;
        return match.hasMatch();
    }

    void lookInto(const ProjectFile& file, std::string_view content)
    {
        const auto lines = splitLines(content);
        std::size_t hits = 0;
        std::size_t next = 0; // the first line not shown yet
        for (std::size_t i = 0; i < lines.size() && !tooCostly(); ++i) {
            if ((i % 1000 == 999 && (m_deadline.hasPassed() || m_context.stop.stop_requested())) || !matches(lines[i]))
                continue;
            ++hits;
            if (m_query.mode == "content" && m_shown < m_query.mostResults)
                show(file, lines, i, next);
        }
        if (hits == 0)
            return;
        m_hits += hits;
        m_files.emplace_back(file.shown, hits);
        if (m_query.mode != "content")
            m_shown = std::min(m_files.size(), m_query.mostResults);
    }

    void show(const ProjectFile& file, const std::vector<std::string_view>& lines, std::size_t at, std::size_t& next)
    {
        const auto first = std::max(next, at > m_query.context ? at - m_query.context : 0);
        if (m_query.context > 0 && !m_lines.empty() && (next == 0 || first > next))
            m_lines += "--\n";
        const auto end = std::min(lines.size(), at + m_query.context + 1);
        for (auto i = first; i < std::max(first, end); ++i) {
            const char mark = i == at || matches(lines[i]) ? ':' : '-';
            m_shown += mark == ':' ? 1 : 0;
            m_lines += fmt::format("{}{}{}{}{}\n", visibleText(file.shown), mark, i + 1, mark, visibleText(shortened(lines[i], kLongestHit)));
        }
        next = std::max(next, end);
    }

    Query m_query;
    ToolContext& m_context;
    Deadline m_deadline = Deadline::in(kSearchTime);
    std::vector<std::pair<std::string, std::size_t>> m_files{};
    std::size_t m_hits = 0;
    std::size_t m_shown = 0;
    std::size_t m_skipped = 0;
    int m_costly = 0;
    std::string m_lines{};
};

Result<ToolOutcome> searchFiles(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(parameter(input, "path", "."));
    if (!path)
        return ToolOutcome::error(path.error().detail);
    const auto options = QRegularExpression::PatternOptions(parameter(input, "ignore_case", false) ? QRegularExpression::CaseInsensitiveOption : QRegularExpression::NoPatternOption);
    const auto text = QString::fromUtf8(input.at("pattern").get<std::string>());
    if (const QRegularExpression alone(text, options); !alone.isValid())
        return ToolOutcome::error(fmt::format("`pattern` is no regular expression: {} at character {}; put a backslash before special characters that are meant literally.",
                                              alone.errorString().toStdString(), alone.patternErrorOffset() + 1));
    Query query{.pattern = QRegularExpression(QLatin1String(kMatchLimit) + text, options),
                .mode = parameter(input, "mode", "content"),
                .context = std::size_t(parameter(input, "context", 0)),
                .mostResults = std::size_t(parameter(input, "max_results", 100))};
    if (const auto glob = parameter(input, "glob", ""); !glob.empty())
        query.chosen = chosenBy(glob);

    Search search(std::move(query), context);
    const auto walked = eachProjectFile(context.workspace, *path, [&](const ProjectFile& file) { return search.visit(file); });
    if (context.stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while searching"};
    if (!walked && walked.error().code != ErrorCode::Limit)
        return ToolOutcome::error(whyNotOpened(walked.error(), *path, context.workspace));
    if (search.tooCostly())
        return ToolOutcome::error("`pattern` takes too long: it can match in too many ways. Avoid nested repetitions such as (a+)+ and search for something plainer.");
    return textOutcome(search.text(walked.has_value()), context);
}

} // namespace

void addSearchTool(Toolbox& tools)
{
    tools.push_back(makeTool("search_files", ToolClass::Read,
        "Searches the project's text files line by line for a regular expression (Perl's) and answers with `file:line:text`, the matches per "
        "file and their total. `mode` files gives only names, count the matches per file. What .gitignore names, folders of builds and "
        "files over 4 MiB are left out; a file or folder named as `path` is searched all the same.",
        R"({"type": "object", "required": ["pattern"], "properties": {
            "pattern": {"type": "string", "minLength": 1, "maxLength": 1000},
            "path": {"type": "string", "description": "a folder or file; the project by default"},
            "glob": {"type": "string", "maxLength": 300, "description": "which files: *.py, src/**/*.ts, *.{c,h}"},
            "mode": {"enum": ["content", "files", "count"]},
            "ignore_case": {"type": "boolean"},
            "context": {"type": "integer", "minimum": 0, "maximum": 10, "description": "lines shown before and after a match"},
            "max_results": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "100 by default"}}})",
        searchFiles));
}

} // namespace aap
