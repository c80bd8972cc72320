#!/usr/bin/env bash
# Everything that is tested, from a fresh Debian 12 on: installs, builds, makes the sandbox image, runs ctest.
#   tests/run.sh [CTEST-ARGS...]
# The last line is ctest's own summary.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../packaging/setup.sh"

install_missing "${build_packages[@]}" "${test_packages[@]}"
build release
start_engine
trap stop_engine EXIT
ensure_image "$root/build/release/bin/agent-pipeline"

export QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
# A test must not find the developer's own key, settings or history.
unset ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL ANTHROPIC_MODEL ANTHROPIC_CUSTOM_HEADERS

status=0
# Benchmarks measure, they do not judge; they are run by name.
ctest --test-dir "$root/build/release" --output-on-failure --label-exclude bench --parallel 2 "$@" </dev/null || status=$?
stop_engine
exit $status
