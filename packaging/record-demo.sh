#!/usr/bin/env bash
# Runs the demo for real and keeps its journal as resources/demo/journal.jsonl: what is played back where no sandbox can be opened.
#   packaging/record-demo.sh PATH-TO-agent-pipeline
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$(realpath "$1")
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
export HOME=$home XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state XDG_CACHE_HOME=$home/cache XDG_RUNTIME_DIR=$home/runtime

"$program" demo --yes --quiet
"$program" show last --events --json >events.jsonl
run=$("$program" runs --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
"$program" sandbox prune --run "$run"
# What belongs to this machine, and what nobody sees in a playback, stays out.
python3 - events.jsonl >"$root/resources/demo/journal.jsonl" <<'PYTHON'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    event = json.loads(line)
    if event["type"] == "user_turn":
        continue
    if event["type"] == "run_started":
        event.update(workspace="", output="", settings={})
    for machine in ("container", "image_id", "snapshot", "commit"):
        if machine in event:
            event[machine] = ""
    if event["type"] == "deployment_changed":
        event["details"].pop("container", None)
    print(json.dumps(event, ensure_ascii=False, separators=(",", ":")))
PYTHON
