"""Convert records to JSON and back, for the state file."""

from __future__ import annotations

import dataclasses
import functools
import json
import types
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from ovcgen.simulator import state_records

Json = Any


class UnknownRecord(Exception):
    """An error: a stored record can't be read, because this version lacks its class or one of its fields."""


def to_json(value: Json) -> tuple[str, str]:
    """Return a record or plain value as a pair: the record's class name ("" for a plain value), and JSON text."""
    is_record = dataclasses.is_dataclass(value)
    return type(value).__name__ if is_record else "", json.dumps(value, default=_fields, separators=(",", ":"))


def from_json(kind: str, text: str) -> Json:
    """Return the record or plain value that `to_json` turned into the class name `kind` and the JSON text `text`.

    Raises:
        UnknownRecord: this version does not have that class or field.
        TypeError: a field without default is missing.
        ValueError: the text is no JSON.
    """
    value = json.loads(text)
    return value if not kind else _record(_class(kind), value)


def _fields(record: Any) -> dict[str, Json]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def _class(kind: str) -> type:
    found = getattr(state_records, kind, None)
    if not isinstance(found, type) or not dataclasses.is_dataclass(found):
        raise UnknownRecord(kind)
    return found


def _record(kind: type, values: Mapping[str, Json]) -> Any:
    hints = _hints(kind)
    if not values.keys() <= hints.keys():
        raise UnknownRecord(f"{kind.__name__}: {sorted(values.keys() - hints.keys())}")
    return kind(**{name: _typed(hints[name], value) for name, value in values.items()})


@functools.cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _typed(hint: Any, value: Json) -> Any:
    """Convert a JSON value to the type of a field: lists to tuples, objects to records. Other values stay unchanged."""
    origin, arguments = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        return _typed(next(argument for argument in arguments if argument is not types.NoneType), value)
    if origin is tuple:
        hints = [arguments[0]] * len(value) if arguments[-1] is ... else arguments
        return tuple(_typed(hint, item) for hint, item in zip(hints, value, strict=True))
    return _record(hint, value) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else value
