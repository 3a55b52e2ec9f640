"""Constraints of a schema permit or refuse values, and are merged."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.constraints import merged, permits
from ovcgen.model.schema import Constant, Traits


def limited(**limits: Any) -> Traits:
    """Return traits with these constraints."""
    return Traits(constraints=tuple((key, Constant.of(value)) for key, value in sorted(limits.items())))


@pytest.mark.parametrize(
    ("traits", "permitted", "refused"),
    [
        pytest.param(limited(minimum=1, maximum=3), [1, 3, 2.5, "0"], [0, 4], id="range"),
        pytest.param(limited(minimum=1, exclusiveMinimum=True), [2], [1], id="exclusive"),
        pytest.param(limited(exclusiveMinimum=True), [0], [], id="exclusive without a bound"),
        pytest.param(limited(multipleOf=5), [0, 10], [3], id="multiple"),
        pytest.param(limited(minLength=2, maxLength=3), ["ab", "abc", 1], ["a", "abcd"], id="length"),
        pytest.param(limited(pattern="^a+$"), ["aa"], ["b"], id="pattern"),
        pytest.param(limited(pattern="(["), ["b"], [], id="invalid pattern"),
        pytest.param(limited(minItems=1, maxItems=2), [[1], "x"], [[], [1, 2, 3]], id="items"),
        pytest.param(Traits(enum=(Constant.of("a"), Constant.of(1))), ["a", 1], ["b", True, 1.0], id="enum"),
    ],
)
def test_a_value_is_checked_against_the_constraints_of_its_type(
    traits: Traits, permitted: list[Any], refused: list[Any]
) -> None:
    """Constraints for other types are ignored, and an invalid pattern permits every text."""
    assert [value for value in [*permitted, *refused] if permits(traits, value)] == permitted


def test_the_stricter_limit_stays() -> None:
    """Two merged limits leave the stricter one, and two merged patterns must both match."""
    found = merged([limited(minimum=1, maxLength=5, pattern="a"), limited(minimum=3, maxLength=9, pattern="b")])

    assert Traits(constraints=found).limits == {"maxLength": 5, "minimum": 3, "pattern": ["a", "b"]}
