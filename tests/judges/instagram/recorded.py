"""Holds recorded requests against Meta's own client: `recorded.py FILE`. See ../README.md."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import graph  # noqa: E402

SORTS = ["IGUser", "IGMedia", "IGComment", "Page", "User"]
# What the client does not know.
DOCUMENTED = [
    graph.Call("GET", "accounts", ["tasks"], of="Page"),  # User Accounts: Reading
    graph.Call("GET", "", ["status", "status_code", "video_status"]),  # IG Container: Fields
    graph.Call("DELETE", ""),  # IG Media: Deleting
]
ELSEWHERE = [
    r"\w+ /v26\.0/(dialog/oauth|oauth/access_token|debug_token)",  # Facebook Login: Manually build a login flow
    r"POST /ig-api-upload/v26\.0/\d+",  # Content publishing: Resumable uploads
]


def check(requests):
    return graph.check(requests, "instagram", SORTS, DOCUMENTED, ELSEWHERE)


if __name__ == "__main__":
    print(f"instagram: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit Meta's client")
