"""Holds recorded requests against the parameters of docs.joinmastodon.org, since Mastodon publishes no schema:
`recorded.py FILE`. See ../README.md."""

import json
import sys
from pathlib import Path

# methods/statuses#create, methods/media#v2, methods/search#v2, methods/oauth#revoke, methods/apps#create.
PARAMETERS = {
    ("POST", "/api/v1/statuses"): {
        "status", "media_ids", "poll", "in_reply_to_id", "sensitive", "spoiler_text", "visibility",
        "language", "scheduled_at", "quoted_status_id", "quote_approval_policy",
    },
    ("POST", "/api/v2/media"): {"file", "thumbnail", "description", "focus"},
    ("GET", "/api/v2/search"): {
        "q", "type", "resolve", "following", "account_id", "exclude_unreviewed", "max_id", "min_id",
        "limit", "offset",
    },
    ("POST", "/oauth/revoke"): {"client_id", "client_secret", "token"},
    ("POST", "/api/v1/apps"): {"client_name", "redirect_uris", "scopes", "website"},
}
POLL = {"options", "expires_in", "multiple", "hide_totals"}


def check(requests):
    checked = 0
    for request in requests:
        known = PARAMETERS.get((request["method"], request["path"]))
        if not known:
            continue
        body = request.get("json") or {}
        names = {name for name, _ in request["query"] + request.get("form", [])} | set(body)
        names |= {part["name"] for part in request.get("parts", [])}
        poll = {name.split("[")[1].rstrip("]") for name in names if name.startswith("poll[")}
        poll |= set(body.get("poll") or {})
        # Mastodon.py 2.3.3 also sends a list of its own, which servers leave aside.
        names = {name.split("[")[0] for name in names} - {"valid_policies"}
        if names - known or poll - POLL:
            wrong = ", ".join(sorted((names - known) | (poll - POLL)))
            raise SystemExit(f"mastodon: {request['method']} {request['path']} has no {wrong}")
        checked += 1
    if not checked:
        raise SystemExit("mastodon: no request was recorded")
    return checked


if __name__ == "__main__":
    print(f"mastodon: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit the documentation")
