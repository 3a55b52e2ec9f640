"""Repair security definitions. Those of OpenAPI 3 are read as their equivalents of Swagger 2.0."""

from __future__ import annotations

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import (
    HEADER_NAME,
    LEFT_OUT,
    Body,
    RepairContext,
    excerpt,
    known_keys,
    mapping,
    texts,
)

ADDRESSES = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "application": ("tokenUrl",),
    "accessCode": ("authorizationUrl", "tokenUrl"),
}
KEYS = {
    "basic": ("type", "description"),
    "apiKey": ("type", "name", "in", "description"),
    "oauth2": ("type", "flow", "scopes", "authorizationUrl", "tokenUrl", "description"),
}
BEARER = {"type": "apiKey", "name": "Authorization", "in": "header"}


def security_definitions(place: RepairContext, value: Json) -> Body:
    """Return the repaired security definitions by name; those that no client can use are reported and left out.

    `type: http` of OpenAPI 3 becomes `basic`, or for bearer tokens an `apiKey` in the header `Authorization`. {} if
    `value` is no object, which is reported.
    """
    found: Body = {}
    for name, body in mapping(place, value).items():
        mended = _definition(place / name, body) if isinstance(body, dict) else None
        if mended is None:
            (place / name).note("it is no login of Swagger 2.0", LEFT_OUT)
        else:
            found[name] = mended
    return found


def _definition(place: RepairContext, value: Body) -> Body | None:
    """Return a valid security definition; None if it can't be used."""
    body = _meant(place, value)
    kind = body.get("type")
    if not isinstance(kind, str) or kind not in KEYS:
        return None
    body = texts(place, known_keys(place, body, KEYS[kind]), *(key for key in KEYS[kind] if key != "scopes"))
    if kind == "apiKey":
        name, where = body.get("name"), body.get("in")
        is_sendable = isinstance(name, str) and (where == "query" or HEADER_NAME.fullmatch(name))
        return body if is_sendable and where in ("header", "query") else None
    return _oauth2(place, body) if kind == "oauth2" else body


def _meant(place: RepairContext, body: Body) -> Body:
    """Return `type: http` of OpenAPI 3 as Swagger 2.0 writes it; {} for an unknown scheme."""
    words = (str(body.get("type", "")).lower(), str(body.get("scheme", "")).lower())
    if words[0] != "http":
        return body
    if words[1] not in ("basic", "bearer"):
        return {}
    place.note(f"{excerpt(body.get('scheme'))} is said as OpenAPI 3 does", f"read as a login with `{words[1]}`")
    text = {"description": body["description"]} if "description" in body else {}
    return {**({"type": "basic"} if words[1] == "basic" else BEARER), **text}


def _oauth2(place: RepairContext, body: Body) -> Body | None:
    needed = ADDRESSES.get(str(body.get("flow")))
    if needed is None or not all(isinstance(body.get(key), str) for key in needed):
        return None
    extra = [key for key in ("authorizationUrl", "tokenUrl") if key in body and key not in needed]
    for key in extra:
        (place / key).note(f"the flow {body['flow']} has no {key}", LEFT_OUT)
    scopes = body.get("scopes")
    scopes = texts(place / "scopes", scopes, *scopes) if isinstance(scopes, dict) else scopes
    if not isinstance(scopes, dict) or not all(isinstance(scope, str) for scope in scopes.values()):
        (place / "scopes").note(f"{excerpt(scopes)} does not list scopes with their texts", "their names are taken")
        names = scopes if isinstance(scopes, dict | list) else ()
        scopes = {str(name): "" for name in names}
    return {**{key: body[key] for key in body if key not in extra}, "scopes": scopes}
