#!/usr/bin/env bash
# The runtime on a processor with a weak memory order: its tests under
# qemu-user, and its assembly searched for the fences.
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
cargo test --package shm-runtime --lib --target $target

# A program that reads and writes, so that there is machine code to look at.
# No `ldar` is asked for: a reader's map is read-only, and there the standard
# library allows relaxed loads alone, so a reader has the acquire fence instead
# (`dmb ishld`, see `latch.rs`). The one acquire load of the runtime is in the
# handler of truncation, and no program has it that does not guard.
cargo rustc --release --package shm-interop --bin shm-interop --target $target -- --emit asm
assembly=$(ls -t "${CARGO_TARGET_DIR:-target}"/$target/release/deps/shm_interop-*.s | head -n 1)
for fence in 'dmb[[:space:]]*ishld' 'dmb[[:space:]]*ish$' 'stlr'; do
    found=$(grep -cE "$fence" "$assembly" || true)
    echo "aarch64: $found times $fence"
    [ "$found" -gt 0 ] || { echo "error: no $fence in $assembly" >&2; exit 1; }
done
