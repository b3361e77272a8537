"""Drives the sandbox's Threads with a client by others and with the documentation's examples. See README.md."""

import asyncio
import http.server
import json
import os
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

os.environ["CI"] = "1"  # pythreads asks for certificate files otherwise

import pythreads.threads  # noqa: E402
from pythreads.api import API, Media, MediaType, ReplyControl  # noqa: E402
from pythreads.credentials import Credentials  # noqa: E402

import recorded  # noqa: E402

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
BASE = SANDBOX + "/threads"
REDIRECT = "https://judge.example/callback"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)
VIDEO = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(50_000)
# get-started, "Authorization", and posts/delete-posts.
SCOPES = [
    "threads_basic",
    "threads_content_publish",
    "threads_manage_replies",
    "threads_read_replies",
    "threads_manage_insights",
    "threads_delete",
]


def check(condition, what):
    if not condition:
        sys.exit(f"threads: {what}")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


def ask(method, url, form=None):
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    try:
        answer = opener.open(urllib.request.Request(url, data=data, method=method), timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    body = answer.read()
    return answer.status, answer.headers, json.loads(body) if body[:1] in (b"{", b"[") else {}


def advance(seconds):
    request = urllib.request.Request(
        SANDBOX + "/sandbox/clock",
        data=json.dumps({"seconds": seconds}).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request)


def serve_files():
    """The public server that Threads fetches files from."""

    class Files(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body, kind = (VIDEO, "video/mp4") if self.path == "/video" else (PIXEL, "image/png")
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def sign_in():
    """get-access-tokens-and-permissions and long-lived-tokens, request by request."""
    query = urllib.parse.urlencode(
        {
            "client_id": "sandbox-app",
            "redirect_uri": REDIRECT,
            "scope": ",".join(SCOPES),
            "response_type": "code",
            "state": "1",
        }
    )
    page = f"{BASE}/oauth/authorize?{query}"
    _, headers, _ = ask("POST", page, {"decision": "deny"})
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["location"]).query)
    check(back["error"] == ["access_denied"] and back["state"] == ["1"], f"a denial says {back}")
    _, headers, _ = ask("POST", page, {"decision": "approve", "account": "priya"})
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["location"]).query)
    form = {
        "client_id": "sandbox-app",
        "client_secret": "sandbox-secret",
        "grant_type": "authorization_code",
        "redirect_uri": REDIRECT,
        "code": back["code"][0],
    }
    status, _, short = ask("POST", f"{BASE}/oauth/access_token", form)
    check(status == 200 and set(short) == {"access_token", "user_id"}, f"a code gives {short}")
    check(isinstance(short["user_id"], int), "user_id is no number")
    query = urllib.parse.urlencode(
        {
            "grant_type": "th_exchange_token",
            "client_secret": "sandbox-secret",
            "access_token": short["access_token"],
        }
    )
    _, _, long = ask("GET", f"{BASE}/access_token?{query}")
    check(long["token_type"] == "bearer" and long["expires_in"] > 5_000_000, f"the swap gives {long}")
    query = urllib.parse.urlencode(
        {"grant_type": "th_refresh_token", "access_token": long["access_token"]}
    )
    _, _, renewed = ask("GET", f"{BASE}/refresh_access_token?{query}")
    check(set(renewed) == {"access_token", "token_type", "expires_in"}, f"renewing gives {renewed}")
    status, _, body = ask("POST", f"{BASE}/oauth/access_token", form)
    check(
        status == 400
        and body
        == {
            "error_type": "OAuthException",
            "code": 400,
            "error_message": "Matching code was not found or was already used",
        },
        f"a used code gives {body}",
    )
    # A code that comes twice ends what it gave, so the judge signs in once more.
    _, headers, _ = ask("POST", page, {"decision": "approve", "account": "priya"})
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["location"]).query)
    _, _, short = ask("POST", f"{BASE}/oauth/access_token", dict(form, code=back["code"][0]))
    query = urllib.parse.urlencode(
        {
            "grant_type": "th_exchange_token",
            "client_secret": "sandbox-secret",
            "access_token": short["access_token"],
        }
    )
    _, _, long = ask("GET", f"{BASE}/access_token?{query}")
    return str(short["user_id"]), long["access_token"]


async def by_client(user, token, files):
    """pythreads: containers, publishing, reading, replies, numbers, limits."""
    pythreads.threads.GRAPH_API_BASE_URL = BASE + "/v1.0/"
    expiration = datetime.now(timezone.utc) + timedelta(days=60)
    credentials = Credentials(user, SCOPES, False, token, expiration)
    async with API(credentials) as api:
        person = await api.account()
        check(person["username"] == "priya", f"the profile is {person}")
        text = await api.create_container("Judged", reply_control=ReplyControl.ACCOUNTS_YOU_FOLLOW)
        check((await api.container_status(text)).status.value == "FINISHED", "a text is not ready at once")
        root = await api.publish_container(text)
        check((await api.container_status(text)).status.value == "PUBLISHED", "a container does not say so")
        items = [
            await api.create_container(media=Media(MediaType.IMAGE, files + "/image"), is_carousel_item=True),
            await api.create_container(media=Media(MediaType.VIDEO, files + "/video"), is_carousel_item=True),
        ]
        check((await api.container_status(items[1])).status.value == "IN_PROGRESS", "a video is ready at once")
        advance(60)
        states = [await api.container_status(item) for item in items]
        carousel = await api.create_carousel_container(states, "Two of them", reply_to_id=root)
        reply = await api.publish_container(carousel)
        seen = await api.container(reply)
        check(seen["media_type"] == "CAROUSEL_ALBUM", f"a carousel reads {seen}")
        listed = await api.threads()
        check(root in [one["id"] for one in listed["data"]], "the list lacks the post")
        replies = await api.replies(root)
        check(reply in [one["id"] for one in replies["data"]], "the replies lack the reply")
        limit = (await api.publishing_limit())["data"][0]
        check(limit["quota_usage"] == 1 and limit["config"]["quota_total"] == 250, f"limits: {limit}")
        check((await api.user_insights(["views", "likes"]))["data"], "no numbers of the profile")
    return root, reply


def by_documentation(user, token, files, root):
    """The example requests of the documentation, with the shapes of their answers."""
    node = f"{BASE}/v1.0/{user}"
    key = {"access_token": token}
    # posts, "Step 1", "Using the topic_tag parameter", "Links"; create-posts/polls; reply-management;
    # posts/quote-posts.
    examples = [
        {"media_type": "IMAGE", "image_url": files + "/image", "text": "<TEXT>"},
        {"media_type": "TEXT", "text": "<Text>", "topic_tag": "Tag"},
        {"media_type": "TEXT", "text": "<TEXT>", "link_attachment": "https://example.com/"},
        {
            "media_type": "TEXT",
            "text": "MyText",
            "poll_attachment": '{"option_a":"first option", "option_b":"second option"}',
        },
        {"media_type": "TEXT", "text": "<TEXT>", "reply_control": "accounts_you_follow"},
        {"media_type": "TEXT", "text": "<TEXT>", "enable_reply_approvals": "true"},
        {"media_type": "TEXT", "text": "<TEXT>", "quote_post_id": root},
    ]
    made = []
    for example in examples:
        status, _, container = ask("POST", node + "/threads", {**example, **key})
        check(status == 200 and set(container) == {"id"}, f"{example} gives {container}")
        advance(30)
        status, _, media = ask("POST", node + "/threads_publish", {"creation_id": container["id"], **key})
        check(status == 200 and set(media) == {"id"}, f"publishing {example} gives {media}")
        made.append(media["id"])
    # troubleshooting, "Publishing does not return a media ID": with its error.
    _, _, container = ask(
        "POST", node + "/threads", {"media_type": "VIDEO", "video_url": "http://127.0.0.1:1/x", **key}
    )
    advance(60)
    query = urllib.parse.urlencode({"fields": "status,error_message", **key})
    _, _, status = ask("GET", f"{BASE}/v1.0/{container['id']}?{query}")
    expected = {"status": "ERROR", "id": container["id"], "error_message": "FAILED_DOWNLOADING_VIDEO"}
    check(status == expected, f"a video that is not there: {status}")
    # posts, "Links": more than five fail at creation.
    links = " ".join(f"https://example.com/{number}" for number in range(6))
    code, _, body = ask("POST", node + "/threads", {"media_type": "TEXT", "text": links, **key})
    check(code == 400 and "THREADS_API__LINK_LIMIT_EXCEEDED" in body["error"]["message"], f"six links: {body}")
    # posts, "Limitations": 500 characters, emojis by their bytes.
    code, _, _ = ask("POST", node + "/threads", {"media_type": "TEXT", "text": "👍" * 126, **key})
    check(code == 400, "126 emojis are taken")
    code, _, _ = ask("POST", node + "/threads", {"media_type": "TEXT", "text": "👍" * 125, **key})
    check(code == 200, "125 emojis are refused")
    # insights, "Media insights" and "Example total value metric response".
    query = urllib.parse.urlencode({"metric": "likes,replies", **key})
    _, _, numbers = ask("GET", f"{BASE}/v1.0/{root}/insights?{query}")
    likes = numbers["data"][0]
    check(set(likes) == {"name", "period", "values", "title", "description", "id"}, f"numbers: {likes}")
    query = urllib.parse.urlencode({"metric": "followers_count", **key})
    _, _, numbers = ask("GET", f"{node}/threads_insights?{query}")
    check(numbers["data"][0]["total_value"]["value"] > 0, f"followers: {numbers}")
    # posts/delete-posts.
    for media in made:
        _, _, body = ask("DELETE", f"{BASE}/v1.0/{media}?{urllib.parse.urlencode(key)}")
        check(body == {"success": True, "deleted_id": media}, f"deleting gives {body}")
    return len(made)


def main():
    files = serve_files()
    user, token = sign_in()
    root, _ = asyncio.run(by_client(user, token, files))
    examples = by_documentation(user, token, files, root)
    with urllib.request.urlopen(SANDBOX + "/sandbox/requests?network=threads") as answer:
        fitting = recorded.check(json.load(answer))
    print(f"threads: a client by others and {examples} examples are served; {fitting} requests fit the reference")


main()
