"""Holds recorded requests against Google's discovery documents: `recorded.py FILE`. See ../README.md."""

import json
import sys
from pathlib import Path

from googleapiclient.discovery_cache import get_static_doc

import discovery

# developers.google.com/identity/protocols/oauth2/web-server
OAUTH = ("/o/oauth2/v2/auth", "/token", "/revoke")


def check(requests):
    youtube = json.loads(get_static_doc("youtube", "v3"))
    analytics = json.loads(get_static_doc("youtubeAnalytics", "v2"))
    asked = [one for one in requests if one["path"] not in OAUTH]
    for one in asked:
        found = discovery.request_violations(analytics if one["path"].startswith("/v2/") else youtube, one)
        if found:
            raise SystemExit(f"youtube: {'; '.join(found)}")
    if not asked:
        raise SystemExit("youtube: no request was recorded")
    return len(asked)


if __name__ == "__main__":
    print(f"youtube: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit the discovery documents")
