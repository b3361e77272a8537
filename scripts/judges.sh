#!/usr/bin/env bash
# Lets the networks' own clients and schemas judge the simulated networks (run.py, run.mjs) and what our connectors send
# (recorded.py, recorded.mjs): see tests/judges/README.md. Arguments name the folders of tests/judges to run; without
# any, all of them. ALLIN_TEST_REQUESTS: a folder of recorded requests; without it, they are recorded first.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
ensure_judges
export PYTHONDONTWRITEBYTECODE=1
if [ -z "${ALLIN_BIN:-}" ]; then
  cargo build --locked --bin allin
  ALLIN_BIN=$TARGET/debug/allin
fi

judges=("$@")
[ ${#judges[@]} -gt 0 ] || mapfile -t judges < <(cd tests/judges && dirname */README.md)

log=$(mktemp)
recorded=$(mktemp -d)
sandbox=
stop_sandbox() { [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true; }
trap 'stop_sandbox; rm -rf "$log" "$recorded"' EXIT

if [ -z "${ALLIN_TEST_REQUESTS:-}" ]; then
  say "Recording what our connectors send"
  ensure_ffmpeg
  export ALLIN_TEST_REQUESTS=$recorded
  cargo test --locked --quiet -p allin --test it every_format
fi
# All networks are recorded together, or none.
[ -n "$(ls -A "$ALLIN_TEST_REQUESTS")" ] || die "no requests were recorded: the test that publishes every format failed"

# A sandbox of its own for each judge: some put its clock forward.
start_sandbox() {
  local port
  port=$(free_port)
  export SANDBOX_URL=http://127.0.0.1:$port
  "$ALLIN_BIN" sandbox --listen "127.0.0.1:$port" >"$log" 2>&1 &
  sandbox=$!
  wait_for_http "$SANDBOX_URL/sandbox" || { cat "$log" >&2; return 1; }
}

run_judge() {
  local name=$1 dir=$ROOT/tests/judges/$1 sent=$ALLIN_TEST_REQUESTS/$1.json venv
  if [ -f "$dir/run.py" ]; then
    venv=$(python_venv "$name" "$dir/requirements.txt") || return 1
    (cd "$dir" && "$venv/bin/python" run.py) || return 1
    if [ -f "$dir/recorded.py" ] && [ -f "$sent" ]; then
      (cd "$dir" && "$venv/bin/python" recorded.py "$sent") || return 1
    fi
  fi
  if [ -f "$dir/run.mjs" ]; then
    [ ! -f "$dir/package.json" ] || npm_ci "$dir" || return 1
    (cd "$dir" && node run.mjs) || return 1
    if [ -f "$dir/recorded.mjs" ] && [ -f "$sent" ]; then
      (cd "$dir" && node recorded.mjs "$sent") || return 1
    fi
  fi
}

judge() {
  local result=0
  start_sandbox && run_judge "$1" || result=1
  stop_sandbox
  return $result
}

for name in "${judges[@]}"; do
  check "Judges of $name" judge "$name"
done
checks_done
