#!/usr/bin/env bash
# Formatting, clippy and docs, with warnings denied; ruff for what Python is
# written by hand, where the tests have made their venv or ruff is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --quiet -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
ruff=${CARGO_TARGET_DIR:-target}/venv/bin/ruff
[ -x "$ruff" ] || ruff=ruff
if "$ruff" --version > /dev/null 2>&1; then
    "$ruff" check --no-cache --quiet .
else
    echo "skipped ruff: not installed; \`cargo xtask test\` has it in its venv"
    [ -z "${SHM_SKIPS:-}" ] || echo "ruff: not installed" >> "$SHM_SKIPS"
fi
