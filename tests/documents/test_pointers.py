"""Pointers and anchors lead to values of any kind of document."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.documents.pointers import anchor_path


@pytest.mark.parametrize(
    ("value", "path"),
    [({"$anchor": "x"}, ()), ({"a": [1, {"$anchor": "x"}]}, ("a", "1")), ([{"b": {"$anchor": "x"}}], ("0", "b"))],
)
def test_an_anchor_has_a_path(value: Any, path: tuple[str, ...]) -> None:
    """All objects and lists are searched."""
    assert anchor_path(value, "x") == path


@pytest.mark.parametrize("value", [None, True, 7, 1.5, "text", "x", {}, [], {"x": "x"}])
def test_a_value_without_the_anchor_is_searched_without_another_error(value: Any) -> None:
    """A scalar has no anchors, even as a whole document."""
    with pytest.raises(LookupError):
        anchor_path(value, "x")
