#!/usr/bin/env bash
# The window as a program of a desktop: on a display and in a home of its own.   window.sh PATH-TO-agent-pipeline-gui
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
. "$(dirname "${BASH_SOURCE[0]}")/on_display.sh"
program=$(realpath "$1")

display
fresh
start "$program"
wait_for_window
xprop -id "$window" WM_CLASS | grep -q '"agent-pipeline-gui"' || fail "the window's class is $(xprop -id "$window" WM_CLASS)"
echo "ok: a window, of the class that the menu entry names"

before=$(date +%s%N)
(in_home timeout 10 "$program" "a b.agentpipeline" "$home") >"$work/second" 2>&1 || fail "the second start: exit code $?, $(cat "$work/second")"
[ ! -s "$work/second" ] || fail "the second start says: $(cat "$work/second")"
[ "$(xdotool search --onlyvisible --class agent-pipeline-gui | wc -l)" = 1 ] || fail "there are two windows"
echo "ok: the second start handed over within $((($(date +%s%N) - before) / 1000000)) ms"

# Settings, journal, log, socket: by their own modes; everything else by the folder around it.
open=$(find "$home"/{config,data,run}/agent-pipeline "$home/state/agent-pipeline/log" -not -type l -perm /077
    find "$home"/{state,cache}/agent-pipeline -maxdepth 0 -perm /077)
[ -z "$open" ] || fail "others can read: $open"
ends_by TERM

fresh
start "$program"
wait_for_window
ends_by INT TERM # as who ends a whole group does

fresh
as_guest=()
[ "$(id -u)" -eq 0 ] || as_guest=(--map-root-user)
start unshare --net "${as_guest[@]}" "$program"
wait_for_window
ends_by TERM
echo "ok: without any network"

# Where it writes: only in its own folders.
fresh
start strace -f -qq -e trace=openat,mkdir,mkdirat,rename,renameat2,creat,unlink -e signal=none -o "$work/trace" "$program"
wait_for_window
tracer=$pid
kill -TERM "$(pgrep -P "$tracer")"
wait "$tracer" || fail "under strace: exit code $?"
written=$(grep -E 'O_(WRONLY|RDWR|CREAT)|mkdir|rename|creat\(|unlink' "$work/trace" | grep -v ' = -1 ' | grep -oE '"[^"]*"' | tr -d '"' | grep '^/' | sort -u |
    grep -vE "^($home/(config|data|state|cache|run)(/agent-pipeline(/|$)|$)|/dev/|/proc/self/|/memfd:)" || true)
[ -z "$written" ] || fail "it writes elsewhere: $written"
grep -q "$home/state/agent-pipeline" "$work/trace" || fail "nothing was traced: the test is broken"
echo "ok: writes only below its own folders"

# A bus on which nobody answers: no colours, no notices, no tray, and nothing is waited for.
dbus-daemon --session --fork --nosyslog --print-address=1 --print-pid=1 >"$work/daemon"
bus=$(sed -n 1p "$work/daemon")
fresh
start "$program"
wait_for_window
ends_by TERM
kill "$(sed -n 2p "$work/daemon")"
bus=""
echo "ok: with a bus"

display -extension GLX
fresh
start "$program"
wait_for_window
ends_by TERM
echo "ok: without GLX"
