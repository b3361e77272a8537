#!/usr/bin/env bash
# Measures AllIN against the budgets in ARCHITECTURE.md. Options go to the benchmark program.
source "$(dirname "$0")/lib.sh"

ALLIN_PEERS_DIR=$(mktemp -d)
export ALLIN_PEERS_DIR
stop_peers() {
  "$ROOT/scripts/postgres.sh" stop --durable || true
  rm -rf "$ALLIN_PEERS_DIR"
}
trap stop_peers EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

"$ROOT/scripts/build.sh"
ensure_test_tools
ensure_ffmpeg
npm_ci "$ROOT/crates/bench/lighthouse"
CHROMIUM_PATH=$(chromium_path)
say "Starting a PostgreSQL that keeps what it acknowledges"
ALLIN_BENCH_POSTGRES_URL=$(scripts/postgres.sh start --durable)
ALLIN_BIN=$TARGET/release/allin
export ALLIN_BENCH_POSTGRES_URL ALLIN_BIN CHROMIUM_PATH
say "Measuring"
cargo run --release --locked --quiet -p allin-bench -- "$@"
