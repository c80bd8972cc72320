#include <algorithm>
#include <ctime>

#include "core/store/copy_tree.h"
#include "core/store/new_target.h"
#include "core/store/output_folder.h"
#include "core/store/zip_file.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostBytes = 1ULL << 30U; ///< of one file
const CopyRules kEverything{.tree = {.mostFileBytes = kMostBytes, .byproducts = true}, .mostBytes = 64ULL << 30U};

Result<std::vector<Folder::Entry>> sortedEntries(const Folder& folder)
{
    std::vector<Folder::Entry> entries;
    auto walked = folder.walk("", [&](const Folder::Entry& entry) {
        const bool isKept = reasonToLeaveOut(entry, kEverything.tree).empty();
        if (isKept && entry.kind != Folder::Kind::Folder)
            entries.push_back(entry);
        return isKept ? Folder::Walk::Into : Folder::Walk::Skip;
    });
    if (!walked)
        return std::move(walked).error();
    std::ranges::sort(entries, {}, &Folder::Entry::path);
    return entries;
}

Result<void> exportZip(const Folder& folder, const std::filesystem::path& target)
{
    const auto entries = sortedEntries(folder);
    if (!entries)
        return entries.error();
    ZipFile zip(target);
    if (!zip.isOpen())
        return refusedTarget(target);
    const auto above = std::filesystem::canonical(folder.path()).filename().string() + "/";
    for (const auto& entry : *entries) {
        auto content = entry.kind == Folder::Kind::Link ? Result<std::string>(std::string()) : folder.read(entry.path, kMostBytes, Folder::Links::Refuse);
        if (!content)
            return std::move(content).error();
        const auto modified = std::time_t(entry.modifiedNs / 1'000'000'000);
        auto added = entry.kind == Folder::Kind::Link ? zip.addLink(above + entry.path, entry.target, modified)
                                                      : zip.addFile(above + entry.path, *content, modified, (entry.mode & 0100U) != 0);
        if (!added)
            return added;
    }
    return zip.complete();
}

Result<void> exportFolder(const Folder& folder, const std::filesystem::path& target)
{
    if (auto made = makeNewFolder(target); !made)
        return made;
    const auto into = Folder::open(target);
    if (!into)
        return into.error();
    auto rules = kEverything;
    rules.except = target; // it may lie in what is copied
    const auto copied = copyTree(folder, *into, "", rules, {});
    return copied ? Result<void>() : copied.error();
}

} // namespace

Result<void> exportOutput(const std::filesystem::path& folder, const std::filesystem::path& target)
{
    const auto from = Folder::open(folder);
    if (!from)
        return Error(from.error()).during("export the results");
    auto exported = target.extension() == ".zip" ? exportZip(*from, target) : exportFolder(*from, target);
    return exported ? Result<void>() : std::move(exported).error().during("export " + folder.string());
}

} // namespace aap
