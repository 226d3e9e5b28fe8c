#!/usr/bin/env bash
# The runtime's tests under a sanitizer: ci/sanitizers.sh [thread] [address]
#
# Their flags are unstable; RUSTC_BOOTSTRAP lets the stable compiler take them.
# The sanitizers come with the standard library of the target.
#
# ThreadSanitizer finds plain accesses that race. It knows no fences, so that
# the order is right is shown by the model checker (shm-runtime/src/latch/model.rs)
# and not here. `--cfg shm_words` has records copied word by word, as it
# cannot look into the vector copy.
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizers=("$@")
if [ ${#sanitizers[@]} -eq 0 ]; then
    sanitizers=(thread address)
fi
target=$(rustc -vV | sed -n 's/^host: //p')
export RUSTC_BOOTSTRAP=1

skip() {
    echo "skipped sanitizers: $1"
    [ -z "${SHM_SKIPS:-}" ] || echo "sanitizers: $1" >> "$SHM_SKIPS"
    exit 0
}

# The tests that `$@` names, each flag of a sanitizer for all that is built.
# A target is named, so that macros, which run in the compiler, go without.
run() {
    RUSTFLAGS="-Zsanitizer=$sanitizer -Cunsafe-allow-abi-mismatch=sanitizer --cfg shm_words" \
        CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/sanitizer-$sanitizer \
        cargo test --package shm-runtime --target "$target" "$@"
}

for sanitizer in "${sanitizers[@]}"; do
    short=${sanitizer:0:1}san
    compgen -G "$(rustc --print target-libdir)/librustc-*_rt.$short.a" > /dev/null \
        || skip "no $sanitizer sanitizer for $target"
    echo "=== $sanitizer"
    if [ "$sanitizer" = thread ]; then
        export TSAN_OPTIONS="suppressions=$PWD/ci/tsan.supp"
        # What must be reported, or silence below means nothing.
        control=a_plain_copy_of_a_record_is_a_race
        if run --lib -- --exact "latch::tests::$control" --ignored &> "${TMPDIR:-/tmp}/tsan.$$"; then
            echo "error: the race of the control was not reported" >&2
            exit 1
        fi
        grep -q "WARNING: ThreadSanitizer: data race" "${TMPDIR:-/tmp}/tsan.$$" || {
            cat "${TMPDIR:-/tmp}/tsan.$$"
            exit 1
        }
        rm "${TMPDIR:-/tmp}/tsan.$$"
        echo "control: its race was reported"
        run --lib
    else
        export LSAN_OPTIONS="suppressions=$PWD/ci/lsan.supp:print_suppressions=0"
        # Tests that compile programs of their own would hand them the flags.
        run --lib --test files --test places --test hostile --test records --test values --test processes
    fi
done
