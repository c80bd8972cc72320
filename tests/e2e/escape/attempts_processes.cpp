#include "tests/e2e/escape/attempt.h"

namespace aap::escape {

namespace {

/// An engine also tells how many processes it has refused.
Attempt amongOthers(Attempt attempt)
{
    attempt.must = Attempt::Must::Contain;
    return attempt;
}

} // namespace

Attempts processAttempts()
{
    return {
        endless("E12", "a fork bomb of the shell", "f() { f | f & }; f; sleep 60", "timed out"),
        endless("E12", "a fork bomb that spins", "python3 -c \"\nimport os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n\"", "timed out"),
        endless("E13", "a memory bomb", "exec python3 -c 'x = bytearray(2 << 30)'", "out of memory", 10),
        endless("E13", "a memory bomb in a child", "python3 -c 'x = bytearray(2 << 30)'; echo $?; sleep 60", "timed out", 3),
        amongOthers(python("E13", "a thousand threads", "n = 0\ntry:\n    for i in range(1000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); n += 1\nexcept RuntimeError: pass\nprint('below 256:', n < 256); sys.stdout.flush(); os._exit(0)", "below 256: True")),
        endless("E16", "a flood without line ends", "head -c 10G /dev/zero", "wrote", 20),
        endless("E16", "a flood on both streams", "yes & yes >&2", "wrote", 20),
        endless("E16", "a flood of noise", "cat /dev/urandom", "wrote", 20),
        endless("E17", "a sleep", "sleep 1000", "timed out"),
        endless("E17", "deaf to signals", "trap '' TERM INT HUP QUIT; while :; do sleep 1; done", "timed out"),
        endless("E17", "stops itself", "kill -STOP $$", "timed out"),
        endless("E17", "stops all of its own", "sleep 1000 & sleep 1000 & kill -STOP 0", "timed out"),
        endless("E17", "reads for ever", "mkfifo /tmp/p; cat /tmp/p", "timed out"),
        endless("E19", "64 busy loops", "for i in $(seq 64); do while :; do :; done & done; wait", "timed out", 2),
        shell("E18", "a daemon", "setsid sh -c \"trap '' TERM; sleep 4321\" >/dev/null 2>&1 & echo started", "started"),
        shell("E18", "a daemon of a daemon", "(setsid sh -c '(setsid sleep 4321 &)' &) >/dev/null 2>&1; echo started", "started"),
        shell("E18", "a child that holds the output", "sleep 4321 & echo done", "done"),
        shell("E18", "one that comes back", "cat >/tmp/back.sh <<'EOF'\ntrap 'setsid sh /tmp/back.sh &' TERM EXIT\nwhile :; do sleep 4321 & wait; done\nEOF\nsetsid sh /tmp/back.sh >/dev/null 2>&1 & sleep 0.2; echo started", "started"),
        shell("E18", "nothing of them is left", "pgrep -c -f '[4]321|[b]ack.sh' || true", "0"),
        shell("E18", "a timer that kills its parents", "(sleep 0.2; kill -9 $PPID) >/dev/null 2>&1 & sleep 0.1; echo here", "here"),
        endless("E17", "kills everybody", "kill -9 -1; sleep 60", "exit code 137", 20),
        python("E28", "signals to PID 1", "attempt(lambda: os.kill(1, 9)); attempt(lambda: os.kill(1, 19))", "EPERM\nEPERM"),
        shell("E19", "more processor than it is given", "nice -n -20 true 2>/dev/null; python3 -c \"import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))\" 2>&1 | tail -1 | cut -c1-15", "PermissionError"),
        python("E12", "limits of its own", "for l in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):\n    try: resource.setrlimit(l, (1 << 40, 1 << 40)); print('raised', l)\n    except (ValueError, OSError): pass\nprint(resource.getrlimit(resource.RLIMIT_CORE))", "(0, 0)"),
        shell("E34", "a dump of its memory", "(cd /tmp; sh -c 'kill -SEGV $$'; true) 2>/dev/null; ls /tmp/core* /workspace/repo/core* 2>/dev/null | wc -l", "0"),
    };
}

Attempts porterAttempts()
{
    return {
        shell("P", "the porter's memory and files", "for p in /proc/[0-9]*; do grep -q '^porter' $p/comm 2>/dev/null && (cat $p/environ $p/mem $p/maps; echo x >$p/fd/1; echo x >$p/mem; ls $p/fd; readlink $p/exe) >/tmp/out 2>/dev/null && echo in; done; wc -c </tmp/out", "0"),
        shell("P", "signals for the porter", "for s in TERM INT HUP QUIT USR1 USR2 ALRM CHLD PIPE SEGV ABRT TSTP TTIN; do pkill -$s porter; done; echo $?", "0"),
        shell("P", "it still answers", "echo here", "here"),
        {.row = "P", .what = "frames on standard output", .tool = "run_command",
         .input = {{"command", "printf 'x\\000\\000\\000\\001\\000\\000\\000\\026\\000\\000\\000\\000\\000\\000'; printf 'b\\000\\000\\000\\002\\000\\000\\000\\000' >&2; exit 7"}},
         .must = Attempt::Must::Contain, .words = "exit code 7"},
        shell("P", "a porter of its own", "/.aap/porter </dev/null; echo $?", "2"),
        shell("P", "a porter of its own, orphaned", "(setsid /.aap/porter </dev/null >/tmp/o 2>&1 &); sleep 0.1; echo here", "here"),
        shell("P", "its priority", "for p in $(pgrep porter); do renice -n 19 -p $p >/dev/null; done; echo set", "set"),
        shell("P", "limits for the porter", "for p in $(pgrep porter); do prlimit --pid $p --nofile=5:5 --fsize=10:10; done; echo set", "set"),
        shell("P", "they do not stay", "ulimit -n; head -c 100 /dev/zero >/tmp/z && stat -c %s /tmp/z", "4096\n100"),
        endless("P", "kills the porter", "pkill -9 porter; sleep 60", "exit code 137", 20),
        shell("P", "another one comes", "pgrep -c porter", "1"),
        endless("P", "stops the porter and leaves", "pkill -STOP porter; exit 0", "lost", 30),
        shell("P", "the stopped one is gone, and one that always fails is done without", "pgrep -c porter || true", "0"),
    };
}

Attempts injectionAttempts()
{
    const auto ignored = [](const char* row, const char* what, const char* tool, Json input) {
        return refused(row, what, tool, std::move(input), "");
    };
    const auto unheeded = [](const char* what, Json input, const char* output) {
        return Attempt{.row = "I1", .what = what, .tool = "run_command", .input = std::move(input), .words = output};
    };
    return {
        unheeded("a command as root", {{"command", "[ $(id -u) -ne 0 ] && echo agent"}, {"user", "root"}, {"privileged", true}}, "agent"),
        unheeded("a command with a network", {{"command", "ls /sys/class/net"}, {"network", "host"}}, "lo"),
        unheeded("a command with a mount", {{"command", "ls /host 2>/dev/null | wc -l"}, {"mounts", Json::array({"/:/host"})}}, "0"),
        unheeded("a command in another image", {{"command", "hostname"}, {"image", "debian"}, {"container", "other"}}, "sandbox"),
        ignored("I1", "a command without end", "run_command", {{"command", "id"}, {"timeout_s", 1'000'000}}),
        ignored("I5", "a tool that there is not", "set_budget", {{"usd", 1000}}),
        ignored("I1", "the approval itself", "approve", {{"gate", "deployment"}}),
        ignored("I1", "a deployment that the stage has no right to", "deploy_to_environment", {{"environment", "production"}, {"deployment_method", "script"}}),
        ignored("I1", "an image on the host", "build_docker_image", {{"tag", "x"}}),
    };
}

} // namespace aap::escape
