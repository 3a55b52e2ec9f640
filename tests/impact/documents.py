"""Small releases for tests: an operation, as values and as the document that they are read from."""

from __future__ import annotations

from typing import Any

from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.recordings.swagger2_validator import ReleaseDocument

DONE = {"200": {"description": "done"}}


def version(paths: dict[str, Any], release: str = "1", **definitions: Any) -> ReleaseDocument:
    """A release with these paths."""
    info = {"title": "pets", "version": "1"}
    document = {"swagger": "2.0", "info": info, "paths": paths, "definitions": definitions}
    normalised = normalise(document, {}, release=release, dialect="plain")
    return ReleaseDocument(read(normalised, release), normalised)


def taking(*parameters: dict[str, Any], path: str = "/pets", **definitions: Any) -> ReleaseDocument:
    """A release whose `POST /pets` takes these parameters."""
    return version({path: {"post": {"parameters": list(parameters), "responses": DONE}}}, **definitions)


def answering(schema: dict[str, Any], status: str = "200", **definitions: Any) -> ReleaseDocument:
    """A release whose `GET /pets` answers that."""
    responses = {status: {"description": "a pet", "schema": schema}}
    return version({"/pets": {"get": {"responses": responses}}}, **definitions)


def field(name: str, kind: str = "string", place: str = "formData", **more: Any) -> dict[str, Any]:
    """A parameter."""
    return {"name": name, "in": place, "type": kind, **more}


def body(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of a request."""
    return {"name": "body", "in": "body", "schema": schema, **more}


def record(*required: str, **properties: Any) -> dict[str, Any]:
    """An object."""
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}
