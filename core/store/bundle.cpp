#include "core/store/bundle.h"

#include <array>
#include <ctime>
#include <map>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include <QCryptographicHash>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/store/lenient_json.h"
#include "core/store/manifest.h"
#include "core/store/new_target.h"
#include "core/store/sbom.h"
#include "core/store/tree_rules.h"
#include "core/store/zip_file.h"

namespace aap {
namespace {

constexpr auto kBundleList = "BUNDLE.json";
constexpr auto kBundleSignature = "BUNDLE.sig.json";
constexpr auto kBundleSbom = "sbom.spdx.json";
constexpr auto kBundleSchema = "aap/bundle/1";
constexpr std::uint64_t kMostBundledFile = 1ULL << 30U;
constexpr std::uint64_t kMostBundledBytes = 64ULL << 30U;
constexpr std::size_t kMostBundledFiles = 200'000;
constexpr std::size_t kMostListBytes = 256U << 20U;

Error noBundle(const std::string& why)
{
    return Error{ErrorCode::Invalid, "it is no bundle of a run: " + why, {}, "Name a file that 'agent-pipeline bundle ID --to FILE' wrote."};
}

/// Writes the files and keeps the list of them.
class BundleWriter {
public:
    BundleWriter(ZipFile& zip, const std::string& runId) : m_zip(zip), m_above(runId + "/") {}

    Result<void> copy(const Folder& from, const Folder::Entry& entry)
    {
        const auto modified = std::time_t(entry.modifiedNs / 1'000'000'000);
        if (entry.kind == Folder::Kind::Link) {
            m_files.push_back(manifestEntry(entry.path, 0, printOfLink(entry.target)));
            return m_zip.addLink(m_above + entry.path, entry.target, modified);
        }
        const auto content = from.read(entry.path, kMostBundledFile, Folder::Links::Refuse);
        return content ? add(entry.path, *content, modified, (entry.mode & 0100U) != 0) : content.error();
    }
    Result<void> add(const std::string& path, const std::string& content, std::time_t modified, bool isExecutable = false)
    {
        m_files.push_back(manifestEntry(path, content.size(), printOfFile(content)));
        return m_zip.addFile(m_above + path, content, modified, isExecutable);
    }
    /// The list and its signature are in no list themselves.
    Result<std::size_t> finish(const std::string& runId, const SigningKey& key)
    {
        const auto made = std::time(nullptr);
        const auto list = dumped({{"schema", kBundleSchema}, {"run_id", runId}, {"made_at", toIso8601(now())}, {"files", m_files}}, 1) + "\n";
        const Json signature{{"schema", "aap/bundle-signature/1"}, {"algorithm", "Ed25519"}, {"of", kBundleList}, {"key", key.publicKey()}, {"signature", key.sign(list)}};
        auto written = m_zip.addFile(m_above + kBundleList, list, made);
        if (written)
            written = m_zip.addFile(m_above + kBundleSignature, dumped(signature, 1) + "\n", made);
        if (written)
            written = m_zip.complete();
        return written ? Result<std::size_t>(m_files.size()) : std::move(written).error();
    }

private:
    ZipFile& m_zip;
    const std::string m_above;
    Json m_files = Json::array();
};

Result<void> copyFiles(const Folder& output, BundleWriter& writer)
{
    Result<void> copied;
    const auto walked = output.walk("", [&](const Folder::Entry& entry) {
        if (entry.path == "snapshots.git" || isGitFolder(nameOf(entry.path)))
            return Folder::Walk::Skip;
        if (entry.kind == Folder::Kind::File || entry.kind == Folder::Kind::Link)
            copied = writer.copy(output, entry);
        return copied ? Folder::Walk::Into : Folder::Walk::Stop;
    });
    return walked ? copied : walked.error();
}

Result<void> isUnchanged(const std::filesystem::path& output)
{
    const auto verified = verifyOutput(output);
    if (!verified)
        return verified.error();
    if (verified->isIntact())
        return {};
    return Error{ErrorCode::Invalid, fmt::format("the results are not as the run left them: {} changed, {} missing, {} new", verified->changed.size(), verified->missing.size(), verified->extra.size()),
                 {}, "Look with 'agent-pipeline verify FOLDER'; what somebody changed is not signed as the run's."};
}

struct ArchiveClose {
    void operator()(archive* it) const { archive_read_free(it); }
};

/// What stands in a ZIP file, read from front to end once; links are text and nothing is unpacked.
class BundleReader {
public:
    Result<void> read(const std::filesystem::path& file)
    {
        const std::unique_ptr<archive, ArchiveClose> opened(archive_read_new());
        archive_read_support_format_zip(opened.get());
        if (archive_read_open_filename(opened.get(), file.c_str(), 1U << 16U) != ARCHIVE_OK)
            return unreadable(opened.get());
        archive_entry* entry = nullptr;
        int answer = ARCHIVE_OK;
        while ((answer = archive_read_next_header(opened.get(), &entry)) == ARCHIVE_OK || answer == ARCHIVE_WARN)
            if (auto taken = take(opened.get(), entry); !taken)
                return taken;
        return answer == ARCHIVE_EOF ? Result<void>() : unreadable(opened.get());
    }

    std::string list{};
    std::string signature{};
    std::string folder{}; ///< "<run id>/"
    std::map<std::string, std::string> prints{};
    std::vector<std::string> strange{}; ///< twice there, outside of the folder, or of a kind that no bundle has

private:
    static Error unreadable(archive* opened)
    {
        const char* said = archive_error_string(opened);
        return noBundle(said ? said : "it cannot be read");
    }
    Result<void> take(archive* opened, archive_entry* entry)
    {
        const char* name = archive_entry_pathname(entry);
        const std::string path(name ? name : "");
        if (folder.empty())
            folder = path.substr(0, path.find('/') + 1);
        if (prints.size() + strange.size() >= kMostBundledFiles)
            return noBundle("it has too many files");
        const auto type = archive_entry_filetype(entry);
        if (folder.empty() || !path.starts_with(folder) || (type != AE_IFREG && type != AE_IFLNK)) {
            strange.push_back(path);
            return {};
        }
        const auto below = path.substr(folder.size());
        if (type == AE_IFLNK) {
            const char* target = archive_entry_symlink(entry);
            return keep(below, printOfLink(target ? target : ""));
        }
        return takeFile(opened, below);
    }
    Result<void> takeFile(archive* opened, const std::string& path)
    {
        auto* text = path == kBundleList ? &list : path == kBundleSignature ? &signature : nullptr;
        QCryptographicHash hash(QCryptographicHash::Sha256);
        std::array<char, 1U << 16U> piece{};
        for (;;) {
            const auto count = archive_read_data(opened, piece.data(), piece.size());
            if (count < 0)
                return unreadable(opened);
            if (count == 0)
                break;
            hash.addData(QByteArrayView(piece.data(), qsizetype(count)));
            m_bytes += std::uint64_t(count);
            if (m_bytes > kMostBundledBytes || (text && text->size() + std::size_t(count) > kMostListBytes))
                return noBundle("it is too large");
            if (text)
                text->append(piece.data(), std::size_t(count));
        }
        return text ? Result<void>() : keep(path, "file " + hash.result().toHex().toStdString());
    }
    Result<void> keep(const std::string& path, std::string print)
    {
        if (!prints.emplace(path, std::move(print)).second)
            strange.push_back(path);
        return {};
    }

    std::uint64_t m_bytes = 0;
};

Verification compared(const BundleReader& found, const Json& list)
{
    Verification verification{.extra = found.strange};
    auto expected = printsIn(list);
    for (const auto& [path, print] : found.prints) {
        const auto listed = expected.find(path);
        if (listed == expected.end()) {
            verification.extra.push_back(path);
            continue;
        }
        if (listed->second == print)
            ++verification.intact;
        else
            verification.changed.push_back(path);
        expected.erase(listed);
    }
    for (const auto& [missing, print] : expected)
        verification.missing.push_back(missing);
    return verification;
}

} // namespace

Result<std::size_t> writeBundle(const BundleWish& wish, const SigningKey& key)
{
    const auto output = Folder::open(wish.output);
    if (!output)
        return Error(output.error()).during("bundle run " + wish.runId);
    if (auto unchanged = isUnchanged(wish.output); !unchanged)
        return std::move(unchanged).error().during("bundle run " + wish.runId);
    ZipFile zip(wish.target);
    if (!zip.isOpen())
        return refusedTarget(wish.target);
    BundleWriter writer(zip, wish.runId);
    auto written = copyFiles(*output, writer);
    const auto project = output->folder("workspace");
    if (written && project)
        written = writer.add(kBundleSbom, dumped(projectSbom(*project, wish.title, wish.runId), 1) + "\n", std::time(nullptr));
    return written ? writer.finish(wish.runId, key) : std::move(written).error().during("bundle run " + wish.runId);
}

Result<BundleVerification> verifyBundle(const std::filesystem::path& file)
{
    BundleReader found;
    if (auto read = found.read(file); !read)
        return std::move(read).error().during("verify " + file.string());
    const auto list = Json::parse(found.list, nullptr, false);
    if (textIn(list, "schema") != kBundleSchema || textIn(list, "run_id") + "/" != found.folder)
        return noBundle("it has no list of its files").during("verify " + file.string());
    const auto signature = Json::parse(found.signature, nullptr, false);
    BundleVerification verification{.runId = textIn(list, "run_id"), .files = compared(found, list), .publicKey = textIn(signature, "key")};
    verification.isSigned = textIn(signature, "algorithm") == "Ed25519" && isSignedBy(verification.publicKey, found.list, textIn(signature, "signature"));
    return verification;
}

} // namespace aap
