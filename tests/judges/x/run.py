"""Drives the sandbox's X with X's own Python client and with tweepy. See README.md."""

import base64
import hashlib
import os
import sys
import time
import urllib.parse

import requests
import tweepy
from xdk import Client
from xdk.media.models import (
    AppendUploadRequest,
    CreateMetadataRequest,
    InitializeUploadRequest,
    UploadRequest,
)
from xdk.posts.models import CreateRequest

import recorded

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
BASE = SANDBOX + "/x"
REDIRECT = "https://judge.example/callback"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)
VIDEO = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(2_000_000)
SCOPES = "tweet.read tweet.write users.read media.write offline.access tweet.moderate.write"


def check(condition, what):
    if not condition:
        sys.exit(f"x: {what}")


def plain(value):
    """What the client read, as JSON has it."""
    return value.model_dump(by_alias=True, exclude_none=True) if hasattr(value, "model_dump") else value


def token():
    """The access token that a person's consent gives, by the steps of docs.x.com."""
    verifier = "judge-judge-judge-judge-judge-judge-judge-judge"
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": "sandbox-app",
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "state": "judge",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    answer = requests.post(
        f"{BASE}/i/oauth2/authorize",
        params=query,
        data={"decision": "approve", "account": "jonas"},
        allow_redirects=False,
        timeout=30,
    )
    check(answer.status_code == 303, f"consent answers {answer.status_code}")
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)
    check(back["state"] == ["judge"], "the state does not come back")
    answer = requests.post(
        f"{BASE}/2/oauth2/token",
        auth=("sandbox-app", "sandbox-secret"),
        data={
            "grant_type": "authorization_code",
            "code": back["code"][0],
            "redirect_uri": REDIRECT,
            "code_verifier": verifier,
        },
        timeout=30,
    )
    tokens = answer.json()
    check(tokens["token_type"] == "bearer" and tokens["expires_in"] == 7200, f"tokens: {tokens.keys()}")
    check("refresh_token" in tokens, "offline.access gives no refresh token")
    return tokens["access_token"]


def drive_xdk(access_token):
    client = Client(base_url=BASE, access_token=access_token)
    me = plain(client.users.get_me(user_fields=["public_metrics", "profile_image_url"]).data)
    check(me["username"] == "jonas", f"me: {me}")
    posts_before = me["public_metrics"]["post_count"]

    media = client.media.upload(
        body=UploadRequest(media=base64.b64encode(PIXEL).decode(), media_category="tweet_image")
    )
    picture = plain(media.data)["id"]
    client.media.create_metadata(
        body=CreateMetadataRequest(id=picture, metadata={"alt_text": {"text": "A pixel"}})
    )
    begun = plain(
        client.media.initialize_upload(
            body=InitializeUploadRequest(
                media_type="video/mp4", total_bytes=len(VIDEO), media_category="tweet_video"
            )
        ).data
    )
    half = len(VIDEO) // 2
    for index, piece in enumerate((VIDEO[:half], VIDEO[half:])):
        client.media.append_upload(
            begun["id"],
            body=AppendUploadRequest(
                media=base64.b64encode(piece).decode(), segment_index=index
            ),
        )
    state = plain(client.media.finalize_upload(begun["id"]).data)["processing_info"]["state"]
    check(state in ("pending", "in_progress"), f"after finalize: {state}")
    while state != "succeeded":
        requests.post(f"{SANDBOX}/sandbox/clock", json={"seconds": 1}, timeout=30)
        status = plain(client.media.get_upload_status(media_id=begun["id"]).data)
        state = status["processing_info"]["state"]
        check(state != "failed", f"processing: {status}")

    stamp = time.time_ns()

    def create(**fields):
        return plain(client.posts.create(body=CreateRequest(**fields)).data)["id"]

    first = create(text=f"xdk {stamp}", media={"media_ids": [picture]})
    reply = create(
        text=f"xdk reply {stamp}",
        reply={"in_reply_to_tweet_id": first},
        media={"media_ids": [begun["id"]]},
    )
    poll = create(text=f"xdk poll {stamp}", poll={"options": ["Red", "Blue"], "duration_minutes": 60})
    answer = client.posts.get_by_id(
        reply,
        post_fields=["created_at", "conversation_id", "public_metrics"],
        expansions=["referenced_posts", "attachments.media_keys", "author_id"],
        media_fields=["type", "alt_text"],
    )
    read = plain(answer.data)
    check(read["conversation_id"] == first, f"conversation: {read}")
    check(read["referenced_posts"] == [{"type": "replied_to", "id": first}], f"{read}")
    check("repost_count" in read["public_metrics"], f"{read}")
    pages = client.users.get_posts(me["id"], max_results=5)
    newest = plain(next(iter(pages)).data[0])
    check(newest["id"] == poll, f"the newest is {newest}")
    again = plain(client.users.get_me(user_fields=["public_metrics"]).data)
    check(again["public_metrics"]["post_count"] == posts_before + 3, "the posts are not counted")
    for post in (poll, reply, first):
        check(plain(client.posts.delete(post).data)["deleted"] is True, "delete")


def drive_tweepy(access_token):
    client = tweepy.Client(bearer_token=access_token)
    send = client.session.request
    client.session.request = lambda method, url, **rest: send(
        method, url.replace("https://api.twitter.com", BASE), **rest
    )
    me = client.get_me(user_auth=False, user_fields=["public_metrics"]).data
    check(me.username == "jonas", f"tweepy: {me}")
    stamp = time.time_ns()
    text = f"tweepy {stamp} https://example.org/a?b=1&c=2"
    first = client.create_tweet(text=text, user_auth=False, reply_settings="following").data["id"]
    second = client.create_tweet(
        text=f"tweepy reply {stamp}", in_reply_to_tweet_id=first, user_auth=False
    ).data["id"]
    quote = client.create_tweet(
        text=f"tweepy quote {stamp}", quote_tweet_id=first, user_auth=False
    ).data["id"]
    read = client.get_tweet(
        second,
        user_auth=False,
        tweet_fields=["created_at", "referenced_tweets", "public_metrics", "entities"],
        expansions=["author_id", "referenced_tweets.id"],
    )
    check(read.data.referenced_tweets[0].id == int(first), f"tweepy: {read.data.data}")
    check(read.includes["tweets"][0].id == int(first), "tweepy: includes")
    check("retweet_count" in read.data.public_metrics, f"tweepy: {read.data.public_metrics}")
    tweets = client.get_users_tweets(me.id, user_auth=False, max_results=5).data
    check([tweet.id for tweet in tweets[:3]] == [int(quote), int(second), int(first)], "tweepy: timeline")
    try:
        client.create_tweet(text=text, user_auth=False)
        check(False, "tweepy: a duplicate is accepted")
    except tweepy.Forbidden as error:
        check("duplicate" in str(error), f"tweepy: {error}")
    try:
        client.create_tweet(text="x" * 281, user_auth=False)
        check(False, "tweepy: 281 characters are accepted")
    except tweepy.Forbidden:
        pass
    gone = client.get_tweet(1, user_auth=False)
    check(gone.data is None and gone.errors[0]["title"] == "Not Found Error", f"tweepy: {gone}")
    for tweet in (quote, second, first):
        check(client.delete_tweet(tweet, user_auth=False).data["deleted"], "tweepy: delete")
    try:
        tweepy_broken = tweepy.Client(bearer_token="wrong")
        tweepy_broken.session.request = client.session.request
        tweepy_broken.get_me(user_auth=False)
        check(False, "tweepy: a wrong token is accepted")
    except tweepy.Unauthorized:
        pass


access_token = token()
drive_xdk(access_token)
drive_tweepy(access_token)
sent = requests.get(f"{SANDBOX}/sandbox/requests?network=x", timeout=30).json()
# tweepy still uses the parameters' old names.
sent = [request for request in sent if "Tweepy" not in request["headers"]["user-agent"]]
print(f"x: xdk and tweepy agree; {recorded.check(sent)} requests fit X's client")
