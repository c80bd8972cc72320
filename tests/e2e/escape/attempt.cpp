#include "tests/e2e/escape/attempt.h"

namespace aap::escape {

Attempt shell(std::string row, std::string what, std::string command, std::string output)
{
    return {.row = std::move(row), .what = std::move(what), .tool = "run_command", .input = {{"command", std::move(command)}, {"timeout_s", 20}}, .words = std::move(output)};
}

Attempt endless(std::string row, std::string what, std::string command, std::string words, int seconds)
{
    return {.row = std::move(row), .what = std::move(what), .tool = "run_command", .input = {{"command", std::move(command)}, {"timeout_s", seconds}},
            .must = Attempt::Must::End, .words = std::move(words)};
}

Attempt python(std::string row, std::string what, const std::string& program, std::string output)
{
    return shell(std::move(row), std::move(what), "python3 - <<'PROGRAM'\nfrom probe import *\n" + program + "\nPROGRAM", std::move(output));
}

Attempt systemCall(std::string row, std::string what, const std::string& arguments, std::string error)
{
    return python(std::move(row), std::move(what), "call(" + arguments + ")", std::move(error));
}

Attempt refused(std::string row, std::string what, std::string tool, Json input, std::string words)
{
    return {.row = std::move(row), .what = std::move(what), .tool = std::move(tool), .input = std::move(input), .must = Attempt::Must::Refuse, .words = std::move(words)};
}

std::string probeProgram()
{
    return R"(import ctypes, errno, glob, os, resource, signal, socket, subprocess, sys, threading, time
c = ctypes.CDLL(None, use_errno=True)

def call(*arguments):
    """A system call, and how it ended."""
    ctypes.set_errno(0)
    print(errno.errorcode[ctypes.get_errno()] if c.syscall(*arguments) == -1 else 'DONE')

def attempt(work):
    try:
        work()
        print('DONE')
    except OSError as error:
        print(errno.errorcode.get(error.errno, error))

def reach(host, port, kind=socket.SOCK_STREAM, family=socket.AF_INET):
    """Connects, sends something, and shows what comes back."""
    def work():
        s = socket.socket(family, kind)
        s.settimeout(2)
        s.connect((host, port))
        s.sendall(b'hello from inside')
        print(s.recv(200))
    attempt(work)
)";
}

} // namespace aap::escape
