#include "core/pipeline/checks/implementation_rules.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/agent/tools/text_edit.h"
#include "core/base/redact.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/checks/project_files.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostScanned = 5U << 20U;
constexpr std::size_t kTextSample = 8192;
constexpr std::size_t kShortestSecret = 8; // shorter ones would be ordinary words

using Problems = std::vector<std::string>;

bool namesPath(std::string_view text, std::string_view path)
{
    const auto belongs = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/'; };
    for (auto at = text.find(path); at != text.npos; at = text.find(path, at + 1)) {
        const auto rest = text.substr(at + path.size());
        const bool begins = at == 0 || !(belongs(text[at - 1]) || text[at - 1] == '.');
        const bool goesOn = !rest.empty() && (belongs(rest[0]) || (rest[0] == '.' && rest.size() > 1 && belongs(rest[1]))); // "b.py" is not "b.py.orig"
        if (begins && !goesOn)
            return true;
    }
    return false;
}

std::optional<std::string> whyNoPlace(const std::string& place, const Folder& repo)
{
    const auto colon = place.rfind(':');
    const auto path = place.substr(0, colon);
    std::size_t line = 0;
    const auto* end = place.data() + place.size();
    if (colon == place.npos || std::from_chars(place.data() + colon + 1, end, line).ptr != end || line == 0)
        return place + " is no path with a line";
    const auto text = repo.read(path, kMostScanned);
    if (!text)
        return text.error().detail;
    if (const auto count = splitLines(*text).size(); line > count)
        return fmt::format("{}: the file has {} lines", place, count);
    return std::nullopt;
}

void lookForSecrets(const std::string& path, std::string_view text, const std::vector<std::string>& known, Problems& problems)
{
    if (text.substr(0, kTextSample).find('\0') == text.npos)
        for (const auto& hit : findSecrets(text))
            problems.push_back(fmt::format("{}:{} looks like a secret ({})", path, hit.line, hit.kind));
    for (const auto& secret : known)
        if (secret.size() >= kShortestSecret && text.find(secret) != text.npos)
            problems.push_back(path + " holds a secret of this run");
}

} // namespace

Problems missingFiles(const Json& design, const Json& implementation, const Folder& repo)
{
    const auto deviations = stringsOf(implementation, "deviations");
    Problems missing;
    for (const auto& file : listOf(design, "files")) {
        const auto path = stringIn(file, "path");
        const bool excused = std::ranges::any_of(deviations, [&](const auto& text) { return namesPath(text, path); });
        if (!excused && !existsIn(repo, path))
            missing.push_back(path);
    }
    return missing;
}

Problems wrongPlaces(const Json& implementation, const Folder& repo)
{
    Problems problems;
    for (const auto& entry : listOf(implementation, "implements"))
        for (const auto& place : stringsOf(entry, "where"))
            if (const auto why = whyNoPlace(place, repo))
                problems.push_back(fmt::format("{}: {}", stringIn(entry, "requirement"), *why));
    return problems;
}

Problems openRequirements(const Json& implementation, const Json& requirements)
{
    const auto known = allIds(requirements);
    const auto must = mustIds(requirements);
    std::set<std::string> named;
    Problems problems;
    for (const auto* list : {"implements", "not_done"})
        for (const auto& entry : listOf(implementation, list)) {
            const auto id = stringIn(entry, "requirement");
            named.insert(id);
            if (!known.contains(id))
                problems.push_back(id + " is no requirement");
            else if (list == std::string_view("not_done") && must.contains(id))
                problems.push_back(fmt::format("{} is not done: {}", id, stringIn(entry, "reason")));
        }
    for (const auto& id : must)
        if (!named.contains(id))
            problems.push_back(id + " is neither implemented nor named as not done");
    return problems;
}

Result<TreeProblems> treeProblems(const Folder& repo, const std::vector<std::string>& secrets)
{
    TreeProblems problems;
    auto walked = repo.walk("", [&](const Folder::Entry& entry) {
        const auto name = std::string_view(entry.path).substr(entry.path.rfind('/') + 1);
        if (name == ".git") {
            problems.foreign.push_back(entry.path + " (a repository of its own)");
            return Folder::Walk::Skip;
        }
        if (entry.kind == Folder::Kind::Link && !existsIn(repo, entry.path))
            problems.foreign.push_back(fmt::format("{} (a link to {}, which leaves the project or leads nowhere)", entry.path, entry.target));
        else if (entry.kind == Folder::Kind::Other)
            problems.foreign.push_back(entry.path + " (neither file, folder nor link)");
        if (entry.kind != Folder::Kind::File)
            return Folder::Walk::Into;
        if (entry.bytes > kMostScanned)
            problems.bigFiles.push_back(fmt::format("{} ({} bytes)", entry.path, entry.bytes));
        else if (const auto text = repo.read(entry.path, kMostScanned, Folder::Links::Refuse); text)
            lookForSecrets(entry.path, *text, secrets, problems.secrets);
        else if (text.error().code != ErrorCode::NotFound)
            problems.foreign.push_back(text.error().detail);
        return Folder::Walk::Into;
    });
    if (!walked && walked.error().code != ErrorCode::Limit)
        return std::move(walked).error().during("walk through the project");
    if (!walked)
        problems.foreign.push_back(walked.error().detail);
    return problems;
}

} // namespace aap
