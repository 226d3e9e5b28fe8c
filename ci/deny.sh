#!/usr/bin/env bash
# Licences, bans and sources of all that is depended on, in each of the three
# lock files; with `ci/deny.sh advisories` also the RustSec database, which is
# fetched or must be there.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo deny --version >/dev/null 2>&1; then
    echo "skipped cargo-deny: not installed; cargo install cargo-deny"
    [ -z "${SHM_SKIPS:-}" ] || echo "cargo-deny: not installed" >> "$SHM_SKIPS"
    exit 0
fi
checks=(licenses bans sources "$@")
echo "=== the workspace"
cargo deny --workspace check "${checks[@]}"
for folder in bench fuzz; do
    echo "=== $folder"
    cargo deny --manifest-path $folder/Cargo.toml --config ci/deny-tools.toml check "${checks[@]}"
done
