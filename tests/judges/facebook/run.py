"""Drives the sandbox's Facebook with Meta's Business SDK. See README.md."""

import http.server
import json
import os
import re
import sys
import threading
import urllib.parse

import requests
from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.photo import Photo
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

import recorded

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
BASE = SANDBOX + "/facebook"
VERSION = "v26.0"
REDIRECT = "https://judge.example/callback"
SCOPES = (
    "pages_show_list,pages_read_engagement,pages_manage_posts,pages_manage_engagement,"
    "pages_read_user_content,read_insights,business_management"
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)
VIDEO = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(2_500_000)

FacebookSession.GRAPH = BASE


def check(condition, what):
    if not condition:
        sys.exit(f"facebook: {what}")


def advance(seconds):
    requests.post(SANDBOX + "/sandbox/clock", json={"seconds": seconds}).raise_for_status()


def graph(path, **query):
    answer = requests.get(f"{BASE}/{VERSION}/{path}", params=query)
    check(answer.status_code == 200, f"{path} answers {answer.status_code}: {answer.text}")
    return answer.json()


def sign_in():
    """As *Manually build a login flow* says: code, short token, long token, Pages."""
    query = {
        "client_id": "sandbox-app",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": SCOPES,
        "state": "judge",
    }
    answer = requests.post(
        f"{BASE}/{VERSION}/dialog/oauth",
        params=query,
        data={"decision": "approve", "account": "mara"},
        allow_redirects=False,
    )
    check(answer.status_code == 303, f"consent answers {answer.status_code}")
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)
    check(back["state"] == ["judge"], "the state does not come back")
    app = {"client_id": "sandbox-app", "client_secret": "sandbox-secret"}
    short = graph("oauth/access_token", **app, redirect_uri=REDIRECT, code=back["code"][0])
    long = graph(
        "oauth/access_token",
        **app,
        grant_type="fb_exchange_token",
        fb_exchange_token=short["access_token"],
    )
    check(long["expires_in"] > 50 * 86_400, "the long token is not of about 60 days")
    pages = graph("me/accounts", access_token=long["access_token"])["data"]
    check(len(pages) == 2 and "CREATE_CONTENT" in pages[0]["tasks"], f"the Pages are {pages}")
    FacebookAdsApi.init(
        "sandbox-app", "sandbox-secret", pages[0]["access_token"], api_version=VERSION, crash_log=False
    )
    return pages[0]["id"]


class Pictures(http.server.BaseHTTPRequestHandler):
    """Where the sandbox fetches the photos that the SDK names by their address."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(PIXEL)))
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, *_):
        pass


def published(page):
    return [post["id"] for post in Page(page).get_published_posts(fields=["id"])]


def posts(page, picture):
    """Text and photos: made unpublished, then published by their id, as AllIN does."""
    made = Page(page).create_feed(params={"message": "By Meta's own client", "published": False})
    check(made["id"].startswith(page + "_"), f"a post has the id {made['id']}")
    check(made["id"] not in published(page), "an unpublished post is published")
    for _ in range(2):
        PagePost(made["id"]).api_update(params={"is_published": True})
    check(published(page)[0] == made["id"], "a published post is not the first of its list")
    seen = PagePost(made["id"]).api_get(fields=["message", "created_time", "permalink_url", "is_published"])
    check(seen["message"] == "By Meta's own client" and seen["is_published"] is True, f"a post reads {seen}")
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", seen["created_time"]), seen["created_time"])

    photos = [
        Page(page).create_photo(params={"url": picture, "published": False, "alt_text_custom": f"Pixel {number}"})
        for number in range(2)
    ]
    check(Photo(photos[0]["id"]).api_get(fields=["alt_text_custom"])["alt_text_custom"] == "Pixel 0", "no description")
    attached = [{"media_fbid": photo["id"]} for photo in photos]
    album = Page(page).create_feed(params={"message": "Two", "attached_media": attached})
    seen = PagePost(album["id"]).api_get(fields=["attachments"])
    album_of = seen["attachments"]["data"][0]
    check(len(album_of["subattachments"]["data"]) == 2, f"an album of {album_of}")
    return made["id"], album["id"]


def story(page, picture):
    photo = Page(page).create_photo(params={"url": picture, "published": False})
    told = Page(page).create_photo_story(params={"photo_id": photo["id"]})
    stories = list(Page(page).get_stories(fields=["post_id", "media_id", "status", "url"]))
    check(stories[0]["media_id"] == photo["id"] and stories[0]["status"] == "PUBLISHED", f"stories are {stories}")
    check(told is not None, "a story without an answer")


def node(path, **form):
    """What the SDK has no shape for: the phases answer no object."""
    token = FacebookAdsApi.get_default_api()._session.access_token
    files = {name: form.pop(name) for name in list(form) if isinstance(form[name], bytes)}
    answer = requests.post(f"{BASE}/{VERSION}/{path}", params={"access_token": token}, data=form, files=files)
    return answer.status_code, answer.json()


def videos(page):
    """*Page Videos* in pieces, and *Reels publishing* by rupload."""
    status, session = node(f"{page}/videos", upload_phase="start", file_size=len(VIDEO))
    check(status == 200, f"the start of an upload is answered with {session}")
    start, end = int(session["start_offset"]), int(session["end_offset"])
    wrong = {"upload_phase": "transfer", "upload_session_id": session["upload_session_id"], "start_offset": 5}
    status, body = node(f"{page}/videos", **wrong, video_file_chunk=VIDEO[5:9])
    check(status == 400 and body["error"]["error_subcode"] == 1363037, f"a wrong offset is answered with {body}")
    check(body["error"]["error_data"]["start_offset"] == "0", "a wrong offset is not corrected")
    while start < end:
        piece = dict(wrong, start_offset=start)
        _, told = node(f"{page}/videos", **piece, video_file_chunk=VIDEO[start:end])
        start, end = int(told["start_offset"]), int(told["end_offset"])
    finish = {"upload_phase": "finish", "upload_session_id": session["upload_session_id"]}
    _, told = node(f"{page}/videos", **finish, description="A film", title="Film")
    check(told == {"success": True}, f"the end of an upload is answered with {told}")

    begun = Page(page).create_video_reel(params={"upload_phase": "start"})
    token = FacebookAdsApi.get_default_api()._session.access_token
    reel = json.loads(json.dumps(begun.export_all_data()))
    answer = requests.post(
        f"{BASE}/video-upload/{VERSION}/{reel['video_id']}",
        headers={"Authorization": "OAuth " + token, "offset": "0", "file_size": str(len(VIDEO))},
        data=VIDEO,
    )
    check(answer.json()["success"] is True, f"an upload is answered with {answer.text}")
    Page(page).create_video_reel(
        params={
            "upload_phase": "finish",
            "video_id": reel["video_id"],
            "video_state": "PUBLISHED",
            "description": "A reel",
        }
    )
    for video in (session["video_id"], reel["video_id"]):
        before = graph(video, fields="status,post_id", access_token=token)
        check(before["status"]["uploading_phase"]["status"] == "complete", f"{before}")
        check(before["status"]["processing_phase"]["status"] == "in_progress", f"{before}")
    advance(60)
    for video in (session["video_id"], reel["video_id"]):
        after = graph(video, fields="status,post_id,permalink_url", access_token=token)
        check(after["status"]["video_status"] == "ready", f"a video is {after}")
        check(after["post_id"] and after["permalink_url"], f"a video without a post: {after}")


def below(post):
    comment = PagePost(post).create_comment(params={"message": "First"})
    Comment(comment["id"]).create_comment(params={"message": "Answer"})
    advance(14 * 86_400)
    seen = list(PagePost(post).get_comments(fields=["id", "message", "from", "is_hidden", "can_hide"], params={"filter": "stream"}))
    texts = [one["message"] for one in seen]
    check("First" in texts and "Answer" in texts, f"the comments are {texts}")
    strange = next(one for one in seen if one["can_hide"])
    Comment(strange["id"]).api_update(params={"is_hidden": True})
    check(Comment(strange["id"]).api_get(fields=["is_hidden"])["is_hidden"] is True, "a comment is not hidden")


def numbers(page, post):
    metrics = ["post_media_view", "post_total_media_view_unique", "post_clicks", "post_reactions_by_type_total"]
    seen = {one["name"]: one["values"][0]["value"] for one in PagePost(post).get_insights(params={"metric": metrics})}
    check(set(seen) == set(metrics) and seen["post_media_view"] > 0, f"the numbers are {seen}")
    refused(100, lambda: PagePost(post).get_insights(params={"metric": ["post_impressions"]}))
    follows = list(Page(page).get_insights(params={"metric": ["page_follows"], "period": "day"}))
    check(follows[0]["values"][0]["value"] > 0, "nobody follows the Page")


def refused(code, call):
    try:
        call()
    except FacebookRequestError as error:
        check(error.api_error_code() == code, f"{error.api_error_code()} instead of {code}: {error.body()}")
    else:
        sys.exit(f"facebook: {code} did not come")


def delete(post):
    PagePost(post).api_delete()
    refused(100, lambda: PagePost(post).api_get(fields=["id"]))


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    picture = f"http://127.0.0.1:{server.server_port}/pixel.png"
    page = sign_in()
    text, album = posts(page, picture)
    story(page, picture)
    videos(page)
    below(text)
    numbers(page, text)
    delete(album)
    refused(100, lambda: Page(page).create_feed(params={}))
    sent = requests.get(SANDBOX + "/sandbox/requests?network=facebook").json()
    print(f"facebook: Meta's client is content, and {recorded.check(sent)} requests fit")


main()
