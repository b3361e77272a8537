#!/usr/bin/env bash
# Formats all sources: Rust, and the UI's.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
npm_ci "$ROOT/web"
say "Formatting"
cargo fmt --all
npm --prefix web run format
