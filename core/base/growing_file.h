#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// A regular file that may grow, shrink or vanish while it is read; below a folder that foreign code may have written into, which it
/// never leaves. Read by position, so that several threads may read at once. Copyable handle.
class GrowingFile {
public:
    /// No links, no second names, no special files: those are Invalid. What is not there is NotFound.
    static Result<GrowingFile> open(const std::filesystem::path& folder, std::string_view relative);

    /// Its size now.
    std::uint64_t bytes() const;
    /// How much was read into `into`: less than asked at the end, nothing behind it.
    Result<std::size_t> readAt(std::uint64_t offset, std::span<char> into) const;

private:
    struct Opened;
    explicit GrowingFile(std::shared_ptr<const Opened> opened) : m_opened(std::move(opened)) {}

    std::shared_ptr<const Opened> m_opened;
};

} // namespace aap
