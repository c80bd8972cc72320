#!/bin/sh
# The law of the house: core knows nobody, sandbox and ui know core only, app knows everybody.
#   layering.sh SOURCE_FOLDER
set -u
cd "$1" || exit 2
broken=0
forbid() { # FOLDER PATTERN
    if grep -rnE "^ *# *include +[<\"]$2" "$1" --include='*.h' --include='*.cpp'; then
        echo "^ $1 must not include that"
        broken=1
    fi
}
forbid core '((ui|app|sandbox)/|Qt(Widgets|Gui)|Q(Widget|Application|GuiApplication|Icon|Color|Pixmap|Image|Palette))'
forbid sandbox '((ui|app)/|Qt(Widgets|Gui)|Q(Widget|Application|GuiApplication|Icon|Color|Pixmap|Image|Palette))'
forbid ui '(app|sandbox)/'
# The test can fail: the sandbox does include core, which the same pattern would find.
grep -rqE '^ *# *include +"core/' sandbox || { echo "the pattern finds nothing: the test is broken"; broken=1; }
exit $broken
