"""Repair paths, operations and responses. An operation that can't be called is skipped; all others are kept."""

from __future__ import annotations

import re

from ovcgen.documents.document import VERBS, Json
from ovcgen.documents.repair.context import (
    IGNORED,
    LEFT_OUT,
    UNNAMED,
    Body,
    RepairContext,
    excerpt,
    is_harmless,
    known_keys,
    mapping,
    text_list,
    texts,
)
from ovcgen.documents.repair.parameters import headers, parameter
from ovcgen.documents.repair.schemas import schema

ITEM = frozenset({"$ref", "parameters", *VERBS})
OPERATION = frozenset(
    {
        *("tags", "summary", "description", "externalDocs", "operationId", "produces", "consumes", "parameters"),
        *("responses", "schemes", "deprecated", "security"),
    }
)
SCHEMES = ("http", "https", "ws", "wss")
SKIPPED = "the operation is skipped"
STATUS = re.compile(r"[0-9]{3}|default")
ITEM_KIND, ANSWER_KIND = "path", "response"
NO_ANSWER: Body = {"default": {"description": ""}}


def paths(place: RepairContext, value: Json) -> Body:
    """Return the repaired `paths` of a document, with their operations; {} if `value` is no object.

    A missing leading slash is added; the path is left out if it is empty, or is there with a slash, too. Path items
    and operations that are no objects are left out. Extensions are kept, unless they hold references out of the
    document. Every change is reported.
    """
    found: Body = {}
    for path, item in mapping(place, value).items():
        if path.startswith("x-"):
            found.update({path: item} if is_harmless(place / path, item) else {})
            continue
        name = path if path.startswith("/") else f"/{path}"
        if name != path and (name in value or not path):
            (place / path).note("a path begins with a slash", LEFT_OUT)
            continue
        if name != path:
            (place / path).note("a path begins with a slash", f"read as {name!r}")
            place.findings.steps[place.path, name] = path
        if isinstance(item, dict):
            found[name] = _item(place / path, item)
        else:
            (place / path).note(f"{excerpt(item)} is no object", LEFT_OUT)
    return found


def _item(place: RepairContext, value: Body) -> Body:
    place.note_kind(ITEM_KIND, value.get("$ref"))
    result = known_keys(place, value, ITEM)
    target = result.get("$ref")
    if "$ref" in result and not (isinstance(target, str) and place.refers_to(target, ITEM_KIND)):
        (place / "$ref").note(f"the document has no path at {excerpt(target)}", IGNORED)
        del result["$ref"]
    if "parameters" in result:
        result["parameters"] = parameters(place / "parameters", result["parameters"])
    for verb in [verb for verb in VERBS if verb in result]:
        if isinstance(result[verb], dict):
            result[verb] = _operation(place / verb, result[verb])
        else:
            (place / verb).note(f"{excerpt(result[verb])} is no operation", SKIPPED)
            del result[verb]
    return result


def _operation(place: RepairContext, value: Body) -> Body:
    result = texts(place, known_keys(place, value, OPERATION), "summary", "description", "operationId")
    if "parameters" in result:
        result["parameters"] = parameters(place / "parameters", result["parameters"])
    result = with_text_lists(place, result)
    if "deprecated" in result and not isinstance(result["deprecated"], bool):
        said = result["deprecated"] = str(result["deprecated"]).strip().lower() == "true"
        (place / "deprecated").note("it is not of type 'boolean'", f"read as {str(said).lower()}")
    if "externalDocs" in result:
        result = with_valid_docs(place, result)
    if "security" in result:
        result["security"] = security_requirements(place / "security", result["security"])
    result["responses"] = _answers(place / "responses", result.get("responses"))
    return result


def with_text_lists(place: RepairContext, body: Body) -> Body:
    """Return a copy of the object with lists of distinct strings under `tags`, `consumes`, `produces` and `schemes`.

    Keys that the object does not have are not added. A single string becomes a list of it, any other value [].
    Items that are no strings are converted or left out. Empty strings are left out, and so are schemes other than http,
    https, ws and wss. Every change is reported. The `tags` of the whole document, which are objects, are not changed.
    """
    result = dict(body)
    for key in ("tags", "consumes", "produces", "schemes"):
        if key in result and (key != "tags" or len(place.path) > 1):
            fits = SCHEMES.__contains__ if key == "schemes" else bool
            result[key] = text_list(place / key, result[key], fits)
    return result


def with_valid_docs(place: RepairContext, body: Body) -> Body:
    """Return a copy of the object without its `externalDocs` if their `url` is missing or no string; this is reported.

    Raises:
        KeyError: the object does not have the key `externalDocs`.
    """
    docs = body["externalDocs"]
    if isinstance(docs, dict) and isinstance(docs.get("url"), str):
        return {**body, "externalDocs": texts(place / "externalDocs", docs, "description")}
    (place / "externalDocs").note(f"{excerpt(docs)} has no address", IGNORED)
    return {key: body[key] for key in body if key != "externalDocs"}


def parameters(place: RepairContext, value: Json) -> list[Body]:
    """Return the repaired parameters that can be sent; the others are reported and left out. [] if `value` is no list.

    Of several parameters with the same name and location, or the same `$ref`, the last one counts, which is reported. A
    further body without a name is kept under the name `body N`, where N is its index in the list.
    """
    if not isinstance(value, list):
        place.note(f"{excerpt(value)} is no list", IGNORED)
        return []
    found: list[Body] = []
    numbers: list[int] = []
    for number, declared in enumerate(value):
        mended = parameter(place / number, declared)
        if mended is None:
            continue
        if mended.get(UNNAMED) and any(_same(mended, other) for other in found):
            mended = {**mended, "name": f"body {number}"}
        if any(_same(mended, other) for other in found):
            (place / number).note("it is there twice", "the last one counts")
            numbers = [earlier for earlier, other in zip(numbers, found, strict=True) if not _same(mended, other)]
            found = [other for other in found if not _same(mended, other)]
        found.append(mended)
        numbers.append(number)
    place.findings.steps |= {(place.path, new): number for new, number in enumerate(numbers) if new != number}
    return found


def _same(one: Body, other: Body) -> bool:
    """Return whether two parameters have the same reference, name and location."""
    return one.get("$ref") == other.get("$ref") and (one.get("name"), one.get("in")) == (
        other.get("name"),
        other.get("in"),
    )


def security_requirements(place: RepairContext, value: Json) -> list[Body]:
    """Return the valid security requirements; invalid and repeated ones are reported and left out.

    A value that is no list is read as one requirement. A valid one is an object with a list of scopes for each scheme;
    scopes become strings. Whether the document defines the scheme is not checked.
    """
    found: list[Body] = []
    for number, alternative in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(alternative, dict) or not all(isinstance(scopes, list) for scopes in alternative.values()):
            (place / number).note(f"{excerpt(alternative)} does not say which login", LEFT_OUT)
        elif alternative in found:
            (place / number).note(f"{excerpt(alternative)} is there twice", LEFT_OUT)
        else:
            found.append({name: _scopes(place / number / name, scopes) for name, scopes in alternative.items()})
    return found


def _scopes(place: RepairContext, scopes: list[Json]) -> list[str]:
    return [str((place / number).text(scope)) for number, scope in enumerate(scopes)]


def _answers(place: RepairContext, value: Json) -> Body:
    if not isinstance(value, dict) or not value:
        place.note("no answer is declared" if not value else f"{excerpt(value)} is no object", "any answer is taken")
        return NO_ANSWER
    found: Body = {}
    for status, body in value.items():
        if status[:2].lower() == "x-":
            found.update({status: body} if is_harmless(place / status, body) else {})
        elif not STATUS.fullmatch(status):
            (place / status).note(f"{status!r} is no status", LEFT_OUT)
        else:
            found[status] = response_object(place / status, body)
    if not any(STATUS.fullmatch(status) for status in found):
        place.note("no answer is declared", "any answer is taken")
        return {**found, **NO_ANSWER}
    return found


def response_object(place: RepairContext, value: Json) -> Body:
    """Return a response object with everything repaired that is wrong in it; each repair is reported at `place`.

    A response without a description gets an empty one, and a value that is no object becomes an empty response. A
    reference is kept if it leads to a shared response; a reference to a schema becomes a response with that schema, and
    any other reference a response without one. Invalid `examples` are left out.
    """
    body = mapping(place, value)
    place.note_kind(ANSWER_KIND, body.get("$ref"))
    if "$ref" in body:
        return _shared_answer(place, body)
    result = texts(place, known_keys(place, body, ("description", "schema", "headers", "examples")), "description")
    if "description" not in result:
        place.note("'description' is a required property", "read as an empty text")
        result["description"] = ""
    if "schema" in result:
        result["schema"] = _content(place / "schema", result["schema"])
    if "headers" in result:
        result["headers"] = headers(place / "headers", result["headers"])
    if "examples" in result and not _is_usable(place / "examples", result["examples"]):
        del result["examples"]
    return result


def _is_usable(place: RepairContext, examples: Json) -> bool:
    """Return whether the examples are an object without references out of the document; else it is reported."""
    if isinstance(examples, dict):
        return is_harmless(place, examples)
    place.note(f"{excerpt(examples)} is no object", LEFT_OUT)
    return False


def _content(place: RepairContext, value: Json) -> Body:
    """Return a valid schema of a response, which may be a file."""
    if isinstance(value, dict) and value.get("type") == "file":
        place.note_kind("schema")
        return {"type": "file", **{key: value[key] for key in ("description", "title", "format") if key in value}}
    return schema(place, value)


def _shared_answer(place: RepairContext, body: Body) -> Body:
    """Return a response that is a reference.

    A reference to a schema becomes a response with that schema; for any other wrong target, any response is accepted.
    """
    for key in body:
        if key != "$ref":
            (place / key).note(f"{key!r} does not belong beside a reference", IGNORED)
    target = body["$ref"]
    if isinstance(target, str) and place.refers_to(target, ANSWER_KIND):
        return {"$ref": target}
    text = {"description": str(body.get("description", ""))}
    if isinstance(target, str) and place.refers_to(target, "schema"):
        (place / "$ref").note(f"{excerpt(target)} is a schema and no answer", "read as the schema of the answer")
        return {**text, "schema": {"$ref": target}}
    (place / "$ref").note(f"the document has no answer at {excerpt(target)}", "any answer is taken")
    return text
