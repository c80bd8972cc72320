#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/store/bundle.h"

struct archive;
struct archive_entry;

namespace aap {

/// How the parts of a bundle are called.
namespace bundle_names {
inline constexpr auto list = "BUNDLE.json";
inline constexpr auto signature = "BUNDLE.sig.json";
inline constexpr auto schema = "aap/bundle/1";
inline constexpr auto algorithm = "Ed25519";
} // namespace bundle_names

/// What stands in a bundle, read from front to end once. The bytes are a stranger's: nothing is unpacked here, links are text.
class BundleReader {
public:
    static constexpr std::uint64_t kMostFileBytes = 1ULL << 30U;

    /// Something of the run's folder, whole, with its path below that folder as the bundle has it. An error ends the reading.
    struct Part {
        std::string path{};
        std::string content{}; ///< of a link its target
        bool isLink = false;
        bool isExecutable = false;
    };
    using Take = std::function<Result<void>(Part part)>;

    /// Shows the parts as they come, in any order and maybe several times the same, before anything of them is verified; the list and
    /// its signature are no parts. Without `take` nothing is kept. Invalid: it is no bundle, one with more than 200 000 files, or larger
    /// than `mostBytes`.
    Result<BundleVerification> read(const std::filesystem::path& file, const Take& take = {}, std::uint64_t mostBytes = 64ULL << 30U);
    /// As they were read.
    const std::string& list() const { return m_list; }
    const std::string& signature() const { return m_signature; }

private:
    Result<void> readAll(archive* opened);
    Result<void> takeEntry(archive* opened, archive_entry* entry);
    Result<void> takeFile(archive* opened, Part part);
    Result<void> keep(Part part, std::string print);
    Result<BundleVerification> verdict() const;
    Verification compared(const Json& list) const;

    Take m_take{};
    std::uint64_t m_mostBytes = 0;
    std::uint64_t m_bytes = 0;
    std::string m_list{};
    std::string m_signature{};
    std::string m_folder{}; ///< "<run id>/"
    std::map<std::string, std::string> m_prints{};
    std::vector<std::string> m_strange{}; ///< twice there, outside of the folder, or of a kind that no bundle has
};

} // namespace aap
