"""Validate a document against the metaschema of its version, with messages that users can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.documents.compiled_schema import CompiledSchema
from ovcgen.documents.document import Document, Json, Problem
from ovcgen.documents.errors import MOST_PROBLEMS, printable
from ovcgen.documents.openapi3_checks import is_openapi3
from ovcgen.documents.pointers import printable_pointer
from ovcgen.fast_jsonschema_import import without_grammar

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SWAGGER = "2.0"
OPENAPI = ("3.0", "3.1", "3.2")
DRAFT_4 = "http://json-schema.org/draft-04/schema"
TOO_DEEP = ("", "its schemas nest too deeply to be checked")
ENOUGH = MOST_PROBLEMS + 1  # one more, to know whether there are more


@dataclass(frozen=True, slots=True)
class Mistake:
    """A record of one place in a document that breaks a rule of the metaschema.

    Attributes:
        path: The keys and list indexes that lead to the place.
        rule: The keyword of the metaschema, such as `type` or `required`.
        text: What is wrong.
        words: For an `enum`, the allowed values as text; empty for other rules.
    """

    path: tuple[str | int, ...]
    rule: str
    text: str
    words: frozenset[str] = frozenset()

    @property
    def pointer(self) -> str:
        """Return the place as a JSON pointer for messages: printable ASCII, each step at most 120 characters."""
        return printable_pointer(self.path)


Choice = tuple[Mistake, ...]


def metaschema_mistakes(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the first mistakes of a Swagger 2.0 or OpenAPI 3 document, as (JSON pointer, what is wrong) pairs.

    A document that is not OpenAPI 3 is checked as Swagger 2.0, and one of an unknown version 3.x as 3.2. The result is
    () for a valid document. It has at most 11 pairs: one more than an error message lists, so that the message can say
    that there are more. A document that nests too deeply to be checked has one mistake with the pointer "".
    """
    try:
        version = _version(document)
        if version != SWAGGER:
            document = without_valid_parts(document, version)
        errors = list(islice(_validator(version).iter_errors(document), ENOUGH)) if document else []
        mistakes = [mistake for error in errors for mistake in _likeliest(_choices(error))]
    except RecursionError:
        return (TOO_DEEP,)
    return tuple(dict.fromkeys((mistake.pointer, mistake.text) for mistake in mistakes))[:ENOUGH]


def style_problems(document: Document, found: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the mistakes that the metaschema finds in a document in addition to the problems that are `found` already.

    A mistake is left out if its place is the place of such a problem, contains that place, or is inside of it. At most
    the first 11 mistakes are looked at (see `metaschema_mistakes`). What is `done` about each one is that it is taken
    as it is.
    """
    pointers = [f"{problem.pointer}/" for problem in found]
    for pointer, what in metaschema_mistakes(document):
        if not any(known.startswith(f"{pointer}/") or f"{pointer}/".startswith(known) for known in pointers):
            yield Problem(pointer, what, "it is taken as it is")


def _version(document: Document) -> str:
    """Return the version whose metaschema fits best: `2.0`, or the known minor version of OpenAPI 3."""
    if not is_openapi3(document):
        return SWAGGER
    version = str(document["openapi"])[:3]
    return version if version in OPENAPI else OPENAPI[-1]


def without_valid_parts(document: Document, version: str) -> Document:
    """Return an OpenAPI 3 document without its valid paths, webhooks and components; {} for a valid document.

    All other keys are kept. `version` is 3.0, 3.1 or 3.2, the version of the metaschema. It saves time: jsonschema
    would take twenty times as long to pass over the valid parts.
    """
    metaschema = _compiled(version)
    if metaschema.is_valid(document):
        return {}
    outer = {"openapi": f"{version}.0", "info": {"title": "", "version": ""}, "paths": {}}

    def invalid(section: Json, path: tuple[str, ...]) -> Json:
        if not isinstance(section, dict):
            return section
        return {
            key: value for key, value in section.items() if not metaschema.is_valid(_nested(outer, (*path, key), value))
        }

    kept = {key: invalid(document[key], (key,)) for key in ("paths", "webhooks") if key in document}
    components = document.get("components")
    if isinstance(components, dict):
        kept["components"] = {key: invalid(value, ("components", key)) for key, value in components.items()}
    return {**document, **kept}


def _nested(outer: Document, path: tuple[str, ...], value: Json) -> Document:
    """Return a document with that value as the only one in its section."""
    for key in reversed(path[1:]):
        value = {key: value}
    return {**outer, path[0]: value}


@cache
def _compiled(version: str) -> CompiledSchema:
    return CompiledSchema(_openapi_metaschema(version))


def _openapi_metaschema(version: str) -> Json:
    return json.loads((Path(__file__).parent / "metaschemas" / f"openapi-{version}.json").read_bytes())


@cache
def _validator(version: str) -> Any:
    """Return the jsonschema validator with the metaschemas of that version; it can't fetch others."""
    with without_grammar():
        from jsonschema import Draft4Validator, Draft202012Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT4

    if version != SWAGGER:
        kind = Draft4Validator if version == "3.0" else Draft202012Validator
        return kind(_openapi_metaschema(version), registry=Registry())
    registry = Registry().with_resource(DRAFT_4, DRAFT4.create_resource(Draft4Validator.META_SCHEMA))
    return Draft4Validator(_metaschema(), registry=registry)


def _metaschema() -> Json:
    """Return Swagger 2.0's metaschema. Its package is found but not imported: importing it loads half of bravado."""
    package = find_spec("swagger_spec_validator")
    folders = (package and package.submodule_search_locations) or []
    files = (Path(folder, "schemas", "v2.0", "schema.json") for folder in folders)
    return json.loads(next(files).read_bytes())


def _choices(error: ValidationError) -> Iterator[Choice]:
    """Yield, for each alternative shape of a place, the mistakes against it; a simple mistake is one choice."""
    if not error.context:
        yield (_mistake(error),)
        return
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    for branch in branches.values():
        if len(branch) == 1:
            yield from _choices(branch[0])
        else:
            yield tuple(mistake for inner in branch for mistake in _likeliest(_choices(inner)))


def _mistake(error: ValidationError) -> Mistake:
    wanted: Any = error.validator_value
    words = frozenset(map(str, wanted)) if error.validator == "enum" else frozenset()
    text = _strangers(error) if error.validator == "additionalProperties" else error.message
    return Mistake(tuple(error.absolute_path), str(error.validator), printable(text, 200), words)


def _strangers(error: ValidationError) -> str:
    """Return the message about the keys that an object may not have."""
    schema: Any = error.schema
    instance: Any = error.instance
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    names = [key for key in instance if key not in known and not any(re.search(pattern, key) for pattern in patterns)]
    return f"{', '.join(map(repr, names[:5]))} does not belong here"


def _likeliest(choices: Iterable[Choice]) -> Choice:
    """Return the mistakes against the alternative that the author most likely meant."""
    every = list(choices)
    meant = [choice for choice in every if not _asks_for_reference(choice)] or every
    places = (mistake for mistake in meant[0] if mistake.words)
    for place in places if len(meant) > 1 else ():
        if all(any(mistake.words and mistake.path == place.path for mistake in choice) for choice in meant):
            words = {
                word for choice in meant for mistake in choice if mistake.path == place.path for word in mistake.words
            }
            value = place.text.partition(" is not one of ")[0]
            return (replace(place, text=f"{value} is not one of {', '.join(sorted(words))}"),)
    return min(meant, key=_distance)


def _asks_for_reference(choice: Choice) -> bool:
    """Return whether the choice only says that a `$ref` is missing."""
    return any(mistake.rule == "required" and "'$ref'" in mistake.text for mistake in choice)


def _distance(choice: Choice) -> tuple[int, int, int]:
    """Return how far the document is from an alternative; the smallest is the most likely one.

    Wrong types count first, then mistakes near the top, then the number of mistakes.
    """
    wrong_kinds = sum(mistake.rule == "type" or mistake.path[-1:] in (("in",), ("type",)) for mistake in choice)
    return wrong_kinds, -max(len(mistake.path) for mistake in choice), len(choice)
