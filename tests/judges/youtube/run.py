"""Drives the sandbox's YouTube with google-api-python-client.

SANDBOX_URL is where the sandbox is, such as http://127.0.0.1:8090. Every answer is checked with the discovery
documents that come with the client, and so is every request that the sandbox recorded.
"""

import copy
import io
import json
import os
import sys
import urllib.parse
import urllib.request

import httplib2
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

import discovery
import recorded

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
BASE = f"{SANDBOX}/youtube"
YOUTUBE = json.loads(get_static_doc("youtube", "v3"))
ANALYTICS = json.loads(get_static_doc("youtubeAnalytics", "v2"))
SCOPES = [
    "https://www.googleapis.com/auth/youtube.force-ssl",
    "https://www.googleapis.com/auth/yt-analytics.readonly",
]
REDIRECT = "https://allin.example/oauth/callback"
failures = []


def expect(is_so, what):
    print(("ok      " if is_so else "FAILED  ") + what)
    if not is_so:
        failures.append(what)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def consent(account):
    """Presses the button of the consent page, and redeems the code."""
    query = urllib.parse.urlencode(
        {
            "client_id": "sandbox-app",
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "access_type": "offline",
            "prompt": "consent",
            "state": "s",
        }
    )
    form = urllib.parse.urlencode({"decision": "approve", "account": account}).encode()
    try:
        urllib.request.build_opener(NoRedirect).open(f"{BASE}/o/oauth2/v2/auth?{query}", form)
        raise SystemExit("the consent page did not lead back")
    except urllib.error.HTTPError as answer:
        target = urllib.parse.urlparse(answer.headers["location"])
    code = urllib.parse.parse_qs(target.query)["code"][0]
    form = urllib.parse.urlencode(
        {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": "sandbox-app",
            "client_secret": "sandbox-secret",
            "redirect_uri": REDIRECT,
        }
    ).encode()
    return json.load(urllib.request.urlopen(f"{BASE}/token", form))


def service(document, token):
    """The client, at the sandbox instead of at Google. It builds the addresses of uploads from `rootUrl`."""
    document = copy.deepcopy(document)
    document["rootUrl"] = document["baseUrl"] = f"{BASE}/"
    http = httplib2.Http(timeout=20)
    # As googleapiclient does with its own: 308 is an answer of resumable uploads, no redirect.
    http.redirect_codes = http.redirect_codes - {308}
    credentials = Credentials(
        token["access_token"],
        refresh_token=token["refresh_token"],
        token_uri=f"{BASE}/token",
        client_id="sandbox-app",
        client_secret="sandbox-secret",
    )
    return build_from_document(document, http=AuthorizedHttp(credentials, http=http))


def checked(document, method_id, answer):
    """The answer, after a look at whether it fits the method's schema."""
    method = next(one for one in discovery.methods(document) if one["id"] == method_id)
    found = discovery.violations(document, method["response"], answer, method_id)
    expect(not found, f"{method_id} fits the discovery document {found[:3] if found else ''}")
    return answer


def drive():
    token = consent("mara")
    youtube = service(YOUTUBE, token)
    channel = checked(
        YOUTUBE,
        "youtube.channels.list",
        youtube.channels().list(part="snippet,contentDetails,status,statistics", mine=True).execute(),
    )["items"][0]

    # More than two pieces of the smallest size there is.
    content = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42" + os.urandom(700_000)
    media = MediaIoBaseUpload(io.BytesIO(content), "video/mp4", chunksize=256 * 1024, resumable=True)
    body = {
        "snippet": {"title": "Judged", "description": "By Google's own client.", "tags": ["a", "b"], "categoryId": "22"},
        "status": {"privacyStatus": "private", "selfDeclaredMadeForKids": False},
    }
    request = youtube.videos().insert(part="snippet,status", body=body, media_body=media)
    progress, video, pieces = None, None, 0
    while video is None:
        progress, video = request.next_chunk()
        pieces += 1
    expect(pieces == 3, f"a resumable upload of {len(content)} bytes goes in 3 pieces ({pieces})")
    checked(YOUTUBE, "youtube.videos.insert", video)
    expect(video["status"]["privacyStatus"] == "private", "it is private")

    def look(part):
        return youtube.videos().list(part=part, id=video["id"]).execute()

    for _ in range(10):
        state = checked(YOUTUBE, "youtube.videos.list", look("status,processingDetails"))["items"][0]
        if state["status"]["uploadStatus"] == "processed":
            break
        clock = json.dumps({"seconds": 30}).encode()
        urllib.request.urlopen(
            urllib.request.Request(f"{SANDBOX}/sandbox/clock", clock, {"content-type": "application/json"})
        )
    expect(state["status"]["uploadStatus"] == "processed", "it is processed after a while")

    picture = MediaIoBaseUpload(io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(200)), "image/png")
    checked(
        YOUTUBE,
        "youtube.thumbnails.set",
        youtube.thumbnails().set(videoId=video["id"], media_body=picture).execute(),
    )
    words = MediaIoBaseUpload(io.BytesIO(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"), "application/octet-stream")
    track = {"snippet": {"videoId": video["id"], "language": "en", "name": "English"}}
    checked(
        YOUTUBE,
        "youtube.captions.insert",
        youtube.captions().insert(part="snippet", body=track, media_body=words).execute(),
    )
    tracks = youtube.captions().list(part="snippet", videoId=video["id"]).execute()
    checked(YOUTUBE, "youtube.captions.list", tracks)
    try:
        words.stream().seek(0)
        youtube.captions().insert(part="snippet", body=track, media_body=words).execute()
        expect(False, "the same captions twice are refused")
    except HttpError as error:
        expect(error.resp.status == 409 and error.error_details[0]["reason"] == "captionExists", "the same captions twice are refused")

    playlist = youtube.playlists().insert(
        part="snippet,status", body={"snippet": {"title": "Judged"}, "status": {"privacyStatus": "public"}}
    ).execute()
    checked(YOUTUBE, "youtube.playlists.insert", playlist)
    checked(YOUTUBE, "youtube.playlists.list", youtube.playlists().list(part="snippet,status", mine=True).execute())
    item = {"snippet": {"playlistId": playlist["id"], "resourceId": {"kind": "youtube#video", "videoId": video["id"]}}}
    checked(YOUTUBE, "youtube.playlistItems.insert", youtube.playlistItems().insert(part="snippet", body=item).execute())
    items = youtube.playlistItems().list(part="snippet,contentDetails,status", playlistId=playlist["id"]).execute()
    checked(YOUTUBE, "youtube.playlistItems.list", items)
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    newest = youtube.playlistItems().list(part="contentDetails", playlistId=uploads).execute()["items"][0]
    expect(newest["contentDetails"]["videoId"] == video["id"], "the newest upload is it")

    status = {"id": video["id"], "status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False}}
    shown = youtube.videos().update(part="status", body=status).execute()
    checked(YOUTUBE, "youtube.videos.update", shown)
    expect(shown["status"]["privacyStatus"] == "public", "it is public")
    parts = "snippet,status,statistics,contentDetails,fileDetails,player,paidProductPlacementDetails"
    checked(YOUTUBE, "youtube.videos.list", look(parts))
    checked(
        YOUTUBE,
        "youtube.videos.batchGetStats",
        youtube.videos().batchGetStats(part="statistics", id=video["id"]).execute(),
    )

    thread = {"snippet": {"videoId": video["id"], "topLevelComment": {"snippet": {"textOriginal": "First"}}}}
    thread = youtube.commentThreads().insert(part="snippet", body=thread).execute()
    checked(YOUTUBE, "youtube.commentThreads.insert", thread)
    reply = {"snippet": {"parentId": thread["id"], "textOriginal": "Second"}}
    checked(YOUTUBE, "youtube.comments.insert", youtube.comments().insert(part="snippet", body=reply).execute())
    threads = youtube.commentThreads().list(part="snippet,replies", videoId=video["id"], textFormat="plainText")
    checked(YOUTUBE, "youtube.commentThreads.list", threads.execute())
    checked(YOUTUBE, "youtube.comments.list", youtube.comments().list(part="snippet", parentId=thread["id"]).execute())
    youtube.comments().setModerationStatus(id=thread["id"], moderationStatus="heldForReview").execute()
    held = youtube.commentThreads().list(part="snippet", videoId=video["id"], moderationStatus="heldForReview").execute()
    expect([one["id"] for one in held["items"]] == [thread["id"]], "a hidden comment waits for review")

    checked(
        YOUTUBE,
        "youtube.videoCategories.list",
        youtube.videoCategories().list(part="snippet", regionCode="US").execute(),
    )
    analytics = service(ANALYTICS, token)
    report = analytics.reports().query(
        ids="channel==MINE",
        startDate="2026-01-01",
        endDate="2026-12-31",
        metrics="views,likes,shares,estimatedMinutesWatched,averageViewDuration",
        dimensions="day",
        sort="day",
    ).execute()
    checked(ANALYTICS, "youtubeAnalytics.reports.query", report)
    columns = [column["name"] for column in report["columnHeaders"]]
    expect(columns[:2] == ["day", "views"], "a report's columns are in the order of the request")

    try:
        youtube.videos().update(part="snippet", body={"id": video["id"], "snippet": {"title": "a < b", "categoryId": "22"}}).execute()
        expect(False, "a title with < is refused")
    except HttpError as error:
        expect(error.resp.status == 400 and error.error_details[0]["reason"] == "invalidTitle", "a title with < is refused")
    youtube.videos().delete(id=video["id"]).execute()
    expect("items" not in look("id") or not look("id")["items"], "a deleted video is gone")


drive()
sent = json.load(urllib.request.urlopen(f"{SANDBOX}/sandbox/requests?network=youtube"))
print(f"youtube: {recorded.check(sent)} requests fit the discovery documents")
print(f"{len(failures)} failures" if failures else "all well")
sys.exit(bool(failures))
