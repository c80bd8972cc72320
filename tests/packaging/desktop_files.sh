#!/usr/bin/env bash
# What a desktop reads of us, by the desktop's own tools.   desktop_files.sh PACKAGES_FOLDER APP_ID
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
packages=$1
id=$2
dpkg-deb -x "$(one "$packages"/agent-pipeline-cli_*.deb)" "$work"
dpkg-deb -x "$(one "$packages"/agent-pipeline-gui_*.deb)" "$work"
share=$work/usr/share
entry=$share/applications/$id.desktop

silent "the menu entry is valid" desktop-file-validate "$entry"
[ -x "$work/usr/bin/$(sed -n 's/^TryExec=//p' "$entry")" ] || fail "TryExec names no program of the package"
[ "$(appstreamcli validate --no-net --pedantic --no-color "$share/metainfo/$id.metainfo.xml" | grep -vc 'Validation was successful')" = 0 ] ||
    fail "the metainfo: $(appstreamcli validate --no-net --pedantic --no-color "$share/metainfo/$id.metainfo.xml")"
gunzip "$share"/man/man1/*.gz
silent "the manual pages are clean" env -C "$share/man/man1" mandoc -Tlint agent-pipeline.1 agent-pipeline-gui.1

for size in 16 24 32 48 64 128 256; do
    icon=$share/icons/hicolor/${size}x$size/apps/$id.png
    file "$icon" | grep -q "PNG image data, $size x $size" || fail "no icon of $size pixels at $icon"
done
for icon in "scalable/apps/$id.svg" "symbolic/apps/$id-symbolic.svg"; do
    [ -s "$share/icons/hicolor/$icon" ] || fail "no icon $icon"
done
cp /usr/share/icons/hicolor/index.theme "$share/icons/hicolor/"
silent "the icon cache takes them" gtk-update-icon-cache -q -f "$share/icons/hicolor"

# The file type, as a file manager asks for it: only our folders, an empty home.
silent "the file type is understood" env XDG_DATA_HOME="$share" update-mime-database "$share/mime"
update-desktop-database "$share/applications"
printf '{"name": "Photo sorter"}\n' >"$work/Photo sorter ü.agentpipeline"
ask() { env -i PATH="$work/usr/bin:$PATH" HOME="$work" XDG_DATA_HOME="$share" XDG_DATA_DIRS=/usr/share LC_ALL=C.UTF-8 "$@"; }
type=$(ask gio info -a standard::content-type "$work/Photo sorter ü.agentpipeline" | sed -n 's/.*standard::content-type: //p')
[ "$type" = "$(sed -n 's/^MimeType=\(.*\);$/\1/p' "$entry")" ] || fail "a project file is taken for $type"
handlers=$(ask gio mime "$type")
case $handlers in *"$id.desktop"*) ;; *) fail "nobody opens a project file: $handlers" ;; esac
echo "ok: icons, file type, handler"
