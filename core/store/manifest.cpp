#include "core/store/manifest.h"

#include <QByteArray>
#include <QString>

#include "core/base/files.h"
#include "core/store/bundle_reader.h"
#include "core/store/lenient_json.h"
#include "core/store/output_folder.h"

namespace aap {
namespace {

constexpr auto kManifest = "MANIFEST.json";
constexpr std::uint64_t kMostHashed = 1ULL << 30U; ///< of one file

/// A list of everything in a folder, and what is in no list.
struct FileList {
    const char* name;
    const char* signature;
    const char* schema;

    bool names(const std::string& path) const { return path == name || path == signature; }
};
constexpr FileList kManifestList{kManifest, "MANIFEST.json.minisig", "aap/manifest/1"};
constexpr FileList kBundledList{bundle_names::list, bundle_names::signature, bundle_names::schema}; ///< of a run that was imported

bool isUtf8(const std::string& text)
{
    return QString::fromStdString(text).toStdString() == text;
}

Json entryFor(const std::string& path)
{
    if (isUtf8(path))
        return {{"path", path}};
    return {{"path_hex", QByteArray::fromStdString(path).toHex().toStdString()}};
}

std::string pathOf(const Json& entry)
{
    const auto coded = textIn(entry, "path_hex");
    return coded.empty() ? textIn(entry, "path") : QByteArray::fromHex(QByteArray::fromStdString(coded)).toStdString();
}

/// What stands for an entry's content; empty for what no manifest lists.
std::string printOf(const Folder& folder, const Folder::Entry& entry)
{
    if (entry.kind == Folder::Kind::Link)
        return printOfLink(entry.target);
    if (entry.kind != Folder::Kind::File)
        return {};
    const auto content = folder.read(entry.path, kMostHashed, Folder::Links::Refuse);
    return content ? printOfFile(*content) : std::string();
}

std::string printIn(const Json& entry)
{
    const auto link = textIn(entry, "link_hex");
    return link.empty() ? "file " + textIn(entry, "sha256") : "link " + link;
}

} // namespace

std::string printOfFile(std::string_view content)
{
    return "file " + sha256(content);
}

std::string printOfLink(const std::string& target)
{
    return "link " + QByteArray::fromStdString(target).toHex().toStdString();
}

Json manifestEntry(const std::string& path, std::uint64_t bytes, const std::string& print)
{
    auto listed = entryFor(path);
    if (print.starts_with("link ")) {
        listed["link_hex"] = print.substr(5);
    } else {
        listed["bytes"] = bytes;
        listed["sha256"] = print.substr(5);
    }
    return listed;
}

std::map<std::string, std::string> printsIn(const Json& manifest)
{
    std::map<std::string, std::string> prints;
    for (const auto& entry : listIn(manifest, "files"))
        prints.emplace(pathOf(entry), printIn(entry));
    return prints;
}

Result<void> writeManifest(const Folder& folder, const std::string& runId)
{
    Json files = Json::array();
    Result<void> outcome;
    const auto walked = folder.walk("", [&](const Folder::Entry& entry) {
        if (entry.kind == Folder::Kind::Folder || kManifestList.names(entry.path))
            return Folder::Walk::Into;
        const auto print = printOf(folder, entry);
        if (print.empty()) {
            outcome = Error{ErrorCode::Io, entry.path + " cannot be read"};
            return Folder::Walk::Stop;
        }
        files.push_back(manifestEntry(entry.path, entry.bytes, print));
        return Folder::Walk::Into;
    });
    if (!walked || !outcome)
        return Error(walked ? outcome.error() : walked.error()).during("list the results");
    return folder.write(kManifest, dumped({{"schema", "aap/manifest/1"}, {"run_id", runId}, {"files", files}}, 1) + "\n");
}

Result<Verification> verifyOutput(const std::filesystem::path& path)
{
    const auto folder = Folder::open(path);
    if (!folder)
        return Error(folder.error()).advise("Give the folder of a run: pipeline_output/<run id>.");
    const auto& files = folder->stat(kBundledList.name) ? kBundledList : kManifestList;
    const auto text = folder->read(files.name, 256U << 20U, Folder::Links::Refuse);
    if (!text)
        return Error(text.error()).during("verify " + path.string()).advise("Only a run that has ended has a manifest.");
    const auto manifest = Json::parse(*text, nullptr, false);
    if (textIn(manifest, "schema") != files.schema)
        return Error{ErrorCode::Invalid, std::string(files.name) + " is not a manifest of ours", {"verify " + path.string()}, {}};
    auto expected = printsIn(manifest);
    Verification found;
    const auto walked = folder->walk("", [&](const Folder::Entry& entry) {
        if (entry.kind == Folder::Kind::Folder || files.names(entry.path))
            return Folder::Walk::Into;
        const auto listed = expected.find(entry.path);
        if (listed == expected.end()) {
            found.extra.push_back(entry.path);
            return Folder::Walk::Into;
        }
        if (listed->second == printOf(*folder, entry))
            ++found.intact;
        else
            found.changed.push_back(entry.path);
        expected.erase(listed);
        return Folder::Walk::Into;
    });
    if (!walked)
        return Error(walked.error()).during("verify " + path.string());
    for (const auto& [missing, print] : expected)
        found.missing.push_back(missing);
    return found;
}

} // namespace aap
