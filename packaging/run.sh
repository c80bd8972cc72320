#!/usr/bin/env bash
# From a fresh Debian 12 to a running program: installs, builds, makes the sandbox image, then runs the main job.
#   packaging/run.sh [ARGS...]
# With arguments: agent-pipeline ARGS. Without: the window when there is a display, else the demo.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install_missing "${build_packages[@]}"
build release agent-pipeline agent-pipeline-gui
bin=$root/build/release/bin

# What needs no sandbox must not wait for one, nor fail without one.
case "${1:-}" in
--version | --help | -h | init | runs | show | export | verify | doctor) exec "$bin/agent-pipeline" "$@" ;;
esac

start_engine
[ "${1:-}" = sandbox ] || ensure_image "$bin/agent-pipeline"

if [ $# -gt 0 ]; then
    exec "$bin/agent-pipeline" "$@"
elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$bin/agent-pipeline-gui"
else
    exec "$bin/agent-pipeline" demo
fi
