"""How a checked value is written in a form, a query, a path, a header or a body."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from typing import Any

from .kinds import is_list
from .operation import Parameter

SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
JSON = json.JSONEncoder(allow_nan=False)
# How a text begins that an OpenvCloud portal could read as JSON. Its reader takes more than JSON: `007`, `1e`, `NaN`.
LIKE_JSON = re.compile(r"\s*[\[{\"\d+.tfnNI-]|\s", re.ASCII)
LONGEST_NUMBER = 2**31  # a list of one number that is as large, or larger, is refused


def encode(parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    """The fields of one checked value: a list as repeated keys, or joined where the document wants that."""
    if is_list(value):
        outer, *inner = parameter.collection.split()
        texts = [_joined(item, inner) for item in value]
        separator = SEPARATORS.get(outer)
        return [(parameter.name, separator.join(texts))] if separator else [(parameter.name, text) for text in texts]
    return [(parameter.name, text_of(value))]


def encode_for_portal(parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    """Return the fields of one checked value as an OpenvCloud portal reads them.

    A list is sent as repeated keys. A portal can't tell one key from a single value and reads it as JSON: `["5"]` sent
    as `5` would arrive as `[5]`, and `["null"]` would be refused. Such a list is sent as JSON text, which arrives.
    """
    fields = encode(parameter, value)
    if len(fields) == 1 and is_list(value) and _is_misread(value[0], fields[0][1]):
        return [(parameter.name, JSON.encode(value))]
    return fields


def _is_misread(item: object, text: str) -> bool:
    """Return whether a portal would read the only item of a list, sent as that text, as something else."""
    if isinstance(item, (int, float)):
        return not -LONGEST_NUMBER < item < LONGEST_NUMBER
    return LIKE_JSON.match(text) is not None


def _joined(value: Any, collections: Sequence[str]) -> str:
    """A list inside a list; never as repeated keys."""
    if not collections:
        return text_of(value)
    return SEPARATORS.get(collections[0], ",").join(_joined(item, collections[1:]) for item in value)


def text_of(value: object) -> str:
    """One value as the portal reads it from a form or a query."""
    if isinstance(value, str):
        return str.__str__(value)  # of a StrEnum or an (str, Enum) the text, not its name
    return JSON.encode(value)


def json_of(value: object) -> str:
    """A body of JSON, in which dates are texts."""
    return BODY.encode(value)


def dated(value: object) -> object:
    """A date or a time as the text that RFC 3339 has for it; any other value as it is."""
    return value.isoformat() if isinstance(value, datetime.date) else value  # a datetime is a date


def _text_inside(value: object) -> object:
    text = dated(value)
    if text is value:
        raise TypeError(type(value).__name__)
    return text


BODY = json.JSONEncoder(allow_nan=False, default=_text_inside)
