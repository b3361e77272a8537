#!/usr/bin/env bash
# Builds the UI and the server that carries it: target/release/allin.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
build_ui
say "Building the server (optimised; the first time takes some minutes)"
cargo build --release --locked --bin allin
say "Built $TARGET/release/allin"
