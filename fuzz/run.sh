#!/usr/bin/env bash
# Each target for so many seconds: fuzz/run.sh [SECONDS] [TARGET ...]
#
# Needs `cargo install cargo-fuzz`. The sanitizers' flags are unstable;
# RUSTC_BOOTSTRAP lets the stable compiler take them.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-600}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    targets=(schema header descriptor)
fi
export RUSTC_BOOTSTRAP=1
# The fuzzer ends without running a destructor.
trap "rm -f /dev/shm/shm-fuzz.*" EXIT
for target in "${targets[@]}"; do
    # What is found goes to a folder that is not in the tree; the seeds come
    # from the tree, and for schemas from all the tests there are.
    found=${CARGO_TARGET_DIR:-target}/corpus/$target
    mkdir -p "$found"
    seeds=("corpus/$target")
    if [ "$target" = schema ]; then
        seeds=(../schemas ../shm-schema/tests/corpus ../shm-schema/tests/rejects)
    fi
    echo "=== $target for $seconds s"
    # The limit of one run is of the clock on the wall, which goes on while a
    # busy machine has the fuzzer wait: far more than any run takes.
    cargo fuzz run "$target" "$found" "${seeds[@]}" -- \
        -max_total_time="$seconds" -max_len=8192 -timeout=300 -rss_limit_mb=2048 \
        -verbosity=0 -print_final_stats=1
done
