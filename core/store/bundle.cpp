#include "core/store/bundle.h"

#include <ctime>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/store/bundle_reader.h"
#include "core/store/lenient_json.h"
#include "core/store/manifest.h"
#include "core/store/new_target.h"
#include "core/store/sbom.h"
#include "core/store/tree_rules.h"
#include "core/store/zip_file.h"

namespace aap {
namespace {

constexpr auto kBundleSbom = "reports/sbom.cdx.json";

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
        const auto content = from.read(entry.path, BundleReader::kMostFileBytes, Folder::Links::Refuse);
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
        const auto list = dumped({{"schema", bundle_names::schema}, {"run_id", runId}, {"made_at", toIso8601(now())}, {"files", m_files}}, 1) + "\n";
        const Json signature{{"schema", "aap/bundle-signature/1"}, {"algorithm", bundle_names::algorithm}, {"of", bundle_names::list}, {"key", key.publicKey()}, {"signature", key.sign(list)}};
        auto written = m_zip.addFile(m_above + bundle_names::list, list, made);
        if (written)
            written = m_zip.addFile(m_above + bundle_names::signature, dumped(signature, 1) + "\n", made);
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
    if (written && project && !output->stat(kBundleSbom)) // a run of an older version
        written = writer.add(kBundleSbom, dumped(projectSbom(*project, wish.title, wish.runId), 1) + "\n", std::time(nullptr));
    return written ? writer.finish(wish.runId, key) : std::move(written).error().during("bundle run " + wish.runId);
}

Result<BundleVerification> verifyBundle(const std::filesystem::path& file)
{
    BundleReader reader;
    auto found = reader.read(file);
    return found ? std::move(found) : std::move(found).error().during("verify " + file.string());
}

} // namespace aap
