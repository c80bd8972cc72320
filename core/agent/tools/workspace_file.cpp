#include "core/agent/tools/workspace_file.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/text_edit.h"
#include "core/base/files.h"

namespace aap {
namespace {

constexpr std::string_view kRepository = "repo/";
constexpr std::uint64_t kLargestRules = 1U << 20U;
constexpr std::size_t kMostSuggestions = 3;

/// The files of the project whose names or paths resemble `path` most.
std::vector<std::string> nearestPaths(const WorkspacePath& path, const Folder& workspace)
{
    struct Near {
        double likeness;
        std::string shown;
    };
    std::vector<Near> near;
    std::size_t seen = 0;
    const auto root = WorkspacePath::parse("");
    const auto visit = [&](const ProjectFile& file) {
        const auto name = std::string_view(file.shown).substr(file.shown.rfind('/') + 1);
        const auto alike = std::max(likeness(name, path.name()), likeness(file.shown, path.shown()));
        if (alike > 0.3)
            near.push_back({alike, file.shown});
        return ++seen < 20'000;
    };
    (void)!eachProjectFile(workspace, *root, visit); // what was found until then is enough for a hint
    std::ranges::stable_sort(near, std::greater(), &Near::likeness);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < std::min(near.size(), kMostSuggestions); ++i)
        paths.push_back(visibleText(near[i].shown));
    return paths;
}

/// The folder that a path lies in; "" above the workspace.
std::string_view above(std::string_view beneath)
{
    const auto slash = beneath.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : beneath.substr(0, slash);
}

std::optional<std::string> whyStale(const WorkspacePath& path, std::string_view current, const ToolContext& context)
{
    const auto known = context.readHashes.find(path.shown());
    if (known == context.readHashes.end())
        return fmt::format("`{}` exists and was not read in this stage; read it with read_file first, then write it or edit it.", path.shown());
    if (known->second != sha256(current))
        return fmt::format("`{}` has changed since you read it; read it again, then decide what to write.", path.shown());
    return std::nullopt;
}

unsigned modeOf(const Result<Folder::Entry>& entry)
{
    return entry && entry->kind == Folder::Kind::File ? entry->mode & 0777U : 0644U;
}

ToolOutcome writtenOutcome(const WorkspacePath& path, std::string_view content, std::string_view what)
{
    ToolOutcome outcome;
    outcome.text = fmt::format("{} {}: {} lines, {} bytes", what, path.shown(), splitLines(content).size(), content.size());
    outcome.changedFiles = true;
    return outcome;
}

} // namespace

std::string shownPath(std::string_view beneath)
{
    if (beneath == "repo")
        return ".";
    return beneath.starts_with(kRepository) ? std::string(beneath.substr(kRepository.size())) : "/workspace/" + std::string(beneath);
}

std::string whyNotOpened(const Error& error, const WorkspacePath& path, const Folder& workspace)
{
    if (error.code == ErrorCode::NotFound) {
        const auto nearest = nearestPaths(path, workspace);
        return nearest.empty() ? fmt::format("`{}` does not exist; list_directory shows what does.", path.shown())
                               : fmt::format("`{}` does not exist; did you mean {}?", path.shown(), fmt::join(nearest, ", "));
    }
    if (error.code == ErrorCode::Invalid && error.detail.find("link leaves") != std::string::npos)
        return fmt::format("`{}` was not opened: a link in it leaves the workspace.", path.shown());
    auto detail = visibleText(error.detail);
    if (detail.starts_with(path.beneath()))
        detail = "`" + path.shown() + "`" + detail.substr(path.beneath().size());
    return detail + "; send the path of another file.";
}

Result<std::string> readForModel(const WorkspacePath& path, ToolContext& context)
{
    auto content = context.workspace.read(path.beneath());
    if (!content)
        return Error{ErrorCode::Invalid, whyNotOpened(content.error(), path, context.workspace)};
    context.readHashes[path.shown()] = sha256(*content);
    return content;
}

ToolOutcome writeForModel(const WorkspacePath& path, std::string_view content, ToolContext& context)
{
    if (const auto reason = whyNotWritable(path, context))
        return ToolOutcome::error(*reason);
    const auto entry = context.workspace.stat(path.beneath());
    if (entry) {
        const auto current = context.workspace.read(path.beneath());
        if (!current)
            return ToolOutcome::error(whyNotOpened(current.error(), path, context.workspace));
        if (const auto reason = whyStale(path, *current, context))
            return ToolOutcome::error(*reason);
    }
    const auto written = context.workspace.write(path.beneath(), content, {.mode = modeOf(entry), .owner = context.owner});
    if (!written)
        return ToolOutcome::error(written.error().code == ErrorCode::NotFound
                                      ? fmt::format("`{}` was not written: a part of the path is a file, not a folder.", path.shown())
                                      : whyNotOpened(written.error(), path, context.workspace));
    context.readHashes[path.shown()] = sha256(content);
    return writtenOutcome(path, content, entry ? "replaced" : "created");
}

Result<void> replaceContent(const WorkspacePath& path, std::string_view before, std::string_view after, ToolContext& context)
{
    const auto mode = modeOf(context.workspace.stat(path.beneath()));
    auto written = context.workspace.write(path.beneath(), after, {.mode = mode, .owner = context.owner});
    const auto known = context.readHashes.find(path.shown());
    if (written && known != context.readHashes.end() && known->second == sha256(before))
        known->second = sha256(after);
    return written;
}

void addRulesOf(IgnoreRules& rules, const Folder& workspace, const std::string& beneath)
{
    if (beneath != "repo" && !beneath.starts_with(kRepository))
        return;
    if (const auto text = workspace.read(beneath + "/.gitignore", kLargestRules, Folder::Links::Refuse))
        rules.add(*text, beneath == "repo" ? "" : std::string_view(beneath).substr(kRepository.size()));
}

IgnoreRules rulesFor(const Folder& workspace, const WorkspacePath& folder)
{
    std::vector<std::string> folders;
    for (std::string_view at = folder.beneath(); !at.empty(); at = above(at))
        folders.emplace_back(at);
    IgnoreRules rules;
    for (auto at = folders.rbegin(); at != folders.rend(); ++at)
        addRulesOf(rules, workspace, *at);
    return rules;
}

Result<void> eachProjectFile(const Folder& workspace, const WorkspacePath& path, const std::function<bool(const ProjectFile&)>& visit)
{
    const auto entry = workspace.stat(path.beneath());
    if (!entry)
        return entry.error();
    if (entry->kind != Folder::Kind::Folder) {
        visit({path.beneath(), path.shown(), entry->bytes});
        return {};
    }
    auto rules = rulesFor(workspace, path);
    return workspace.walk(path.beneath(), [&](const Folder::Entry& found) {
        const bool isFolder = found.kind == Folder::Kind::Folder;
        const auto shown = shownPath(found.path);
        if (rules.ignores(shown, isFolder) || (isFolder && isByproductFolder(shown.substr(shown.rfind('/') + 1))))
            return Folder::Walk::Skip;
        if (isFolder)
            addRulesOf(rules, workspace, found.path);
        if (found.kind != Folder::Kind::File)
            return Folder::Walk::Into;
        return visit({found.path, shown, found.bytes}) ? Folder::Walk::Into : Folder::Walk::Stop;
    });
}

bool looksBinary(std::string_view content)
{
    return content.substr(0, 8000).find('\0') != std::string_view::npos;
}

} // namespace aap
