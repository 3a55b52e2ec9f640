"""Rate how similar a document is to each release, by what callers send and receive. Texts and order do not count."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ovcgen.documents.document import Document, Json, canonical
from ovcgen.model.release_names import order
from ovcgen.normalise.reference_resolution import operations

TEXTS = ("description", "summary", "title", "example", "externalDocs")
COMPARED = ("type", "items", "required", "default", "schema")  # the keys of a parameter that count, besides its name


@dataclass(frozen=True, slots=True)
class Differences:
    """A record of the operations in which a document and a release differ, each as `POST /cloudapi/machines/get`.

    It is false if they do not differ.

    Attributes:
        added: Only in the document.
        removed: Only in the release.
        changed: In both, but not equal.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def count(self) -> int:
        """Return the number of operations that differ."""
        return len(self.added) + len(self.removed) + len(self.changed)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A record of how similar a document is to one release, in the groups that the document has.

    Attributes:
        release: The name of the release.
        score: The share of equal operations among those of either, from 0.0 to 1.0 (all equal, or none to compare).
        differences: The operations that differ.
        groups: The groups in which all operations are equal, sorted.
    """

    release: str
    score: float
    differences: Differences
    groups: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Return whether all operations of document and release are equal, in the groups that the document has."""
        return not self.differences


def fingerprints(document: Document) -> dict[str, str]:
    """Return a SHA-256 in hex for each group of a document, by the group's name, sorted.

    Equal hashes mean that two documents have the same paths and verbs in the group, with equal responses and equal
    parameters. Of a parameter only name, `type`, `items`, `default`, `required` and `schema` count, not its location,
    format or constraints. Texts (such as descriptions and examples) and the order of parameters do not count. A `$ref`
    counts by its text, so the definition that it refers to is not compared.
    """
    return {group: _digest(shapes) for group, shapes in sorted(_by_group(_shapes(document)).items())}


def similarities(document: Document, candidates: Mapping[str, Document]) -> list[Resemblance]:
    """Return the document's Resemblance to each candidate: exact ones first, then by score, the newest first on a tie.

    Only the groups that the document has are compared. Two operations are equal as in `fingerprints`.

    Args:
        document: The document to compare.
        candidates: The documents of the releases, by the name of the release.
    """
    shapes = _shapes(document)
    found = [_resemblance(shapes, release, _shapes(candidate)) for release, candidate in candidates.items()]
    found.sort(key=lambda resemblance: order(resemblance.release), reverse=True)
    return sorted(found, key=lambda resemblance: (not resemblance.is_exact, -resemblance.score))


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
    """Return the group of an operation: `cloudapi` for `POST /cloudapi/machines/get`."""
    return place.partition(" ")[2].strip("/").partition("/")[0]


def _shapes(document: Document) -> dict[str, Json]:
    """Return what callers send and receive, for each operation, as canonical text.

    Texts are compared because Python takes 1, 1.0 and True as equal.
    """
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
    compared = {key: _without_texts(parameter[key]) for key in COMPARED if key in parameter}
    return {"name": parameter.get("name"), "$ref": parameter.get("$ref"), "required": False, **compared}


def _without_texts(value: Json) -> Json:
    """Return a schema without descriptions and other texts.

    A property may also be called `title`: then its value is a dict and is kept.
    """
    if isinstance(value, dict):
        return {
            key: _without_texts(inner)
            for key, inner in value.items()
            if key not in TEXTS or (isinstance(inner, dict) and key != "externalDocs" and key != "example")
        }
    if isinstance(value, list):
        return [_without_texts(inner) for inner in value]
    return value
