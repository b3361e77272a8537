#!/usr/bin/env bash
# Lets the networks' own clients and schemas judge the simulated networks, and with them what our connectors send:
# every folder of tests/judges holds a client of somebody else's (requirements.txt, package.json) and what it is made
# to do (run.py, run.mjs). Arguments name the folders to run; without any, all of them.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
ensure_judges
if [ -z "${ALLIN_BIN:-}" ]; then
  cargo build --locked --bin allin
  ALLIN_BIN=$TARGET/debug/allin
fi

judges=("$@")
[ ${#judges[@]} -gt 0 ] || mapfile -t judges < <(cd tests/judges && ls -d */ | tr -d /)

log=$(mktemp)
sandbox=
stop_sandbox() { [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true; }
trap 'stop_sandbox; rm -f "$log"' EXIT

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
  local name=$1 dir=$ROOT/tests/judges/$1 venv
  if [ -f "$dir/run.py" ]; then
    venv=$(python_venv "$name" "$dir/requirements.txt") || return 1
    (cd "$dir" && "$venv/bin/python" run.py) || return 1
  fi
  if [ -f "$dir/run.mjs" ]; then
    [ ! -f "$dir/package.json" ] || npm_ci "$dir" || return 1
    (cd "$dir" && node run.mjs) || return 1
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
