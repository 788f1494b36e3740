#!/bin/sh
# Fuzz one target for some seconds: scripts/fuzz/run.sh TARGET [SECONDS]. Exits non-zero on a finding,
# which is left in build/fuzz-corpus/. The environment is made on the first run.
set -eu
cd "$(dirname "$0")/../.."
target=$1 seconds=${2:-120}
if [ ! -e build/fuzz/.ready ]; then
    python3 -m venv build/fuzz
    build/fuzz/bin/pip install --quiet --requirement scripts/fuzz/requirements.txt
    touch build/fuzz/.ready
fi
mkdir -p build/fuzz-corpus
PYTHONPATH=src:scripts build/fuzz/bin/python scripts/fuzz/run.py "$target" \
    "build/fuzz-corpus/$target" -max_total_time="$seconds" -print_final_stats=1 \
    -artifact_prefix="build/fuzz-corpus/$target-"
