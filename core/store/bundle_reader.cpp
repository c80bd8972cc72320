#include "core/store/bundle_reader.h"

#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include <QCryptographicHash>

#include "core/store/lenient_json.h"
#include "core/store/manifest.h"

namespace aap {
namespace {

constexpr std::size_t kMostBundledFiles = 200'000;
constexpr std::size_t kMostListBytes = 256U << 20U;

Error noBundle(const std::string& why)
{
    return Error{ErrorCode::Invalid, "it is no bundle of a run: " + why, {}, "Name a file that 'agent-pipeline bundle ID --to FILE' wrote."};
}

Error unreadableBundle(archive* opened)
{
    const char* said = archive_error_string(opened);
    return noBundle(said ? said : "it cannot be read");
}

struct ArchiveClose {
    void operator()(archive* it) const { archive_read_free(it); }
};

} // namespace

Result<BundleVerification> BundleReader::read(const std::filesystem::path& file, const Take& take, std::uint64_t mostBytes)
{
    *this = BundleReader();
    m_take = take;
    m_mostBytes = mostBytes;
    const std::unique_ptr<archive, ArchiveClose> opened(archive_read_new());
    archive_read_support_format_zip(opened.get());
    if (archive_read_open_filename(opened.get(), file.c_str(), 1U << 16U) != ARCHIVE_OK)
        return unreadableBundle(opened.get());
    if (auto read = readAll(opened.get()); !read)
        return std::move(read).error();
    return verdict();
}

Result<void> BundleReader::readAll(archive* opened)
{
    archive_entry* entry = nullptr;
    int answer = ARCHIVE_OK;
    while ((answer = archive_read_next_header(opened, &entry)) == ARCHIVE_OK || answer == ARCHIVE_WARN)
        if (auto taken = takeEntry(opened, entry); !taken)
            return taken;
    return answer == ARCHIVE_EOF ? Result<void>() : unreadableBundle(opened);
}

Result<void> BundleReader::takeEntry(archive* opened, archive_entry* entry)
{
    const char* name = archive_entry_pathname(entry);
    const std::string path(name ? name : "");
    if (m_folder.empty())
        m_folder = path.substr(0, path.find('/') + 1);
    if (m_prints.size() + m_strange.size() >= kMostBundledFiles)
        return noBundle("it has too many files");
    const auto type = archive_entry_filetype(entry);
    if (m_folder.empty() || !path.starts_with(m_folder) || (type != AE_IFREG && type != AE_IFLNK)) {
        m_strange.push_back(path);
        return {};
    }
    Part part{.path = path.substr(m_folder.size()), .isLink = type == AE_IFLNK, .isExecutable = (archive_entry_perm(entry) & 0100U) != 0};
    if (!part.isLink)
        return takeFile(opened, std::move(part));
    const char* target = archive_entry_symlink(entry);
    part.content = target ? target : "";
    auto print = printOfLink(part.content);
    return keep(std::move(part), std::move(print));
}

Result<void> BundleReader::takeFile(archive* opened, Part part)
{
    auto* text = part.path == bundle_names::list ? &m_list : part.path == bundle_names::signature ? &m_signature : nullptr;
    auto* kept = text ? text : m_take ? &part.content : nullptr;
    const auto mostKept = text ? kMostListBytes : kMostFileBytes;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::array<char, 1U << 16U> piece{};
    for (;;) {
        const auto count = archive_read_data(opened, piece.data(), piece.size());
        if (count < 0)
            return unreadableBundle(opened);
        if (count == 0)
            break;
        hash.addData(QByteArrayView(piece.data(), qsizetype(count)));
        m_bytes += std::uint64_t(count);
        if (m_bytes > m_mostBytes || (kept && kept->size() + std::size_t(count) > mostKept))
            return noBundle("it is too large");
        if (kept)
            kept->append(piece.data(), std::size_t(count));
    }
    return text ? Result<void>() : keep(std::move(part), "file " + hash.result().toHex().toStdString());
}

Result<void> BundleReader::keep(Part part, std::string print)
{
    if (!m_prints.emplace(part.path, std::move(print)).second)
        m_strange.push_back(part.path);
    return m_take ? m_take(std::move(part)) : Result<void>();
}

Result<BundleVerification> BundleReader::verdict() const
{
    const auto list = Json::parse(m_list, nullptr, false);
    if (textIn(list, "schema") != bundle_names::schema || textIn(list, "run_id") + "/" != m_folder)
        return noBundle("it has no list of its files");
    const auto signature = Json::parse(m_signature, nullptr, false);
    BundleVerification verification{.runId = textIn(list, "run_id"), .files = compared(list), .publicKey = textIn(signature, "key")};
    verification.isSigned = textIn(signature, "algorithm") == bundle_names::algorithm && isSignedBy(verification.publicKey, m_list, textIn(signature, "signature"));
    return verification;
}

Verification BundleReader::compared(const Json& list) const
{
    Verification verification{.extra = m_strange};
    auto expected = printsIn(list);
    for (const auto& [path, print] : m_prints) {
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

} // namespace aap
