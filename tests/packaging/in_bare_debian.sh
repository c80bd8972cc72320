#!/usr/bin/env bash
# Inside the bare system.   in_bare_debian.sh VERSION
set -euo pipefail
version=$1
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
quietly() { "$@" >/tmp/said 2>&1 || fail "$*: $(tail -n 20 /tmp/said)"; }
files() { find / -xdev \( -path /packages -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/log -o -path /home \) -prune -o -print | sort; }
as_user() { runuser -u user -- env -i PATH=/usr/bin:/bin HOME=/home/user LC_ALL=C.UTF-8 "$@"; }

quietly apt-get update -q
useradd --create-home user
cd /home/user

# check PACKAGE FUNCTION: installed, used, purged; what stood there before stands there after, and nothing else.
check() {
    local package=$1 use=$2 listed
    files >"/packages/before"
    dpkg-query -W -f='${Package}\n' | sort >/packages/packages-before
    quietly apt-get install -y -q --no-install-recommends /packages/"${package}"_*.deb
    listed=$(dpkg -L "$package")
    "$use"
    quietly apt-get purge -y -q "$package"
    ! dpkg-query -W "$package" >/dev/null 2>&1 || fail "dpkg still knows $package"
    for file in $listed; do
        [ -d "$file" ] || [ ! -e "$file" ] || fail "$file is still there"
    done
    quietly apt-get autoremove --purge -y -q
    # Caches of other packages are theirs to leave; by our name nothing may be left anywhere.
    files | comm -13 /packages/before - | grep -i 'agent.pipeline' && fail "files of ours are left"
    [ -z "$(dpkg-query -W -f='${Package}\n' | sort | comm -13 /packages/packages-before -)" ] || fail "packages are left that only we needed"
    echo "ok: $package installs, works, leaves"
}

use_cli() {
    dpkg-query -W -f='${Package}\n' | grep -E '^lib(x11|xcb|wayland|gl1|egl|qt6gui)' && fail "a window system was installed"
    [ "$(as_user agent-pipeline --version)" = "agent-pipeline $version" ] || fail "another version"
    local status=0
    as_user agent-pipeline demo >/tmp/said 2>&1 || status=$?
    [ $status = 5 ] && grep -q 'Completed: every stage passed' /tmp/said && grep -q 'playback' /tmp/said || fail "the demo ($status): $(tail -n 20 /tmp/said)"
    as_user agent-pipeline doctor >/tmp/said 2>&1 || grep -q Docker /tmp/said || fail "the doctor: $(tail -n 20 /tmp/said)"
    # What is kept to be quicker is no secret by itself; the folder around it is closed.
    [ -z "$(find /home/user/.config /home/user/.local -perm /077 -not -type l 2>/dev/null
        find /home/user/.cache/agent-pipeline -maxdepth 0 -perm /077)" ] || fail "others can read what is private"
}

use_gui() {
    [ "$(as_user agent-pipeline-gui --version)" = "agent-pipeline-gui $version" ] || fail "another version"
    local said
    install -d -m 700 -o user /tmp/runtime # a session has one
    said=$(as_user env QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=/tmp/runtime timeout --signal=TERM --preserve-status 20 agent-pipeline-gui 2>&1) || fail "the window, exit code $?: $said"
    [ -z "$said" ] || fail "the window says on the terminal: $said"
}

check agent-pipeline-cli use_cli
[ -f /home/user/.local/share/agent-pipeline/journal.sqlite ] || fail "what belongs to the user is gone with the package"
check agent-pipeline-gui use_gui
