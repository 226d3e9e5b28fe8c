#!/usr/bin/env bash
# Changes the layout law and the checks of schemas in one place at a time; the
# crate's own tests must notice: ci/mutants.sh [SHARD/SHARDS] [FILE ...]
#
# Needs `cargo install cargo-mutants`. Some 570 mutants of ten seconds each: on
# a small machine run a part, as `ci/mutants.sh 3/60` does. What is missed is
# listed in `mutants.out/missed.txt` below the build folder; each such mutant
# wants a test, as in `shm-schema/tests/borders.rs`, or a reason why nobody can
# see the difference, in docs/promises.md.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo mutants --version > /dev/null 2>&1; then
    echo "skipped mutants: not installed; cargo install cargo-mutants"
    [ -z "${SHM_SKIPS:-}" ] || echo "mutants: not installed" >> "$SHM_SKIPS"
    exit 0
fi
shard=()
if [[ "${1:-}" == */* && ! -e "${1:-}" ]]; then
    shard=(--shard "$1" --sharding round-robin)
    shift
fi
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
    files=(shm-schema/src/law.rs shm-schema/src/check.rs 'shm-schema/src/check/*.rs')
fi
each=()
for file in "${files[@]}"; do
    each+=(--file "$file")
done
# No other test is built. Those of `hostile` take longer than all of these, and
# every mutant is noticed without them.
tests=(--cargo-arg=--lib)
for test in borders foreign rejects golden layout_law holes imports gathering; do
    tests+=(--cargo-arg="--test=$test")
done
mkdir -p "${CARGO_TARGET_DIR:-target}"
export CARGO_PROFILE_DEV_DEBUG=0
cargo mutants --package shm-schema "${each[@]}" "${shard[@]}" "${tests[@]}" \
    --timeout 120 --output "${CARGO_TARGET_DIR:-target}"
