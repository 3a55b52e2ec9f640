"""What the members of `allOf` promise together."""

from __future__ import annotations

from itertools import permutations

import pytest

from ovcgen.model.composition import plain
from ovcgen.model.schema import Array, Composed, Scalar, Schema

INTEGER, NUMBER, STRING, TEXTS = Scalar("integer"), Scalar("number"), Scalar("string"), Array(Scalar("string"))


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ((INTEGER, NUMBER), INTEGER),
        ((INTEGER, STRING), INTEGER),
        ((STRING, TEXTS), TEXTS),
        ((STRING, NUMBER, INTEGER), INTEGER),
    ],
)
def test_the_order_of_the_members_does_not_matter(parts: tuple[Schema, ...], result: Schema) -> None:
    """An integer is a number; of types that contradict each other the same one is taken in every order."""
    assert {plain(Composed(order), {}) for order in permutations(parts)} == {result}
