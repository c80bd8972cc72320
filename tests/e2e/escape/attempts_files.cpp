#include "tests/e2e/escape/attempt.h"

#include <fmt/format.h>

namespace aap::escape {
namespace {

/// With a link of the agent's making, then a tool that runs on the host. The command is an attempt of its own, so that the table
/// shows both.
Attempts linkAttempts(const std::string& secret)
{
    const auto make = fmt::format("ln -sfn {0} leak; ln -sfn $(dirname {0}) leakdir; ln -sfn /proc/self/root rootlink; ln -sfn /proc/1/environ environ; ln -sfn leak leak2; ls -d leak | tr -d '\\n'", secret);
    return {
        shell("E05", "links to the host", make, "leak"),
        refused("E05", "read_file of a link to a secret", "read_file", {{"filepath", "leak"}}, "link"),
        refused("E05", "read_file of a link to a link", "read_file", {{"filepath", "leak2"}}, "link"),
        refused("E05", "read_file through a linked folder", "read_file", {{"filepath", "leakdir/secret.txt"}}, "link"),
        refused("E05", "read_file through a magic link", "read_file", {{"filepath", "rootlink/etc/passwd"}}, "link"),
        refused("E05", "read_file of the program's own environment", "read_file", {{"filepath", "environ"}}, "link"),
        refused("E05", "list_directory of a linked folder", "list_directory", {{"path", "leakdir"}}, "leakdir"),
        {.row = "E05", .what = "search_files in a linked folder", .tool = "search_files", .input = {{"pattern", "."}, {"path", "leakdir"}}, .must = Attempt::Must::Contain, .words = "no match"},
        {.row = "E05", .what = "search_files meets links", .tool = "search_files", .input = {{"pattern", "CANARY"}}, .must = Attempt::Must::Contain, .words = "no match"},
        refused("E05", "write_file through a linked folder", "write_file", {{"filepath", "leakdir/planted.txt"}, {"content", "x"}}, "was not written"),
        refused("E05", "edit_file through a linked folder", "edit_file", {{"filepath", "leakdir/secret.txt"}, {"old_string", "C"}, {"new_string", "D"}}, "link"),
        refused("E05", "a command in a linked folder", "run_command", {{"command", "pwd"}, {"workdir", "leakdir"}}, "exit code 1"),
        shell("E05", "the links go", "rm -f leak leak2 leakdir rootlink environ; echo gone", "gone"),
    };
}

Attempts kindAttempts()
{
    return {
        shell("E10", "a second name of a file", "echo x >one && ln one two && echo linked", "linked"),
        refused("E10", "read_file of a file with two names", "read_file", {{"filepath", "two"}}, "hard link"),
        shell("E11", "a pipe, a socket, a folder", "mkfifo pipe; mkdir -p folder; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'; echo made", "made"),
        refused("E11", "read_file of a pipe", "read_file", {{"filepath", "pipe"}}, "pipe"),
        refused("E11", "write_file over a pipe", "write_file", {{"filepath", "pipe"}, {"content", "x"}}, "pipe"),
        refused("E11", "read_file of a socket", "read_file", {{"filepath", "sock"}}, "sock"),
        refused("E11", "read_file of a folder", "read_file", {{"filepath", "folder"}}, "folder"),
        refused("E11", "write_file over a folder", "write_file", {{"filepath", "folder"}, {"content", "x"}}, "folder"),
        {.row = "E11", .what = "search_files meets a pipe", .tool = "search_files", .input = {{"pattern", "needle-that-is-nowhere"}}, .must = Attempt::Must::Contain, .words = "no match"},
        shell("E11", "they go", "rm -rf one two pipe sock folder; echo gone", "gone"),
        shell("E14", "a file of a terabyte that is not there", "(truncate -s 1T hole; true) 2>/dev/null; [ $(stat -c %s hole) -le 1073741824 ] && echo bounded; rm -f hole", "bounded"),
        shell("E14", "a file beyond its limit", "(fallocate -l 20G big; true) 2>/dev/null; [ $(stat -c %s big) -le 1073741824 ] && echo bounded; rm -f big", "bounded"),
        shell("E15", "files without number in memory", "cd /tmp && python3 -c \"\nimport os\nn = 0\ntry:\n    while n < 400000: open(f'/tmp/f{n}', 'w').close(); n += 1\nexcept OSError: pass\nprint('stopped' if n < 400000 else n)\n\"; rm -rf /tmp/f*", "stopped"),
        shell("E13", "all of /tmp", "head -c 2G /dev/zero >/tmp/zero 2>/dev/null; [ $(stat -c %s /tmp/zero) -le 536870912 ] && echo bounded; rm -f /tmp/zero", "bounded"),
        shell("E43", "other programs in the place of ours", "for f in /bin/sh /usr/bin/timeout /usr/bin/head /.aap/porter /usr/local/bin/x; do cp /bin/true $f 2>/dev/null && echo replaced $f; done; mv /.aap /x 2>/dev/null && echo moved; echo done", "done"),
        shell("E43", "a profile that lies", "echo 'echo lied' >~/.bashrc; cp ~/.bashrc ~/.profile; cp ~/.bashrc ~/.bash_profile; mkdir -p ~/bin && cp /bin/false ~/bin/true; echo set", "set"),
        shell("E43", "the profile is not read", "true; echo $?", "0"),
        shell("E43", "a library before all others", "export LD_PRELOAD=/tmp/x.so BASH_ENV=/tmp/x.sh PATH=/tmp; echo set", "set"),
        shell("E43", "the environment does not stay", "echo \"[$LD_PRELOAD$BASH_ENV]\"", "[]"),
    };
}

} // namespace

Attempts fileAttempts(const Target& target)
{
    Attempts attempts{
        shell("E01", "passwords", "cat /etc/shadow 2>&1 | grep -c 'Permission denied'", "1"),
        shell("E01", "the home of root", "ls -A /root 2>&1 | grep -vc 'Permission denied'", "0"),
        shell("E01", "a secret by its path", fmt::format("cat {} 2>&1 | grep -c 'No such file'", target.secret.string()), "1"),
        shell("E01", "homes and keys", "cat /home/*/.ssh/* /root/.ssh/* /home/*/.local/share/keyrings/* 2>/dev/null; ls /home", "agent"),
        shell("E01", "a secret among all files", fmt::format("find / -xdev -name {} 2>/dev/null | wc -l", target.secret.filename().string()), "0"),
        shell("E02", "processes that are not one's own", "(readlink /proc/1/root /proc/1/cwd /proc/1/exe; ls /proc/1/fd /proc/1/root/; cat /proc/1/environ /proc/1/maps /proc/1/mem) 2>/dev/null | wc -c", "0"),
        shell("E02", "environments", "cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -ci 'key\\|token\\|secret'", "0"),
        shell("E02", "processes", "[ $(ls /proc | grep -c '^[0-9]') -le 12 ] && echo few", "few"),
        shell("E02", "where things are mounted from", "grep -c 'docker.sock\\|/etc/shadow' /proc/self/mountinfo", "0"),
        shell("E03", "sockets of engines", "find / -xdev -type s 2>/dev/null | wc -l; ls /var/run/docker.sock /run/containerd /run/podman /run/user 2>/dev/null | wc -l", "0\n0"),
        python("E03", "an engine's socket by its path", fmt::format("attempt(lambda: socket.socket(socket.AF_UNIX).connect('{}'))", target.socket.string()), "ENOENT"),
        shell("E39", "shared memory and queues of others", "ls -A /dev/shm /dev/mqueue 2>/dev/null | grep -v ':$' | wc -w; ipcs -m -s -q 2>/dev/null | grep -c '^0x'", "0\n0"),
        shell("E40", "another run's files", fmt::format("ls {} 2>&1 | grep -c 'No such file'", target.otherWorkspace.string()), "1"),
        shell("E40", "another run by its name", fmt::format("getent hosts {} | wc -l", target.otherContainer), "0"),
    };
    for (auto& more : {linkAttempts(target.secret.string()), kindAttempts()})
        attempts.insert(attempts.end(), more.begin(), more.end());
    return attempts;
}

Attempts pathAttempts()
{
    Attempts attempts;
    const auto noFile = [&](const char* row, const char* what, std::string path, const char* words) {
        attempts.push_back(refused(row, what, "read_file", {{"filepath", std::move(path)}}, words));
    };
    noFile("E07", "upwards", "../../../etc/passwd", "upwards");
    noFile("E07", "upwards in the middle", "a/../../etc/passwd", "upwards");
    noFile("E07", "upwards from the workspace", "/workspace/../etc/passwd", "upwards");
    noFile("E07", "an absolute path", "/etc/passwd", "outside");
    noFile("E07", "two slashes", "//etc/passwd", "outside");
    noFile("E07", "a folder that begins alike", "/workspace-other/x", "outside");
    noFile("E07", "the home", "~/.ssh/id_rsa", "~");
    noFile("E07", "an encoded way up", "%2e%2e/%2e%2e/etc/passwd", "does not exist");
    noFile("E07", "backslashes", "..\\..\\etc\\passwd", "backslash");
    noFile("E07", "three dots", ".../etc/passwd", "does not exist");
    noFile("E07", "another process's root", "/proc/self/root/etc/passwd", "outside");
    noFile("E08", "a NUL", std::string("a\0../b", 6), "control");
    noFile("E08", "a line end", "a\nb", "control");
    noFile("E08", "only dots", "./././.", "folder");
    noFile("E08", "a path of a megabyte", std::string(1U << 20U, 'a'), "long");
    noFile("E08", "a name of 256 bytes", std::string(256, 'a'), "long");
    noFile("E08", "bytes that are no text", "a\xff\xfe", "UTF-8");
    noFile("E08", "a mark that turns the text around", "a\xe2\x80\xae" "b", "does not exist");
    attempts.push_back(refused("E07", "write upwards", "write_file", {{"filepath", "../planted"}, {"content", "x"}}, "upwards"));
    attempts.push_back(refused("E07", "write beside the project", "write_file", {{"filepath", "/workspace/planted"}, {"content", "x"}}, "only /workspace/repo"));
    attempts.push_back(refused("E07", "write where the program keeps its own", "write_file", {{"filepath", "/workspace/.agent/planted"}, {"content", "x"}}, "only /workspace/repo"));
    attempts.push_back(refused("E07", "a listing upwards", "list_directory", {{"path", "../../.."}}, "upwards"));
    attempts.push_back(refused("E07", "a search upwards", "search_files", {{"pattern", "root"}, {"path", "/etc"}}, "outside"));
    attempts.push_back(refused("E07", "a command's folder upwards", "run_command", {{"command", "pwd"}, {"workdir", "../../etc"}}, "upwards"));
    attempts.push_back(refused("E08", "an empty path", "read_file", {{"filepath", ""}}, "filepath"));
    attempts.push_back(refused("E08", "a path that is no text", "read_file", {{"filepath", Json::array({"a"})}}, "filepath"));
    attempts.push_back({.row = "E09", .what = "a name that is an option", .tool = "write_file", .input = {{"filepath", "-rf"}, {"content", "$(id) `id` 'EOF'\nEOF\n"}}, .must = Attempt::Must::Contain, .words = "-rf"});
    attempts.push_back({.row = "E09", .what = "its content is data", .tool = "read_file", .input = {{"filepath", "-rf"}}, .must = Attempt::Must::Contain, .words = "$(id) `id` 'EOF'"});
    attempts.push_back({.row = "E09", .what = "a name full of shell", .tool = "write_file", .input = {{"filepath", "$(touch x);`touch y` & 'z\""}, {"content", "x"}}, .must = Attempt::Must::Contain, .words = "created"});
    attempts.push_back({.row = "E09", .what = "a pattern that is an option", .tool = "search_files", .input = {{"pattern", "--include=*"}, {"glob", "-e*"}}, .must = Attempt::Must::Contain, .words = "no match"});
    attempts.push_back({.row = "E09", .what = "a pattern that takes for ever", .tool = "search_files", .input = {{"pattern", "(a+)+$"}, {"path", "long.txt"}}, .must = Attempt::Must::Contain, .words = ""});
    attempts.push_back(shell("E09", "nothing of it was run", "ls x y 2>/dev/null | wc -l; rm -f -- -rf '$(touch x);`touch y` & '\"'z\"'\"'", "0"));
    return attempts;
}

} // namespace aap::escape
