"""Holds recorded requests against Pinterest's own client, generated from its OpenAPI: `recorded.py FILE`. See
../README.md."""

import importlib
import inspect
import json
import re
import sys
from pathlib import Path

from openapi_generated.pinterest_client import ApiClient, Configuration, model
from openapi_generated.pinterest_client.exceptions import OpenApiException
from openapi_generated.pinterest_client.model_utils import OpenApiModel, validate_and_convert_types

# The parts of the client that know what AllIN asks for; others of its parts can't be imported.
PARTS = ("boards_api", "media_api", "pins_api", "user_account_api")
# What the OpenAPI of the client does not hold: the consent page, revoking (API 5.23), and the file store, which is
# Amazon's.
UNDOCUMENTED = ("/oauth", "/v5/oauth/token/revoke", "/upload")
# What `media_source` may be. The client takes any object there.
SOURCES = {
    "image_base64": "pin_media_source_image_base64",
    "image_url": "pin_media_source_image_url",
    "multiple_image_base64": "pin_media_source_images_base64",
    "multiple_image_urls": "pin_media_source_images_url",
    "pin_url": "pin_media_source_pin_url",
    "video_id": "pin_media_source_video_id",
}
# Documented fields that the client does not know: developers.pinterest.com/docs/api/v5/pins-create and
# /docs/getting-started/set-up-authentication-and-authorization.
NEWER = {"cover_image_key_frame_time", "continuous_refresh"}
GRANTS = {"authorization_code": "code", "refresh_token": "refresh", "client_credentials": "client_credentials"}


class Client(ApiClient):
    """One that checks what it would send, and sends nothing."""

    def call_api(self, *_, **__):
        return None


def class_of(name):
    """The class of a module of models, such as `PinCreate` of `pin_create`."""
    module = importlib.import_module(f"{model.__name__}.{name}")
    own = [one for _, one in inspect.getmembers(module, inspect.isclass) if one.__module__ == module.__name__]
    return next(one for one in own if issubclass(one, OpenApiModel))


def endpoints():
    """Every operation of the client."""
    client = Client(Configuration())
    for part in PARTS:
        module = importlib.import_module(f"openapi_generated.pinterest_client.api.{part}")
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if name.endswith("Api"):
                yield from (one for key, one in vars(thing(client)).items() if key.endswith("_endpoint"))


def typed(endpoint, name, value):
    """A parameter of an address as the client takes it."""
    kind = endpoint.openapi_types[name][0]
    if isinstance(kind, list):
        return value.split(",")
    if kind is bool:
        return {"true": True, "false": False}[value]
    return kind(value) if kind in (int, float) else value


def unknown(value, known, at):
    return [f"{at} has no {name}" for name in sorted(set(value) - set(known))]


def misfits(endpoint, place, request):
    """What of a request does not fit an operation."""
    names = {wire: name for name, wire in endpoint.attribute_map.items()}
    problems, given = unknown(dict(request["query"]), names, "the address"), {}
    for name, value in [*place.groupdict().items(), *request["query"]]:
        if name in names:
            given[names[name]] = typed(endpoint, names[name], value)
    body = request.get("json")
    for name, where in endpoint.location_map.items():
        if where == "body" and body is not None:
            given[name] = body
            problems += unknown(body, endpoint.openapi_types[name][0].openapi_types, name)
    for name in ("_return_http_data_only", "_preload_content", "_check_input_type", "_check_return_type"):
        given[name] = True
    given |= {"_spec_property_naming": True, "_host_index": None, "_content_type": None, "_request_timeout": None, "async_req": False}
    try:
        endpoint.call_with_http_info(**given)
        source = (body or {}).get("media_source")
        if source:
            kind = class_of(SOURCES[source["source_type"]])
            validate_and_convert_types(source, (kind,), ["media_source"], True, True, Configuration())
            problems += unknown(source, NEWER | set(kind.openapi_types), "media_source")
    except (OpenApiException, KeyError, ValueError) as error:
        problems.append(f"{type(error).__name__}: {error}")
    return problems


def token_misfits(request):
    """Asking for a token: the client's operation sends `grant_type` alone, its models know the rest."""
    form = dict(request["form"])
    kind = class_of(f"oauth_access_token_request_{GRANTS[form['grant_type']]}")
    problems = unknown(form, NEWER | set(kind.openapi_types), "the form")
    if not request["headers"].get("authorization"):
        problems.append("the app does not prove itself by HTTP Basic")
    return problems


def check(requests):
    known, checked = list(endpoints()), 0
    for request in requests:
        verb, path = request["method"], request["path"]
        if path.rstrip("/") in UNDOCUMENTED:
            continue
        if path == "/v5/oauth/token":
            problems = token_misfits(request)
        else:
            fitting = []
            for one in known:
                pattern = "/v5" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", one.settings["endpoint_path"])
                place = re.fullmatch(pattern, path)
                if place and one.settings["http_method"] == verb:
                    fitting.append(misfits(one, place, request))
            if not fitting:
                raise SystemExit(f"pinterest: the client knows no {verb} {path}")
            problems = min(fitting, key=len)
        if problems:
            raise SystemExit(f"pinterest: {verb} {path}: {'; '.join(problems)}")
        checked += 1
    if not checked:
        raise SystemExit("pinterest: no request was recorded")
    return checked


if __name__ == "__main__":
    print(f"pinterest: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit Pinterest's client")
