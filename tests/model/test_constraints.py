"""Constraints of a schema permit or refuse values, and are merged."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from ovcgen.model.constraints import merged, permits
from ovcgen.model.resolve import Resolver
from ovcgen.model.samples import Samples
from ovcgen.model.schema import Constant, Scalar, Traits


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
        pytest.param(limited(multipleOf=0.1), [0.3, 1, 10**400, inf], [0.25], id="multiple of a fraction"),
        pytest.param(limited(minimum=2, multipleOf=2), [True, False], [1], id="booleans are no numbers"),
        pytest.param(limited(minLength=2, maxLength=3), ["ab", "abc", 1], ["a", "abcd"], id="length"),
        pytest.param(limited(pattern="^a+$"), ["aa"], ["b"], id="pattern"),
        pytest.param(limited(pattern="(["), ["b"], [], id="invalid pattern"),
        pytest.param(limited(pattern=["^a", "([", "b$"]), ["ab"], ["a", "b"], id="several patterns"),
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


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param(4, 6, 12, id="integers"),
        pytest.param(0.1, 0.15, 0.3, id="fractions"),
        pytest.param(2, 0.5, 2, id="an integer and a fraction"),
        pytest.param(0, 3, 3, id="zero has no effect"),
    ],
)
def test_a_multiple_of_both_is_a_multiple_of_the_least_common_multiple(one: float, other: float, both: float) -> None:
    """Two `multipleOf` become one number, of which a sample is made."""
    found = Traits(constraints=merged([limited(multipleOf=one), limited(multipleOf=other)]))

    assert found.limits == {"multipleOf": both}
    above = Traits(constraints=merged([found, limited(minimum=both)]))
    assert Samples(Resolver({})).value(Scalar("number", above)) == both


@pytest.mark.parametrize(
    ("one", "other", "permitted"),
    [
        pytest.param(
            {"minimum": 0, "exclusiveMinimum": True}, {"minimum": 1}, [1, 2], id="the stricter limit is allowed"
        ),
        pytest.param(
            {"minimum": 0}, {"minimum": 1, "exclusiveMinimum": True}, [2], id="the stricter limit is excluded"
        ),
        pytest.param({"maximum": 1, "exclusiveMaximum": True}, {"maximum": 1.0}, [0], id="equal limits"),
        pytest.param({"exclusiveMinimum": True}, {"minimum": 1}, [1, 2], id="a switch without a limit"),
    ],
)
def test_only_the_stricter_limit_excludes_itself(one: Any, other: Any, permitted: list[int]) -> None:
    """An exclusive limit that another one makes void excludes nothing, in either order."""
    for pair in ([one, other], [other, one]):
        found = Traits(constraints=merged(limited(**limits) for limits in pair))
        assert [value for value in (0, 1, 2) if permits(found, value)] == permitted


def test_many_patterns_are_one_list() -> None:
    """Three members of an `allOf`, merged one after the other, leave a list without lists inside."""
    first = Traits(constraints=merged([limited(pattern="a"), limited(pattern="b")]))

    found = Traits(constraints=merged([first, limited(pattern="c"), limited(pattern="a")]))

    assert found.limits == {"pattern": ["a", "b", "c"]}
