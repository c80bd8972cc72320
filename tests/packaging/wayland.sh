#!/usr/bin/env bash
# The window on Wayland, whose compositor draws into nothing.   wayland.sh PATH-TO-agent-pipeline-gui APP-ID
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
. "$(dirname "${BASH_SOURCE[0]}")/on_display.sh"
program=$(realpath "$1")
app_id=$2

fresh
DISPLAY=""
(in_home weston --backend=headless-backend.so --socket=wayland-test --idle-time=0 --no-config) >"$work/weston" 2>&1 &
for _ in $(seq 200); do [ -S "$home/run/wayland-test" ] && break; sleep 0.1; done
[ -S "$home/run/wayland-test" ] || fail "weston does not start: $(cat "$work/weston")"

start env QT_QPA_PLATFORM=wayland WAYLAND_DISPLAY=wayland-test WAYLAND_DEBUG=client "$program" --language en
talked() { grep -qE "$1" "$said"; }
for _ in $(seq 300); do
    talked 'wl_surface@[0-9]+\.attach\(wl_buffer@' && break
    kill -0 "$pid" 2>/dev/null || fail "the program has ended: $(tail -n 20 "$said")"
    sleep 0.1
done
talked 'wl_surface@[0-9]+\.attach\(wl_buffer@' || fail "nothing was drawn within 30 s"
talked "set_app_id\(\"$app_id\"\)" || fail "the window belongs to no menu entry: $(grep set_app_id "$said")"
talked 'set_title\(".*Agent Pipeline"\)' || fail "the window has no title"
status=0
kill -TERM "$pid"
wait "$pid" || status=$?
[ $status -eq 0 ] || fail "exit code $status after TERM: $(tail -n 20 "$said")"
loud=$(grep -vE '^\[ *[0-9]+\.[0-9]+\] ' "$said" || true) # without what was asked for
[ -z "$loud" ] || fail "the terminal is not quiet: $loud"
echo "ok: a window on Wayland, which ends in order"
