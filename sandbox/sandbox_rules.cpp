#include "sandbox/sandbox_rules.h"

#include <algorithm>
#include <cmath>

#include <QFile>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aap {
namespace {

constexpr std::size_t kLongestName = 64;

bool isInside(const std::string& path)
{
    const std::filesystem::path relative(path);
    return !relative.empty() && relative.is_relative() && std::ranges::find(relative, "..") == relative.end();
}

/// Mount points are followed by the engine as root: none may be a way out, and none may lie behind a link.
Result<void> checkFrozen(const std::filesystem::path& repo, const std::string& path)
{
    if (!isInside(path))
        return Error{ErrorCode::Invalid, fmt::format("'{}' cannot be frozen: it is no path inside the project", path)};
    auto at = repo;
    for (const auto& part : std::filesystem::path(path)) {
        at /= part;
        std::error_code failed;
        const auto status = std::filesystem::symlink_status(at, failed);
        if (!std::filesystem::is_directory(status) && !std::filesystem::is_regular_file(status))
            return Error{ErrorCode::Invalid, fmt::format("'{}' cannot be frozen: {} is missing or a link", path, at.string())};
    }
    return {};
}

} // namespace

UserIds agentUserOfThisProcess()
{
    return ::geteuid() == 0 ? UserIds{} : UserIds{::geteuid(), ::getegid()};
}

UserIds userFor(SandboxPurpose purpose, const UserIds& agent)
{
    if (purpose != SandboxPurpose::Verifier)
        return agent;
    return UserIds{agent.uid == 1001 ? 1002U : 1001U, agent.gid};
}

std::vector<std::string> agentEnvironment(double cpus)
{
    const auto jobs = std::max(1, int(std::floor(cpus))); // nproc shows the host's
    return {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/home/agent",
            "USER=agent",
            "LOGNAME=agent",
            "LANG=C.UTF-8",
            "LC_ALL=C.UTF-8",
            "PAGER=cat",
            "GIT_PAGER=cat",
            "CI=1",
            "TERM=dumb",
            "DEBIAN_FRONTEND=noninteractive",
            "PIP_PROGRESS_BAR=off",
            "PIP_NO_INDEX=1",
            "NO_COLOR=1",
            "PYTHONDONTWRITEBYTECODE=1",
            "GIT_AUTHOR_NAME=agent",
            "GIT_AUTHOR_EMAIL=agent@localhost",
            "GIT_COMMITTER_NAME=agent",
            "GIT_COMMITTER_EMAIL=agent@localhost",
            fmt::format("MAKEFLAGS=-j{}", jobs),
            fmt::format("GOMAXPROCS={}", jobs),
            fmt::format("CMAKE_BUILD_PARALLEL_LEVEL={}", jobs)};
}

Result<std::string> bundledSeccompProfile()
{
    QFile file(QStringLiteral(":/sandbox/seccomp.json"));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound, "the sandbox's system call filter is missing from this program", {}, "Install the program anew."};
    return file.readAll().toStdString();
}

bool isPlainName(const std::string& text)
{
    return !text.empty() && text.front() != '-' && text.front() != '.' && text.size() <= kLongestName && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

Result<void> checkSpec(const SandboxSpec& spec)
{
    if (!isPlainName(spec.runId) || (!spec.stage.empty() && !isPlainName(spec.stage)))
        return Error{ErrorCode::Invalid, "the name of a run or stage has characters that no container name may have"};
    if (spec.network != "none" && !isPlainName(spec.network))
        return Error{ErrorCode::Invalid, fmt::format("'{}' is no network's name", spec.network)};
    if (spec.network == "host" || spec.network == "bridge" || spec.network == "default")
        return Error{ErrorCode::Invalid, fmt::format("a sandbox may not join the network '{}'", spec.network)};
    if (spec.purpose == SandboxPurpose::Prober)
        return {};
    std::error_code failed;
    if (!std::filesystem::is_directory(std::filesystem::symlink_status(spec.workspace, failed)))
        return Error{ErrorCode::NotFound, fmt::format("there is no workspace folder {}", spec.workspace.string())};
    for (const auto& path : spec.frozen)
        if (auto checked = checkFrozen(spec.workspace / "repo", path); !checked)
            return checked;
    return {};
}

std::string secretRules(const ProjectSecrets& secrets)
{
    std::string names;
    for (const auto& [name, secret] : secrets)
        names += (names.empty() ? "" : ", ") + name;
    if (names.empty())
        return {};
    return fmt::format("Secrets of the project are files in /run/secrets, read-only and yours alone to read: {}. Programs read them there when they run. Never write a "
                       "value into a file, an argument or a log, and never print one: whatever holds one fails the checks.\n", names);
}

Result<void> letGroupEnter(const std::filesystem::path& folder)
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status{};
    const bool done = fd >= 0 && ::fstat(fd, &status) == 0
        && ((status.st_mode & 0050U) == 0050U || ::fchmod(fd, (status.st_mode & 07777U) | 0050U) == 0);
    if (fd >= 0)
        ::close(fd);
    if (!done)
        return Error{ErrorCode::Io, fmt::format("the checks may not read {}", folder.string()), {},
                     "Make the folder readable for its group: chmod g+rx."};
    return {};
}

} // namespace aap
