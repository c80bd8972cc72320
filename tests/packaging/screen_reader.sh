#!/usr/bin/env bash
# What a screen reader is told of the window, by AT-SPI on a bus of its own.   screen_reader.sh PATH-TO-agent-pipeline-gui
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
. "$(dirname "${BASH_SOURCE[0]}")/on_display.sh"
program=$(realpath "$1")

display
fresh
private_bus
# No engine answers there: the demo is played back, and is the same everywhere.
start env DOCKER_HOST="unix://$home/no-engine" QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 "$program" --language en
wait_for_window
xdotool windowfocus --sync "$window" # no window manager does it here
(in_home /usr/bin/python3 "$here/screen_reader.py")
ends_by TERM
