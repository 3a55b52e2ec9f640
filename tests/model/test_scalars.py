"""Scalar types are told apart in JSON values."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.scalars import PYTHON_NAMES, TYPES, is_scalar


@pytest.mark.parametrize(
    ("value", "kinds"),
    [("a", {"string"}), (1, {"integer", "number"}), (1.0, {"number"}), (True, {"boolean"}), (None, set()), ([], set())],
)
def test_a_value_has_these_types(value: Any, kinds: set[str]) -> None:
    """A boolean is no integer in a document, although it is one in Python."""
    assert {kind for kind in TYPES if is_scalar(kind, value)} == kinds


def test_every_type_has_a_python_name() -> None:
    """Every scalar type has a Python name for annotations."""
    assert PYTHON_NAMES.keys() == TYPES.keys()
