"""Which parameter of the new release is which of the old one."""

from __future__ import annotations

from ovcgen.diff import pairing
from tests.build import body, operation, parameter, slot


def names(pairs):
    """Wire names of the pairs."""
    return [(one.name, other.name) for one, other in pairs.both]


def test_slots_pair_by_position():
    """Also where two of them swapped their names."""
    old, new = operation("/x/{a}/{b}", slot("a"), slot("b")), operation("/x/{b}/{a}", slot("a"), slot("b"))

    assert sorted(names(pairing.parameters(old, new))) == [("a", "b"), ("b", "a")]


def test_the_same_place_wins_over_the_same_name():
    """A header and a query parameter may share a name."""
    old = operation("/x", parameter("id", place="query"), parameter("id", place="header"))
    new = operation("/x", parameter("id", place="header"))

    found = pairing.parameters(old, new)

    assert [(one.location, other.location) for one, other in found.both] == [("header", "header")]
    assert [parameter.location for parameter in found.removed] == ["query"]


def test_a_body_is_a_body():
    """Whatever it is called."""
    assert names(pairing.parameters(operation("/x", body(name="a")), operation("/x", body(name="b")))) == [("a", "b")]
