#!/bin/sh
# Makes the root file system of the sandbox image without any registry and writes it as a tar archive.
#   bootstrap-rootfs.sh PACKAGES.txt OUTPUT.tar
# Needs root and debootstrap. The mirror is the one this machine's own package sources name, else debootstrap's default.
set -eu

say() { printf '%s\n' "$*"; }

# The exit codes are sysexits' "no permission" and the shell's "not found".
[ "$(id -u)" = 0 ] || { say "this needs root" >&2; exit 77; }
command -v debootstrap >/dev/null || { say "debootstrap: not found" >&2; exit 127; }

packages_file=$1
output=$2
suite=bookworm
work=$(mktemp -d "${TMPDIR:-/var/tmp}/agent-pipeline-rootfs.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rootfs=$work/rootfs

mirror=$(apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" "Codename: $suite" 2>/dev/null | head -n 1 || true)
packages=$(sed 's/#.*//' "$packages_file" | tr -s '\n ' ',' | sed 's/^,//; s/,$//')

say "Step 1 of 5: fetching Debian $suite and the packages"
# shellcheck disable=SC2086 # an empty mirror must vanish
debootstrap --variant=minbase --include="$packages" $suite "$rootfs" ${mirror:-} >"$work/debootstrap.log" 2>&1 || {
    tail -n 20 "$work/debootstrap.log" >&2
    say "debootstrap failed; the lines above are the end of its log" >&2
    exit 1
}

# promtool comes alone: the prometheus package would bring a server and its user along.
say "Step 2 of 5: adding promtool"
(cd "$work" && apt-get download prometheus >/dev/null 2>&1 || chroot "$rootfs" sh -c 'cd /tmp && apt-get download prometheus >/dev/null')
deb=$(find "$work" "$rootfs/tmp" -maxdepth 1 -name 'prometheus_*.deb' | head -n 1)
[ -n "$deb" ] || { say "the package prometheus could not be fetched; promtool is missing" >&2; exit 1; }
dpkg -x "$deb" "$work/prometheus"
install -m 0755 "$work/prometheus/usr/bin/promtool" "$rootfs/usr/local/bin/promtool"
rm -f "$deb"

say "Step 3 of 5: the user of the agents and its folders"
chroot "$rootfs" useradd --uid 1000 --create-home --shell /bin/bash agent
install -d -o 1000 -g 1000 "$rootfs/workspace"
rm -f "$rootfs"/usr/lib/python3*/EXTERNALLY-MANAGED
: >"$rootfs/etc/resolv.conf"
echo '127.0.0.1 localhost' >"$rootfs/etc/hosts"

say "Step 4 of 5: removing what no agent needs: setuid bits, caches, documents, locales"
find "$rootfs" -xdev -perm /6000 -type f -exec chmod ug-s {} +
rm -rf "$rootfs"/var/lib/apt/lists/* "$rootfs"/var/cache/apt/* "$rootfs"/var/log/* "$rootfs"/tmp/*
rm -rf "$rootfs"/usr/share/doc/* "$rootfs"/usr/share/man/* "$rootfs"/usr/share/info/* "$rootfs"/usr/share/locale/*
find "$rootfs" -name __pycache__ -type d -prune -exec rm -rf {} +
# The box is read-only, so Python could never keep what it compiles: without this each start takes three times as long.
# By content, not by time: the same packages give the same bytes.
chroot "$rootfs" sh -c 'python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3 /usr/lib/python3.*'

say "Step 5 of 5: packing"
tar --numeric-owner -C "$rootfs" -cf "$output" .
