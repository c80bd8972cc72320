#!/bin/sh
# Whether every sentence of the window is there in German.
#   translations.sh SOURCE_FOLDER LUPDATE
set -u
cd "$1" || exit 2
copy=$(mktemp -d) || exit 2
trap 'rm -rf "$copy"' EXIT
cp resources/translations/agent-pipeline_de.ts "$copy/de.ts" || exit 2
"$2" -no-obsolete -locations none -I . ui app/desktop -ts "$copy/de.ts" >"$copy/said" 2>&1 || { cat "$copy/said"; exit 2; }
grep -q '<source>' "$copy/de.ts" || { echo "no sentence was found: the test is broken"; exit 1; }
if grep -q 'type="unfinished"' "$copy/de.ts"; then
    echo "not translated (in the .ts files of resources/translations):"
    grep -B3 'type="unfinished"' "$copy/de.ts" | grep '<source>'
    exit 1
fi
