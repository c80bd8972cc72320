#include "core/agent/tools/families.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/text_edit.h"
#include "core/agent/tools/workspace_file.h"

namespace aap {
namespace {

constexpr std::size_t kSnippetMargin = 4; // lines shown before and after an edit
constexpr std::size_t kLongestSnippet = 60;

Result<ToolOutcome> writeFile(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(input.at("filepath").get<std::string>());
    if (!path)
        return ToolOutcome::error(path.error().detail);
    return writeForModel(*path, input.at("content").get<std::string>(), context);
}

/// The edited lines and their neighbours, numbered.
std::string snippet(const EditedText& edited)
{
    const auto lines = splitLines(edited.text);
    const auto first = edited.firstLine > kSnippetMargin ? edited.firstLine - kSnippetMargin : 1;
    const auto last = std::min({lines.size(), edited.firstLine + edited.lines - 1 + kSnippetMargin, first + kLongestSnippet - 1});
    std::string text;
    for (auto number = first; number <= last; ++number)
        text += fmt::format("{:6}→{}\n", number, visibleText(shortened(lines[number - 1], 300)));
    return text;
}

Result<ToolOutcome> editFile(const Json& input, ToolContext& context)
{
    const auto path = WorkspacePath::parse(input.at("filepath").get<std::string>());
    if (!path)
        return ToolOutcome::error(path.error().detail);
    if (const auto reason = whyNotWritable(*path, context))
        return ToolOutcome::error(*reason);
    const auto content = context.workspace.read(path->beneath());
    if (!content)
        return ToolOutcome::error(whyNotOpened(content.error(), *path, context.workspace));
    const auto edited = editText(*content, {.before = input.at("old_string").get<std::string>(),
                                            .after = input.at("new_string").get<std::string>(),
                                            .everywhere = parameter(input, "replace_all", false)});
    if (const auto* reason = std::get_if<std::string>(&edited))
        return ToolOutcome::error(fmt::format("`{}` was not edited: {}", path->shown(), *reason));
    const auto& done = std::get<EditedText>(edited);
    if (const auto written = replaceContent(*path, *content, done.text, context); !written)
        return ToolOutcome::error(whyNotOpened(written.error(), *path, context.workspace));
    ToolOutcome outcome;
    outcome.text = fmt::format("edited {}: {} place{} replaced, found {}\n{}", path->shown(), done.replaced, done.replaced == 1 ? "" : "s", done.how, snippet(done));
    outcome.changedFiles = true;
    return outcome;
}

Result<ToolOutcome> createArchitectureDoc(const Json& input, ToolContext& context)
{
    auto name = input.at("doc_name").get<std::string>();
    if (name.find('/') != std::string::npos || name.starts_with('.'))
        return ToolOutcome::error("`doc_name` is the name of a document, without folders and without a dot in front, such as `overview`; it is written to docs/architecture/.");
    if (!name.ends_with(".md"))
        name += ".md";
    const auto path = WorkspacePath::parse("docs/architecture/" + name);
    if (!path)
        return ToolOutcome::error(path.error().detail);
    return writeForModel(*path, input.at("content").get<std::string>(), context);
}

} // namespace

void addWritingTools(Toolbox& tools)
{
    tools.push_back(makeTool("write_file", ToolClass::Write,
        "Writes a whole file, byte for byte, and makes the folders it needs. A file that exists must have been read in this stage and not "
        "have changed since. For a change to an existing file use edit_file, where you have it.",
        R"({"type": "object", "required": ["filepath", "content"], "properties": {
            "filepath": {"type": "string", "minLength": 1, "description": "relative to /workspace/repo"},
            "content": {"type": "string", "description": "the whole file"}}})",
        writeFile));
}

void addEditingTools(Toolbox& tools)
{
    tools.push_back(makeTool("edit_file", ToolClass::Write,
        "Replaces `old_string` by `new_string` in a file. `old_string` must occur exactly once (take two or three lines), unless "
        "`replace_all` is set; differences in indentation and in spaces at the ends of lines are tolerated where the place is unique. Line "
        "ends stay as they are. Answers with the changed lines and their neighbours.",
        R"({"type": "object", "required": ["filepath", "old_string", "new_string"], "properties": {
            "filepath": {"type": "string", "minLength": 1, "description": "relative to /workspace/repo"},
            "old_string": {"type": "string", "minLength": 1, "description": "the text as it stands in the file, without line numbers"},
            "new_string": {"type": "string"},
            "replace_all": {"type": "boolean", "description": "every occurrence; false by default"}}})",
        editFile));
}

void addArchitectureTools(Toolbox& tools)
{
    tools.push_back(makeTool("create_architecture_doc", ToolClass::Write,
        "Writes a Markdown document to docs/architecture/; `.md` is added to the name. For other documents and other folders below docs/ "
        "use write_file. A document that exists must have been read in this stage.",
        R"({"type": "object", "required": ["doc_name", "content"], "properties": {
            "doc_name": {"type": "string", "minLength": 1, "maxLength": 100, "description": "such as adr-001-storage"},
            "content": {"type": "string", "description": "the whole document"}}})",
        createArchitectureDoc));
}

} // namespace aap
