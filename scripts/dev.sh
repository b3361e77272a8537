#!/usr/bin/env bash
# The server and the UI for development: both rebuild when their sources change.
source "$(dirname "$0")/lib.sh"

ensure_build_tools
# The server embeds the UI and so needs one to compile; what you see is the development server's.
build_ui
say "Open http://127.0.0.1:5173 once the server answers. Ctrl-C stops both."
exec node "$ROOT/scripts/dev.mjs"
