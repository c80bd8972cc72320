#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <git2.h>

#include "core/base/beneath.h"
#include "core/base/result.h"
#include "core/store/tree_rules.h"

namespace aap {

/// Writes a folder as git objects and remembers what it wrote: only files whose size, times, inode or mode changed are read
/// again, only folders whose content changed become new trees. One thread at a time; of a large project two look at the files.
/// `repository` outlives it.
class ProjectTree {
public:
    explicit ProjectTree(git_repository& repository) : m_repository(repository) {}

    /// The tree that stands there now. A file that vanishes while we look is not there.
    Result<git_oid> record(const Folder& folder);
    /// Everything that was recorded since the last time: files, links and folders, known ones not again.
    std::vector<git_oid> takeWritten() { return std::exchange(m_written, {}); }
    /// "big.bin: larger than 20 MiB", of the last record().
    const std::vector<std::string>& leftOut() const { return m_leftOut; }

private:
    struct Item { ///< what became of an entry
        Folder::Entry entry{};
        git_oid id{};
        git_filemode_t mode{};
        bool isSettled = false; ///< its times tell every later change
    };
    struct Known {
        std::vector<Item> items{}; ///< sorted by path
        git_oid tree{};
        bool isEmpty = true;
    };

    Result<std::vector<Folder::Entry>> entriesOf(const Folder& folder, const std::string& path);
    Result<Known> recordFolder(const Folder& folder, const std::string& path, int depth);
    Result<bool> recordEntry(const Folder& folder, const Item* before, Item& item, int depth);
    Result<bool> recordFile(const Folder& folder, const Item* before, Item& item);
    Result<bool> writeBlob(Item& item, std::string_view content);
    Result<git_oid> write(const Known& known, const Known* before);

    git_repository& m_repository;
    TreeRules m_rules{};
    std::unordered_map<std::string, Known> m_known{}; ///< by folder, of the last record()
    std::unordered_map<std::string, Known> m_fresh{}; ///< of this one
    std::unordered_map<std::string, std::vector<Folder::Entry>> m_listed{}; ///< by folder, what was looked at beforehand
    std::vector<git_oid> m_written{};
    std::vector<std::string> m_leftOut{};
    std::size_t m_entries = 0;
    std::int64_t m_startedNs = 0;
};

} // namespace aap
