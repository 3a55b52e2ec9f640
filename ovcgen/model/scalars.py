"""Define the scalar types of a document and the Python types that represent them."""

from __future__ import annotations

from collections.abc import Mapping

INT_OR_STRING = "int-or-string"  # Kubernetes' format for a value that is a number or a string

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
PYTHON_NAMES: Mapping[str | None, str] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
}
DATE_NAMES: Mapping[str, str] = {"date": "date", "date-time": "datetime"}  # by the format of a string


def is_scalar(kind: str, value: object) -> bool:
    """Return whether a JSON value is of that scalar type. An integer is a number too; a boolean is not a number.

    Raises:
        KeyError: `kind` is not a scalar type.
    """
    return isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean")
