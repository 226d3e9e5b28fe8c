#!/usr/bin/env bash
# The runtime on a processor with a weak memory order: its tests under
# qemu-user, its assembly searched for the fences, and segments that an emulated
# and a native process share, one writing and one reading.
#
# Needs an emulator, a linker and the standard library for arm64; in Debian
# `qemu-user`, `gcc-aarch64-linux-gnu` and, of a compiler that is new enough,
# `libstd-rust-*-dev:arm64`. QEMU, AARCH64_CC and RUSTC name others.
# qemu runs with the order of the machine it runs on, so this shows that the
# code works; that the order is right is shown by loom and by the assembly.
set -euo pipefail
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu
cc=${AARCH64_CC:-aarch64-linux-gnu-gcc}
qemu=${QEMU:-qemu-aarch64 -L /usr/aarch64-linux-gnu}

skip() {
    echo "skipped aarch64: $1"
    [ -z "${SHM_SKIPS:-}" ] || echo "aarch64: $1" >> "$SHM_SKIPS"
    exit 0
}
command -v "${cc%% *}" > /dev/null || skip "no ${cc%% *}"
command -v "${qemu%% *}" > /dev/null || skip "no ${qemu%% *}"
library=$("${RUSTC:-rustc}" --print target-libdir --target $target)
compgen -G "$library/libstd-*.rlib" > /dev/null || skip "no standard library for $target"

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=$cc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=$qemu
# Ours alone, so that a reader beside a writer that never pauses gets on.
optimised=(--config profile.dev.package.shm-runtime.opt-level=3
    --config profile.dev.package.shm-torture.opt-level=3)
# The emulator answers `madvise` with yes and no deed, and makes up `smaps`.
cargo test --package shm-runtime --lib --target $target "${optimised[@]}" \
    -- --skip every_page_is_mapped_when_it_is_asked_for

# A program that reads and writes, in one piece, so that there is machine code
# to look at; of it, what is the runtime's, as the standard library has fences
# too. No `ldar` is asked for: a reader's map is read-only, and there the
# standard library allows relaxed loads alone, so a reader has the acquire fence
# instead (`dmb ishld`, see `latch.rs`). The one acquire load of the runtime is
# in the handler of truncation, which is no part of reading.
cargo rustc --package shm-torture --bin shm-torture --target $target "${optimised[@]}" \
    -- --emit asm -C codegen-units=1
programs=${CARGO_TARGET_DIR:-target}/$target/debug
assembly=$(ls -t "$programs"/deps/shm_torture-*.s | head -n 1)
functions=$(awk '/^[_A-Za-z][^ ]*:$/ { ours = /shm_runtime|shm_torture5roles/ } ours' "$assembly")
for fence in 'dmb[[:space:]]*ishld' 'dmb[[:space:]]*ish$' 'stlr' 'ldar'; do
    found=$(grep -cE "[[:space:]]$fence" <<< "$functions" || true)
    echo "aarch64: $found times $fence"
    [ "$found" -gt 0 ] || [ "$fence" = ldar ] \
        || { echo "error: no $fence in $assembly" >&2; exit 1; }
done

# One segment, two processors: the emulated one with Rust and Python on this one.
cargo xtask torture torn --reads "${READS:-100000}" --emulated "$qemu $programs/shm-torture"
