#!/usr/bin/env bash
# The archive runs wherever it is unpacked.   relocatable_archive.sh PACKAGES_FOLDER VERSION
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
archive=$(one "$1"/agent-pipeline-*.tar.gz)
(cd "$1" && sha256sum --quiet --check "$(basename "$archive").sha256") || fail "the checksum is another one"
mkdir "$work/a b ü"
tar -C "$work/a b ü" -xzf "$archive"
bin=$(one "$work/a b ü"/*/bin)
[ "$("$bin/agent-pipeline" --version)" = "agent-pipeline $2" ] || fail "agent-pipeline says another version"
[ "$(env -u DISPLAY -u WAYLAND_DISPLAY "$bin/agent-pipeline-gui" --version)" = "agent-pipeline-gui $2" ] || fail "agent-pipeline-gui says another version"
for program in "$bin"/*; do
    ! readelf -d "$program" | grep -E 'R(UN)?PATH' || fail "$program looks for libraries in a folder of the builder"
done
! tar -tzf "$archive" | grep -vE '^agent-pipeline-[^/]*/(bin|share)(/|$)|^agent-pipeline-[^/]*/$' || fail "files lie where they should not"
echo "ok: archive"
