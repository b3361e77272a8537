"""Holds recorded requests against the parameters of Threads' reference pages, since Meta publishes no schema of it:
`recorded.py FILE`. See ../README.md."""

import json
import sys
from pathlib import Path

# reference/publishing, "POST /{threads-user-id}/threads".
CONTAINER = {
    "access_token",
    "media_type",
    "text",
    "image_url",
    "video_url",
    "is_carousel_item",
    "children",
    "reply_to_id",
    "reply_control",
    "allowlisted_country_codes",
    "alt_text",
    "link_attachment",
    "quote_post_id",
    "poll_attachment",
    "topic_tag",
    "auto_publish_text",
    "is_spoiler_media",
    "text_entities",
    "text_attachment",
    "gif_attachment",
    "location_id",
    "is_ghost_post",
    "enable_reply_approvals",
}


def check(requests):
    checked = 0
    for request in requests:
        names = {name for name, _ in request["query"] + request.get("form", [])}
        last = request["path"].rsplit("/", 1)[-1]
        if request["method"] != "POST":
            continue
        if last == "threads":
            known = CONTAINER
        elif last == "threads_publish":
            known = {"access_token", "creation_id"}  # reference/publishing
        elif last == "manage_reply":
            known = {"access_token", "hide"}  # reply-management
        else:
            continue
        if names - known:
            raise SystemExit(f"threads: {request['path']} has no {', '.join(sorted(names - known))}")
        checked += 1
    if not checked:
        raise SystemExit("threads: no request was recorded")
    return checked


if __name__ == "__main__":
    print(f"threads: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit the reference")
