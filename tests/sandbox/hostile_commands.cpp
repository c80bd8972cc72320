#include "tests/sandbox/hostile_commands.h"

#include <atomic>
#include <stop_token>
#include <thread>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/pause.h"
#include "sandbox/sandbox_rules.h"

using namespace std::chrono_literals;

namespace aap {

std::vector<HostileCommand> hostileCommandsOfAgents()
{
    return {
            {"an ordinary end", "echo out; echo err >&2; exit 3", Ending::Exited, 3, ""},
            {"reads nothing", "cat; echo end", Ending::Exited, 0, "end\n"},
            {"ignores signals", "trap '' TERM INT HUP; while :; do :; done", Ending::TimedOut, 0, ""},
            {"daemons", "setsid sh -c \"trap '' TERM; sleep 1000\" & sleep 0.1; echo done; exit 3", Ending::Exited, 3, "done\n"},
            {"a child that holds the output", "sleep 1000 & echo done; exit 4", Ending::Exited, 4, "done\n"},
            {"a double fork", "(setsid sleep 1000 &) ; echo done", Ending::Exited, 0, "done\n"},
            {"kills everybody", "kill -9 -1", Ending::Exited, 137, ""},
            {"kills its wrapper", "sleep 1000 & kill -9 $PPID; kill -9 $(cut -d' ' -f4 /proc/$PPID/stat); sleep 1", Ending::Exited, 137, ""},
            {"stops itself", "kill -STOP $$", Ending::TimedOut, 0, ""},
            {"kills itself", "kill -SEGV $$", Ending::Exited, 139, ""},
            {"eats memory", "exec python3 -c 'x = bytearray(400 << 20)'", Ending::OutOfMemory, 137, ""},
            {"invalid UTF-8", "printf 'a\\377\\000\\303b'", Ending::Exited, 0, "a\xff"},
            {"a program that is missing", "exec /nowhere/at/all", Ending::Exited, 127, ""},
            {"a word like the shell's own", "exit 0", Ending::Exited, 0, ""},
    };
}

void verifyHostileCommand(Sandbox& sandbox, const HostileCommand& command)
{
    const auto timeout = command.ending == Ending::TimedOut ? 2s : 20s;
    const auto result = sandbox.run({.argv = {"/bin/sh", "-c", command.script}, .workdir = "/workspace/repo", .timeout = timeout}, {}, {});
    QVERIFY2(result.has_value(), result ? "" : result.error().text().c_str());
    QCOMPARE(int(result->ending), int(command.ending));
    if (result->ending == Ending::Exited)
        QCOMPARE(result->exitCode, command.exitCode);
    QVERIFY2(result->output.find(command.output) != std::string::npos, result->output.c_str());
    QVERIFY(result->duration < timeout + 4s);
}

CommandResult runCommand(Sandbox& sandbox, std::vector<std::string> argv, std::string input)
{
    auto result = sandbox.run({.argv = std::move(argv), .workdir = "/", .input = std::move(input), .timeout = 20s}, {}, {});
    if (!result)
        qWarning("%s", result.error().text().c_str());
    return result ? *std::move(result) : CommandResult{.ending = Ending::Lost};
}

CommandResult runShell(Sandbox& sandbox, const std::string& script)
{
    return runCommand(sandbox, {"/bin/sh", "-c", script});
}

void giveToAgent(const std::filesystem::path& path)
{
    const auto user = agentUserOfThisProcess();
    if (::geteuid() == 0)
        QCOMPARE(::lchown(path.c_str(), user.uid, user.gid), 0);
}

void verifyForkBomb(Sandbox& sandbox)
{
    const auto bomb = sandbox.run({.argv = {"/bin/bash", "-c", "f() { f | f & }; f; sleep 100"}, .workdir = "/", .timeout = 1s}, {}, {});
    QVERIFY(bomb.has_value());
    QCOMPARE(int(bomb->ending), int(Ending::TimedOut));
    QCOMPARE(runShell(sandbox, "echo alive").standardOutput, std::string("alive\n"));
}

void verifyFlood(Sandbox& sandbox)
{
    const auto flood = sandbox.run({.argv = {"head", "-c", "10G", "/dev/zero"}, .workdir = "/", .outputLimit = 8U << 20U}, {}, {});
    QVERIFY(flood.has_value());
    QCOMPARE(int(flood->ending), int(Ending::OutputLimit));
    QVERIFY(flood->totalBytes > 8U << 20U && flood->totalBytes < 10U << 20U);
    QCOMPARE(flood->output.size(), std::size_t(384) << 10U);
}

void verifyQuickStop(Sandbox& sandbox)
{
    std::stop_source stop;
    std::atomic<bool> isRunning = false;
    Stopwatch sinceStop;
    std::jthread stopper([&] {
        while (!isRunning)
            std::this_thread::yield();
        sinceStop = Stopwatch();
        stop.request_stop();
    });
    const auto result = sandbox.run({.argv = {"/bin/sh", "-c", "echo up; sleep 100"}, .workdir = "/"}, [&](std::string_view) { isRunning = true; }, stop.get_token());
    stopper.join();
    QVERIFY(result.has_value());
    QCOMPARE(int(result->ending), int(Ending::Stopped));
    QVERIFY2(sinceStop.elapsed() < 1500ms, std::to_string(sinceStop.elapsed().count()).c_str()); // 300 ms on an idle machine
    QCOMPARE(result->standardOutput, std::string("up\n"));
}

void verifyFrozenPaths(Sandbox& sandbox)
{
    const auto result = runShell(sandbox, "cd /workspace/repo; echo x >tests/t.py; rm -rf tests; mv tests other; touch new && rm new && echo writable; cat tests/t.py");
    QCOMPARE(result.standardOutput, std::string("writable\nfrozen\n"));
}

void verifyVerifier(Sandbox& agent, Sandbox& verifier, const std::filesystem::path& workspace)
{
    QCOMPARE(runShell(agent, "cd /workspace/repo && echo made >made.txt && mkdir -p sub && echo deep >sub/deep.txt").exitCode, 0);
    struct stat status{};
    QCOMPARE(::stat((workspace / "repo/made.txt").c_str(), &status), 0);
    QCOMPARE(status.st_uid, agentUserOfThisProcess().uid);
    const auto result = runShell(verifier, "cd /workspace/repo; cat made.txt sub/deep.txt; id -u; touch x; echo y >made.txt; cp -r /workspace/repo /scratch/copy; "
                                           "printf '#!/bin/sh\\necho ran\\n' >/scratch/p && chmod +x /scratch/p && /scratch/p; cat /scratch/copy/made.txt");
    QVERIFY2(result.standardOutput == "made\ndeep\n1001\nran\nmade\n", result.output.c_str());
    QVERIFY(!std::filesystem::exists(workspace / "repo/x"));
    const auto job = verifier.run({.argv = {"true"}, .keepsBackground = true}, {}, {});
    QCOMPARE(int(job.error().code), int(ErrorCode::Invalid));
}

void verifyWorkspaceLimits(Sandbox& sandbox, const std::filesystem::path& workspace)
{
    const auto isLimit = [](const CommandResult& result) { return !result.notices.empty() && result.notices.back().subject == "disk"; };

    const auto filled = runShell(sandbox, "cd /workspace/repo; while :; do head -c 8388608 /dev/zero >>fill; sleep 0.05; done");
    QVERIFY2(filled.ending == Ending::DiskLimit && isLimit(filled), filled.output.c_str());
    QVERIFY2(filled.notices.back().text.find("may hold 48 MB") != std::string::npos, filled.notices.back().text.c_str());
    const auto more = runShell(sandbox, "sleep 0.5; cd /workspace/repo; while :; do head -c 8388608 /dev/zero >>more; sleep 0.05; done");
    QVERIFY(more.ending == Ending::DiskLimit);
    QVERIFY(std::filesystem::file_size(workspace / "repo/more") < 200U << 20U);
    const auto tidied = runShell(sandbox, "rm /workspace/repo/fill /workspace/repo/more && sleep 1 && echo tidy");
    QCOMPARE(QByteArray::fromStdString(tidied.output), QByteArray("tidy\n"));

    const auto many = runShell(sandbox, "mkdir /workspace/repo/many; cd /workspace/repo/many; i=0; while :; do : >$i; i=$((i+1)); done");
    QVERIFY(many.ending == Ending::DiskLimit && isLimit(many));
    QCOMPARE(runShell(sandbox, "rm -r /workspace/repo/many && echo tidy").output, std::string("tidy\n"));

    const auto started = sandbox.run({.argv = {"/bin/sh", "-c", "cd /workspace/repo; (while :; do head -c 8388608 /dev/zero >>job; sleep 0.2; done) >/dev/null 2>&1 &"}, .keepsBackground = true}, {}, {});
    QVERIFY(started && started->succeeded());
    const auto job = workspace / "repo/job";
    const auto size = [&] { return std::filesystem::exists(job) ? std::filesystem::file_size(job) : 0; };
    QTRY_VERIFY_WITH_TIMEOUT(size() > 0, 60'000);
    auto before = size();
    for (const auto deadline = Deadline::in(60s); pause(2s, {}) && size() != before && !deadline.hasPassed();)
        before = size();
    QCOMPARE(size(), before);
    const auto told = runShell(sandbox, "rm /workspace/repo/job && echo tidy");
    QVERIFY(told.output == "tidy\n" && isLimit(told));
}

void addRefusedRows()
{
    QTest::addColumn<QByteArray>("python");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* python, const char* expected) { QTest::newRow(name) << QByteArray(python) << QByteArray(expected); };
    row("io_uring", "print(c.syscall(425, 1, 0), ctypes.get_errno())", "-1 1\n");
    row("keyctl", "print(c.syscall(250, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("add_key", "print(c.syscall(248, 0, 0, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("ptrace", "print(c.syscall(101, 0, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("process_vm_readv", "print(c.syscall(310, 1, 0, 0, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("pidfd_getfd", "print(c.syscall(438, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("bpf", "print(c.syscall(321, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("userfaultfd", "print(c.syscall(323, 0), ctypes.get_errno())", "-1 1\n");
    row("perf_event_open", "print(c.syscall(298, 0, 0, -1, -1, 0), ctypes.get_errno())", "-1 1\n");
    row("modify_ldt", "print(c.syscall(154, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("unshare user", "print(c.syscall(272, 0x10000000), ctypes.get_errno())", "-1 1\n");
    row("clone with a user namespace", "print(c.syscall(56, 0x10000011, 0, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("clone3", "print(c.syscall(435, 0, 0), ctypes.get_errno())", "-1 38\n");
    row("setns", "print(c.syscall(308, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("mount", "print(c.syscall(165, 0, 0, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    row("open_by_handle_at", "print(c.syscall(304, 0, 0, 0), ctypes.get_errno())", "-1 1\n");
    for (const auto& [name, family] : {std::pair("AF_NETLINK", "16"), std::pair("AF_PACKET", "17"), std::pair("AF_ALG", "38"), std::pair("AF_VSOCK", "40")})
        row(name, fmt::format("print(c.syscall(41, {}, 2, 0), ctypes.get_errno())", family).c_str(), "-1 1\n");
    row("a raw socket", "print(c.syscall(41, 2, 3, 1), ctypes.get_errno())", "-1 1\n");
    row("the world", "import socket\ntry: socket.create_connection(('1.1.1.1', 53), 3)\nexcept OSError as e: print(e.errno)", "101\n");
    row("metadata", "import socket\ntry: socket.create_connection(('169.254.169.254', 80), 3)\nexcept OSError as e: print(e.errno)", "101\n");
    row("the root", "try: open('/etc/x', 'w')\nexcept OSError as e: print(e.errno)", "30\n");
    row("kernel settings", "try: open('/proc/sys/kernel/core_pattern', 'w')\nexcept OSError as e: print(e.errno in (13, 30))", "True\n");
    row("devices", "import os\nprint([d for d in ('mem', 'kmsg', 'kvm', 'fuse', 'sda', 'loop0') if os.path.exists('/dev/' + d)])", "[]\n");
    row("sockets of engines", "import os\nprint([p for p in ('/var/run/docker.sock', '/run/containerd', '/run/podman') if os.path.exists(p)])", "[]\n");
    row("who", "import os\nprint(os.getuid() != 0, os.getgid() != 0)", "True True\n");
    row("subprocesses and threads work", "import subprocess, threading\nt = threading.Thread(target=lambda: print(subprocess.run(['true']).returncode))\nt.start(); t.join()", "0\n");
}

void verifyRefusal(Sandbox& sandbox)
{
    QFETCH(const QByteArray, python);
    QFETCH(const QByteArray, expected);
    const auto script = "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n" + python.toStdString();
    const auto result = sandbox.run({.argv = {"python3", "-c", script}, .workdir = "/", .timeout = 20s}, {}, {});
    QVERIFY(result.has_value());
    QVERIFY2(result->output == expected.toStdString(), result->output.c_str());
}

} // namespace aap
