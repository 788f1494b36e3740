#!/usr/bin/env bash
# Install the wheel from a wheelhouse and run the main job, both with networking off.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
house=build/wheelhouse

# A user namespace works for everybody where the kernel allows it; root needs none.
if unshare -rn true 2>/dev/null; then
    without_network=(unshare -rn)
elif unshare -n true 2>/dev/null; then
    without_network=(unshare -n)
else
    echo "offline: skipped: this machine cannot switch networking off for one command"
    [ "${DETENTE_STRICT:-}" != 1 ] || exit 1
    exit 0
fi

rm -rf build/wheelhouse build/offline
mkdir -p "$house"
# The run-time part of the lock: the same versions, without what only builds and tests need.
"$bin/uv" pip compile -q --generate-hashes --no-emit-index-url --no-header \
    -c requirements.lock pyproject.toml -o build/runtime.lock
"$bin/python" -m pip download -q --require-hashes --only-binary :all: \
    -r build/runtime.lock -d "$house"
"$bin/hatchling" build -t wheel -d "$house" >/dev/null

python3 -m venv build/offline
"${without_network[@]}" build/offline/bin/python -m pip --isolated install -q \
    --no-index --find-links "$house" detente
"${without_network[@]}" build/offline/bin/detente assess cases/training --out build/offline/report >/dev/null
test -s build/offline/report/index.html
test -s build/offline/report/report.pdf
echo "offline: main job ran with networking off"
