"""Repair a document with mistakes so that it becomes valid Swagger 2.0, and report every change.

Everything that is left out, ignored or reinterpreted is reported as a `Problem`. References that leave the document are
not repaired; `refuse_hostile` refuses them afterwards. The modules do no I/O.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from ovcgen.documents.document import Document, Json, Problem
from ovcgen.documents.json_reader import Loaded
from ovcgen.documents.pointers import at
from ovcgen.documents.repair.context import (
    IGNORED,
    LEFT_OUT,
    Body,
    RepairContext,
    RepairPass,
    excerpt,
    is_address,
    known_keys,
    mapping,
    texts,
)
from ovcgen.documents.repair.operations import (
    paths,
    response_object,
    security_requirements,
    with_text_lists,
    with_valid_docs,
)
from ovcgen.documents.repair.parameters import parameter
from ovcgen.documents.repair.path_parameters import with_path_parameters
from ovcgen.documents.repair.reference_cycles import without_circles
from ovcgen.documents.repair.report_body_conflicts import note_bodies
from ovcgen.documents.repair.report_unusable_names import note_names
from ovcgen.documents.repair.schemas import SCOPE, schema
from ovcgen.documents.repair.security import security_definitions

KEYS = frozenset(
    {
        *("swagger", "info", "externalDocs", "host", "basePath", "schemes", "consumes", "produces", "paths"),
        *("definitions", "parameters", "responses", "security", "securityDefinitions", "tags"),
    }
)
INFO = frozenset({"title", "version", "description", "termsOfService", "contact", "license"})
TAG = ("name", "description", "externalDocs")
HOST = re.compile(r"[^{}/ :\\]+(?::\d+)?")
VERSION = "2.0"
PASSES = 5  # at most; a part that one pass removes may be referenced by another part


def repaired(document: Document, loaded: Loaded | None = None) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return (repaired document, problems): a valid Swagger 2.0 document, and what was wrong with the given one.

    The problems are sorted by place; () if nothing was wrong. The given document is not changed. References that leave
    the document are kept: call `refuse_hostile` afterwards. `loaded` is the record from which the document comes, if it
    was read from a text. It gives the spelling of numbers (`1.10`) that are repaired to strings. Its own problems are
    not among the result's.
    """
    text = loaded or Loaded({})
    findings = RepairPass(texts=dict(text.texts), unquoted=text.unquoted)
    result = _document(RepairContext(findings), document)
    found = list(findings.problems)
    for _ in range(PASSES):
        findings = RepairPass(known=findings.valid_kinds(), earlier=(*findings.earlier, findings.steps))
        result = _document(RepairContext(findings), result)
        if not findings.problems:
            result = without_circles(result, findings)
        found += findings.problems
        if not findings.problems:
            break
    findings = RepairPass(earlier=(*findings.earlier, findings.steps))
    result = _without_stray_references(RepairContext(findings), with_path_parameters(result, findings))
    note_names(RepairContext(findings), result)
    note_bodies(result, findings)
    every = dict.fromkeys([*found, *findings.problems])
    return result, tuple(sorted(every, key=lambda repair: repair.pointer))


def _without_stray_references(place: RepairContext, document: dict[str, Any]) -> dict[str, Any]:
    """Remove invalid `$ref`s from places that are not checked otherwise. URLs are kept, and refused later."""
    found: list[tuple[RepairContext, Body, str]] = []
    waiting: list[tuple[RepairContext, Json]] = [(place, document)]
    while waiting:
        here, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(
                (here / number, inner) for number, inner in enumerate(value) if isinstance(inner, dict | list)
            )
        elif isinstance(value, dict):
            waiting.extend((here / key, inner) for key, inner in value.items() if isinstance(inner, dict | list))
            target = value.get("$ref")
            if isinstance(target, str) and not target.startswith("#/") and not is_address(target):
                found.append((here, value, "$ref"))
            elif isinstance(target, str) and SCOPE in value:
                found.append((here, value, SCOPE))
    if not found:
        return document
    copied: dict[str, Any] = deepcopy(document)
    for here, value, key in found:
        (here / key).note(f"{excerpt(value[key])} is no reference", IGNORED)
        del at(copied, map(str, here.path))[key]
    return copied


def _document(place: RepairContext, document: Document) -> dict[str, Any]:
    result = with_text_lists(place, known_keys(place, document, KEYS))
    if result.get("swagger") != VERSION:
        (place / "swagger").note(f"{excerpt(result.get('swagger'))} is no text", f"read as {VERSION!r}")
        result["swagger"] = VERSION
    result["info"] = _info(place / "info", result.get("info"))
    result = _address(place, result)
    if "externalDocs" in result:
        result = with_valid_docs(place, result)
    if "tags" in result:
        result["tags"] = _tags(place / "tags", result["tags"])
    result["paths"] = paths(place / "paths", result.get("paths"))
    for key in ("definitions", "parameters", "responses", "securityDefinitions"):
        if key in result:
            result[key] = SHARED[key](place / key, result[key])
    if "security" in result:
        result["security"] = security_requirements(place / "security", result["security"])
    return result


def _info(place: RepairContext, value: Json) -> Body:
    body = texts(place, known_keys(place, mapping(place, value), INFO), "title", "version", "description")
    body = texts(place, body, "termsOfService")
    for key in ("title", "version"):
        if key not in body:
            place.note(f"'{key}' is a required property", "read as an empty text")
            body = {**body, key: ""}
    for key in ("contact", "license"):
        if key in body and not isinstance(body[key], dict):
            (place / key).note(f"{excerpt(body[key])} is no object", IGNORED)
            body = {name: body[name] for name in body if name != key}
        elif key in body:
            body = {**body, key: texts(place / key, body[key], "name", "url", "email")}
    return body


def _address(place: RepairContext, body: Body) -> dict[str, Any]:
    result = dict(body)
    host, base = (place / "host").text(body.get("host", "x")), (place / "basePath").text(body.get("basePath", "/"))
    result |= {key: value for key, value in (("host", host), ("basePath", base)) if key in body}
    if not isinstance(host, str) or not HOST.fullmatch(host):
        (place / "host").note(f"{excerpt(host)} is no host", IGNORED)
        del result["host"]
    if not isinstance(base, str):
        (place / "basePath").note(f"{excerpt(base)} is no path", IGNORED)
        del result["basePath"]
    elif not base.startswith("/"):
        (place / "basePath").note(f"{excerpt(base)} does not begin with a slash", f"read as {'/' + base!r}")
        result["basePath"] = f"/{base}"
    return result


def _tags(place: RepairContext, value: Json) -> list[Body]:
    found: list[Body] = []
    for number, listed in enumerate(value if isinstance(value, list) else [value]):
        listed = (place / number).text(listed)
        tag = {"name": listed} if isinstance(listed, str) else listed
        tag = texts(place / number, tag, "name") if isinstance(tag, dict) else tag
        if not isinstance(tag, dict) or not isinstance(tag.get("name"), str):
            (place / number).note(f"{excerpt(listed)} is no tag", LEFT_OUT)
            continue
        if isinstance(listed, str):
            (place / number).note(f"{excerpt(listed)} is no object", "read as the name of a tag")
        body = texts(
            place / number, known_keys(place / number, tag, ("name", "description", "externalDocs")), "description"
        )
        body = with_valid_docs(place / number, body) if "externalDocs" in body else body
        if body in found:
            (place / number).note("it is there twice", LEFT_OUT)
        else:
            found.append(body)
    return found


def _schemas(place: RepairContext, value: Json) -> Body:
    return {name: schema(place / name, definition) for name, definition in mapping(place, value).items()}


def _parameters(place: RepairContext, value: Json) -> Body:
    found = {name: parameter(place / name, shared) for name, shared in mapping(place, value).items()}
    return {name: shared for name, shared in found.items() if shared is not None}


def _answers(place: RepairContext, value: Json) -> Body:
    return {name: response_object(place / name, response) for name, response in mapping(place, value).items()}


SHARED = {
    "definitions": _schemas,
    "parameters": _parameters,
    "responses": _answers,
    "securityDefinitions": security_definitions,
}
