#!/usr/bin/env bash
# A real Bluesky server (PDS) on 127.0.0.1, for tests and to try AllIN by hand. Where PostgreSQL is installed, Bluesky's
# AppView runs beside it: what answers for numbers and replies. It is kept in the PostgreSQL of scripts/postgres.sh.
#
#   scripts/pds.sh start   starts one unless it runs, prints a demo account to connect
#   scripts/pds.sh env     prints `export` lines for tests: eval "$(scripts/pds.sh env)"
#   scripts/pds.sh stop    stops it; its accounts and posts are gone
#
# It listens on port 2583 (PDS_PORT) and its DID directory on 2582 (PLC_PORT), or on any free port when those are taken.
# The first start on a machine installs it into a cache folder, which takes about a minute.
source "$(dirname "$0")/lib.sh"

NODE_VERSION=24.18.1
package=$ROOT/tests/peers/pds
state=$PEERS/pds
env_file=$state/env
pid_file=$state/pid

# Puts a Node on the PATH that is new enough for the PDS. The headers lie beside it, so that add-ons compile offline.
use_node() {
  local arch dir=$CACHE/node-v$NODE_VERSION
  if [ ! -x "$dir/bin/node" ]; then
    case $(uname -m) in
      x86_64) arch=x64 ;;
      aarch64) arch=arm64 ;;
      *) die "there is no Node package for $(uname -m) to run the PDS with." ;;
    esac
    say "Fetching Node $NODE_VERSION for the PDS"
    mkdir -p "$CACHE"
    local unpack
    unpack=$(mktemp -d "$CACHE/unpack.XXXXXX")
    (cd "$unpack" && npm pack --silent "node-linux-$arch@$NODE_VERSION" >/dev/null && tar xzf ./*.tgz)
    mv -T "$unpack/package" "$dir" 2>/dev/null || [ -x "$dir/bin/node" ] || die "Node could not be unpacked into $dir."
    rm -rf "$unpack"
  fi
  export PATH=$dir/bin:$PATH npm_config_nodedir=$dir
}

# Installs the PDS once per machine and lock file, and links it to where the server looks for it.
install() {
  local key dir
  key=$(cat "$package/package-lock.json" "$0" | sha256sum | cut -c1-12)
  dir=$CACHE/pds-$key
  if [ ! -f "$dir/ready" ]; then
    have make && have c++ && have python3 || apt_install make g++ python3
    say "Installing the Bluesky PDS (once for this machine, about a minute)"
    rm -rf "$dir"
    mkdir -p "$dir"
    cp "$package"/{package.json,package-lock.json,.npmrc} "$dir"
    # Install scripts stay off, but for the one native add-on. That is compiled rather than downloaded, so that the npm
    # registry is all it needs, and unoptimised, which halves the time.
    (cd "$dir" && npm ci --ignore-scripts >&2 &&
      CFLAGS=-O0 CXXFLAGS=-O0 JOBS=max npm rebuild --build-from-source --foreground-scripts better-sqlite3) >"$dir/install.log" 2>&1 || {
      tail -n 40 "$dir/install.log" >&2
      die "the PDS could not be installed. The whole log: $dir/install.log"
    }
    touch "$dir/ready"
  fi
  ln -sfnT "$dir/node_modules" "$package/node_modules"
}

running() {
  [ -f "$pid_file" ] && grep -qsz "peers/pds/server.mjs" "/proc/$(cat "$pid_file")/cmdline"
}

stop() {
  if running; then
    local pid
    pid=$(cat "$pid_file")
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null && grep -qsz . "/proc/$pid/cmdline"; do sleep 0.1; done
  fi
  rm -rf "$state"
}

start() {
  if running; then return; fi
  use_node
  install
  stop
  mkdir -p "$state"
  PDS_PORT=$(free_port "${PDS_PORT:-2583}")
  PLC_PORT=$(free_port "${PLC_PORT:-2582}")
  export PDS_PORT PLC_PORT
  if postgres_bin >/dev/null; then
    APPVIEW_POSTGRES_URL=$(scripts/postgres.sh start)
    export APPVIEW_POSTGRES_URL
  else
    say "PostgreSQL is not installed, so the Bluesky server runs without an AppView: no numbers, replies and quotes"
  fi
  # A session of its own: Ctrl-C in this terminal is not meant for it.
  setsid node "$package/server.mjs" "$state/data" "$env_file" >"$state/log" 2>&1 </dev/null &
  echo $! >"$pid_file"
  local tries
  for tries in $(seq 600); do
    [ -f "$env_file" ] && return
    running || [ "$tries" -lt 10 ] || break
    sleep 0.1
  done
  tail -n 40 "$state/log" >&2
  stop
  die "the PDS did not start."
}

case ${1:-} in
  start)
    start
    source "$env_file"
    cat <<EOF
A Bluesky server runs on this machine. In AllIN, connect a Bluesky account with
  server        $ALLIN_TEST_PDS_URL
  handle        $ALLIN_TEST_PDS_HANDLE
  app password  $ALLIN_TEST_PDS_APP_PASSWORD
AllIN refuses private addresses unless it was started with ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS=true.
Stop the Bluesky server with: scripts/pds.sh stop
EOF
    ;;
  stop) stop ;;
  env)
    running && [ -f "$env_file" ] || die "no PDS runs here. Start it: scripts/pds.sh start"
    cat "$env_file"
    ;;
  *) die "usage: scripts/pds.sh start|stop|env" ;;
esac
