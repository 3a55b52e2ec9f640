"""How a checked value is written in a form, a query, a path or a header."""

from __future__ import annotations

import json
from typing import Any

from .kinds import is_list
from .operation import Parameter

JSON = json.JSONEncoder(allow_nan=False)


def encode(parameter: Parameter, value: Any) -> list[tuple[str, str]]:
    """The fields of one checked value: a list as repeated keys, or joined where the document wants that."""
    if is_list(value):
        texts = [text_of(item) for item in value]
        separator = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}.get(parameter.collection)
        return [(parameter.name, separator.join(texts))] if separator else [(parameter.name, text) for text in texts]
    return [(parameter.name, text_of(value))]


def text_of(value: object) -> str:
    """One value as the portal reads it from a form or a query."""
    if isinstance(value, str):
        return str.__str__(value)  # of a StrEnum or an (str, Enum) the text, not its name
    return JSON.encode(value)
