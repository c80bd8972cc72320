#!/bin/sh
# as_nobody.sh PROGRAM: runs a test as somebody without rights, who need not be able to read where it was built.
set -e
if [ "$(id -u)" -ne 0 ]; then
    exec "$1" # we are somebody without rights
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cp "$1" "$folder/program"
mkdir -m 700 "$folder/tmp"
chown 65534:65534 "$folder/tmp"
cd "$folder"
setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$folder/tmp" TMPDIR="$folder/tmp" XDG_RUNTIME_DIR="$folder/tmp" ./program
