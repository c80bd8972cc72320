#include "core/store/project_tree.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/store/git.h"

namespace aap {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMostEntries = 200'000;
constexpr std::size_t kLargeProject = 2000; ///< entries; to look at fewer is quicker than to wake a thread
/// A file changed this shortly before we read it may change again without its times telling: the kernel's clock ticks coarsely.
constexpr std::int64_t kClockTickNs = 20'000'000;

std::int64_t wallClockNs()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool looksSame(const Folder::Entry& a, const Folder::Entry& b)
{
    return a.kind == b.kind && a.bytes == b.bytes && a.changedNs == b.changedNs && a.modifiedNs == b.modifiedNs && a.inode == b.inode
        && a.mode == b.mode;
}

/// Reads what is in every folder, by two threads: to look at each file is most of what a snapshot of a large project costs. What cannot
/// be read is left to whoever needs it.
class TreeListing {
public:
    TreeListing(const Folder& folder, const TreeRules& rules) : m_folder(folder), m_rules(rules) {}

    std::unordered_map<std::string, std::vector<Folder::Entry>> read()
    {
        {
            const std::jthread helper([this] { work(); });
            work();
        }
        return std::move(m_listed);
    }

private:
    void work()
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_changed.wait(lock, [this] { return !m_waiting.empty() || m_atWork == 0; });
            if (m_waiting.empty())
                return;
            const auto path = std::move(m_waiting.back());
            m_waiting.pop_back();
            ++m_atWork;
            lock.unlock();
            auto entries = m_folder.list(path);
            lock.lock();
            --m_atWork;
            if (entries)
                take(path, *std::move(entries));
            m_changed.notify_all();
        }
    }
    void take(const std::string& path, std::vector<Folder::Entry> entries)
    {
        m_count += entries.size();
        if (m_count < kMostEntries && (path.empty() || !isMadeByTool(entries)))
            for (const auto& entry : entries)
                if (entry.kind == Folder::Kind::Folder && reasonToLeaveOut(entry, m_rules).empty())
                    m_waiting.push_back(entry.path);
        m_listed[path] = std::move(entries);
    }

    const Folder& m_folder; // reading only: any thread may
    const TreeRules& m_rules;
    std::mutex m_mutex{}; ///< guards what follows
    std::condition_variable m_changed{};
    std::vector<std::string> m_waiting{std::string()};
    std::unordered_map<std::string, std::vector<Folder::Entry>> m_listed{};
    std::size_t m_count = 0;
    int m_atWork = 0;
};

git_filemode_t fileMode(unsigned mode)
{
    return (mode & 0100U) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

} // namespace

Result<git_oid> ProjectTree::record(const Folder& folder)
{
    m_fresh.clear();
    m_leftOut.clear();
    m_startedNs = wallClockNs();
    m_listed = std::exchange(m_entries, 0) > kLargeProject ? TreeListing(folder, m_rules).read() : decltype(m_listed)();
    auto root = recordFolder(folder, "", 0);
    if (!root)
        return std::move(root).error();
    const auto tree = root->tree;
    m_fresh[""] = std::move(*root);
    m_known.swap(m_fresh);
    return tree;
}

Result<std::vector<Folder::Entry>> ProjectTree::entriesOf(const Folder& folder, const std::string& path)
{
    if (auto listed = m_listed.extract(path))
        return std::move(listed.mapped());
    return folder.list(path);
}

Result<ProjectTree::Known> ProjectTree::recordFolder(const Folder& folder, const std::string& path, int depth)
{
    if (depth > kDeepest)
        return Error{ErrorCode::Limit, path + ": folders are nested more than " + std::to_string(kDeepest) + " deep"};
    auto entries = entriesOf(folder, path);
    if (!entries)
        return std::move(entries).error();
    if ((m_entries += entries->size()) > kMostEntries)
        return Error{ErrorCode::Limit, "there are more than " + std::to_string(kMostEntries) + " files"};
    if (!path.empty() && isMadeByTool(*entries)) {
        m_leftOut.push_back(path + ": made by a tool");
        entries->clear();
    }
    const auto found = m_known.find(path);
    const Known* before = found == m_known.end() ? nullptr : &found->second;
    auto old = before ? before->items.begin() : std::vector<Item>::const_iterator{};
    Known known;
    known.items.reserve(entries->size());
    for (auto& entry : *entries) {
        while (before && old != before->items.end() && old->entry.path < entry.path)
            ++old;
        const bool isKnown = before && old != before->items.end() && old->entry.path == entry.path;
        Item item{.entry = std::move(entry)};
        auto kept = recordEntry(folder, isKnown ? &*old : nullptr, item, depth);
        if (!kept)
            return std::move(kept).error();
        if (*kept)
            known.items.push_back(std::move(item));
    }
    auto tree = write(known, before);
    if (!tree)
        return std::move(tree).error();
    known.tree = *tree;
    known.isEmpty = known.items.empty();
    return known;
}

Result<bool> ProjectTree::recordEntry(const Folder& folder, const Item* before, Item& item, int depth)
{
    const auto& entry = item.entry;
    if (auto reason = reasonToLeaveOut(entry, m_rules); !reason.empty()) {
        m_leftOut.push_back(entry.path + ": " + reason);
        return false;
    }
    if (entry.kind == Folder::Kind::File)
        return recordFile(folder, before, item);
    if (entry.kind == Folder::Kind::Link) {
        item.mode = GIT_FILEMODE_LINK;
        if (before && before->mode == GIT_FILEMODE_LINK && before->entry.target == entry.target) {
            item.id = before->id;
            return true;
        }
        return writeBlob(item, entry.target);
    }
    auto below = recordFolder(folder, entry.path, depth + 1);
    if (!below && below.error().code == ErrorCode::NotFound) // removed or replaced meanwhile
        return false;
    if (!below && below.error().code == ErrorCode::Unauthorized) {
        m_leftOut.push_back(below.error().text());
        return false;
    }
    if (!below)
        return std::move(below).error();
    item.mode = GIT_FILEMODE_TREE;
    item.id = below->tree;
    const bool isEmpty = below->isEmpty; // git knows no empty folders
    m_fresh[entry.path] = std::move(*below);
    return !isEmpty;
}

Result<bool> ProjectTree::recordFile(const Folder& folder, const Item* before, Item& item)
{
    const auto& entry = item.entry;
    item.mode = fileMode(entry.mode);
    item.isSettled = std::max(entry.changedNs, entry.modifiedNs) < m_startedNs - kClockTickNs;
    if (before && before->isSettled && looksSame(before->entry, entry)) {
        item.id = before->id;
        return true;
    }
    const auto content = folder.read(entry.path, m_rules.mostFileBytes, Folder::Links::Refuse);
    if (!content && content.error().code == ErrorCode::NotFound)
        return false;
    if (!content) { // a hard link, a file that grew, one we may not read: its name and the reason is all we can keep
        m_leftOut.push_back(content.error().text());
        return false;
    }
    return writeBlob(item, *content);
}

Result<bool> ProjectTree::writeBlob(Item& item, std::string_view content)
{
    if (git_blob_create_from_buffer(&item.id, &m_repository, content.data(), content.size()) != 0)
        return gitError("record " + item.entry.path);
    m_written.push_back(item.id);
    return true;
}

Result<git_oid> ProjectTree::write(const Known& known, const Known* before)
{
    const auto sameItem = [](const Item& a, const Item& b) {
        return a.mode == b.mode && git_oid_equal(&a.id, &b.id) && a.entry.path == b.entry.path;
    };
    if (before && std::ranges::equal(known.items, before->items, sameItem))
        return before->tree;
    const auto builder = gitMake(git_treebuilder_new, &m_repository, nullptr);
    if (!builder)
        return gitError("record a folder");
    for (const auto& item : known.items)
        if (git_treebuilder_insert(nullptr, builder.get(), nameOf(item.entry.path).c_str(), &item.id, item.mode) != 0)
            m_leftOut.push_back(item.entry.path + ": git cannot keep this name");
    git_oid tree;
    if (git_treebuilder_write(&tree, builder.get()) != 0)
        return gitError("record a folder");
    m_written.push_back(tree);
    return tree;
}

} // namespace aap
