"""Is it Swagger 2.0? jsonschema says so, by the metaschema; what it finds is put into words a reader can act on."""

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

from ovcgen.documents.document import Document, Json
from ovcgen.documents.errors import SHOWN, printable
from ovcgen.lazy_jsonschema import without_grammar

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

DRAFT_4 = "http://json-schema.org/draft-04/schema"
TOO_DEEP = ("", "its schemas nest too deeply to be checked")
SHOWN_AND_ONE = SHOWN + 1  # the one more says that there is more


@dataclass(frozen=True, slots=True)
class Mistake:
    """One rule that a place of the document breaks; `words` are those that an enum would have taken."""

    path: tuple[str | int, ...]
    rule: str
    text: str
    words: frozenset[str] = frozenset()

    @property
    def pointer(self) -> str:
        """Where it is, as a JSON pointer (RFC 6901)."""
        parts = (str(part).replace("~", "~0").replace("/", "~1") for part in self.path)
        return "".join(f"/{printable(part)}" for part in parts)


Choice = tuple[Mistake, ...]


def problems(document: Document) -> tuple[tuple[str, str], ...]:
    """(JSON pointer, what is wrong) of the first mistakes, one more than is ever shown; empty for a good document."""
    try:
        errors = list(islice(_validator().iter_errors(document), SHOWN_AND_ONE))
        mistakes = [mistake for error in errors for mistake in _likeliest(_choices(error))]
    except RecursionError:
        return (TOO_DEEP,)
    return tuple(dict.fromkeys((mistake.pointer, mistake.text) for mistake in mistakes))[:SHOWN_AND_ONE]


@cache
def _validator() -> Any:
    """jsonschema with the two metaschemas at hand and no way to fetch a third."""
    with without_grammar():
        from jsonschema import Draft4Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT4

    registry = Registry().with_resource(DRAFT_4, DRAFT4.create_resource(Draft4Validator.META_SCHEMA))
    return Draft4Validator(_metaschema(), registry=registry)


def _metaschema() -> Json:
    """Swagger 2.0's own. The package that brings it is found, not imported: importing it loads half of bravado."""
    package = find_spec("swagger_spec_validator")
    folders = (package and package.submodule_search_locations) or []
    files = (Path(folder, "schemas", "v2.0", "schema.json") for folder in folders)
    return json.loads(next(files).read_bytes())


def _choices(error: ValidationError) -> Iterator[Choice]:
    """The mistakes that remain for each shape that the place may have; a plain mistake is one choice."""
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
    """Which keys of an object nobody asked for."""
    schema: Any = error.schema
    instance: Any = error.instance
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    names = [key for key in instance if key not in known and not any(re.search(pattern, key) for pattern in patterns)]
    return f"{', '.join(map(repr, names[:5]))} does not belong here"


def _likeliest(choices: Iterable[Choice]) -> Choice:
    """What the author did wrong: of several allowed shapes, the mistakes against the one that was meant."""
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
    """Whether it says no more than that a `$ref` might have stood here."""
    return any(mistake.rule == "required" and "'$ref'" in mistake.text for mistake in choice)


def _distance(choice: Choice) -> tuple[int, int, int]:
    """How far a document is from that shape: wrong kinds first, then mistakes near the top, then their number."""
    wrong_kinds = sum(mistake.rule == "type" or mistake.path[-1:] in (("in",), ("type",)) for mistake in choice)
    return wrong_kinds, -max(len(mistake.path) for mistake in choice), len(choice)
