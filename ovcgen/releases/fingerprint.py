"""Which release does a document look like? Told by what a caller sends and gets, never by texts or order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ovcgen.documents.document import Document, Json, canonical
from ovcgen.model.release_names import order
from ovcgen.normalise.places import operations

TEXTS = ("description", "summary", "title", "example", "externalDocs")
TOLD = ("type", "items", "required", "default", "schema")  # what counts of a parameter, beside its name


@dataclass(frozen=True, slots=True)
class Differences:
    """Operations (`POST /cloudapi/machines/get`) that only the document has, only the release, or both unequally."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def count(self) -> int:
        """How many operations differ."""
        return len(self.added) + len(self.removed) + len(self.changed)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How well a document fits a release: `score` is the share of equal operations, 1.0 for an exact fit."""

    release: str
    score: float
    differences: Differences
    groups: tuple[str, ...]  # those in which both are equal

    @property
    def exact(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def fingerprints(document: Document) -> dict[str, str]:
    """A SHA-256 for each group of a document (`cloudapi`, ...)."""
    return {group: _digest(shapes) for group, shapes in sorted(_by_group(_shapes(document)).items())}


def resembles(document: Document, candidates: Mapping[str, Document]) -> list[Resemblance]:
    """How that document fits each release, best and then newest first; only the groups that it has are compared."""
    shapes = _shapes(document)
    found = [_resemblance(shapes, release, _shapes(candidate)) for release, candidate in candidates.items()]
    found.sort(key=lambda each: order(each.release), reverse=True)
    return sorted(found, key=lambda each: (not each.exact, -each.score))


def _resemblance(shapes: Mapping[str, Json], release: str, others: Mapping[str, Json]) -> Resemblance:
    mine, all_theirs = _by_group(shapes), _by_group(others)
    theirs = {place: shape for group in mine for place, shape in all_theirs.get(group, {}).items()}
    differences = Differences(
        added=tuple(sorted(shapes.keys() - theirs.keys())),
        removed=tuple(sorted(theirs.keys() - shapes.keys())),
        changed=tuple(sorted(place for place in shapes.keys() & theirs.keys() if shapes[place] != theirs[place])),
    )
    every = len(shapes.keys() | theirs.keys())
    score = 1.0 - differences.count / every if every else 1.0
    equal = tuple(sorted(group for group in mine if mine[group] == all_theirs.get(group)))
    return Resemblance(release, score, differences, equal)


def _digest(shapes: Mapping[str, Json]) -> str:
    return hashlib.sha256(canonical(shapes).encode()).hexdigest()


def _by_group(shapes: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    groups: dict[str, dict[str, Json]] = defaultdict(dict)
    for place, shape in shapes.items():
        groups[_group(place)][place] = shape
    return dict(groups)


def _group(place: str) -> str:
    """`POST /cloudapi/machines/get` belongs to `cloudapi`."""
    return place.partition(" ")[2].strip("/").partition("/")[0]


def _shapes(document: Document) -> dict[str, Json]:
    """What counts of each operation, as canonical text: in there, 1, 1.0 and true are three values."""
    return {
        f"{verb.upper()} {path}": canonical(_shape(document["paths"][path].get("parameters", ()), operation))
        for path, verb, operation in operations(document)
    }


def _shape(shared: Iterable[Json], operation: Mapping[str, Json]) -> Json:
    parameters = (*shared, *operation.get("parameters", ()))
    return {
        "parameters": sorted((_parameter(parameter) for parameter in parameters), key=canonical),
        "responses": _without_texts(operation.get("responses", {})),
    }


def _parameter(parameter: Mapping[str, Json]) -> Json:
    told = {key: _without_texts(parameter[key]) for key in TOLD if key in parameter}
    return {"name": parameter.get("name"), "$ref": parameter.get("$ref"), "required": False, **told}


def _without_texts(value: Json) -> Json:
    """A shape without the words about it. A property may be called `title`: its value is an object, a text is not."""
    if isinstance(value, dict):
        return {
            key: _without_texts(inner)
            for key, inner in value.items()
            if key not in TEXTS or (isinstance(inner, dict) and key != "externalDocs" and key != "example")
        }
    if isinstance(value, list):
        return [_without_texts(inner) for inner in value]
    return value
