# To be sourced after steps.sh: the window on a display and in a home of its own.
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
bus=""

# display ARGS...: starts an X server with them, which does not begin anew when its last client goes; sets DISPLAY.
display() {
    Xvfb -displayfd 7 -screen 0 1280x800x24 -nolisten tcp -noreset "$@" 7>"$work/display" 2>/dev/null &
    for _ in $(seq 200); do [ -s "$work/display" ] && break; sleep 0.1; done
    [ -s "$work/display" ] || fail "Xvfb does not start"
    export DISPLAY=":$(cat "$work/display")"
}

# fresh: an empty home; nothing of ours, of the user's bus or key is found there.
fresh() {
    home=$(mktemp -d "$work/home.XXXXXX")
    mkdir -m 700 "$home/run"
    umask 022
}
in_home() { # in_home COMMAND...: in place of the shell that calls it
    cd "$home"
    exec env -i PATH="$PATH" LC_ALL=C.UTF-8 DISPLAY="$DISPLAY" HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" \
        XDG_STATE_HOME="$home/state" XDG_CACHE_HOME="$home/cache" XDG_RUNTIME_DIR="$home/run" WORKSPACE_PATH="$home/workspaces" \
        QT_FATAL_WARNINGS=1 ${bus:+DBUS_SESSION_BUS_ADDRESS="$bus"} "$@"
}
# private_bus: one that lives as long as the test; sets bus.
private_bus() {
    (in_home dbus-daemon --session --nofork --nosyslog --print-address=1) >"$work/bus" 2>/dev/null &
    for _ in $(seq 100); do [ -s "$work/bus" ] && break; sleep 0.1; done
    bus=$(cat "$work/bus")
    [ -n "$bus" ] || fail "no bus starts"
}
start() { # start COMMAND...: in the background; said: what it writes on the terminal
    said=$home/said
    in_home "$@" >"$said" 2>&1 &
    pid=$!
}
wait_for_window() {
    for _ in $(seq 300); do
        window=$(xdotool search --onlyvisible --class agent-pipeline-gui 2>/dev/null | head -n 1 || true)
        [ -n "$window" ] && return
        kill -0 "$pid" 2>/dev/null || fail "the window's program has ended: $(cat "$said")"
        sleep 0.1
    done
    fail "no window within 30 s: $(cat "$said")"
}
# ends_by SIGNAL...: all at once; within ten seconds, with exit code 0 and without a word on the terminal.
ends_by() {
    local status=0 started=$SECONDS
    local signal
    for signal in "$@"; do kill -"$signal" "$pid"; done
    wait "$pid" || status=$?
    [ $status -eq 0 ] || fail "exit code $status after $*: $(cat "$said")"
    [ $((SECONDS - started)) -le 10 ] || fail "it took $((SECONDS - started)) s to end"
    [ ! -s "$said" ] || fail "the terminal is not quiet: $(cat "$said")"
    echo "ok: ends by $*, quietly"
}
