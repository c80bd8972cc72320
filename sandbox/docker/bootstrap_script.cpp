#include "sandbox/docker/bootstrap_script.h"

#include <algorithm>

#include <QProcess>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include "core/base/time.h"
#include "sandbox/docker/build_log.h"

namespace aap {
namespace {

constexpr Milliseconds kTimeout = std::chrono::hours(2);
constexpr int kLookMs = 100;
constexpr int kGraceMs = 3000;
constexpr std::uintmax_t kTightBytes = 512U << 20U;
constexpr int kNoPermission = 77;
constexpr int kNotFound = 127;

/// In the child, before it becomes the shell.
void standAlone()
{
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr); // our threads block SIGTERM, and a mask is inherited
    ::setsid();
    // What it mounts goes when it goes, so that removing its folder never reaches into /proc. Without root it mounts nothing.
    if (::unshare(CLONE_NEWNS) == 0)
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
}

QProcessEnvironment environmentFor(const std::filesystem::path& folder, const Environment& ours)
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    environment.insert(QStringLiteral("HOME"), QString::fromStdString(folder.string()));
    environment.insert(QStringLiteral("TMPDIR"), QString::fromStdString(folder.string()));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    for (const auto* name : {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy"})
        if (const auto found = ours.find(name); found != ours.end())
            environment.insert(QString::fromLatin1(name), QString::fromStdString(found->second));
    return environment;
}

void endGroup(QProcess& process, pid_t group)
{
    ::kill(-group, SIGTERM);
    process.waitForFinished(kGraceMs);
    ::kill(-group, SIGKILL); // the leader, or children that did not listen
    process.waitForFinished(kGraceMs);
}

/// Until it has ended by itself or was ended by us.
Result<void> follow(QProcess& process, BuildLog& log, const std::stop_token& stop)
{
    const auto group = pid_t(process.processId());
    const auto deadline = Deadline::in(kTimeout);
    const auto hear = [&] {
        const auto bytes = process.readAll();
        log.add({bytes.constData(), std::size_t(bytes.size())});
    };
    while (process.state() != QProcess::NotRunning && !stop.stop_requested() && !deadline.hasPassed()) {
        process.waitForFinished(kLookMs);
        hear();
    }
    if (process.state() != QProcess::NotRunning)
        endGroup(process, group);
    hear();
    log.finish();
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while the sandbox image was made"};
    if (deadline.hasPassed())
        return Error{ErrorCode::Timeout, "making the sandbox image took more than 2 hours"};
    return {};
}

std::string remedyFor(int exitCode, const std::filesystem::path& folder)
{
    if (exitCode == kNoPermission)
        return "Run it as root: sudo agent-pipeline sandbox build --bootstrap.";
    if (exitCode == kNotFound)
        return "Install what is missing: apt-get install debootstrap.";
    std::error_code failed;
    if (const auto space = std::filesystem::space(folder, failed); !failed && space.available < kTightBytes)
        return fmt::format("Free about 3 GB in {}, or set TMPDIR to a folder that has them.", folder.parent_path().string());
    return "Read the lines above; most often the package mirror could not be reached.";
}

Error scriptError(const QProcess& process, const BuildLog& log, const std::filesystem::path& folder)
{
    const auto code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    Error error{code == kNotFound ? ErrorCode::NotFound : code == kNoPermission ? ErrorCode::Unauthorized : ErrorCode::Io,
                code < 0 ? std::string("the script was killed") : fmt::format("the script ended with exit code {}", code)};
    if (auto lines = log.lastLines(kLinesInError); !lines.empty()) {
        lines.pop_back();
        error.detail += ":\n" + lines;
    }
    return std::move(error).advise(remedyFor(code, folder));
}

} // namespace

Result<void> runBootstrapScript(const std::filesystem::path& folder, const std::filesystem::path& output, const Environment& environment,
                                const OnLine& onLine, const std::stop_token& stop)
{
    BuildLog log([&](std::string_view line) { onLine(line.substr(0, line.find('\n'))); });
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setWorkingDirectory(QString::fromStdString(folder.string()));
    process.setProcessEnvironment(environmentFor(folder, environment));
    process.setChildProcessModifier(standAlone);
    process.start(QStringLiteral("/bin/sh"), {QStringLiteral("bootstrap-rootfs.sh"), QStringLiteral("packages.txt"),
                                              QString::fromStdString(output.string())});
    if (!process.waitForStarted())
        return Error{ErrorCode::NotFound, "/bin/sh could not be started: " + process.errorString().toStdString()};
    if (auto followed = follow(process, log, stop); !followed)
        return followed;
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return scriptError(process, log, folder);
    return {};
}

} // namespace aap
