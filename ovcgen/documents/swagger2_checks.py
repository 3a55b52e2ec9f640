"""Check that a document is a complete and harmless Swagger 2.0 document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovcgen.documents.document import VERBS, Document, Json, Problem
from ovcgen.documents.errors import BadStructure, ForeignReference, NotAsWritten, NotSwagger, PartialCatalog, printable
from ovcgen.documents.json_reader import Loaded
from ovcgen.documents.metaschema_validation import ENOUGH, metaschema_mistakes
from ovcgen.documents.pointers import escaped

# A portal leaves out actors that it can't load, and reports them only in the catalog's description, as HTML.
NOT_LOADED = re.compile(r"Failed to load actor\s+([^\s<]+)")


def check(document: Document, source: str, *, allow_partial: bool = False) -> None:
    """Check that a portal's document is complete and valid Swagger 2.0. `source` names the document in error messages.

    `allow_partial` accepts a catalog in which actors are missing. The other checks are done anyway.

    Raises:
        NotSwagger: the document is not Swagger 2.0.
        ForeignReference: a reference leaves the document.
        PartialCatalog: the portal could not load some actors.
        BadStructure: the document breaks rules of Swagger 2.0.
    """
    refuse_hostile(document, source)
    actors = actors_not_loaded(document)
    if actors and not allow_partial:
        raise PartialCatalog(source, actors)
    found = metaschema_mistakes(document)
    if found:
        raise BadStructure(source, found[:ENOUGH])


def repair_swagger2(
    document: Document, source: str, *, strict: bool = False, loaded: Loaded | None = None
) -> tuple[Document, tuple[Problem, ...]]:
    """Return (repaired document, problems): any service's Swagger 2.0 document with its mistakes repaired.

    The problems are the mistakes of the given document, also those that were left as they are, of which at most 11 are
    listed; () for a valid document. The given document is not changed. `swagger` may also be the number 2.0.

    Args:
        document: The document as read.
        source: The name of the document in error messages.
        strict: Whether to refuse a document with mistakes.
        loaded: The record from which `document` comes, if it was read from a text. It gives the spelling of numbers
            (`1.10`) that are repaired to strings. Its own problems, such as repeated keys, come first in the result.

    Raises:
        NotSwagger: the document is not Swagger 2.0.
        ForeignReference: a reference leaves the document.
        NotAsWritten: the document has mistakes, and `strict` is set or no operation can be called.
    """
    from ovcgen.documents.repair import repaired  # not loaded for pinned catalogs

    if str(document.get("swagger")) != "2.0":
        raise NotSwagger(source, _kind(document))
    result, found = repaired(document, loaded)
    found = (*(loaded.problems if loaded else ()), *found)
    refuse_hostile(result, source)
    left = (Problem(pointer, what, "it is taken as it is") for pointer, what in metaschema_mistakes(result))
    every = (*found, *left)
    if every and (strict or not _has_operations(result)):
        raise NotAsWritten(source, every, strict=strict and _has_operations(result))
    return result, every


def _has_operations(document: Document) -> bool:
    items = (item for path, item in document["paths"].items() if path.startswith("/"))
    return any(key in VERBS or key == "$ref" for item in items for key in item)


def refuse_hostile(document: Document, source: str) -> None:
    """Check that a document is Swagger 2.0 and that all its references stay within the document.

    This is the fast part of `check`; the rules of the metaschema are not checked. Each `$ref` anywhere in the document
    counts, also in examples and extensions. `source` names the document in error messages.

    Raises:
        NotSwagger: the value of `swagger` is not the string "2.0".
        ForeignReference: a `$ref` does not begin with `#/`, or has a key `x-scope` beside it.
    """
    if document.get("swagger") != "2.0":
        raise NotSwagger(source, _kind(document))
    for pointer, value in _objects(document) if _has_suspects(document) else ():
        target = value.get("$ref")
        if isinstance(target, str) and not target.startswith("#/"):
            raise ForeignReference(source, f"{pointer}/$ref", target)
        # bravado resolves references relative to its own key `x-scope`, which could turn `#/` into another address
        if isinstance(target, str) and "x-scope" in value:
            raise ForeignReference(source, f"{pointer}/x-scope", str(value["x-scope"]))


def actors_not_loaded(document: Document) -> tuple[str, ...]:
    """Return the names of the actors that the portal could not load, as the catalog's description says; () if none."""
    info = document.get("info")
    text = info.get("description") if isinstance(info, dict) else None
    return tuple(dict.fromkeys(NOT_LOADED.findall(text))) if isinstance(text, str) else ()


def ordered(document: Document) -> Document:
    """Return a copy of the document with the keys of all objects sorted, and its tags sorted by name.

    Other lists keep their order. Portals return keys and tags in any order.
    """
    result: dict[str, Json] = _sorted(dict(document))
    tags = result.get("tags")
    if isinstance(tags, list):
        result["tags"] = sorted(tags, key=lambda tag: str(tag.get("name")) if isinstance(tag, dict) else str(tag))
    return result


def _kind(document: Document) -> str:
    """Return what the document says about its format, for a message."""
    for key in ("swagger", "openapi", "swaggerVersion"):
        if key in document:
            return f"it says {key}: {printable(str(document[key]), 20)}"
    return "it does not say `swagger: 2.0` or `openapi: 3.x`"


def _has_suspects(document: Document) -> bool:
    """Return whether a `$ref` leaves the document or has `x-scope` beside it. Ten times as fast as `_objects`."""
    waiting: list[Json] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            target = value.get("$ref")
            if isinstance(target, str) and (target[:2] != "#/" or "x-scope" in value):
                return True
            value = value.values()
        waiting.extend([inner for inner in value if isinstance(inner, (dict, list))])
    return False


def _objects(document: Document) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield every object of a document with its JSON pointer."""
    waiting: list[tuple[str, Json]] = [("", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            yield pointer, value
            waiting.extend((f"{pointer}/{escaped(printable(key))}", inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{pointer}/{index}", inner) for index, inner in enumerate(value))


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(inner) for inner in value]
    return value
