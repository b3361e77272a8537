"""Drives the sandbox's Pinterest with Pinterest's own client. See README.md."""

import base64
import datetime
import json
import os
import sys
import urllib.parse

import urllib3
from openapi_generated.pinterest_client import ApiClient, Configuration
from openapi_generated.pinterest_client.api.boards_api import BoardsApi
from openapi_generated.pinterest_client.api.media_api import MediaApi
from openapi_generated.pinterest_client.api.pins_api import PinsApi
from openapi_generated.pinterest_client.api.user_account_api import UserAccountApi
from openapi_generated.pinterest_client.exceptions import (
    ApiException,
    NotFoundException,
    UnauthorizedException,
)
from openapi_generated.pinterest_client.model.board import Board
from openapi_generated.pinterest_client.model.board_section import BoardSection
from openapi_generated.pinterest_client.model.media_upload_request import MediaUploadRequest
from openapi_generated.pinterest_client.model.oauth_access_token_response_code import (
    OauthAccessTokenResponseCode,
)
from openapi_generated.pinterest_client.model.pin_create import PinCreate

import recorded

SANDBOX = os.environ["SANDBOX_URL"].rstrip("/")
BASE = SANDBOX + "/pinterest"
REDIRECT = "https://judge.example/callback"
PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
    )
).decode()
VIDEO = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(200_000)
SCOPES = "user_accounts:read,boards:read,boards:write,pins:read,pins:write"

http = urllib3.PoolManager(retries=False, timeout=30)


def check(condition, what):
    if not condition:
        sys.exit(f"pinterest: {what}")


def consent():
    """The code that a person's consent gives."""
    query = urllib.parse.urlencode(
        {
            "client_id": "sandbox-app",
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": SCOPES,
            "state": "judge",
        }
    )
    answer = http.request(
        "POST",
        f"{BASE}/oauth/?{query}",
        fields={"decision": "approve", "account": "mara"},
        encode_multipart=False,
        redirect=False,
    )
    check(answer.status == 303, f"consent answers {answer.status}")
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)
    check(back["state"] == ["judge"], "the state does not come back")
    return back["code"][0]


def client(token=None):
    configuration = Configuration(host=BASE + "/v5", username="sandbox-app", password="sandbox-secret")
    configuration.access_token = token
    return ApiClient(configuration)


def token(**form):
    """The generated client can send `grant_type` alone, so the rest goes without it."""
    headers = urllib3.make_headers(basic_auth="sandbox-app:sandbox-secret")
    answer = http.request(
        "POST", BASE + "/v5/oauth/token", fields=form, headers=headers, encode_multipart=False
    )
    return answer.status, json.loads(answer.data)


def sign_in():
    asked = {"grant_type": "authorization_code", "code": consent(), "redirect_uri": REDIRECT}
    status, issued = token(**asked)
    check(status == 200, f"the token endpoint answers {status}: {issued}")
    fitting = OauthAccessTokenResponseCode(**issued)
    check(fitting.token_type == "bearer" and fitting.expires_in == 2_592_000, "the token is not of 30 days")
    check(set(fitting.scope.replace(",", " ").split()) == set(SCOPES.split(",")), "other scopes were granted")
    status, body = token(**asked)
    check(status >= 400, "a code is taken twice")
    check(isinstance(body["code"], int) and body["message"], "a refusal without code and message")
    # A code that is used twice ends its tokens, so the judge signs in once more.
    _, issued = token(**dict(asked, code=consent()))
    _, renewed = token(grant_type="refresh_token", refresh_token=issued["refresh_token"])
    check(renewed["refresh_token"] != issued["refresh_token"], "the refresh token does not rotate")
    return client(renewed["access_token"])


def advance(seconds):
    http.request("POST", SANDBOX + "/sandbox/clock", json={"seconds": seconds})


def upload(api):
    """As github.com/pinterest/api-quickstart does: the fields, then the file without a name."""
    media = MediaApi(api)
    registered = media.media_create(MediaUploadRequest(media_type="video"))
    fields = list(registered.upload_parameters.to_dict().items())
    known = {
        "x_amz_date": "x-amz-date",
        "x_amz_signature": "x-amz-signature",
        "x_amz_security_token": "x-amz-security-token",
        "x_amz_algorithm": "x-amz-algorithm",
        "x_amz_credential": "x-amz-credential",
        "content_type": "Content-Type",
    }
    fields = [(known.get(name, name), value) for name, value in fields]
    check(len(fields) == 8, f"{len(fields)} upload parameters")
    body, content_type = urllib3.encode_multipart_formdata(fields)
    end = body.rindex(b"\r\n--") + 2
    boundary = content_type.split("boundary=")[1].encode()
    body = (
        body[:end]
        + b"--"
        + boundary
        + b'\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
        + VIDEO
        + b"\r\n--"
        + boundary
        + b"--\r\n"
    )
    answer = http.request("POST", registered.upload_url, body=body, headers={"Content-Type": content_type})
    check(answer.status == 204, f"the file store answers {answer.status}: {answer.data[:300]}")
    # The store is not Pinterest: a token offends it, and so does a field that is missing.
    answer = http.request(
        "POST",
        registered.upload_url,
        body=body,
        headers={"Content-Type": content_type, "Authorization": "Bearer x"},
    )
    check(answer.status == 400, "the file store takes a token")
    status = str(media.media_get(registered.media_id).status)
    check(status in ("registered", "processing"), f"a video is {status} at once")
    advance(60)
    check(str(media.media_get(registered.media_id).status) == "succeeded", "a video is never processed")
    return registered.media_id


def pins(api, board, section, media_id):
    """Every kind of Pin, with the number of pictures that are shown."""
    pins = PinsApi(api)
    image = {"source_type": "image_base64", "content_type": "image/png", "data": PIXEL}
    card = {"content_type": "image/png", "data": PIXEL, "title": "Card", "link": "https://example.com/1"}
    sources = {
        "image": image,
        "multiple_images": {"source_type": "multiple_image_base64", "items": [card, card, card]},
        "video": {"source_type": "video_id", "media_id": media_id, "cover_image_key_frame_time": 1},
    }
    made = []
    for kind, source in sources.items():
        pin = pins.pins_create(
            PinCreate(
                board_id=board,
                board_section_id=section,
                title="Judged",
                description="By Pinterest's own client",
                alt_text="A pixel",
                link="https://example.com/",
                media_source=source,
            )
        )
        check(pin.media["media_type"] == kind, f"a Pin of {kind} shows {pin.media['media_type']}")
        seen = pins.pins_get(pin.id)
        check(seen.title == "Judged" and seen.board_section_id == section, "a Pin reads otherwise than it was written")
        check(isinstance(seen.created_at, datetime.datetime), "created_at is no time")
        made.append(pin.id)
    return made


def refusals(api, board):
    pins = PinsApi(api)

    def refused(status, **fields):
        try:
            pins.pins_create(PinCreate(**fields))
        except ApiException as error:
            body = json.loads(error.body)
            check(error.status == status, f"{error.status} instead of {status}: {body}")
            check(isinstance(body["code"], int) and body["message"], "a refusal without code and message")
        else:
            sys.exit(f"pinterest: took {fields}")

    image = {"source_type": "image_base64", "content_type": "image/png", "data": PIXEL}
    refused(404, board_id="1", media_source=image)
    refused(400, board_id=board)
    refused(400, board_id=board, link="no link", media_source=image)
    video = {"source_type": "video_id", "media_id": "1", "cover_image_key_frame_time": 1}
    refused(400, board_id=board, media_source=video)
    jpeg = dict(image, content_type="image/jpeg")
    refused(400, board_id=board, media_source=jpeg)
    try:
        UserAccountApi(client("nobody's")).user_account_get()
        sys.exit("pinterest: takes any token")
    except UnauthorizedException:
        pass


def main():
    api = sign_in()
    person = UserAccountApi(api).user_account_get()
    check(person.username == "mara", "another account")
    boards = BoardsApi(api)
    check(len(boards.boards_list()["items"]) >= 3, "no boards")
    board = boards.boards_create(Board(name=f"Judged {person.pin_count} {os.getpid()}"))
    section = boards.board_sections_create(board.id, BoardSection(name="First"))
    check(boards.board_sections_list(board.id)["items"][0]["name"] == "First", "no section")
    made = pins(api, board.id, section.id, upload(api))
    page = boards.boards_list_pins(board.id, page_size=2)
    check(len(page["items"]) == 2 and page["bookmark"], "no pages")
    rest = boards.boards_list_pins(board.id, page_size=2, bookmark=page["bookmark"])
    check(len(rest["items"]) == 1 and not rest.get("bookmark"), "the second page is not the last")
    advance(6 * 3600)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    numbers = PinsApi(api).pins_analytics(
        made[0],
        today - datetime.timedelta(days=7),
        today + datetime.timedelta(days=1),
        ["IMPRESSION", "SAVE", "TOTAL_COMMENTS"],
    )
    check(numbers["all"]["summary_metrics"]["IMPRESSION"] > 0, "nobody sees a Pin")
    UserAccountApi(api).user_account_analytics(today - datetime.timedelta(days=7), today)
    refusals(api, board.id)
    for pin in made:
        PinsApi(api).pins_delete(pin)
    try:
        PinsApi(api).pins_get(made[0])
        sys.exit("pinterest: a deleted Pin is still there")
    except NotFoundException:
        pass
    boards.boards_delete(board.id)
    # The judge's own wrong requests, which were refused, are no judgement.
    requests = json.loads(http.request("GET", SANDBOX + "/sandbox/requests?network=pinterest").data)
    taken = [request for request in requests if request.get("status", 500) < 400]
    print(f"pinterest: {len(made)} Pins by Pinterest's own client; {recorded.check(taken)} requests fit it")


main()
