"""Drives the sandbox's Mastodon with Mastodon.py. See README.md."""

import os
import sys
import time
import typing
import urllib.parse

import recorded
import requests
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError
from mastodon.types_base import Entity

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
REDIRECT = "https://judge.example/callback"
SCOPES = ["read:accounts", "read:search", "read:statuses", "write:media", "write:statuses"]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)
VIDEO = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(200_000)
# What the client's types require and the documentation does not: fields that came with 4.6, what is null while a file
# is processed, and the application of a status, which has a name and an address alone.
NOT_REQUIRED = {
    "Account": {
        "avatar_description", "header_description", "show_media", "show_media_replies", "show_featured",
        "feature_approval",
    },
    "Status": {"tagged_collections"},
    "SearchV2": {"collections"},
    "InstanceThumbnail": {"description"},
    "InstanceAccountConfiguration": {"max_avatar_description_length", "max_header_description_length"},
    "MediaAttachment": {"url", "blurhash"},
    "MediaAttachmentMetadataContainer": {"original", "small"},
    "Application": {"id", "vapid_key", "redirect_uri", "redirect_uris", "scopes"},
}


def check(condition, what):
    if not condition:
        sys.exit(f"mastodon: {what}")


def is_optional(hint):
    return type(None) in typing.get_args(hint)


def fits(entity):
    """Whether an answer has every field that the client's types require, and its parts, too."""
    if isinstance(entity, list):
        return [fits(one) for one in entity]
    if not isinstance(entity, Entity) or not isinstance(entity, dict):
        return None
    kind = type(entity).__name__
    for name, hint in typing.get_type_hints(type(entity)).items():
        if name.startswith("_"):
            continue
        there = entity.get(name)
        needed = not is_optional(hint) and name not in NOT_REQUIRED.get(kind, ())
        check(there is not None or not needed, f"a {kind} without {name}: {entity}")
        fits(there)
    return entity


def advance(seconds):
    requests.post(SANDBOX + "/sandbox/clock", json={"seconds": seconds}, timeout=30).raise_for_status()


def sign_in(name):
    client_id, secret = Mastodon.create_app(
        "Judge", scopes=SCOPES, redirect_uris=REDIRECT, api_base_url=SANDBOX
    )
    client = Mastodon(
        client_id=client_id, client_secret=secret, api_base_url=SANDBOX, ratelimit_method="throw"
    )
    page = client.auth_request_url(redirect_uris=REDIRECT, scopes=SCOPES, state="judge", allow_http=True)
    answer = requests.post(
        page, data={"decision": "approve", "account": name}, allow_redirects=False, timeout=30
    )
    check(answer.status_code == 303, f"consent answers {answer.status_code}: {answer.text}")
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)
    check(back["state"] == ["judge"], "the state does not come back")
    client.log_in(code=back["code"][0], redirect_uri=REDIRECT, scopes=SCOPES, allow_http=True)
    check(client.account_verify_credentials().username == name, f"{name} is somebody else")
    return client


def refused(kind, do):
    try:
        answer = do()
    except kind as error:
        return str(error)
    return check(False, f"{kind.__name__} was expected: {answer}")


def publish(client, text, **more):
    return fits(client.status_post(text, **more))


def media(client):
    picture = fits(client.media_post(PIXEL, "image/png", description="A pixel", focus=(0.5, -0.5)))
    check(picture.type == "image" and picture.url, f"an image is not ready: {picture}")
    check((picture.meta.focus.x, picture.meta.focus.y) == (0.5, -0.5), f"the focus is {picture.meta}")
    video = client.media_post(
        VIDEO, "video/mp4", description="A film", thumbnail=PIXEL, thumbnail_mime_type="image/png"
    )
    check(video.url is None and video.type == "video", f"a video is ready at once: {video}")
    words = refused(MastodonAPIError, lambda: client.status_post("early", media_ids=[video]))
    check("not finished processing" in words, words)
    advance(10)
    video = fits(client.media(video))
    check(video.url and video.preview_url, f"a video is never ready: {video}")
    refused(MastodonAPIError, lambda: client.status_post("both", media_ids=[picture, video]))
    refused(MastodonAPIError, lambda: client.media_post(b"no video", "video/mp4"))
    check(client.media_update(picture, description="One pixel").description == "One pixel", "no new words")
    one = publish(client, "A picture", media_ids=[picture], sensitive=True, language="de")
    check(one.sensitive and one.language == "de", f"the picture's status is {one}")
    check(one.media_attachments[0].description == "One pixel", "the description is lost")
    two = publish(client, "", media_ids=[video])
    check(two.media_attachments[0].type == "video", f"the video's status is {two}")
    return [one, two]


def polls(client):
    poll = client.make_poll(["Light", "Dark"], expires_in=3600, multiple=True, hide_totals=True)
    status = publish(client, "Which roast?", poll=poll, spoiler_text="Coffee", visibility="unlisted")
    check([option.title for option in status.poll.options] == ["Light", "Dark"], f"the poll is {status.poll}")
    check(status.poll.multiple and status.poll.options[0].votes_count is None, f"the poll is {status.poll}")
    check(status.sensitive and status.spoiler_text == "Coffee", "the warning is lost")
    check(status.visibility == "unlisted", "the visibility is lost")
    advance(3_700)
    check(fits(client.poll(status.poll)).expired, "the poll never ends")
    refused(
        MastodonAPIError,
        lambda: client.status_post("?", poll=client.make_poll(["one"], expires_in=3600)),
    )
    return [status]


def quotes(client, other):
    open_one = publish(client, "Anybody may quote this")
    closed = publish(client, "Nobody may", quote_approval_policy="nobody")
    check(closed.quote_approval.automatic == [], f"the policy is {closed.quote_approval}")
    found = other.search(open_one.url, result_type="statuses", resolve=True)
    check(fits(found).statuses[0].id == open_one.id, f"the search finds {found}")
    quote = publish(other, "See this", quoted_status_id=found.statuses[0])
    check(quote.quote.state == "accepted", f"the quote is {quote.quote}")
    check(quote.quote.quoted_status.id == open_one.id, "another status is quoted")
    refused(MastodonAPIError, lambda: other.status_post("No", quoted_status_id=closed))
    check(client.status(open_one).quotes_count == 1, "the quote is not counted")
    check([one.id for one in fits(client.status_quotes(open_one))] == [quote.id], "the quote is not listed")
    return [open_one, closed], [quote]


def threads(client):
    key = f"judge {time.time_ns()}"
    first = publish(client, "The first of two #judge", idempotency_key=key)
    again = publish(client, "The first of two #judge", idempotency_key=key)
    check(first.id == again.id, "a repetition makes another status")
    second = publish(client, "The second", in_reply_to_id=first)
    advance(10 * 86_400)
    context = fits(client.status_context(first))
    strangers = [one for one in context.descendants if one.id != second.id]
    check(len(strangers) < len(context.descendants), "the thread is not below its beginning")
    check(strangers and strangers[0].account.acct.endswith("@elsewhere.example"), "nobody answers")
    answer = publish(client, "Thank you", in_reply_to_id=strangers[0])
    below = [one.id for one in client.status_context(first).descendants]
    check(answer.id in below, "an answer to an answer is lost")
    grown = client.status(first)
    check(grown.favourites_count > 0 and grown.replies_count > 0, f"nobody cares: {grown}")
    check(client.status_source(first).text == "The first of two #judge", "the source is another")
    me = client.me()
    listed = client.account_statuses(me, limit=3)
    check([one.id for one in listed] == [answer.id, second.id, first.id], "the newest are not first")
    check(fits(client.account(me)).statuses_count >= 3, "the posts are not counted")
    return [first, second, answer]


def clean_up(client, statuses):
    for status in reversed(statuses):
        gone = client.status_delete(status, delete_media=True)
        check(gone.id == status.id, f"deleting gives {gone}")
        refused(MastodonNotFoundError, lambda: client.status(status))
    client.revoke_access_token(allow_http=True)


def main():
    instance = Mastodon(api_base_url=SANDBOX)
    limits = fits(instance.instance_v2()).configuration
    check(limits.polls.max_options == 4 and limits.statuses.max_characters == 500, f"limits: {limits}")
    fits(instance.instance_v1())
    client, other = sign_in("jonas"), sign_in("priya")
    own = media(client) + polls(client)
    quoted, quoting = quotes(client, other)
    own += quoted + threads(client)
    words = refused(MastodonAPIError, lambda: client.status_post("x" * 501))
    check("500" in words, words)
    clean_up(other, quoting)
    clean_up(client, own)
    stranger = Mastodon(access_token="wrong", api_base_url=SANDBOX)
    refused(MastodonUnauthorizedError, stranger.account_verify_credentials)
    sent = requests.get(SANDBOX + "/sandbox/requests?network=mastodon", timeout=30).json()
    print(f"mastodon: Mastodon.py agrees; {recorded.check(sent)} requests fit the documentation")


main()
