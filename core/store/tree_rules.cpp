#include "core/store/tree_rules.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::array<std::string_view, 10> kFilledByTools{"node_modules", "__pycache__", ".venv", "venv", ".pytest_cache",
                                                          ".mypy_cache", ".ruff_cache", ".tox", ".gradle", "htmlcov"};
constexpr std::array<std::string_view, 3> kMarks{"CACHEDIR.TAG", "CMakeCache.txt", "pyvenv.cfg"};

bool contains(const auto& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

} // namespace

std::string reasonToLeaveOut(const Folder::Entry& entry, const TreeRules& rules)
{
    const auto name = nameOf(entry.path);
    if (isGitFolder(name))
        return "a git folder inside the project";
    switch (entry.kind) {
    case Folder::Kind::File:
        return entry.bytes > rules.mostFileBytes ? fmt::format("larger than {} MiB", rules.mostFileBytes >> 20U) : std::string();
    case Folder::Kind::Folder: return !rules.byproducts && contains(kFilledByTools, name) ? "made by a tool" : "";
    case Folder::Kind::Link: return linkStaysBelow(entry.path, entry.target) ? "" : "a link that leaves the project";
    case Folder::Kind::Other: return "neither file, folder nor link";
    }
    return {};
}

bool isMadeByTool(const std::vector<Folder::Entry>& content)
{
    return std::ranges::any_of(content, [](const auto& entry) { return contains(kMarks, nameOf(entry.path)); });
}

bool isGitFolder(std::string_view name)
{
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return lower == ".git" || lower == "git~1";
}

std::string nameOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

} // namespace aap
