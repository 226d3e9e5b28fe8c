#!/usr/bin/env bash
# Every test; the same command as in the README.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo xtask test
