#include "core/pipeline/workspace.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include <QUrl>

#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/pipeline/attachments.h"
#include "core/pipeline/fetch_repository.h"
#include "core/store/copy_tree.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostFileBytes = 100U << 20U;

/// Where repo/ is filled from.
struct Source {
    enum class Kind { Nothing, Url, BareRepository, Folder };
    Kind kind = Kind::Nothing;
    std::string text{}; ///< the URL, or the canonical path
};

Error refused(const std::string& repository, std::string_view why)
{
    Error error{ErrorCode::Invalid, "the repository '" + repository.substr(0, 200) + "' " + std::string(why)};
    return std::move(error).advise("Give an https address without a password, or the path of a folder.");
}

Result<Source> sourceFromUrl(const std::string& text)
{
    const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
    if (!url.userInfo().isEmpty() || text.find('@') < text.find('/', text.find("://") + 3))
        return Error{ErrorCode::Invalid, "the address of the repository has a name or a password in it", {}, "Leave it out: only public repositories are fetched."};
    if (url.scheme() != QLatin1String("https"))
        return refused(text, "is not an https address");
    if (!url.isValid() || url.host().isEmpty())
        return refused(text, "is not a valid address");
    return Source{Source::Kind::Url, text};
}

bool isInside(const fs::path& inner, const fs::path& outer)
{
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Result<Source> sourceFrom(const WorkspaceRequest& request)
{
    if (!request.repository)
        return Source{};
    const auto& text = *request.repository;
    if (text.find("://") != std::string::npos)
        return sourceFromUrl(text);
    std::error_code failed;
    const auto path = fs::canonical(text, failed);
    if (failed || !fs::is_directory(path, failed))
        return refused(text, "is no folder that can be read");
    if (isInside(path, fs::weakly_canonical(request.folder, failed)))
        return refused(text, "lies in the folder of the workspaces");
    const bool isBare = !fs::exists(path / ".git", failed) && fs::is_regular_file(path / "HEAD", failed) && fs::is_directory(path / "objects", failed)
        && fs::is_directory(path / "refs", failed);
    return Source{isBare ? Source::Kind::BareRepository : Source::Kind::Folder, path.string()};
}

Result<std::vector<std::string>> fill(const Folder& workspace, const Source& source, const WorkspaceRequest& request, const std::stop_token& stop)
{
    const CopyRules rules{.tree = {.mostFileBytes = kMostFileBytes, .byproducts = true}, .owner = request.owner, .except = request.folder};
    switch (source.kind) {
    case Source::Kind::Nothing: return std::vector<std::string>();
    case Source::Kind::Url:
    case Source::Kind::BareRepository:
        return fetchRepository(source.text, request.folder / (".fetch-" + request.runId), workspace, rules, Deadline::in(request.patience), stop);
    case Source::Kind::Folder: break;
    }
    const auto from = Folder::open(source.text);
    if (!from)
        return from.error();
    return copyTree(*from, workspace, "repo", rules, stop);
}

Result<Folder> makeAndFill(const Source& source, const WorkspaceRequest& request, const std::stop_token& stop)
{
    const auto path = request.folder / request.runId;
    auto workspace = Folder::open(path);
    if (!workspace)
        return workspace;
    const Folder::WriteOptions owned{.owner = request.owner};
    for (const auto* folder : {"repo", ".agent/out"})
        if (auto made = workspace->makeFolder(folder, owned); !made)
            return std::move(made).error();
    const auto leftOut = fill(*workspace, source, request, stop);
    if (!leftOut)
        return leftOut.error();
    const auto notAttached = copyAttachments(request.attachments, *workspace, request.owner, stop);
    if (!notAttached)
        return notAttached.error();
    if (request.leftOut)
        for (const auto* notes : {&*leftOut, &*notAttached})
            std::ranges::for_each(*notes, request.leftOut);
    if (::geteuid() == 0 && ::chown(path.c_str(), request.owner.first, request.owner.second) != 0)
        return Error{ErrorCode::Io, "cannot hand the workspace " + path.string() + " to the agents' user"};
    return workspace;
}

} // namespace

Result<Folder> prepareWorkspace(const WorkspaceRequest& request, const std::stop_token& stop)
{
    if (!isRunId(request.runId))
        return Error{ErrorCode::Invalid, "'" + request.runId + "' is not the id of a run"};
    const auto source = sourceFrom(request);
    if (!source)
        return source.error();
    if (auto made = makePrivateFolder(request.folder); !made)
        return std::move(made).error().during("make the workspace");
    const auto path = request.folder / request.runId;
    if (::mkdir(path.c_str(), 0700) != 0)
        return Error{errno == EEXIST ? ErrorCode::Invalid : ErrorCode::Io, "cannot make the workspace " + path.string() + ": " + std::strerror(errno)};
    auto workspace = makeAndFill(*source, request, stop);
    if (workspace)
        return workspace;
    auto error = std::move(workspace).error();
    if (auto removed = removeWorkspace(request.folder, request.runId); !removed)
        error.detail += "; besides, " + removed.error().text();
    return std::move(error).during("make the workspace");
}

Result<void> removeWorkspace(const fs::path& folder, const std::string& runId)
{
    if (!isRunId(runId))
        return Error{ErrorCode::Invalid, "'" + runId + "' is not the id of a run"};
    const auto all = Folder::open(folder);
    if (!all)
        return all.error().code == ErrorCode::NotFound ? Result<void>() : all.error();
    if (auto removed = all->remove(".fetch-" + runId); !removed)
        return removed;
    return all->remove(runId);
}

} // namespace aap
