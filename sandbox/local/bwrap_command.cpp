#include "sandbox/local/bwrap_command.h"

#include <filesystem>

#include "sandbox/porter/porter_channel.h"
#include "sandbox/porter/words.h"

namespace aap {
namespace {

using Words = std::vector<std::string>;

constexpr std::uint64_t kShmBytes = 64U << 20U;

void add(Words& words, std::initializer_list<std::string> more)
{
    words.insert(words.end(), more);
}

void addMemory(Words& words, const std::string& folder, std::uint64_t bytes, const char* mode)
{
    add(words, {"--perms", mode, "--size", std::to_string(bytes), "--tmpfs", folder});
}

void addFile(Words& words, const std::string& path, int file, const char* mode)
{
    add(words, {"--perms", mode, "--ro-bind-data", std::to_string(file), path});
}

/// Programs and what they need of /etc; nothing that tells of the machine or its users.
void addSystem(Words& words, const BwrapFiles& files)
{
    add(words, {"--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin", "--symlink", "usr/lib", "/lib",
                "--symlink", "usr/lib64", "/lib64"});
    for (const auto* file : {"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/mime.types", "/etc/python3",
                             "/etc/python3.11", "/etc/perl", "/etc/ssl/openssl.cnf"})
        add(words, {"--ro-bind-try", file, file});
    addFile(words, "/etc/passwd", files.passwd, "0444");
    addFile(words, "/etc/group", files.group, "0444");
    addFile(words, "/etc/hosts", files.hosts, "0444");
    addFile(words, PorterChannel::kPath, files.porter, "0555");
    for (const auto& [name, file] : files.secrets)
        addFile(words, "/run/secrets/" + name, file, "0400");
}

/// What the kernel tells of the machine and nobody in a sandbox needs.
void addKernel(Words& words)
{
    add(words, {"--proc", "/proc", "--dev", "/dev"});
    addMemory(words, "/dev/shm", kShmBytes, "1777");
    for (const auto* file : {"/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/timer_list", "/proc/sysrq-trigger", "/proc/kallsyms", "/proc/config.gz"})
        if (std::error_code failed; std::filesystem::exists(file, failed))
            add(words, {"--ro-bind", "/dev/null", file});
}

void addFolders(Words& words, const SandboxSpec& spec, const LocalSandboxSettings& settings, const std::string& workspace)
{
    addMemory(words, "/tmp", settings.tmpBytes, "1777");
    addMemory(words, "/home/agent", settings.homeBytes, "0700");
    const bool isVerifier = spec.purpose == SandboxPurpose::Verifier;
    if (isVerifier)
        addMemory(words, "/scratch", settings.scratchBytes, "0700");
    add(words, {isVerifier ? "--ro-bind" : "--bind", workspace, "/workspace"});
    for (const auto& path : spec.frozen)
        add(words, {"--ro-bind", workspace + "/repo/" + path, "/workspace/repo/" + path});
    add(words, {"--remount-ro", "/dev", "--remount-ro", "/"}); // both are in memory, without a bound
}

void addEnvironment(Words& words, const LocalSandboxSettings& settings)
{
    words.emplace_back("--clearenv");
    for (const auto& variable : agentEnvironment(settings.cpus)) {
        const auto equals = variable.find('=');
        add(words, {"--setenv", variable.substr(0, equals), variable.substr(equals + 1)});
    }
}

} // namespace

std::vector<std::string> bwrapCommand(const SandboxSpec& spec, const LocalSandboxSettings& settings, const std::string& workspace, const BwrapFiles& files,
                                      bool hasNetwork, bool keeps)
{
    const auto user = userFor(spec.purpose, settings.agent);
    Words words{settings.bwrap.string(), "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"};
    if (!hasNetwork)
        words.emplace_back("--unshare-net");
    add(words, {"--uid", std::to_string(user.uid), "--gid", std::to_string(user.gid), "--hostname", "sandbox", "--die-with-parent", "--new-session",
                "--as-pid-1", "--cap-drop", "ALL"});
    addSystem(words, files);
    addKernel(words);
    addFolders(words, spec, settings, workspace);
    addEnvironment(words, settings);
    add(words, {"--chdir", "/", "--seccomp", std::to_string(files.filter), "--info-fd", std::to_string(files.report), "--"});
    // Only in here: outside, the user's other processes count, too.
    add(words, {"/usr/bin/prlimit", "--nproc=" + std::to_string(settings.pids), "--nofile=4096", "--fsize=" + std::to_string(settings.fileBytes),
                "--data=" + std::to_string(settings.memoryBytes), "--core=0", "--", PorterChannel::kPath});
    if (keeps)
        words.emplace_back(porter::kKeeping);
    return words;
}

} // namespace aap
