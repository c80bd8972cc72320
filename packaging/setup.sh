#!/usr/bin/env bash
# What run.sh and tests/run.sh share: installs what is missing, finds or starts a Docker engine, builds, makes the image.
# To be sourced. Every step is idempotent; a second start takes seconds.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The compiler's cache serves every clone of the project, wherever it lies.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

# What a build, the tests and the sandbox need; one line each group.
build_packages=(
    build-essential ca-certificates ccache cmake ninja-build pkg-config
    qt6-base-dev qt6-base-dev-tools qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libqt6svg6-dev libgl-dev libvulkan-dev libxkbcommon-dev
    libqt6sql6-sqlite libqt6svg6
    nlohmann-json3-dev libspdlog-dev libfmt-dev libvalijson-dev libcli11-dev libyaml-cpp-dev libgit2-dev libarchive-dev
    libseccomp-dev libsodium-dev qtkeychain-qt6-dev fonts-dejavu-core
)
# What judges and tries the packages and the window.
test_packages=(
    appstream at-spi2-core bubblewrap curl dbus debootstrap desktop-file-utils file git gtk-update-icon-cache hicolor-icon-theme libglib2.0-bin lintian
    mandoc procps python3 python3-gi python3-pyatspi qt6-wayland shared-mime-info sqlite3 strace weston x11-utils xauth xdotool xvfb
)
engine_packages=(docker.io debootstrap iptables)

say() { printf '\n== %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 5; }

# as_root WHY COMMAND...: runs it directly when we are root, else through sudo and says for what.
as_root() {
    local why=$1
    shift
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
        return
    fi
    command -v sudo >/dev/null || fail "$why needs root, and sudo is not installed. Run this as root: $*"
    printf 'sudo is asked for: %s\n' "$why" >&2
    sudo "$@"
}

install_missing() { # install_missing PACKAGE...
    local missing=()
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    as_root "refreshing the package lists" apt-get update -q >&2
    as_root "installing packages" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

engine_answers() {
    local socket=/var/run/docker.sock
    [ -n "${DOCKER_HOST:-}" ] && [ "${DOCKER_HOST#unix://}" = "$DOCKER_HOST" ] && return 0 # a remote one: the program will say
    [ -n "${DOCKER_HOST:-}" ] && socket=${DOCKER_HOST#unix://}
    [ "$(curl --silent --max-time 5 --unix-socket "$socket" http://docker/_ping 2>/dev/null)" = OK ]
}

started_dockerd=""
start_engine() {
    engine_answers && return
    install_missing curl "${engine_packages[@]}"
    engine_answers && return
    say "Starting the Docker engine"
    if [ -d /run/systemd/system ]; then
        as_root "starting the Docker service" systemctl start docker
    else
        local log=${TMPDIR:-/tmp}/agent-pipeline-dockerd.log
        # Its own session: a Ctrl-C meant for us must not reach it.
        as_root "starting dockerd, because no service manager runs here" \
            setsid sh -c 'dockerd >"$1" 2>&1 </dev/null & echo $! >"$1.pid"' sh "$log"
        started_dockerd=$log.pid
    fi
    local try
    for try in $(seq 60); do
        engine_answers && return
        sleep 0.5
    done
    [ -e /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ] &&
        fail "Docker runs, but you may not use it. Run 'sudo adduser $USER docker', sign in again, then repeat this command."
    fail "Docker did not start within 30 s after $try tries. Its log: ${log:-journalctl -u docker}"
}

# Stops a dockerd that start_engine started itself, never anyone else's.
stop_engine() {
    [ -n "$started_dockerd" ] && [ -f "$started_dockerd" ] || return 0
    as_root "stopping the dockerd that this script started" kill "$(cat "$started_dockerd")" 2>/dev/null || true
    as_root "removing its pid file" rm -f "$started_dockerd"
    started_dockerd=""
}

build() { # build PRESET [TARGET...]
    local preset=$1
    shift
    say "Building ($preset)"
    (
        cd "$root" || exit 1
        if [ ! -f "build/$preset/build.ninja" ]; then
            cmake --preset "$preset" >&2
        fi
        cmake --build "build/$preset" --parallel "$(nproc)" ${1:+--target "$@"} >&2
    ) || { printf 'error: the build failed; the lines above say where\n' >&2; exit 1; }
}

ensure_image() { # ensure_image PATH-TO-agent-pipeline
    local reference=${DOCKER_IMAGE:-coding-agent-sandbox}
    curl --silent --fail --max-time 10 --unix-socket /var/run/docker.sock "http://docker/images/$reference/json" >/dev/null 2>&1 && return
    say "Making the sandbox image $reference (once, about two minutes)"
    if [ "$(id -u)" -eq 0 ]; then
        "$1" sandbox build >&2
    else
        as_root "making the sandbox image with debootstrap" env DOCKER_IMAGE="$reference" "$1" sandbox build >&2
    fi || fail "the sandbox image could not be made; the lines above say why"
}
