#!/usr/bin/env bash
# The packages as Debian judges them.   debian_packages.sh PACKAGES_FOLDER
. "$(dirname "${BASH_SOURCE[0]}")/steps.sh"
cli=$(one "$1"/agent-pipeline-cli_*.deb)
gui=$(one "$1"/agent-pipeline-gui_*.deb)

# Root is told that it should not; nobody else is.
said=$(lintian -I --pedantic "$cli" "$gui" 2>&1 | grep -v '^running with root privileges is not recommended!$' || true)
[ -z "$said" ] || fail "lintian says: $said"

depends() { dpkg-deb -f "$1" Depends | tr ',' '\n' | sed -E 's/^ *([^ ]+).*/\1/' | sort; }
window='^lib(x11|xcb|wayland|gl|egl|opengl|xkbcommon|qt6(gui|widgets|svg|opengl|wayland))'
! depends "$cli" | grep -E "$window" || fail "the program for terminals needs a window system"
depends "$gui" | grep -qE "$window" || fail "the pattern finds nothing: the test is broken"
for loaded in libqt6sql6-sqlite libqt6svg6; do
    depends "$gui" | grep -qx "$loaded" || fail "$loaded is loaded at run time, and no dependency"
done
depends "$cli" | grep -qx libqt6sql6-sqlite || fail "libqt6sql6-sqlite is loaded at run time, and no dependency"

dpkg-deb -x "$cli" "$work/cli"
! ldd "$work/cli/usr/bin/agent-pipeline" | grep -E 'lib(X11|xcb|wayland|GL|EGL|Qt6(Gui|Widgets))|not found' || fail "the program for terminals links what it should not"
dpkg-deb -f "$gui" Recommends | grep -q qt6-wayland || fail "nothing recommends what Wayland needs"
echo "ok: lintian, dependencies"
