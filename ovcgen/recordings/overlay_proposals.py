"""Propose corrections (overlay actions) that make a release declare what was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ovcgen.documents.document import Document, Json
from ovcgen.documents.pointers import at, json_pointer
from ovcgen.recordings.schema_inference import inferred_schema, is_data
from ovcgen.recordings.value_schema_comparison import Agreement, Observation

Action = Mapping[str, Json]
Place = tuple[str, ...]


class _Seen(NamedTuple):
    """The observations at one place, and the numbers of the responses that need a correction there."""

    answers: set[int]
    observations: list[Observation]

    def having(self, verdict: Agreement) -> list[Observation]:
        """Return the observations with this verdict."""
        return [observation for observation in self.observations if observation.verdict == verdict]


def proposed_corrections(
    corrected: Document, answers: Sequence[Sequence[Observation]], texts: Collection[str] = ()
) -> tuple[Action, ...]:
    """Return the overlay actions that would make a release declare what was recorded, sorted by place; () for none.

    An action has the keys `name`, `target`, `why`, and what to do (`merge`, `set` or `remove`, with the present value
    in `expect` except for `merge`). It has `expect` alone if the recorded schema equals the present one. Each action
    targets the smallest part possible. Nothing is proposed for a place that does not exist in `corrected`, except for
    the missing schema of a response.

    Args:
        corrected: The catalog with its overlay applied.
        answers: The observations of each response.
        texts: Strings that occur as values and must not become property names.

    Raises:
        NoInference: genson is not installed, and a schema must be inferred from recorded values.
    """
    places: dict[Place, _Seen] = defaultdict(lambda: _Seen(set(), []))
    for number, observations in enumerate(answers):
        for observation in observations:
            places[observation.spot.place].observations.append(observation)
            if observation.verdict != Agreement.FITS:
                places[observation.spot.place].answers.add(number)
    made: dict[Place, Action] = {}
    for place, seen in sorted(places.items()):
        replaced = any(place[:length] in made and "set" in made[place[:length]] for length in range(1, len(place)))
        change = None if replaced or not seen.answers else _change(corrected, place, seen, texts)
        if change:
            target = json_pointer(place[:-1] if "schema" in change.get("merge", {}) else place)
            why = f"Seen in {len(seen.answers)} recorded answer{'s' * (len(seen.answers) > 1)}."
            made[place] = {"name": f"seen at {target}", "target": target, **change, "why": why}
    return tuple(made.values())


def _change(corrected: Document, place: Place, seen: _Seen, texts: Collection[str]) -> dict[str, Json] | None:
    """Return the action for a place, without target; None if the document has no such place."""
    try:
        present = at(corrected, place)
    except LookupError:
        return _addition(corrected, place, seen, texts)
    if seen.having(Agreement.ABSENT):
        gone = {observation.key for observation in seen.having(Agreement.ABSENT)}
        left = [name for name in present if name not in gone]
        return {"expect": present, **({"set": left} if left else {"remove": True})}
    if seen.having(Agreement.NEW):
        values = _by_key(seen.having(Agreement.NEW), texts)
        return {"merge": {name: inferred_schema(values[name], texts) for name in sorted(values)}} if values else None
    if seen.having(Agreement.TYPE) or seen.having(Agreement.UNKNOWN):
        return _replacement(present, seen, texts)
    return {"expect": present, "set": _nullable(present)}


def _addition(corrected: Document, place: Place, seen: _Seen, texts: Collection[str]) -> dict[str, Json] | None:
    """Return the action that adds a schema to a response without one; None if `place` is not a response's schema."""
    try:
        parent = at(corrected, place[:-1])
    except LookupError:
        return None
    if place[-1:] != ("schema",) or not isinstance(parent, dict):
        return None
    return {"merge": {"schema": _shape_of(seen, texts)}}


def _replacement(present: Json, seen: _Seen, texts: Collection[str]) -> dict[str, Json]:
    """Return the action that replaces a declared schema by the recorded one."""
    found = _shape_of(seen, texts)
    if found == {"x-nullable": True}:  # always null: the operation returns nothing
        return {"expect": present, "remove": True}
    if found == present:
        return {"expect": present}
    texts_kept = {key: present[key] for key in ("description",) if isinstance(present, dict) and key in present}
    return {"expect": present, "set": {**texts_kept, **found}}


def _shape_of(seen: _Seen, texts: Collection[str]) -> dict[str, Any]:
    """Return the schema of the recorded values, or that of a file."""
    if any(observation.file for observation in seen.observations):
        return {"type": "file"}
    return inferred_schema((observation.value for observation in seen.observations), texts)


def _by_key(observations: list[Observation], texts: Collection[str]) -> dict[str, list[Json]]:
    """Return the values by key, without keys that are data."""
    values: dict[str, list[Json]] = defaultdict(list)
    for observation in observations:
        if not is_data(observation.key, texts):
            values[observation.key].append(observation.value)
    return values


def _nullable(schema: Json) -> dict[str, Json]:
    """Return the schema with null allowed. A `$ref` is wrapped in `allOf`, because keys beside it are ignored."""
    wrapped = {"allOf": [schema]} if "$ref" in schema else schema
    return {**wrapped, "x-nullable": True}
