"""Drives the sandbox's Instagram with Meta's Business SDK. See README.md."""

import http.server
import os
import re
import sys
import threading
import urllib.parse

import requests
from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

import recorded

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
BASE = SANDBOX + "/instagram"
VERSION = "v26.0"
REDIRECT = "https://judge.example/callback"
SCOPES = (
    "instagram_basic,instagram_content_publish,instagram_manage_comments,instagram_manage_insights,"
    "instagram_manage_contents,pages_show_list,pages_read_engagement,business_management"
)
# The head of a JPEG of 8 x 8 pixels.
PICTURE = bytes.fromhex("ffd8ffe00004" + "0000" + "ffc0000b080008000801011100" + "ffd9")
VIDEO = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(300_000)

FacebookSession.GRAPH = BASE


def check(condition, what):
    if not condition:
        sys.exit(f"instagram: {what}")


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
    page = Page(pages[0]["id"]).api_get(fields=["instagram_business_account"])
    return page["instagram_business_account"]["id"]


class Pictures(http.server.BaseHTTPRequestHandler):
    """Where the sandbox fetches the images that the SDK names by their address."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        self.wfile.write(PICTURE)

    def log_message(self, *_):
        pass


def container(account, **params):
    return IGUser(account).create_media(params=params)["id"]


def publish(account, creation):
    return IGUser(account).create_media_publish(params={"creation_id": creation})["id"]


def state(creation):
    """*IG Container*, which the SDK knows no more of than its id."""
    token = FacebookAdsApi.get_default_api()._session.access_token
    return graph(creation, fields="status_code,status", access_token=token)["status_code"]


def upload(creation, length):
    """*Resumable uploads*: a part, then the rest."""
    token = FacebookAdsApi.get_default_api()._session.access_token
    url = f"{BASE}/ig-api-upload/{VERSION}/{creation}"
    headers = {"Authorization": "OAuth " + token, "file_size": str(len(VIDEO))}
    requests.post(url, headers=dict(headers, offset="0"), data=VIDEO[:length])
    phase = graph(creation, fields="video_status", access_token=token)["video_status"]["uploading_phase"]
    come = phase.get("bytes_transferred", phase.get("bytes_transfered"))
    check(come == length, f"{come} bytes of {length} came")
    answer = requests.post(url, headers=dict(headers, offset=str(come)), data=VIDEO[come:])
    check(answer.json()["success"] is True, f"an upload is answered with {answer.text}")


def images(account, picture):
    one = container(account, image_url=picture, caption="By Meta's own client", alt_text="A picture")
    check(state(one) == "FINISHED", "an image is not ready at once")
    media = publish(account, one)
    check(state(one) == "PUBLISHED", f"a published container is {state(one)}")
    seen = IGMedia(media).api_get(
        fields=["caption", "media_type", "media_product_type", "permalink", "timestamp", "alt_text"]
    )
    check(seen["media_type"] == "IMAGE" and seen["media_product_type"] == "FEED", f"an image is {seen}")
    check(seen["caption"] == "By Meta's own client" and seen["alt_text"] == "A picture", f"an image reads {seen}")
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", seen["timestamp"]), seen["timestamp"])

    items = [container(account, image_url=picture, is_carousel_item=True) for _ in range(2)]
    clip = IGUser(account).create_media(
        params={"media_type": "VIDEO", "is_carousel_item": True, "upload_type": "resumable"}
    )["id"]
    upload(clip, 100_000)
    refused(9007, lambda: container(account, media_type="CAROUSEL", children=[*items, clip]))
    advance(60)
    check(state(clip) == "FINISHED", f"a processed video is {state(clip)}")
    album = publish(account, container(account, media_type="CAROUSEL", children=[*items, clip], caption="Three"))
    children = list(IGMedia(album).get_children(fields=["id", "media_type"]))
    check([one["media_type"] for one in children] == ["IMAGE", "IMAGE", "VIDEO"], f"an album of {children}")
    newest = next(iter(IGUser(account).get_media(fields=["id", "media_type"])))
    check(newest["id"] == album and newest["media_type"] == "CAROUSEL_ALBUM", f"the newest is {newest}")
    return media, album


def reel(account, picture):
    made = container(
        account,
        media_type="REELS",
        upload_type="resumable",
        caption="A reel",
        share_to_feed=True,
        cover_url=picture,
        audio_name="Rain",
    )
    refused(9007, lambda: publish(account, made))
    upload(made, 120_000)
    check(state(made) == "IN_PROGRESS", f"an uploaded reel is {state(made)} at once")
    advance(60)
    media = publish(account, made)
    check(IGMedia(media).api_get(fields=["media_product_type"])["media_product_type"] == "REELS", "a reel is none")
    refused(24, lambda: publish(account, "1"))
    return media


def story(account, picture):
    media = publish(account, container(account, media_type="STORIES", image_url=picture))
    stories = [one["id"] for one in IGUser(account).get_stories(fields=["id"])]
    check(media in stories, "a story is not among the stories")


def below(media):
    comment = IGMedia(media).create_comment(params={"message": "First"})
    IGComment(comment["id"]).create_reply(params={"message": "Answer"})
    advance(14 * 86_400)
    seen = list(IGMedia(media).get_comments(fields=["id", "text", "username", "timestamp", "hidden"]))
    check("First" in [one["text"] for one in seen], f"the comments are {seen}")
    replies = [one["text"] for one in IGComment(comment["id"]).get_replies(fields=["text"])]
    check(replies == ["Answer"], f"the replies are {replies}")
    strange = next(one for one in seen if one["id"] != comment["id"])
    IGComment(strange["id"]).api_update(params={"hide": True})
    check(IGComment(strange["id"]).api_get(fields=["hidden"])["hidden"] is True, "a comment is not hidden")


def numbers(account, media, reel):
    for one, metrics in (
        (media, ["reach", "views", "likes", "comments", "saved", "shares"]),
        (reel, ["reach", "views", "likes", "ig_reels_avg_watch_time"]),
    ):
        seen = {item["name"]: item["values"][0]["value"] for item in IGMedia(one).get_insights(params={"metric": metrics})}
        check(set(seen) == set(metrics) and seen["views"] > 0, f"the numbers are {seen}")
    refused(100, lambda: IGMedia(media).get_insights(params={"metric": ["impressions"]}))
    limit = IGUser(account).get_content_publishing_limit(fields=["quota_usage", "config"])[0]
    check(limit["config"]["quota_duration"] == 86_400 and limit["config"]["quota_total"] > 0, f"the limit is {limit}")


def refused(code, call):
    try:
        call()
    except FacebookRequestError as error:
        check(error.api_error_code() == code, f"{error.api_error_code()} instead of {code}: {error.body()}")
    else:
        sys.exit(f"instagram: {code} did not come")


def delete(media):
    """The SDK of v26.0 has no call for *IG Media: deleting*."""
    token = FacebookAdsApi.get_default_api()._session.access_token
    answer = requests.delete(f"{BASE}/{VERSION}/{media}", params={"access_token": token})
    check(answer.json()["success"] is True, f"to delete is answered with {answer.text}")
    refused(100, lambda: IGMedia(media).api_get(fields=["id"]))


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    picture = f"http://127.0.0.1:{server.server_port}/picture.jpg"
    account = sign_in()
    media, album = images(account, picture)
    clip = reel(account, picture)
    story(account, picture)
    below(media)
    numbers(account, media, clip)
    delete(album)
    sent = requests.get(SANDBOX + "/sandbox/requests?network=instagram").json()
    print(f"instagram: Meta's client is content, and {recorded.check(sent)} requests fit")


main()
