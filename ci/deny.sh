#!/usr/bin/env bash
# Licences, bans and sources of all that is depended on: deny.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo deny --version >/dev/null 2>&1; then
    echo "skipped cargo-deny: not installed; cargo install cargo-deny"
    exit 0
fi
cargo deny --workspace check licenses bans sources
