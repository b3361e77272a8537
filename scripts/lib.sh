# Shared by the scripts beside it (source it; it runs nothing). Every `ensure_*` leaves the machine able to do one thing,
# does nothing when it already is, and otherwise installs what is missing or says which command would.
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Tools that are not part of the project, kept from one clone to the next.
CACHE=${ALLIN_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/allin}
# Where the servers started for tests note their addresses. `make test` sets a folder of its own, so that it never
# stops what somebody started by hand.
PEERS=${ALLIN_PEERS_DIR:-$ROOT/.cache/peers}
# Tools built by `tool_install` come first, so that everybody runs the same version.
PATH=$CACHE/bin:$PATH
cd "$ROOT"
TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# apt_install PACKAGE...: installs Debian packages, as root or through a sudo that asks nothing.
apt_install() {
  local sudo=()
  have apt-get || die "this machine has no apt-get. Install what these Debian packages hold, then try again: $*"
  if [ "$(id -u)" -ne 0 ]; then
    have sudo && sudo -n true 2>/dev/null || die "something is missing. Install it, then try again:
    sudo apt-get update && sudo apt-get install --no-install-recommends -y $*"
    sudo=(sudo -n)
  fi
  say "Installing Debian packages: $*"
  "${sudo[@]}" apt-get update -qq >/dev/null
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -qq -y "$@" >/dev/null
}

# What building the server and the UI needs: Rust, Node, and a C compiler for SQLite and for linking.
ensure_build_tools() {
  have cargo || die "Rust is missing. Install it with rustup (the site is rustup.rs), open a new shell, then try again."
  have node && have npm || die "Node.js 20.19 or newer, with npm, is missing. Install it, then try again."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js $(node --version) is too old: 20.19 or newer is needed."
  # libc6-dev brings the headers and start files without which a compiler alone links nothing.
  if ! { have cc && have c++ && [ -n "$(cc -print-file-name=crt1.o | grep /)" ]; }; then
    apt_install gcc g++ libc6-dev
  fi
}

# What videos need while the server runs. It starts without, and says so (`allin doctor`).
ensure_ffmpeg() {
  if ! have ffmpeg || ! have ffprobe; then apt_install ffmpeg; fi
}

# What the tests need beside that: PostgreSQL, a browser, and what compiles the PDS's SQLite.
ensure_test_tools() {
  local missing=()
  postgres_bin >/dev/null || missing+=(postgresql)
  chromium_path >/dev/null || missing+=(chromium)
  have make || missing+=(make)
  have python3 || missing+=(python3)
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# Prints the folder with PostgreSQL's programs, the newest version's when there are several.
postgres_bin() {
  local dir
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /none/)")"; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
      echo "$dir"
      return
    fi
  done
  return 1
}

# Prints the path of a Chromium for the browser tests.
chromium_path() {
  local name
  for name in "${CHROMIUM_PATH:-chromium}" chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && return
  done
  return 1
}

# tool_install CRATE VERSION [OPTION...]: builds a cargo tool once per machine. Not optimised on purpose: such a tool
# runs for seconds, and on two cores it builds in a fraction of the time (cargo-deny: 49 s instead of minutes).
tool_install() {
  local crate=$1 version=$2
  shift 2
  say "Building $crate $version (once for this machine, one to three minutes)"
  CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="$CACHE/build" \
    cargo install --quiet --locked --debug --root "$CACHE" --version "$version" "$@" "$crate"
  rm -rf "$CACHE/build"
}

ensure_nextest() {
  have cargo-nextest || tool_install cargo-nextest 0.9.143 --no-default-features --features default-no-update
}

ensure_deny() {
  have cargo-deny || tool_install cargo-deny 0.20.2
}

# npm_ci FOLDER: installs a folder's npm packages, unless they are the ones its lock file names.
npm_ci() {
  local dir=$1 stamp=$1/node_modules/.allin-lock
  if [ -f "$stamp" ] && cmp -s "$stamp" "$dir/package-lock.json"; then return; fi
  say "Installing the npm packages of ${dir#"$ROOT"/}"
  (cd "$dir" && npm ci --no-audit --no-fund --no-update-notifier >&2)
  cp "$dir/package-lock.json" "$stamp"
}

# What the networks' own clients need: a Python that can make virtual environments.
ensure_judges() {
  if ! { have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null; }; then
    apt_install python3 python3-venv
  fi
}

# python_venv NAME REQUIREMENTS: prints the folder of a Python environment with what REQUIREMENTS names, made once per
# machine and made again when that file changes.
python_venv() {
  local dir=$CACHE/python/$1 requirements=$2
  if ! cmp -s "$dir/requirements.txt" "$requirements"; then
    say "Installing the Python packages of ${requirements#"$ROOT"/}"
    rm -rf "$dir"
    python3 -m venv "$dir" >&2 &&
      "$dir/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2 &&
      cp "$requirements" "$dir/requirements.txt" || return 1
  fi
  echo "$dir"
}

# wait_for_http ADDRESS: waits up to a minute until it answers.
wait_for_http() {
  node -e '
    const [address] = process.argv.slice(1);
    const end = Date.now() + 60_000;
    const attempt = () => fetch(address).then((answer) => process.exit(answer.ok ? 0 : 1), () => {
      if (Date.now() > end) process.exit(1);
      setTimeout(attempt, 200);
    });
    attempt();' "$1"
}

# free_port [WANTED]: prints a port of 127.0.0.1 that nobody listens on, WANTED if it is one.
free_port() {
  node -e '
    const net = require("node:net");
    const attempt = (port) => net.createServer()
      .once("error", () => attempt(0))
      .listen(port, "127.0.0.1", function () { console.log(this.address().port); this.close(); });
    attempt(Number(process.argv[1] ?? 0));' "$@"
}

# build_ui: builds web/dist, unless nothing it is made from has changed since.
build_ui() {
  npm_ci "$ROOT/web"
  if [ -f web/dist/index.html ] && [ -z "$(find web -newer web/dist/index.html \
    -not -path 'web/dist*' -not -path 'web/node_modules*' -not -path web -print -quit)" ]; then return; fi
  say "Building the UI"
  npm --prefix web run build
}

# check NAME COMMAND...: runs one of several checks, remembers whether it failed, and goes on.
failed=()
check() {
  local name=$1 start=$SECONDS
  shift
  say "$name"
  if "$@"; then
    say "$name: fine ($((SECONDS - start)) s)"
  else
    failed+=("$name")
    say "$name: FAILED ($((SECONDS - start)) s)"
  fi
}

# checks_done: says what failed, and ends the script.
checks_done() {
  [ ${#failed[@]} -eq 0 ] || die "failed: $(printf '%s; ' "${failed[@]}" | sed 's/; $//')"
  say "All fine ($SECONDS s)"
  exit 0
}
