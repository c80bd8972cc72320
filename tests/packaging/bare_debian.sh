#!/usr/bin/env bash
# Installs, uses and purges the packages in a bare Debian 12.   bare_debian.sh PACKAGES_FOLDER VERSION CACHE_FOLDER
# The bare system and what apt fetched are kept in CACHE_FOLDER. Needs root, as debootstrap does.
. "$(dirname "${BASH_SOURCE[0]}")/../../packaging/setup.sh"
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
[ "$(id -u)" -eq 0 ] || exec sudo -n TMPDIR="${TMPDIR:-/var/tmp}" bash "$0" "$@"
packages=$1
cache=$3
export PATH=$PATH:/usr/sbin:/sbin

mirror=$(apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" "Codename: bookworm" 2>/dev/null | head -n 1)
mkdir -p "$cache/archives"
if [ ! -f "$cache/bookworm.tar" ]; then
    debootstrap --variant=minbase bookworm "$work/bare" ${mirror:+"$mirror"} >"$work/log" 2>&1 || fail "debootstrap: $(tail -n 5 "$work/log")"
    tar --numeric-owner -C "$work/bare" -cf "$cache/bookworm.part" .
    mv "$cache/bookworm.part" "$cache/bookworm.tar"
    rm -rf "$work/bare"
fi
mkdir "$work/bare"
tar --numeric-owner -C "$work/bare" -xf "$cache/bookworm.tar"
cp /etc/resolv.conf "$work/bare/etc/resolv.conf"
mkdir "$work/bare/packages"
cp "$packages"/*.deb "$here/in_bare_debian.sh" "$work/bare/packages/"

# Mounts of its own, which vanish with it.
unshare --mount --pid --fork --kill-child bash -euc '
    mount --bind "$2" "$1/var/cache/apt/archives"
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/tmp"
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash /packages/in_bare_debian.sh "$3"
' bash "$work/bare" "$cache/archives" "$2"
