"""Holds recorded requests against X's own client, generated from its OpenAPI: `recorded.py FILE`. See ../README.md."""

import importlib
import inspect
import json
import pkgutil
import re
import sys
import typing
from pathlib import Path

import xdk
from pydantic import BaseModel, ValidationError

# OAuth, which the OpenAPI does not describe: docs.x.com/fundamentals/authentication/oauth-2-0.
OAUTH = ("/i/oauth2/authorize", "/2/oauth2/token", "/2/oauth2/revoke")
# The OpenAPI's parameter `command` of the status, and the form of a piece: docs.x.com, Chunked media upload.
FORMS = {"/2/media/upload": {"media", "media_category", "media_type", "additional_owners", "shared"}}


class Operation(typing.NamedTuple):
    path: str
    parameters: dict  # by their names in the address, what each takes
    body: type | None


def operations():
    """Every operation of the client, by method."""
    found = {}
    for package in pkgutil.iter_modules(xdk.__path__):
        if not package.ispkg:
            continue
        module = importlib.import_module(f"xdk.{package.name}.client")
        for _, client in inspect.getmembers(module, inspect.isclass):
            if client.__module__ != module.__name__:
                continue
            for _, method in inspect.getmembers(client, inspect.isfunction):
                source = inspect.getsource(method)
                path = re.search(r'base_url \+ "([^"]+)"', source)
                verb = re.search(r"session\.(get|post|put|delete|patch)\(", source)
                if not path or not verb:
                    continue
                # Some of its modules forget to import the types that they name.
                hints = typing.get_type_hints(method, {**vars(typing), **vars(module)})
                names = re.findall(r'params\["([^"]+)"\]', source)
                parameters = {name: hints.get(name.replace(".", "_")) for name in names}
                if "pagination_param_name" in source:
                    parameters["pagination_token"] = None
                bodies = [one for one in (hints.get("body"), *typing.get_args(hints.get("body"))) if inspect.isclass(one)]
                body = next((one for one in bodies if issubclass(one, BaseModel)), None)
                found.setdefault(verb.group(1).upper(), []).append(Operation(path.group(1), parameters, body))
    return found


def words(annotation):
    """The words that an annotation allows; none where it allows any."""
    if typing.get_origin(annotation) is typing.Literal:
        return set(typing.get_args(annotation))
    return set().union(*(words(inner) for inner in typing.get_args(annotation)))


def unknown(value, at):
    """What a model was given beside its fields."""
    if isinstance(value, BaseModel):
        yield from (f"{at} has no {name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from unknown(getattr(value, name), f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from unknown(inner, at)


def misfits(operation, request):
    """What of a request does not fit its operation."""
    for name, value in request["query"]:
        if name not in operation.parameters:
            yield f"no parameter {name}"
        elif allowed := words(operation.parameters[name]):
            yield from (f"{name} has no {word}" for word in value.split(",") if word not in allowed)
    if request.get("json") is not None and operation.body:
        try:
            yield from unknown(operation.body.model_validate(request["json"]), "the body")
        except ValidationError as error:
            yield str(error)
    elif request.get("parts") and operation.body:
        fields = FORMS.get(operation.path) or set(operation.body.model_fields) or {"media", "segment_index"}
        yield from (f"no field {part['name']}" for part in request["parts"] if part["name"] not in fields)


def check(requests):
    known, checked = operations(), 0
    for request in requests:
        verb, path = request["method"], request["path"]
        if path in OAUTH:
            continue
        fitting = [one for one in known[verb] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one.path), path)]
        if not fitting:
            raise SystemExit(f"x: the client knows no {verb} {path}")
        # `/2/tweets/search/recent` also looks like `/2/tweets/{id}/recent`.
        problems = min((list(misfits(one, request)) for one in fitting), key=len)
        if problems:
            raise SystemExit(f"x: {verb} {path}: {'; '.join(problems)}")
        checked += 1
    if not checked:
        raise SystemExit("x: no request was recorded")
    return checked


if __name__ == "__main__":
    print(f"x: {check(json.loads(Path(sys.argv[1]).read_text()))} requests fit X's client")
