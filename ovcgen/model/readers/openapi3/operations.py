"""Read path items and their operations, webhooks and callbacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import excerpt
from ovcgen.model import media
from ovcgen.model.api import Callback, Operation, Parameter, Response, SecurityDefinition, Server
from ovcgen.model.readers.openapi3.bodies import WITHOUT_BODY, request_body, responses
from ovcgen.model.readers.openapi3.document_state import IGNORED, LEFT_OUT, Body, DocumentPlace
from ovcgen.model.readers.openapi3.parameters import parameters, with_logins
from ovcgen.model.readers.openapi3.python_names import with_keys
from ovcgen.model.readers.openapi3.security import Alternatives, security
from ovcgen.model.readers.openapi3.servers import servers
from ovcgen.model.schema import Nothing, Schema

METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "query", "trace")
SAFE = ("GET", "HEAD", "OPTIONS", "QUERY", "TRACE")  # methods that change nothing (RFC 9110)


@dataclass(frozen=True, slots=True)
class Defaults:
    """A record of what the operations of a document have in common.

    Attributes:
        definitions: The security schemes of the document.
        security: What operations without their own `security` need, as alternatives of (scheme, scopes) pairs.
    """

    definitions: Collection[SecurityDefinition]
    security: Alternatives


def operations(place: DocumentPlace, body: Body, defaults: Defaults) -> Iterator[Operation]:
    """Yield the operations of a document, by path and method, without Python names (see `python_names.named`).

    `body` is the document, which has the key `paths`. Paths and operations that can't be read are reported and left
    out.
    """
    listed = place.objects(body, "paths", extensible=True)
    for key, value in sorted(listed.items()):
        at, path = place / "paths" / key, key if key.startswith("/") else f"/{key}"
        if path != key and (path in listed or "://" in key):
            at.note(f"{excerpt(key)} is no path", "its operations are left out")
            continue
        if path != key:
            at.note(f"{excerpt(key)} does not begin with a slash", f"read as {path!r}")
        yield from _items(at, path, value, defaults)


def _items(place: DocumentPlace, path: str, value: Json, defaults: Defaults) -> Iterator[Operation]:
    """Yield the operations of a path item."""
    at, item = place.followed(value)
    if not isinstance(item, dict):
        if item is not None or value is None:
            at.note(f"{excerpt(item)} is no path item", "its operations are left out")
        return
    if at.path != place.path and isinstance(value, dict):
        item = {**item, **{key: inner for key, inner in value.items() if key != "$ref"}}
    own_servers = servers(at, item)
    for method, inner, body in _methods(at, item):
        found = _operation(inner, path, method, body, item=(at, item), own_servers=own_servers, defaults=defaults)
        if path and found.id:  # requests that the service sends have no path
            _note_repeated(inner / "operationId", found)
        yield found


def _note_repeated(place: DocumentPlace, operation: Operation) -> None:
    """Report an operationId that an operation read before has, too; one path item may stand for several paths."""
    first, at = place.state.operation_ids.setdefault(operation.id, (operation.place, place.path))
    if at != place.path:
        place.note(f"{excerpt(operation.id)} is the operationId of {first}, too", "one of them has another name")


def _methods(place: DocumentPlace, item: Body) -> Iterator[tuple[str, DocumentPlace, Body]]:
    """Yield (method, place, operation) of a path item, sorted by method."""
    found = {key.upper(): (place / key, item[key]) for key in METHODS if key in item}
    others = place.objects(item, "additionalOperations") if "additionalOperations" in item else {}
    for method, body in others.items():
        at = place / "additionalOperations" / method
        if method in found or not method.isascii() or not method.replace("-", "").replace("_", "").isalnum():
            at.note(f"{excerpt(method)} is no other method", LEFT_OUT)
        else:
            found[method] = (at, body)
    for method, (at, body) in sorted(found.items()):
        if isinstance(body, dict):
            yield method, at, body
        else:
            at.note(f"{excerpt(body)} is no operation", LEFT_OUT)


def _operation(
    place: DocumentPlace,
    path: str,
    method: str,
    body: Body,
    *,
    item: tuple[DocumentPlace, Body],
    own_servers: tuple[Server, ...],
    defaults: Defaults,
) -> Operation:
    at, outer = item
    listed = [
        (where / "parameters" / number, value)
        for where, owner in ((at, outer), (place, body))
        if "parameters" in owner
        for number, value in enumerate(where.array(owner, "parameters"))
    ]
    placed, unplaced = parameters(place, listed, path)
    sent = request_body(place / "requestBody", body["requestBody"]) if "requestBody" in body else None
    answers = responses(place, body)
    results = _results(answers, method)
    needed = security(place, body, {definition.name for definition in defaults.definitions})
    summary = place.member(body, "summary").strip()
    return Operation(
        group="",
        actor="",
        name="",
        method=method,
        path=path,
        parameters=(*with_logins(placed, defaults.definitions), *([sent] if sent else [])),
        responses=answers,
        result=results[0][1],
        other_results=results[1:],
        id=place.member(body, "operationId").strip(),
        tags=place.names(body, "tags") if "tags" in body else (),
        doc=place.member(body, "description").strip() or summary,
        summary=summary,
        consumes=tuple(content.media_type for content in sent.contents) if sent else (),
        produces=_produced(answers),
        security=defaults.security if needed is None else needed,
        own_security=needed is not None and needed != defaults.security,
        deprecated="deprecated" in body and place.flag(body, "deprecated"),
        retry="read" if method in SAFE else "creating",
        route=path.partition("#")[0] if "#" in path else "",
        openapi=place.state.version,
        servers=servers(place, body) or own_servers,
        callbacks=_callbacks(place, body, defaults) if "callbacks" in body else (),
        unplaced=unplaced,
        sunset=place.member(body, "x-sunset").strip(),
    )


def _results(answers: tuple[Response, ...], method: str) -> tuple[tuple[str, Schema], ...]:
    """Return (status, schema of the value that a caller gets) of each success; at least one."""
    return tuple(
        (
            answer.status,
            Nothing() if answer.schema is None or answer.status in WITHOUT_BODY or method == "HEAD" else answer.schema,
        )
        for answer in media.successes(answers) or [media.UNDECLARED]
    )


def _produced(answers: tuple[Response, ...]) -> tuple[str, ...]:
    """Return the media types of all successes, preferred first."""
    kinds = dict.fromkeys(content.media_type for answer in media.successes(answers) for content in answer.contents)
    return tuple(sorted(kinds, key=lambda kind: (media.preference(kind), kind)))


def webhooks(place: DocumentPlace, body: Body, defaults: Defaults) -> tuple[Callback, ...]:
    """Return the requests that the service sends on its own (`webhooks`), sorted by name and method.

    `body` is the document. Webhooks that can't be read are reported and left out.
    """
    found = []
    for name, value in sorted(place.objects(body, "webhooks").items()):
        found += [
            Callback(name, "", _received(operation, name))
            for operation in _items(place / "webhooks" / name, "", value, defaults)
        ]
    return tuple(found)


def _callbacks(place: DocumentPlace, body: Body, defaults: Defaults) -> tuple[Callback, ...]:
    found = []
    for name, value in sorted(place.objects(body, "callbacks").items()):
        at, callback = (place / "callbacks" / name).followed(value)
        if not isinstance(callback, dict):
            at.note(f"{excerpt(callback)} is no callback", IGNORED)
            continue
        for expression, item in sorted(callback.items()):
            if not expression.startswith("x-"):
                found += [
                    Callback(name, expression, _received(operation, name))
                    for operation in _items(at / expression, "", item, defaults)
                ]
    return tuple(found)


def _received(operation: Operation, name: str) -> Operation:
    """Return the operation of a request that the service sends, named by its operationId, else by `name`."""
    keyed: tuple[Parameter, ...] = with_keys(operation.parameters)
    return replace(operation, name=operation.id or name, parameters=keyed)
