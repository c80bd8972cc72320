#!/usr/bin/env bash
# The end of a session while a run is there, with a real engine: in order, and nothing is left.
#   window_with_engine.sh PATH-TO-agent-pipeline-gui PATH-TO-agent-pipeline
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
. "$(dirname "${BASH_SOURCE[0]}")/on_display.sh"
program=$(realpath "$1")
terminal=$(realpath "$2")
containers() { # containers RUN: how many there are of it
    curl --silent --fail --max-time 20 --unix-socket /var/run/docker.sock \
        "http://docker/containers/json?all=1&filters=%7B%22label%22%3A%5B%22aap.run%3D$1%22%5D%7D" | grep -o '"Id"' | wc -l
}
run_of_home() { find "$home/pipeline_output" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | head -n 1 || true; }

display
fresh
start "$program"
wait_for_window
run=""
for try in $(seq 100); do # keys are lost while a window does not listen yet
    [ $((try % 30)) -ne 1 ] || xdotool windowfocus "$window" key --window "$window" ctrl+shift+m
    sleep 0.1
    run=$(run_of_home)
    [ -z "$run" ] || break
done
[ -n "$run" ] || fail "no run has begun: $(cat "$said")"
ends_by TERM
[ "$(containers "$run")" -eq 0 ] || fail "a container is left"
(in_home "$terminal" runs --json) | tr -d ' \n' | grep -q "\"$run\".*\"stopped\"" || fail "the journal does not say how the run ended: $(in_home "$terminal" runs --json)"
echo "ok: stopped in order, journal complete, no container"
