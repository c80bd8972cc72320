#include "core/agent/tools/workspace_path.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"

namespace aap {
namespace {

constexpr std::size_t kLongestPath = 1024;
constexpr std::size_t kLongestName = 255;
constexpr std::string_view kRoot = "/workspace";
constexpr std::string_view kRepositoryRoot = "/workspace/repo";

Error refused(std::string_view path, std::string_view why)
{
    return {ErrorCode::Invalid, fmt::format("`{}` {}", shortened(cleanText(path.substr(0, 400)), 100), why)};
}

bool startsFolder(std::string_view path, std::string_view folder)
{
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

} // namespace

Result<WorkspacePath> WorkspacePath::parse(std::string_view text)
{
    if (text.size() > kLongestPath)
        return refused(text, fmt::format("is too long: a path has at most {} bytes.", kLongestPath));
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20U || c == 0x7FU; }) || cleanText(text) != text)
        return refused(text, "holds control characters or is not UTF-8; send a plain path.");
    if (text.find('\\') != std::string_view::npos)
        return refused(text, "holds a backslash; separate folders with `/`.");
    if (text == "~" || text.starts_with("~/"))
        return refused(text, "starts with `~`; send a path relative to /workspace/repo.");

    bool inRepository = true;
    if (text.starts_with('/')) {
        if (!startsFolder(text, kRoot))
            return refused(text, "lies outside the workspace; send a path relative to /workspace/repo.");
        inRepository = startsFolder(text, kRepositoryRoot);
        text.remove_prefix((inRepository ? kRepositoryRoot : kRoot).size());
    }
    std::string joined;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('/'));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        if (part == "..")
            return refused(joined + "/..", "leads upwards; send a path without `..`, relative to /workspace/repo.");
        if (part.size() > kLongestName)
            return refused(part, fmt::format("is too long: a name has at most {} bytes.", kLongestName));
        if (!part.empty() && part != ".")
            joined += (joined.empty() ? "" : "/") + std::string(part);
    }
    if (!inRepository)
        return WorkspacePath(joined.empty() ? std::string(kRoot) : std::string(kRoot) + '/' + joined, joined.empty() ? "." : joined, false);
    return WorkspacePath(joined.empty() ? "." : joined, joined.empty() ? "repo" : "repo/" + joined, true);
}

bool liesBelow(std::string_view shown, std::string_view prefix)
{
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);
    return shown == prefix || (shown.starts_with(prefix) && shown.size() > prefix.size() && shown[prefix.size()] == '/');
}

std::optional<std::string> whyNotWritable(const WorkspacePath& path, const ToolContext& context)
{
    const auto below = [&](const std::string& prefix) { return liesBelow(path.shown(), prefix); };
    if (!path.isInRepository())
        return fmt::format("`{}` was not written: only /workspace/repo may be changed.", path.shown());
    if (path.isRepository())
        return std::string("`.` is the project's folder; send the path of a file in it.");
    if (std::ranges::any_of(context.frozenPaths, below))
        return fmt::format("`{}` was not written: it is frozen in this stage. If it is wrong, say so in your result.", path.shown());
    if (!context.writablePaths.empty() && std::ranges::none_of(context.writablePaths, below))
        return fmt::format("`{}` was not written: in this stage files may be written below {} only.", path.shown(),
                           fmt::join(context.writablePaths, ", "));
    return std::nullopt;
}

} // namespace aap
