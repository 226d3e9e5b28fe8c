#!/usr/bin/env bash
# Changes the layout law and the checks of schemas in one place at a time; the
# crate's own tests must notice: ci/mutants.sh [SHARD/SHARDS] [FILE ...]
# The same of the runtime's latch and header: ci/mutants.sh runtime [SHARD/SHARDS]
#
# Needs `cargo install cargo-mutants`. Some 600 mutants of ten seconds each, of
# the runtime 170 of half a minute: on a small machine run a part, as
# `ci/mutants.sh 3/60` does. What is missed is listed in
# `mutants.out/missed.txt` below the build folder; each such mutant wants a
# test, as in `shm-schema/tests/borders.rs`, or a reason why nobody can see the
# difference, in docs/promises.md.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo mutants --version > /dev/null 2>&1; then
    echo "skipped mutants: not installed; cargo install cargo-mutants"
    [ -z "${SHM_SKIPS:-}" ] || echo "mutants: not installed" >> "$SHM_SKIPS"
    exit 0
fi
package=shm-schema
if [ "${1:-}" = runtime ]; then
    package=shm-runtime
    shift
fi
shard=()
if [[ "${1:-}" == */* && ! -e "${1:-}" ]]; then
    shard=(--shard "$1" --sharding round-robin)
    shift
fi
files=("$@")
# No other test is built.
tests=(--cargo-arg=--lib)
rest=()
if [ $package = shm-schema ]; then
    [ ${#files[@]} -gt 0 ] || files=(shm-schema/src/law.rs shm-schema/src/check.rs 'shm-schema/src/check/*.rs')
    # Those of `hostile` take longer than all of these, and every mutant is
    # noticed without them.
    each=(borders foreign rejects golden layout_law holes imports gathering)
else
    [ ${#files[@]} -gt 0 ] || files=(shm-runtime/src/latch.rs shm-runtime/src/latch/copies.rs shm-runtime/src/latch/fetch.rs shm-runtime/src/latch/orders.rs shm-runtime/src/latch/words.rs shm-runtime/src/latch/writing.rs shm-runtime/src/segment/head.rs)
    each=(hostile arrays)
    # Without this the tests beside a writer take half a minute.
    export CARGO_PROFILE_DEV_OPT_LEVEL=1
    # Starts Python, and is about neither.
    rest=(-- -- --skip agreement)
fi
for test in "${each[@]}"; do
    tests+=(--cargo-arg="--test=$test")
done
for file in "${files[@]}"; do
    tests+=(--file "$file")
done
mkdir -p "${CARGO_TARGET_DIR:-target}"
export CARGO_PROFILE_DEV_DEBUG=0
cargo mutants --package $package "${shard[@]}" "${tests[@]}" \
    --timeout 120 --output "${CARGO_TARGET_DIR:-target}" "${rest[@]}"
