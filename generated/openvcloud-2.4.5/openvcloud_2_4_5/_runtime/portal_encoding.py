"""Write checked values as an OpenvCloud portal reads them; `value_encoding` uses it for the operations of portals."""

from __future__ import annotations

import re
from typing import Any

from .operation import ParameterSpec
from .typeguards import is_list
from .value_encoding import ENCODERS, JSON, encode

# The beginning of texts that an OpenvCloud portal may read as JSON. It accepts more than JSON: `007`, `1e`, `NaN`.
# It strips leading blanks, unless they are sent as JSON.
LIKE_JSON = r"\s*[\[{\"\d+.tfnNI-]|\s"
LONGEST_NUMBER = 2**31  # a portal refuses a list of one number this large or larger


def encode_for_portal(parameter: ParameterSpec, value: Any) -> list[tuple[str, str]]:
    """Return the (name, text) fields of one checked value as an OpenvCloud portal reads them.

    Values are written as `encode` does, a list as repeated keys. But a portal can't distinguish one key from a single
    value and reads it as JSON: `["5"]` sent as `5` would arrive as `[5]`, and `["null"]` would be refused. Such a list
    of one item is sent as JSON text instead.
    """
    fields = encode(parameter, value)
    if len(fields) == 1 and is_list(value) and _is_misread(value[0], fields[0][1]):
        return [(parameter.name, JSON.encode(value))]
    return fields


def _is_misread(item: object, text: str) -> bool:
    """Return whether a portal would read the only item of a list, sent as that text, as something else."""
    if isinstance(item, (int, float)):
        return not -LONGEST_NUMBER < item < LONGEST_NUMBER
    return re.match(LIKE_JSON, text) is not None


ENCODERS[False] = encode_for_portal
