#include "ui/artifacts/artifact_list.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include <QDir>
#include <QHash>

#include "core/base/growing_file.h"

namespace aap {
namespace {

constexpr int kMostEntries = 20'000;
constexpr std::size_t kComparedBlock = 64U << 10U;

using Change = ArtifactEntry::Change;

QList<ArtifactEntry> walk(const QString& folder)
{
    namespace fs = std::filesystem;
    QList<ArtifactEntry> entries;
    std::error_code ignored;
    const fs::path root(folder.toStdString());
    // Links are listed but never followed: the walk does not follow them and a link is no regular file.
    for (fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, ignored), end; at != end; at.increment(ignored)) {
        const auto status = at->symlink_status(ignored);
        const bool isFolder = fs::is_directory(status);
        if (!fs::is_regular_file(status) && !isFolder)
            continue;
        if (isFolder && at->path().filename() == "snapshots.git") { // the program's own book-keeping
            at.disable_recursion_pending();
            continue;
        }
        entries << ArtifactEntry{.path = QString::fromStdString(at->path().lexically_relative(root).string()),
                                 .bytes = isFolder ? 0 : qint64(at->file_size(ignored)),
                                 .folder = isFolder};
        if (entries.size() >= kMostEntries)
            break;
    }
    return entries;
}

bool sameContent(const QString& folder, const QString& other, const QString& path)
{
    const auto one = GrowingFile::open(folder.toStdString(), path.toStdString());
    const auto two = GrowingFile::open(other.toStdString(), path.toStdString());
    if (!one || !two)
        return false;
    std::array<char, kComparedBlock> left{};
    std::array<char, kComparedBlock> right{};
    for (std::uint64_t at = 0;; at += kComparedBlock) {
        const auto fromOne = one->readAt(at, left);
        const auto fromTwo = two->readAt(at, right);
        if (!fromOne || !fromTwo || *fromOne != *fromTwo || !std::equal(left.begin(), left.begin() + std::ptrdiff_t(*fromOne), right.begin()))
            return false;
        if (*fromOne < kComparedBlock)
            return true;
    }
}

void compare(QList<ArtifactEntry>& entries, const QString& folder, const QString& before)
{
    QHash<QString, ArtifactEntry> earlier;
    for (const auto& entry : walk(before))
        earlier.insert(entry.path, entry);
    for (auto& entry : entries) {
        const auto found = earlier.constFind(entry.path);
        const bool there = found != earlier.constEnd() && found->folder == entry.folder;
        if (entry.folder)
            entry.change = there ? Change::NotCompared : Change::Added;
        else
            entry.change = !there ? Change::Added : found->bytes == entry.bytes && sameContent(folder, before, entry.path) ? Change::Same : Change::Modified;
        earlier.remove(entry.path);
    }
    for (auto gone : std::as_const(earlier)) {
        gone.change = Change::Removed;
        entries << gone;
    }
}

} // namespace

QList<ArtifactEntry> listArtifacts(const QString& folder, const QString& before)
{
    auto entries = walk(folder);
    if (!before.isEmpty())
        compare(entries, folder, before);
    std::ranges::sort(entries, {}, &ArtifactEntry::path);
    return entries;
}

QStringList otherRuns(const QString& folder)
{
    const QDir own(folder);
    QDir beside(folder);
    if (folder.isEmpty() || !beside.cdUp())
        return {};
    auto names = beside.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name | QDir::Reversed);
    names.removeAll(own.dirName());
    names.erase(std::remove_if(names.begin(), names.end(), [&](const QString& name) { return !QFile::exists(beside.filePath(name + QStringLiteral("/run.json"))); }), names.end());
    return names;
}

QString shownName(const QString& name)
{
    QString shown;
    for (const auto c : name)
        shown += c.isPrint() && c.category() != QChar::Other_Format ? QString(c) : QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
    return shown;
}

} // namespace aap
