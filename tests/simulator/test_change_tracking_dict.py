"""Dictionaries that note their changes."""

import pytest

from ovcgen.simulator.change_tracking_dict import Tally, TrackedDict


@pytest.fixture
def tracked():
    """One with two keys, from now on followed."""
    made = TrackedDict()
    made.update({"a": 1, "b": 2})
    made.changes = {}
    return made


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        pytest.param(lambda each: each.__setitem__("a", 3), {"a": False}, id="set"),
        pytest.param(lambda each: each.__delitem__("a"), {"a": True}, id="delete"),
        pytest.param(lambda each: each.pop("a"), {"a": True}, id="pop"),
        pytest.param(lambda each: each.pop("c", None), {}, id="pop nothing"),
        pytest.param(lambda each: each.popitem(), {"b": True}, id="popitem"),
        pytest.param(lambda each: each.setdefault("c", 3), {"c": False}, id="setdefault"),
        pytest.param(lambda each: each.setdefault("a", 3), {}, id="setdefault of what is there"),
        pytest.param(lambda each: each.update({"c": 3}), {"c": False}, id="update"),
        pytest.param(lambda each: each.__ior__({"c": 3}), {"c": False}, id="|="),
        pytest.param(lambda each: each.clear(), {"a": True, "b": True}, id="clear"),
        pytest.param(lambda each: (each.pop("a"), each.update({"a": 1})), {"a": True}, id="gone and back"),
    ],
)
def test_every_change_is_noted(tracked, change, changes):
    """Whichever way it is made; and whether the key was gone in between."""
    before = dict(tracked)
    change(tracked)

    assert tracked.changes == changes
    assert changes or tracked == before


def test_nothing_is_noted_unless_somebody_asks():
    """A portal without a state file does not grow by it."""
    tracked = TrackedDict()
    tracked["a"] = 1

    assert tracked.changes is None


def test_a_missing_key_is_an_error_as_of_any_dict(tracked):
    """Removing a missing key raises KeyError and tracks no change."""
    with pytest.raises(KeyError):
        tracked.pop("c")
    with pytest.raises(KeyError):
        del tracked["c"]
    assert tracked.changes == {}


def test_a_tally_counts_from_nothing():
    """And notes it."""
    tally = Tally()
    tally.changes = {}
    tally["a"] += 2

    assert (tally["a"], tally["b"], tally.changes) == (2, 0, {"a": False})
