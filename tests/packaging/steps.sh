# To be sourced: what the tests of packages share.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "${TMPDIR:-/var/tmp}/agent-pipeline-packaging.XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# silent WHAT COMMAND...: it must succeed and say nothing.
silent() {
    local what=$1 said status=0
    shift
    said=$("$@" 2>&1) || status=$?
    [ $status -eq 0 ] && [ -z "$said" ] || fail "$what (exit code $status): $said"
    printf 'ok: %s\n' "$what"
}

# one PATTERN: the one file of that name.
one() {
    local found=("$@")
    [ ${#found[@]} -eq 1 ] && [ -e "${found[0]}" ] || fail "expected one file, found: ${found[*]}"
    printf '%s' "${found[0]}"
}
