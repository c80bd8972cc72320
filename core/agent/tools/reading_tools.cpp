#include "core/agent/tools/families.h"

#include <algorithm>
#include <deque>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/image_block.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/text_edit.h"
#include "core/agent/tools/workspace_file.h"

namespace aap {
namespace {

constexpr int kMostLines = 2000;
constexpr std::size_t kLongestLine = 2000;  // characters
constexpr std::size_t kMostBytes = 50'000;  // of one answer
constexpr std::size_t kMostEntries = 200;

/// What fits into one answer; grows and shrinks with the user's own limit, whose default is 30 000 characters.
std::size_t windowBytes(const ToolContext& context)
{
    return std::min(kMostBytes, context.outputLimit * 5 / 3);
}

ToolOutcome window(const WorkspacePath& path, std::string_view content, std::size_t offset, std::size_t limit, std::size_t mostBytes)
{
    const auto lines = splitLines(content);
    ToolOutcome outcome;
    if (lines.empty()) {
        outcome.text = "(the file is empty)";
        return outcome;
    }
    if (offset > lines.size())
        return ToolOutcome::error(fmt::format("`{}` has only {} lines; send a smaller offset.", path.shown(), lines.size()));
    auto next = offset;
    for (; next <= lines.size() && next - offset < limit; ++next) {
        auto line = fmt::format("{:6}→{}\n", next, visibleText(shortened(lines[next - 1], kLongestLine)));
        if (next > offset && outcome.text.size() + line.size() > mostBytes)
            break;
        outcome.text += line;
    }
    if (next <= lines.size())
        outcome.text += fmt::format("[{} more lines; go on with offset {}]\n", lines.size() - next + 1, next);
    return outcome;
}

ToolOutcome picture(const WorkspacePath& path, std::string_view bytes)
{
    auto block = imageBlock(bytes);
    if (!block)
        return ToolOutcome::error(fmt::format("`{}` was not shown: {}", path.shown(), block.error().detail));
    ToolOutcome outcome;
    outcome.text = fmt::format("{}: {}, {} bytes", path.shown(), imageType(bytes), bytes.size());
    outcome.images.push_back(*std::move(block));
    return outcome;
}

Result<ToolOutcome> readFile(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(input.at("filepath").get<std::string>());
    if (!path)
        return ToolOutcome::error(path.error().detail);
    const auto entry = context.workspace.stat(path->beneath());
    if (entry && entry->kind == Folder::Kind::Folder)
        return ToolOutcome::error(fmt::format("`{}` is a folder; list_directory shows what is in it.", path->shown()));
    const auto content = readForModel(*path, context);
    if (!content)
        return ToolOutcome::error(content.error().detail);
    if (!imageType(*content).empty())
        return picture(*path, *content);
    if (looksBinary(*content))
        return ToolOutcome::error(fmt::format("`{}` is binary ({} bytes); look at it with run_command and a program that knows its format, such as file or od.",
                                              path->shown(), content->size()));
    return window(*path, *content, std::size_t(parameter(input, "offset", 1)), std::size_t(parameter(input, "limit", kMostLines)), windowBytes(context));
}

/// A line of the tree, and what lies below it.
struct Node {
    Folder::Entry entry{};
    std::string note{};
    bool open = false;
    std::vector<std::size_t> children{};
};

std::string sizeText(std::uint64_t bytes)
{
    if (bytes < 1000)
        return fmt::format("{} B", bytes);
    return bytes < 1'000'000 ? fmt::format("{:.1f} kB", double(bytes) / 1e3) : fmt::format("{:.1f} MB", double(bytes) / 1e6);
}

/// Takes in level after level, so that a deep folder cannot hide its neighbours.
class Tree {
public:
    Tree(const Folder& workspace, const WorkspacePath& top, int depth) : m_workspace(workspace), m_rules(rulesFor(workspace, top)), m_depth(depth)
    {
        m_nodes.push_back({.entry = {.path = top.beneath(), .kind = Folder::Kind::Folder}, .open = true});
    }

    Result<void> grow()
    {
        std::deque<std::pair<std::size_t, int>> waiting{{0, 1}};
        while (!waiting.empty()) {
            const auto [at, level] = waiting.front();
            waiting.pop_front();
            auto entries = m_workspace.list(m_nodes[at].entry.path);
            if (!entries && at == 0)
                return std::move(entries).error();
            if (!entries) // went away or was closed to us meanwhile
                continue;
            if (at != 0)
                addRulesOf(m_rules, m_workspace, m_nodes[at].entry.path);
            for (auto& entry : *entries)
                if (add(at, std::move(entry)) && level < m_depth)
                    waiting.emplace_back(m_nodes.size() - 1, level + 1);
        }
        return {};
    }

    std::string text() const
    {
        std::string all = shownPath(m_nodes[0].entry.path) + "/" + m_nodes[0].note + "\n";
        appendBelow(all, 0, 1);
        if (m_omitted > 0)
            all += fmt::format("[{} more entries; list a folder below]\n", m_omitted);
        return all;
    }

private:
    /// Whether there is something to look into.
    bool add(std::size_t parent, Folder::Entry entry)
    {
        if (m_nodes.size() > kMostEntries) {
            ++m_omitted;
            return false;
        }
        const auto name = entry.path.substr(entry.path.rfind('/') + 1);
        const bool isFolder = entry.kind == Folder::Kind::Folder;
        const bool closed = m_rules.ignores(shownPath(entry.path), isFolder) || (isFolder && isByproductFolder(name));
        if (closed && !isFolder) {
            noteIgnored(parent);
            return false;
        }
        Node node{.entry = std::move(entry), .open = isFolder && !closed};
        if (isFolder && closed)
            node.note = fmt::format("  ({} entries)", m_workspace.list(node.entry.path).value_or({}).size());
        m_nodes[parent].children.push_back(m_nodes.size());
        m_nodes.push_back(std::move(node));
        return m_nodes.back().open;
    }

    void noteIgnored(std::size_t parent)
    {
        const auto count = ++m_ignored[parent];
        m_nodes[parent].note = fmt::format("  (and {} ignored {})", count, count == 1 ? "file" : "files");
    }

    void appendBelow(std::string& all, std::size_t at, std::size_t indent) const
    {
        for (const auto child : m_nodes[at].children) {
            const auto& [entry, note, open, below] = m_nodes[child];
            all += std::string(indent * 2, ' ') + visibleText(entry.path.substr(entry.path.rfind('/') + 1));
            switch (entry.kind) {
            case Folder::Kind::Folder: all += "/" + note; break;
            case Folder::Kind::File: all += "  " + sizeText(entry.bytes); break;
            case Folder::Kind::Link: all += " -> " + visibleText(entry.target); break;
            case Folder::Kind::Other: all += "  (no regular file)"; break;
            }
            all += '\n';
            appendBelow(all, child, indent + 1);
        }
    }

    const Folder& m_workspace;
    IgnoreRules m_rules;
    int m_depth;
    std::vector<Node> m_nodes{};
    std::map<std::size_t, std::size_t> m_ignored{};
    std::size_t m_omitted = 0;
};

Result<ToolOutcome> listDirectory(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(parameter(input, "path", "."));
    if (!path)
        return ToolOutcome::error(path.error().detail);
    const auto entry = context.workspace.stat(path->beneath());
    if (entry && entry->kind == Folder::Kind::File)
        return ToolOutcome::error(fmt::format("`{}` is a file; read_file shows it.", path->shown()));
    Tree tree(context.workspace, *path, parameter(input, "depth", 2));
    if (const auto grown = tree.grow(); !grown)
        return ToolOutcome::error(whyNotOpened(grown.error(), *path, context.workspace));
    return textOutcome(tree.text(), context);
}

} // namespace

void addReadingTools(Toolbox& tools)
{
    tools.push_back(makeTool("read_file", ToolClass::Read,
        "Shows a file with line numbers (`     1→text`; number and arrow are not part of the file), at most 2000 lines or 50 kB at once; "
        "`offset` and `limit` choose the lines. PNG and JPEG files are shown as pictures. For folders use list_directory, to find a place "
        "use search_files first.",
        R"({"type": "object", "required": ["filepath"], "properties": {
            "filepath": {"type": "string", "minLength": 1, "description": "relative to /workspace/repo, or absolute below /workspace"},
            "offset": {"type": "integer", "minimum": 1, "description": "first line, counted from 1"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 2000, "description": "number of lines, 2000 by default"}}})",
        readFile));
    tools.push_back(makeTool("list_directory", ToolClass::Read,
        "Shows what lies in a folder as a tree with sizes, two levels deep unless `depth` says otherwise, at most 200 entries. What "
        ".gitignore names and folders of builds and tools are only counted. To find text in files use search_files.",
        R"({"type": "object", "properties": {
            "path": {"type": "string", "description": "relative to /workspace/repo; the project itself by default"},
            "depth": {"type": "integer", "minimum": 1, "maximum": 10}}})",
        listDirectory));
}

} // namespace aap
