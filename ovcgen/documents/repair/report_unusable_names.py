"""Report names that can't become Python names: repeated operationIds, and names without letters.

Nothing is changed here: `normalise.names` gives such operations, groups, arguments and types other names.
"""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.documents.document import PRECEDENCE, Document
from ovcgen.documents.python_identifiers import readable
from ovcgen.documents.repair.context import Body, RepairContext, excerpt

BY_PLACE = "it is named by its verb and path"
BY_HASH = "it is named by a short hash"


def note_names(place: RepairContext, document: Document) -> None:
    """Report every repeated operationId, and every operationId, tag, parameter or definition without a usable letter.

    Nothing is changed. A usable letter is one that Python identifiers may contain. Only the first tag of an operation
    is looked at, because it names the group, and only the parameters of operations.

    Args:
        place: The root of the document, whose findings get the problems.
        document: The repaired document.
    """
    first: dict[str, str] = {}
    for path, verb, body in _operations(document):
        here = place / "paths" / path / verb
        own = body.get("operationId")
        if isinstance(own, str) and own:
            if own in first:
                (here / "operationId").note(
                    f"{excerpt(own)} is the operationId of {first[own]}, too",
                    "it names one operation of each tag, the others are named by verb and path",
                )
            elif not readable(own):
                (here / "operationId").note(f"{excerpt(own)} has no letter that Python takes", BY_PLACE)
            first.setdefault(own, f"{verb.upper()} {path}")
        for number, tag in enumerate((body.get("tags") or ())[:1]):
            _note_nameless(here / "tags" / number, tag)
        _note_parameters(here / "parameters", body.get("parameters"))
    for name in document.get("definitions", {}):
        _note_nameless(place / "definitions" / name, name)


def _operations(document: Document) -> Iterator[tuple[str, str, Body]]:
    """Yield every operation; the one that keeps a repeated operationId comes first."""
    for verb in PRECEDENCE:
        for path, item in sorted(document["paths"].items()):
            if isinstance(item, dict) and path.startswith("/") and isinstance(item.get(verb), dict):
                yield path, verb, item[verb]


def _note_parameters(place: RepairContext, parameters: object) -> None:
    for number, declared in enumerate(parameters if isinstance(parameters, list) else ()):
        if isinstance(declared, dict) and isinstance(declared.get("name"), str):
            _note_nameless(place / number / "name", declared["name"])


def _note_nameless(place: RepairContext, name: object) -> None:
    if isinstance(name, str) and name and not readable(name):
        place.note(f"{excerpt(name)} has no letter that Python takes", BY_HASH)
