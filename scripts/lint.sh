#!/usr/bin/env bash
# Checks formatting, lints, licences and the walls between crates. Changes nothing.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
ensure_deny
# The server embeds the UI, so it does not compile without it.
build_ui

check "Rust format" cargo fmt --all --check
check "Walls between crates" node scripts/walls.mjs
# Advisories are left out: their database is on a host that not every machine can reach.
check "Licences, bans, sources" cargo deny --locked check licenses bans sources
check "Clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
check "Web lint" npm --prefix web run lint
check "Web types" npm --prefix web run typecheck
checks_done
