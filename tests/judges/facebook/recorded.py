"""Holds recorded requests against Meta's own client: `recorded.py FILE`. See ../README.md."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import graph  # noqa: E402

SORTS = ["Page", "PagePost", "Comment", "AdVideo", "Photo", "User"]
# What the client does not know.
DOCUMENTED = [
    graph.Call("GET", "accounts", ["tasks"], of="Page"),  # User Accounts: Reading
]
ELSEWHERE = [
    r"\w+ /v26\.0/(dialog/oauth|oauth/access_token|debug_token)",  # Facebook Login: Manually build a login flow
    r"POST /video-upload/v26\.0/\d+",  # Reels publishing: Upload the video
]


def check(requests):
    return graph.check(requests, "facebook", SORTS, DOCUMENTED, ELSEWHERE)


if __name__ == "__main__":
    print(f"facebook: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit Meta's client")
