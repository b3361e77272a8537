"""Checks JSON against a Google discovery document (developers.google.com/discovery/v1/reference/apis)."""

import re

NUMBER = {"uint64": r"\d+", "int64": r"-?\d+", "uint32": None, "int32": None}


def methods(resource):
    """Every method of a discovery document."""
    for method in resource.get("methods", {}).values():
        yield method
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


def violations(document, schema, value, at):
    """What of a value does not fit a schema."""
    if "$ref" in schema:
        schema = document["schemas"][schema["$ref"]]
    kind = schema.get("type")
    if kind == "any":
        return []
    if kind == "object":
        if not isinstance(value, dict):
            return [f"{at}: {type(value).__name__} instead of an object"]
        known = schema.get("properties", {})
        other = schema.get("additionalProperties")
        found = []
        for name, inner in value.items():
            if name in known:
                found += violations(document, known[name], inner, f"{at}.{name}")
            elif other:
                found += violations(document, other, inner, f"{at}.{name}")
            else:
                found.append(f"{at}.{name}: no such property")
        return found
    if kind == "array":
        if not isinstance(value, list):
            return [f"{at}: {type(value).__name__} instead of an array"]
        return [
            violation
            for index, inner in enumerate(value)
            for violation in violations(document, schema["items"], inner, f"{at}[{index}]")
        ]
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{at}: {value!r} is no boolean"]
    if kind in ("integer", "number"):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [] if is_number else [f"{at}: {value!r} is no {kind}"]
    if not isinstance(value, str):
        return [f"{at}: {value!r} is no string"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    pattern = NUMBER.get(schema.get("format"))
    if pattern and not re.fullmatch(pattern, value):
        return [f"{at}: {value!r} is no {schema['format']}"]
    if schema.get("format") == "date-time" and not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value
    ):
        return [f"{at}: {value!r} is no instant"]
    return []


def find(document, verb, path):
    """The method of a request, with whether it is an upload."""
    for method in methods(document):
        if method["httpMethod"] != verb:
            continue
        plain = "/" + method["path"]
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", plain)
        if re.fullmatch(pattern, path):
            return method, False
        for protocol in method.get("mediaUpload", {}).get("protocols", {}).values():
            if path == protocol["path"]:
                return method, True
    return None, False


def request_violations(document, recorded):
    """What of a recorded request the discovery document does not know."""
    verb, path = recorded["method"], recorded["path"]
    if verb == "PUT" and path.startswith("/upload/"):
        return []  # A piece of a resumable upload: its address comes from the server.
    method, is_upload = find(document, verb, path)
    if method is None:
        return [f"{verb} {path}: no such method"]
    known = {**document.get("parameters", {}), **method.get("parameters", {})}
    given = {}
    for name, value in recorded["query"]:
        given.setdefault(name, []).append(value)
    found = []
    for name, values in given.items():
        if name not in known:
            found.append(f"{verb} {path}: no parameter {name}")
            continue
        parameter = known[name]
        pieces = [piece for value in values for piece in value.split(",")] if parameter.get("repeated") else values
        for piece in pieces:
            if "enum" in parameter and piece not in parameter["enum"]:
                found.append(f"{verb} {path}: {name}={piece} is none of {parameter['enum']}")
            if parameter["type"] == "boolean" and piece not in ("true", "false"):
                found.append(f"{verb} {path}: {name}={piece} is no boolean")
            if parameter["type"] == "integer":
                low, high = parameter.get("minimum"), parameter.get("maximum")
                fits = piece.isdigit() and (not low or int(piece) >= int(low)) and (not high or int(piece) <= int(high))
                if not fits:
                    found.append(f"{verb} {path}: {name}={piece} is out of range")
    for name, parameter in method.get("parameters", {}).items():
        if parameter.get("required") and name not in given:
            found.append(f"{verb} {path}: {name} is missing")
    body = recorded.get("json")
    if body is not None and "request" in method:
        found += violations(document, method["request"], body, f"{verb} {path}")
    if body is None and "request" in method and not is_upload:
        found.append(f"{verb} {path}: no body")
    return found
