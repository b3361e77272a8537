#!/usr/bin/env bash
# Builds the UI and the server that carries it: target/release/allin.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
build_ui
say "Building the server (optimised; the first time takes some minutes)"
# How long it takes from nothing: `make bench` shows it.
[ -f "$TARGET/release/allin" ] && fresh= || fresh=1
started=$SECONDS
cargo build --release --locked --bin allin
[ -z "$fresh" ] || echo $((SECONDS - started)) >"$TARGET/release/allin.build-seconds"
say "Built $TARGET/release/allin"
