#include "core/pipeline/checks/project_files.h"

#include <algorithm>
#include <array>

#include "core/agent/tools/workspace_path.h"
#include "core/base/files.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/check_context.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostHashed = 256U << 20U;

std::string_view lastPart(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

bool anyPart(std::string_view path, const auto& fits)
{
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        if (fits(path.substr(begin, end - begin)))
            return true;
        begin = end + 1;
    }
    return false;
}

/// A file's identity; what cannot be read is told apart by its size and time.
std::string identityOf(const Folder& repo, const Folder::Entry& entry)
{
    if (entry.kind == Folder::Kind::Link)
        return sha256("link " + entry.target);
    if (entry.kind == Folder::Kind::File && entry.bytes <= kMostHashed)
        if (const auto content = repo.read(entry.path, kMostHashed, Folder::Links::Refuse))
            return sha256(*content);
    return sha256("file " + std::to_string(entry.bytes) + " " + std::to_string(entry.modifiedNs) + " " + std::to_string(entry.inode));
}

} // namespace

Result<std::map<std::string, std::string>> fileHashes(const Folder& workspace)
{
    auto opened = workspace.folder("repo");
    if (!opened)
        return std::move(opened).error().during("open the project");
    const auto& repo = *opened;
    std::map<std::string, std::string> hashes;
    auto walked = repo.walk("", [&](const Folder::Entry& entry) {
        if (lastPart(entry.path) == ".git" || isByproduct(entry.path))
            return Folder::Walk::Skip;
        if (entry.kind != Folder::Kind::Folder)
            hashes.emplace(entry.path, identityOf(repo, entry));
        return Folder::Walk::Into;
    });
    if (!walked)
        return std::move(walked).error().during("read the project's files");
    return hashes;
}

bool isByproduct(std::string_view path)
{
    static constexpr std::array<std::string_view, 8> names{"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", "htmlcov", ".nyc_output", ".coverage", "coverage.xml"};
    return path.ends_with(".pyc") || anyPart(path, [](std::string_view part) { return part.starts_with(".coverage.") || std::ranges::find(names, part) != names.end(); });
}

bool isTestPath(std::string_view path)
{
    static constexpr std::array<std::string_view, 4> folders{"tests", "test", "spec", "__tests__"};
    const auto name = lastPart(path);
    const auto above = path.substr(0, path.size() - name.size());
    return anyPart(above, [](std::string_view part) { return std::ranges::find(folders, part) != folders.end(); }) || name == "conftest.py"
        || (name.starts_with("test_") && name.ends_with(".py")) || name.ends_with("_test.py") || name.ends_with("_test.go")
        || name.find(".test.") != name.npos || name.find(".spec.") != name.npos;
}

std::vector<std::string> changesOutside(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after,
                                        const std::vector<std::string>& allowed)
{
    std::vector<std::string> changes;
    const auto add = [&](std::string_view what, const std::string& path) {
        const bool fine = std::ranges::any_of(allowed, [&](const auto& prefix) { return liesBelow(path, prefix); });
        if (!fine && !isByproduct(path))
            changes.push_back(std::string(what) + " " + path);
    };
    for (const auto& [path, hash] : after)
        if (const auto old = before.find(path); old == before.end())
            add("added", path);
        else if (old->second != hash)
            add("changed", path);
    for (const auto& [path, hash] : before)
        if (!after.contains(path))
            add("deleted", path);
    return changes;
}

bool existsIn(const Folder& repo, const std::string& path)
{
    const auto entry = repo.stat(path);
    return entry && (entry->kind != Folder::Kind::Link || repo.read(path).has_value() || repo.folder(path).has_value());
}

std::vector<std::string> stringsOf(const Json& object, const char* key)
{
    std::vector<std::string> strings;
    for (const auto& entry : listOf(object, key))
        if (entry.is_string())
            strings.push_back(entry.get<std::string>());
    return strings;
}

const Json& listOf(const Json& object, const char* key)
{
    static const Json none = Json::array();
    const auto& member = memberOf(object, key);
    return member.is_array() ? member : none;
}

std::set<std::string> mustIds(const Json& requirements)
{
    std::set<std::string> ids;
    for (const auto& item : listOf(requirements, "items"))
        if (stringIn(item, "priority") == "must")
            ids.insert(stringIn(item, "id"));
    return ids;
}

std::set<std::string> allIds(const Json& requirements)
{
    std::set<std::string> ids;
    for (const auto& item : listOf(requirements, "items"))
        ids.insert(stringIn(item, "id"));
    return ids;
}

std::vector<std::string> designCommand(const Json& design, const char* name)
{
    return stringsOf(memberOf(design, "commands"), name);
}

} // namespace aap
