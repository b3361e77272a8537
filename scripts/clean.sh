#!/usr/bin/env bash
# Stops servers started by hand from this clone and deletes all that can be built again. Keeps ./data and allin.toml.
source "$(dirname "$0")/lib.sh"

scripts/pds.sh stop
if postgres_bin >/dev/null; then
  scripts/postgres.sh stop
  scripts/postgres.sh stop --durable
fi
say "Deleting what was built (the data folder stays)"
cargo clean
rm -rf web/dist web/node_modules tests/peers/pds/node_modules .cache
