#!/usr/bin/env bash
# Which lines the Rust tests run: ci/coverage.sh [PACKAGE ...]
#
# Needs llvm-profdata and llvm-cov of the compiler's LLVM, or a newer one:
# LLVM_PROFDATA and LLVM_COV name them. In Debian they are of `llvm-22`, below
# /usr/lib/llvm-22/bin. They must be built with zlib, as PyPI's are not: the
# compiler packs its names.
#
# Of the Rust tests alone. What runs in the compiler while others are built
# (shm-derive) counts by its own tests, and what ends by a signal counts not at
# all: both have more than this shows.
set -euo pipefail
cd "$(dirname "$0")/.."
profdata=${LLVM_PROFDATA:-llvm-profdata}
cov=${LLVM_COV:-llvm-cov}
packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
    packages=(shm-schema shm-rust shm-codegen shm-derive shm-runtime)
fi

skip() {
    echo "skipped coverage: $1"
    [ -z "${SHM_SKIPS:-}" ] || echo "coverage: $1" >> "$SHM_SKIPS"
    exit 0
}
version() {
    "$1" "$2" 2> /dev/null | sed -n 's/.*LLVM version:\{0,1\} \([0-9]*\).*/\1/p' | head -n 1
}
needed=$(version rustc -vV)
for tool in "$profdata" "$cov"; do
    found=$(version "$tool" --version)
    [ "${found:-0}" -ge "$needed" ] || skip "no $tool of LLVM $needed, found ${found:-none}"
done

target=${CARGO_TARGET_DIR:-target}/coverage
profiles=$target/profiles
mkdir -p "$profiles"
profiles=$(realpath "$profiles")
export RUSTFLAGS="-Cinstrument-coverage" CARGO_TARGET_DIR=$target
export LLVM_PROFILE_FILE="$profiles/%p-%8m.profraw"
each=()
for package in "${packages[@]}"; do
    each+=(--package "$package")
done
# First, so that what does not compile ends the script, and what ran to build
# the tests (build scripts, macros) is not counted.
# The programs are listed here too: what is built from sources that changed
# while the tests ran has other counters.
built=$(cargo test "${each[@]}" --no-run --quiet --message-format=json)
rm -f "$profiles"/*.profraw
# The test that compiles a program for each refusal would measure those too.
cargo test "${each[@]}" --no-fail-fast --quiet -- --skip each_refusal_reads_like_advice > "$target/log" 2>&1 \
    || echo "some tests failed; see $target/log"

# What ended by a signal may have left half a profile: it is warned of.
"$profdata" merge --sparse --failure-mode=all "$profiles"/*.profraw -o "$target/merged.profdata"
# The test programs, and the command line that they start.
objects=()
while read -r program; do
    objects+=(--object "$program")
done < <(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<< "$built")
sources=()
for package in "${packages[@]}"; do
    sources+=("$PWD/$package/src")
done
# The first program stands without its flag, or a source would be taken for it.
"$cov" report --instr-profile "$target/merged.profdata" "${objects[@]:1}" "${sources[@]}" \
    | tee "$target/report"
