#!/usr/bin/env bash
# A throw-away PostgreSQL on 127.0.0.1 and a Unix socket, for tests and benchmarks.
#
#   scripts/postgres.sh start [--durable]   starts one unless it runs, prints its URL
#   scripts/postgres.sh url [--durable]     prints the URL of the running one (superuser, database `postgres`)
#   scripts/postgres.sh stop [--durable]    stops it and deletes its data
#
# The default one trades safety for speed (no fsync). --durable is another one beside it, which keeps what it has
# acknowledged as a production server does: benchmarks measure that one.
source "$(dirname "$0")/lib.sh"

command=${1:-}
kind=${2:---quick}
case "$command $kind" in
  "start "* | "stop "* | "url "*) ;;
  *) die "usage: scripts/postgres.sh start|stop|url [--durable]" ;;
esac
case $kind in
  --quick) settings="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB" ;;
  --durable) settings="-c shared_buffers=512MB -c max_wal_size=4GB" ;;
  *) die "unknown option $kind: only --durable is known" ;;
esac
state=$PEERS/postgres$kind
url_file=$state/url
dir_file=$state/dir

# PostgreSQL refuses to run as root, so root runs it as the user that Debian's package made for it.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

running() {
  [ -f "$dir_file" ] && as_postgres "$bin/pg_ctl" status -D "$(cat "$dir_file")/data" >/dev/null 2>&1
}

start() {
  if running; then
    cat "$url_file"
    return
  fi
  remove
  local dir port password
  # Not below the clone: that may stand in a home that the user `postgres` cannot enter. /var/tmp is on a disk even
  # where /tmp is in memory, and a durable server on a memory disk would be a lie.
  dir=$(mktemp -d /var/tmp/allin-postgres.XXXXXX)
  port=$(free_port)
  password=$(node -p 'require("node:crypto").randomBytes(16).toString("hex")')
  mkdir -p "$state"
  echo "$dir" >"$dir_file"
  (umask 077 && printf '%s' "$password" >"$dir/password")
  if [ "$(id -u)" -eq 0 ]; then chown -R postgres: "$dir"; fi

  # `password`, not `scram`: the answer costs an unoptimised client nothing, and it never leaves the loopback device.
  as_postgres "$bin/initdb" -D "$dir/data" -U postgres --auth=password --pwfile="$dir/password" \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$state/initdb.log" || {
    cat "$state/initdb.log" >&2
    die "PostgreSQL could not make a database folder in $dir."
  }
  # A schema per tenant means many tables, and their migrations take many locks in one transaction.
  as_postgres "$bin/pg_ctl" start --wait --silent -D "$dir/data" -l "$dir/log" -o "-p $port -k $dir \
    -c listen_addresses=127.0.0.1 -c max_connections=300 -c max_locks_per_transaction=512 -c jit=off $settings" || {
    cat "$dir/log" >&2
    die "PostgreSQL did not start."
  }
  (umask 077 && echo "postgres://postgres:$password@127.0.0.1:$port/postgres" >"$url_file")
  cat "$url_file"
}

# Deletes what `start` made, whether or not it got to the end.
remove() {
  if [ -f "$dir_file" ]; then
    local dir
    dir=$(cat "$dir_file")
    case $dir in /var/tmp/allin-postgres.*) rm -rf "$dir" ;; esac
  fi
  rm -rf "$state"
}

bin=$(postgres_bin) || {
  if [ "$command" != start ]; then die "PostgreSQL is not installed, so none runs here."; fi
  apt_install postgresql
  bin=$(postgres_bin)
}
case $command in
  start) start ;;
  stop)
    if running; then as_postgres "$bin/pg_ctl" stop --silent --mode=immediate -D "$(cat "$dir_file")/data"; fi
    remove
    ;;
  url)
    running || die "no such PostgreSQL runs here. Start it: scripts/postgres.sh start${2:+ $2}"
    cat "$url_file"
    ;;
esac
