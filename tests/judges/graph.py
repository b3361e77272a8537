"""Holds recorded requests to Meta's Graph API against facebook-business, which Meta generates from its schemas."""

import importlib
import inspect
import json
import re

from facebook_business.typechecker import TypeChecker

# What every call takes. In JSON, Meta's client for Node.js repeats the id of the object that it calls.
ALWAYS = {"access_token", "appsecret_proof", "fields", "limit", "after", "before", "summary", "id"}


class Call(Exception):
    """A call that the client was about to make, or one that only the documentation has."""

    def __init__(self, verb, edge, fields=(), parameters=TypeChecker({}, {}), of=""):
        self.verb, self.edge, self.fields, self.parameters, self.of = verb, edge, set(fields), parameters, of


def instead_of_a_request(method, endpoint, param_checker, target_class, **_):
    fields = vars(getattr(target_class, "Field", object)).items()
    fields = [value for name, value in fields if name[0] != "_"]
    raise Call(method, endpoint.strip("/"), fields, param_checker, target_class.__name__)


def calls(name):
    """Every call that the client knows of objects of one sort, such as `Page`."""
    module = importlib.import_module("facebook_business.adobjects." + name.lower())
    module.FacebookRequest = instead_of_a_request
    thing = getattr(module, name)("1")
    found = []
    for method, code in inspect.getmembers(thing, inspect.ismethod):
        if method.startswith(("api_", "create_", "delete_", "get_", "update_")) and "fields" in inspect.signature(code).parameters:
            try:
                code()
            except Call as call:
                found.append(call)
            except Exception:  # A helper of the client that is no call of its own.
                pass
    return found


def all_calls(sorts):
    known = {sort: calls(sort) for sort in sorts}
    for call in (call for of_sort in known.values() for call in of_sort):
        # What an object leads to can also be read as a field of it.
        call.fields |= {other.edge for other in known.get(call.of, []) if other.verb == "GET"}
        yield call


def readable(value):
    """A form's text as what it says: JSON where it is some."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def takes(parameters, name, value):
    """Whether a parameter's type takes a value. What Meta calls an object may be anything; guides write words small
    that the schemas write in capitals."""
    if parameters.is_file_param(name) or "Object" in parameters.get_type(name):
        return True
    return any(parameters.is_valid_pair(name, form) for form in (value, str(value).upper(), readable(value), [value]))


def misfits(call, sent):
    """What of the parameters does not fit a call."""
    found = []
    for name, value in sent.items():
        if name == "fields":
            # `picture{url}` and `comments.limit(0)` are fields with something said of them.
            asked = {re.match(r"\w+", field).group() for field in re.split(r",(?![^{]*})", value)}
            found += [f"no field {field}" for field in sorted(asked - call.fields - {"id"})]
        elif name in ALWAYS:
            continue
        elif not call.parameters.is_valid_key(name):
            found.append(f"no parameter {name}")
        elif not takes(call.parameters, name, value):
            found.append(f"{name}={value!r:.60} is no {call.parameters.get_type(name)}")
    return found


def check(requests, network, sorts, documented, elsewhere, version="v26.0"):
    """Fails unless every request is a call of one of these sorts of objects. `documented` are calls that the client does
    not know, or (with `of`) fields that it does not know of a sort. What fits `elsewhere`, as method and path, is no call
    of an object."""
    known = [*all_calls(sorts), *(call for call in documented if not call.of)]
    for more in (call for call in documented if call.of):
        for call in known:
            if (call.verb, call.edge, call.of) == (more.verb, more.edge, more.of):
                call.fields |= more.fields
    checked = 0
    for request in requests:
        verb, path = request["method"], request["path"]
        if any(re.fullmatch(pattern, f"{verb} {path}") for pattern in elsewhere):
            continue
        place = re.fullmatch(rf"/{re.escape(version)}/[^/]+(?:/(\w+))?/?", path)
        fitting = place and [call for call in known if (call.verb, call.edge) == (verb, place.group(1) or "")]
        if not fitting:
            raise SystemExit(f"{network}: the client knows no {verb} {path}")
        sent = dict(request["query"] + request.get("form", [])) | (request.get("json") or {})
        # Pictures go beside the parameters, as `source`.
        sent |= {part["name"]: part.get("text") for part in request.get("parts", []) if part["name"] != "source"}
        # An id does not tell what it is of: it must be of one sort.
        problems = min((misfits(call, sent) for call in fitting), key=len)
        if problems:
            raise SystemExit(f"{network}: {verb} {path}: {'; '.join(problems)}")
        checked += 1
    if not checked:
        raise SystemExit(f"{network}: no request was recorded")
    return checked
