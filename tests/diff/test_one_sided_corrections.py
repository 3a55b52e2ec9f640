"""What is left of corrections when two releases are compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.diff import compare
from ovcgen.diff.one_sided_corrections import CorrectedApi, without_one_sided
from tests.build import (
    ANYTHING,
    INTEGER,
    NAME,
    NOTHING,
    SIZE,
    STRING,
    answers,
    api,
    machines,
    must,
    named,
    operation,
    record,
)

NOBODY = machines(NAME)
KNOWN = answers(record(id=INTEGER))
OTHER = answers(record(id=STRING))
UNKNOWN = answers(ANYTHING)
WIDE = ["property.added-optional", "type.narrowed"]


def changes(old, new, had, has):
    """Kinds of what is left, of releases that are declared as `had` and `has`, and corrected to `old` and `new`."""
    sides = without_one_sided(CorrectedApi(api(*old), api(*had)), CorrectedApi(api(*new), api(*has)))
    return [change.id for change in compare(*sides)]


@pytest.mark.parametrize(
    ("old", "new", "had", "has", "left"),
    [
        pytest.param([UNKNOWN], [KNOWN], [UNKNOWN], [UNKNOWN], [], id="an answer that only one overlay knows"),
        pytest.param([KNOWN], [UNKNOWN], [UNKNOWN], [UNKNOWN], [], id="whichever of them"),
        pytest.param([OTHER], [KNOWN], [UNKNOWN], [UNKNOWN], ["type.changed"], id="two overlays are two truths"),
        pytest.param([UNKNOWN], [KNOWN], [UNKNOWN], [OTHER], WIDE, id="declared in two ways: a change"),
        pytest.param([NOBODY], [machines(NAME, SIZE)], [NOBODY], [NOBODY], [], id="a parameter that no one declared"),
        pytest.param([NOBODY], [machines()], [NOBODY], [NOBODY], [], id="a parameter that one overlay took away"),
        pytest.param(
            [NOBODY],
            [machines(must(NAME))],
            [NOBODY],
            [machines(replace(NAME, doc="in other words"))],
            ["parameter.description"],
            id="texts are no other declaration",
        ),
        pytest.param(
            [NOBODY],
            [machines(NAME, must(SIZE))],
            [NOBODY],
            [machines(NAME, SIZE)],
            ["parameter.added-required"],
            id="a declared parameter as its overlay has it",
        ),
        pytest.param([], [NOBODY], [], [], [], id="a call that no one declared"),
        pytest.param([], [NOBODY], [], [NOBODY], ["operation.added"], id="a declared call"),
        pytest.param(
            [NOBODY], [NOBODY, operation("/a/b/c")], [NOBODY], [NOBODY], [], id="one that only an overlay brings"
        ),
        pytest.param(
            [machines(deprecated=True)], [machines()], [machines()], [machines()], [], id="marks of one overlay only"
        ),
        pytest.param(
            [answers(NOTHING)], [answers(STRING)], [answers(NOTHING)], [answers(STRING)], ["response.schema-added"],
            id="without corrections all is as it is",
        ),
    ],
)  # fmt: skip
def test_what_one_overlay_alone_says_is_no_change(old, new, had, has, left):
    """Both release's overlays, or their declarations, have to differ."""
    assert changes(old, new, had, has) == left


def test_a_shape_that_one_overlay_brings_is_no_change():
    """It is a name for what both have."""
    declared = api(NOBODY)
    brings = api(NOBODY, Machine=record(id=INTEGER))

    assert compare(*without_one_sided(CorrectedApi(declared, declared), CorrectedApi(brings, declared))) == []
    assert compare(*without_one_sided(CorrectedApi(brings, declared), CorrectedApi(declared, declared))) == []


def test_shapes_of_two_overlays_are_compared():
    """Where what they name is used."""
    used = answers(named("Machine"))
    old, new = api(used, Machine=record(id=INTEGER)), api(used, Machine=record(id=STRING))
    declared = api(UNKNOWN)

    (change,) = compare(*without_one_sided(CorrectedApi(old, declared), CorrectedApi(new, declared)))
    assert (change.id, change.location.member) == ("type.changed", "id")
