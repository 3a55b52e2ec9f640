"""Pieces of the rows about OpenAPI 3: documents with one call that takes and answers something."""

from __future__ import annotations

from typing import Any

from ovcgen.diff import compare
from ovcgen.diff.change import Change, Level
from ovcgen.model.api import Api
from ovcgen.model.readers.openapi3 import read

Body = dict[str, Any]
Found = list[tuple[str, Level, Level]]

JSON = "application/json"
TEXT, NUMBER, ANY_OBJECT = {"type": "string"}, {"type": "integer"}, {"type": "object"}
CAT = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}, "lives": NUMBER}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "dog"}, "barks": {"type": "boolean"}}}
CAT_REF, DOG_REF = {"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}


def document(operation: Body | None = None, version: str = "3.1.0", **more: Any) -> Body:
    """A document with one call, `POST /pets`."""
    schemas = {"Cat": CAT, "Dog": DOG, **more.pop("schemas", {})}
    whole = {"responses": {"200": {"description": ""}}, "operationId": "add", **(operation or {})}
    info = {"title": "Pets", "version": "1"}
    components = {"schemas": schemas, **more.pop("components", {})}
    return {"openapi": version, "info": info, "paths": {"/pets": {"post": whole}}, "components": components, **more}


def released(body: Body) -> Api:
    """The API of a document."""
    return read(body, "1")[0]


def changes(old: Body, new: Body) -> list[Change]:
    """All changes between two documents."""
    return compare(released(old), released(new))


def found(old: Body, new: Body) -> Found:
    """Kind, who breaks over HTTP and whose Python code breaks, of every change."""
    return [(change.id, change.wire, change.sdk) for change in changes(old, new)]


def sent(schema: Any, media_type: str = JSON, *, required: bool = True, **encoding: Any) -> Body:
    """A call that takes such a body."""
    content: Body = {"schema": schema, **({"encoding": encoding} if encoding else {})}
    return {"requestBody": {"required": required, "content": {media_type: content}}}


def got(schema: Any, media_type: str = JSON, status: str = "200", **more: Any) -> Body:
    """A call that answers so."""
    return {"responses": {status: {"description": "", "content": {media_type: {"schema": schema}}, **more}}}


def takes(schema: Any = TEXT, *, place: str = "query", name: str = "p", **more: Any) -> Body:
    """A call with one parameter."""
    return document({"parameters": [{"name": name, "in": place, "schema": schema, **more}]})


def calls_back(operation: Body, url: str = "{$request.body#/url}", name: str = "onChange", verb: str = "post") -> Body:
    """A call after which the service sends such a request."""
    whole = {"responses": {"200": {"description": ""}}, **operation}
    return document({"callbacks": {name: {url: {verb: whole}}}})


def announces(operation: Body, name: str = "changed", verb: str = "post") -> Body:
    """A document whose service sends such a request on its own."""
    whole = {"responses": {"200": {"description": ""}}, **operation}
    return document(webhooks={name: {verb: whole}})


def listens(*urls: str, **variables: Body) -> Body:
    """A document with these servers."""
    more = {"variables": variables} if variables else {}
    return document(servers=[{"url": url, **more} for url in urls])
