#include "core/store/snapshot_files.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "core/base/beneath.h"
#include "core/store/git.h"
#include "core/store/new_target.h"
#include "core/store/tree_rules.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

/// A snapshot, opened.
struct OpenedSnapshot {
    Git<git_repository> repository{};
    Git<git_commit> commit{};
    Git<git_tree> tree{};
};

Result<OpenedSnapshot> openSnapshot(const fs::path& gitFolder, const std::string& id)
{
    auto repository = openForReading(gitFolder);
    if (!repository)
        return std::move(repository).error();
    OpenedSnapshot opened{.repository = *std::move(repository)};
    opened.commit = commitOf(opened.repository.get(), id);
    if (!opened.commit)
        return Error{ErrorCode::NotFound, "there is no snapshot " + id.substr(0, 60), {}, "The folder of snapshots is incomplete; choose another event or run."};
    opened.tree = gitMake(git_commit_tree, opened.commit.get());
    return opened.tree ? Result<OpenedSnapshot>(std::move(opened)) : gitError("read the snapshot");
}

int collectFile(const char* root, const git_tree_entry* entry, void* payload)
{
    const auto mode = git_tree_entry_filemode(entry);
    if (mode != GIT_FILEMODE_TREE)
        static_cast<std::vector<SnapshotFile>*>(payload)->push_back({.path = std::string(root) + git_tree_entry_name(entry),
                                                                     .isLink = mode == GIT_FILEMODE_LINK,
                                                                     .isExecutable = mode == GIT_FILEMODE_BLOB_EXECUTABLE,
                                                                     .blob = hex(*git_tree_entry_id(entry))});
    return 0;
}

Result<std::vector<SnapshotFile>> filesOf(const OpenedSnapshot& snapshot)
{
    std::vector<SnapshotFile> files;
    const auto objects = gitMake(git_repository_odb, snapshot.repository.get());
    if (!objects || git_tree_walk(snapshot.tree.get(), GIT_TREEWALK_PRE, &collectFile, &files) != 0)
        return gitError("read the snapshot");
    for (auto& file : files) {
        git_oid id;
        std::size_t bytes = 0;
        git_object_t type{};
        if (git_oid_fromstr(&id, file.blob.c_str()) != 0 || git_odb_read_header(&bytes, &type, objects.get(), &id) != 0)
            return gitError("read " + file.path + " in the snapshot");
        file.bytes = bytes;
    }
    std::ranges::sort(files, {}, &SnapshotFile::path);
    return files;
}

Result<Git<git_blob>> contentOf(const OpenedSnapshot& snapshot, const SnapshotFile& file)
{
    git_oid id;
    if (git_oid_fromstr(&id, file.blob.c_str()) == 0)
        if (auto blob = gitMake(git_blob_lookup, snapshot.repository.get(), &id))
            return blob;
    return gitError("read " + file.path + " in the snapshot");
}

std::string_view viewOf(const git_blob* blob)
{
    return {static_cast<const char*>(git_blob_rawcontent(blob)), std::size_t(git_blob_rawsize(blob))};
}

Result<void> writeFile(const OpenedSnapshot& snapshot, const SnapshotFile& file, const Folder& into)
{
    const auto blob = contentOf(snapshot, file);
    if (!blob)
        return blob.error();
    if (file.isLink)
        return into.writeLink(file.path, viewOf(blob->get()), {});
    return into.write(file.path, viewOf(blob->get()), {.mode = file.isExecutable ? 0755U : 0644U});
}

Result<std::size_t> writeFiles(const OpenedSnapshot& snapshot, const fs::path& target)
{
    const auto files = filesOf(snapshot);
    const auto into = files ? Folder::open(target) : Result<Folder>(files.error());
    if (!into)
        return into.error();
    for (const bool areLinks : {false, true}) // so that no file is written through a link
        for (const auto& file : *files)
            if (file.isLink == areLinks)
                if (auto written = writeFile(snapshot, file, *into); !written)
                    return std::move(written).error();
    return files->size();
}

bool isPathOfProject(const std::string& path)
{
    const fs::path parts(path);
    return !path.empty() && path.find('\0') == std::string::npos && parts.is_relative() && parts.has_filename()
        && std::ranges::none_of(parts, [](const fs::path& part) { return part.empty() || part == "." || part == ".." || isGitFolder(part.string()); });
}

/// What stands at the path or above it is no link, and no folder where the file shall be.
Result<git_filemode_t> modeFor(const git_tree* tree, const std::string& path)
{
    git_tree_entry* found = nullptr;
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        if (git_tree_entry_bypath(&found, tree, path.substr(0, slash).c_str()) != 0)
            break;
        const bool isFolder = git_tree_entry_filemode(found) == GIT_FILEMODE_TREE;
        git_tree_entry_free(found);
        if (!isFolder)
            return Error{ErrorCode::Invalid, path.substr(0, slash) + " is no folder in the project", {}, "Name the file by its real path."};
    }
    if (git_tree_entry_bypath(&found, tree, path.c_str()) != 0)
        return GIT_FILEMODE_BLOB;
    const auto mode = git_tree_entry_filemode(found);
    git_tree_entry_free(found);
    if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE)
        return Error{ErrorCode::Invalid, path + " is no file in the project", {}, "Name a file."};
    return mode;
}

Result<git_oid> editedTree(const OpenedSnapshot& snapshot, const std::map<std::string, std::string>& files)
{
    std::vector<git_tree_update> updates;
    for (const auto& [path, content] : files) {
        if (!isPathOfProject(path))
            return Error{ErrorCode::Invalid, "'" + path + "' cannot be a file of the project", {}, "Name a path below the project's folder, like src/main.py."};
        const auto mode = modeFor(snapshot.tree.get(), path);
        if (!mode)
            return mode.error();
        git_tree_update update{.action = GIT_TREE_UPDATE_UPSERT, .id = {}, .filemode = *mode, .path = path.c_str()};
        if (git_blob_create_from_buffer(&update.id, snapshot.repository.get(), content.data(), content.size()) != 0)
            return gitError("record " + path);
        updates.push_back(update);
    }
    git_oid made;
    if (git_tree_create_updated(&made, snapshot.repository.get(), snapshot.tree.get(), updates.size(), updates.data()) != 0)
        return gitError("record the edited files");
    return made;
}

} // namespace

Result<std::vector<SnapshotFile>> filesOfSnapshot(const fs::path& gitFolder, const std::string& commit)
{
    const auto snapshot = openSnapshot(gitFolder, commit);
    return snapshot ? filesOf(*snapshot) : snapshot.error();
}

Result<void> readSnapshot(const fs::path& gitFolder, const std::string& commit, const std::function<void(const SnapshotFile&, std::string_view)>& take)
{
    const auto snapshot = openSnapshot(gitFolder, commit);
    const auto files = snapshot ? filesOf(*snapshot) : Result<std::vector<SnapshotFile>>(snapshot.error());
    if (!files)
        return files.error();
    for (const auto& file : *files) {
        const auto blob = contentOf(*snapshot, file);
        if (!blob)
            return blob.error();
        take(file, viewOf(blob->get()));
    }
    return {};
}

Result<std::size_t> restoreSnapshot(const fs::path& gitFolder, const std::string& commit, const fs::path& target)
{
    const auto snapshot = openSnapshot(gitFolder, commit);
    if (!snapshot)
        return snapshot.error();
    if (auto made = makeNewFolder(target); !made)
        return std::move(made).error();
    auto written = writeFiles(*snapshot, target);
    if (written)
        return written;
    std::error_code ignored;
    fs::remove_all(target, ignored);
    return std::move(written).error().during("restore to " + target.string());
}

Result<std::string> editSnapshot(const fs::path& gitFolder, const std::string& commit, const std::map<std::string, std::string>& files)
{
    const auto snapshot = openSnapshot(gitFolder, commit);
    if (!snapshot)
        return snapshot.error();
    const auto tree = editedTree(*snapshot, files);
    if (!tree)
        return tree.error();
    const auto content = gitMake(git_tree_lookup, snapshot->repository.get(), &*tree);
    const auto author = gitMake(git_signature_new, "AI Agent Pipeline", "agent-pipeline@localhost", git_time_t(std::time(nullptr)), 0);
    const std::array<const git_commit*, 1> parents{snapshot->commit.get()};
    git_oid made;
    if (!content || !author
        || git_commit_create(&made, snapshot->repository.get(), nullptr, author.get(), author.get(), "UTF-8", "edited by hand", content.get(), 1,
                             const_cast<const git_commit**>(parents.data())) // libgit2 1.5 reads them alone
            != 0)
        return gitError("record the edited files");
    return hex(made);
}

} // namespace aap
