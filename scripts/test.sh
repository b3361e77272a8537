#!/usr/bin/env bash
# Runs all tests: Rust (on SQLite, PostgreSQL and a real Bluesky server), the web UI's, and the browser's.
# Installs what is missing, and stops every server it started, whatever happens.
source "$(dirname "$0")/lib.sh"

ALLIN_PEERS_DIR=$(mktemp -d)
# What the Rust tests send to the networks, for the networks' own clients to judge.
ALLIN_TEST_REQUESTS=$(mktemp -d)
export ALLIN_PEERS_DIR ALLIN_TEST_REQUESTS
stop_peers() {
  "$ROOT/scripts/pds.sh" stop || true
  "$ROOT/scripts/postgres.sh" stop || true
  rm -rf "$ALLIN_PEERS_DIR" "$ALLIN_TEST_REQUESTS"
}
trap stop_peers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ensure_build_tools
ensure_test_tools
ensure_ffmpeg
ensure_nextest

say "Starting PostgreSQL and a Bluesky server for the tests"
ALLIN_TEST_POSTGRES_URL=$(scripts/postgres.sh start)
scripts/pds.sh start >/dev/null
eval "$(scripts/pds.sh env)"
CHROMIUM_PATH=$(chromium_path)
ALLIN_BIN=$TARGET/debug/allin
# Everything is here, so a test that finds something missing must fail, not skip.
ALLIN_TEST_REQUIRE=1
export ALLIN_TEST_POSTGRES_URL CHROMIUM_PATH ALLIN_BIN ALLIN_TEST_REQUIRE

build_ui
say "Building the server for the browser tests"
cargo build --locked --bin allin
check "The UI's API types are the server's" npm --prefix web run api -- --check
check "Size of the UI" npm --prefix web run size
check "Rust tests" cargo nextest run --workspace --locked --profile full --test-threads "$(($(nproc) * 3))"
check "Rust documentation tests" cargo test --workspace --doc --locked --quiet
check "The networks' own clients and schemas" scripts/judges.sh
check "Web tests" npm --prefix web run test
check "Browser tests" npm --prefix web run e2e
checks_done
