#!/usr/bin/env bash
# Builds AllIN and starts it on its embedded default: no other service, data in ./data. Options go to `allin serve`.
source "$(dirname "$0")/lib.sh"

"$ROOT/scripts/build.sh"
# Without it everything but videos works, so a machine where it can't be installed runs AllIN all the same.
(ensure_ffmpeg) || say "Going on without ffmpeg: videos and sound will be refused."

# The same key that the server reads; its default otherwise.
address=${ALLIN__SERVER__LISTEN:-127.0.0.1:8080}
say "Starting AllIN. Ctrl-C stops it; your data stays in ./data."
# The server takes this script's place, so its process id is ours. Once it answers, say where and what next.
(
  for _ in $(seq 300); do
    sleep 0.2
    kill -0 $$ 2>/dev/null || exit 0
    if node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' \
      "http://$address/health/live"; then
      cat <<EOF

  AllIN runs at  http://$address

  1. Open that address in a browser and sign up.
  2. Connect an account. To try it without one of your own, stop this and run \`make try\`: it serves simulated
     networks beside AllIN, which nobody else sees. For a real Bluesky server on this machine, run
     \`scripts/pds.sh start\` in another terminal, and start AllIN with
     ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS=true make run, or it refuses addresses on this machine.
  3. Write a post, schedule it, and watch it go out.

EOF
      exit 0
    fi
  done
) &
exec "$TARGET/release/allin" serve "$@"
