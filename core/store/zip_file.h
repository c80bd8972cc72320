#pragma once

#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct archive;

namespace aap {

/// A new ZIP file; removed again unless it was completed. One thread.
class ZipFile {
public:
    /// Never over a file that is there; see isOpen().
    explicit ZipFile(const std::filesystem::path& path);
    ZipFile(const ZipFile&) = delete;
    ZipFile& operator=(const ZipFile&) = delete;
    ~ZipFile();

    /// If not, errno says why.
    bool isOpen() const { return m_fd >= 0; }
    Result<void> addFile(const std::string& name, std::string_view content, std::time_t modified, bool isExecutable = false);
    Result<void> addLink(const std::string& name, const std::string& target, std::time_t modified);
    /// On disk when it returns.
    Result<void> complete();

private:
    struct Entry;
    Result<void> add(const Entry& entry);
    Error failure() const;

    std::filesystem::path m_path;
    int m_fd;
    archive* m_archive = nullptr;
    bool m_isGood = false;
    bool m_isComplete = false;
};

} // namespace aap
