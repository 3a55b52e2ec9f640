"""Corrections that would make a release say what was seen: actions of an overlay, each at the smallest place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ovcgen.documents.document import Document, Json
from ovcgen.normalise.places import at
from ovcgen.recordings.inference import is_data, shape
from ovcgen.recordings.observations import Agreement, Sighting

Action = Mapping[str, Json]
Place = tuple[str, ...]


class _Seen(NamedTuple):
    """What was seen at one place: in which answers, and what."""

    answers: set[int]
    sightings: list[Sighting]

    def having(self, verdict: Agreement) -> list[Sighting]:
        return [sighting for sighting in self.sightings if sighting.verdict == verdict]


def proposals(
    corrected: Document, answers: Sequence[Sequence[Sighting]], texts: Collection[str] = ()
) -> tuple[Action, ...]:
    """The actions that the sightings of all answers ask for, sorted by target.

    `corrected` is the catalog with its overlay done; what has no place in it is not proposed. `texts` are values that
    must not become keys.
    """
    places: dict[Place, _Seen] = defaultdict(lambda: _Seen(set(), []))
    for number, sightings in enumerate(answers):
        for sighting in sightings:
            places[sighting.spot.place].sightings.append(sighting)
            if sighting.verdict != Agreement.FITS:
                places[sighting.spot.place].answers.add(number)
    made: dict[Place, Action] = {}
    for place, seen in sorted(places.items()):
        replaced = any(place[:length] in made and "set" in made[place[:length]] for length in range(1, len(place)))
        change = None if replaced or not seen.answers else _change(corrected, place, seen, texts)
        if change:
            target = _pointer(place[:-1] if "schema" in change.get("merge", {}) else place)
            why = f"Seen in {len(seen.answers)} recorded answer{'s' * (len(seen.answers) > 1)}."
            made[place] = {"name": f"seen at {target}", "target": target, **change, "why": why}
    return tuple(made.values())


def _change(corrected: Document, place: Place, seen: _Seen, texts: Collection[str]) -> dict[str, Json] | None:
    """What to do at a place; None where the document has no such place."""
    try:
        present = at(corrected, place)
    except LookupError:
        return _addition(corrected, place, seen, texts)
    if seen.having(Agreement.ABSENT):
        gone = {sighting.key for sighting in seen.having(Agreement.ABSENT)}
        left = [name for name in present if name not in gone]
        return {"expect": present, **({"set": left} if left else {"remove": True})}
    if seen.having(Agreement.NEW):
        values = _by_key(seen.having(Agreement.NEW), texts)
        return {"merge": {name: shape(values[name], texts) for name in sorted(values)}} if values else None
    if seen.having(Agreement.TYPE) or seen.having(Agreement.UNKNOWN):
        return _replacement(present, seen, texts)
    return {"expect": present, "set": _nullable(present)}


def _addition(corrected: Document, place: Place, seen: _Seen, texts: Collection[str]) -> dict[str, Json] | None:
    try:
        parent = at(corrected, place[:-1])
    except LookupError:
        return None
    if place[-1:] != ("schema",) or not isinstance(parent, dict):
        return None
    return {"merge": {"schema": _shape_of(seen, texts)}}


def _replacement(present: Json, seen: _Seen, texts: Collection[str]) -> dict[str, Json]:
    found = _shape_of(seen, texts)
    if found == {"x-nullable": True}:  # never anything but null: there is no answer
        return {"expect": present, "remove": True}
    if found == present:
        return {"expect": present}
    texts_kept = {key: present[key] for key in ("description",) if isinstance(present, dict) and key in present}
    return {"expect": present, "set": {**texts_kept, **found}}


def _shape_of(seen: _Seen, texts: Collection[str]) -> dict[str, Any]:
    if any(sighting.file for sighting in seen.sightings):
        return {"type": "file"}
    return shape((sighting.value for sighting in seen.sightings), texts)


def _by_key(sightings: list[Sighting], texts: Collection[str]) -> dict[str, list[Json]]:
    """Values by their key, where that may be told."""
    values: dict[str, list[Json]] = defaultdict(list)
    for sighting in sightings:
        if not is_data(sighting.key, texts):
            values[sighting.key].append(sighting.value)
    return values


def _nullable(schema: Json) -> dict[str, Json]:
    """The schema with null; words beside a `$ref` would not count."""
    wrapped = {"allOf": [schema]} if "$ref" in schema else schema
    return {**wrapped, "x-nullable": True}


def _pointer(place: Place) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in place)
