#!/usr/bin/env bash
# The window on a desktop that is dark and shows notifications.   desktop_services.sh PATH-TO-agent-pipeline-gui APP-ID
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
. "$(dirname "${BASH_SOURCE[0]}")/on_display.sh"
program=$(realpath "$1")
app_id=$2

display -fbdir "$work"
fresh
private_bus
shown=$home/notifications
(in_home /usr/bin/python3 "$here/fake_desktop.py" "$shown") >"$work/ready" 2>&1 &
desktop=$!
for _ in $(seq 100); do grep -q ready "$work/ready" && break; sleep 0.1; done
grep -q ready "$work/ready" || fail "the desktop does not start: $(cat "$work/ready")"

start env DOCKER_HOST="unix://$home/no-engine" QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 "$program" --language en
wait_for_window
becomes() { # becomes WHAT TEST…: of how light the screen is
    for _ in $(seq 100); do
        lightness=$(/usr/bin/python3 "$here/lightness.py" "$work/Xvfb_screen0")
        [ "${lightness%.*}" "$2" "$3" ] && { echo "ok: $1, $lightness"; return; }
        sleep 0.1
    done
    fail "the window is not $1: $lightness"
}
becomes dark -lt 60
kill -USR1 "$desktop"
becomes light -gt 190

# A window that nobody looks at says when a run has ended.
xdotool windowfocus --sync "$window" key ctrl+shift+m
xdotool key ctrl+1
xdotool windowfocus "$(xwininfo -root | sed -n 's/.*Window id: \(0x[0-9a-f]*\).*/\1/p')"
for _ in $(seq 600); do grep -q . "$shown" 2>/dev/null && break; sleep 0.1; done
grep -q "| $app_id\$" "$shown" || fail "no notification of ours: $(cat "$shown" 2>/dev/null)"
grep -qE '\| default,' "$shown" || fail "a notification leads nowhere: $(cat "$shown")"
echo "ok: $(head -n 1 "$shown")"
ends_by TERM
