"""Test the records of behaviours that differ between releases."""

from pathlib import Path

import pytest

from ovcgen.model.release_names import order
from ovcgen.release_behaviours import BEHAVIOURS, ReleaseBehaviour, behaviour_ids, differing
from ovcgen.releases.library import Library
from ovcgen.workflows.resolve import api_of

LIBRARY = Library(Path(__file__).parents[2] / "specs")
RELEASES = LIBRARY.releases()
PATHS = {path for release in RELEASES for path in LIBRARY.load(release).document["paths"]}
OPERATIONS = [operation for release in RELEASES for operation in api_of(release).operations]
MIDDLE = ReleaseBehaviour(
    "middle", "A word", "/a/b/*", since="2.3.0", until="2.10.0", seen="now", later="then", earlier="before"
)


@pytest.mark.parametrize(
    ("release", "description"),
    [
        ("2.0.4", "before"),
        ("2.2.9", "before"),
        ("2.3.0", "now"),
        ("2.3.0.1", "now"),
        ("2.9.9", "now"),
        ("2.10.0", "then"),
        ("3.0", "then"),
        ("", "then"),
        ("my-portal", "then"),
    ],
)
def test_a_range_has_a_begin_and_an_end(release, description):
    """A behaviour is described by the release's place in its range; a name without a number counts as the newest."""
    assert MIDDLE.description(release) == description
    assert MIDDLE.is_in(release) is (description == "now")


def test_a_behaviour_touches_the_operations_of_its_patterns():
    """The pattern that names the operations of a behaviour has to match a whole path, not a part of it."""
    assert MIDDLE.touches("/a/b/c")
    assert not MIDDLE.touches("/a/c/b")


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.id)
def test_a_record_is_well_formed(behaviour):
    """The id, range and texts of a record have the form that the class describes; its patterns match operations."""
    assert behaviour.id.replace("-", "").isalnum()
    assert behaviour.id.islower()
    assert behaviour.since or behaviour.until
    assert not (behaviour.since and behaviour.until) or order(behaviour.since) < order(behaviour.until)
    assert {behaviour.since, behaviour.until} <= {"", *RELEASES}
    assert behaviour.title[0].isupper()
    for clause in (behaviour.seen, behaviour.later, *filter(None, [behaviour.earlier])):
        assert clause
        assert not clause.endswith(".")
    assert bool(behaviour.since) or not behaviour.earlier
    assert behaviour.simulated or behaviour.note
    if behaviour.condition:
        touched = [operation for operation in OPERATIONS if behaviour.touches(operation.path)]
        assert any(each.name == behaviour.condition.parameter for one in touched for each in one.parameters)
    assert not behaviour.note or behaviour.note.endswith(".")
    for pattern in behaviour.operations.split():
        single = ReleaseBehaviour("", "", pattern, "", "")
        assert any(single.touches(path) for path in PATHS), pattern


def test_ids_are_unique():
    """Every id has one record only."""
    assert len({behaviour.id for behaviour in BEHAVIOURS}) == len(BEHAVIOURS)


def test_two_releases_differ_in_what_they_describe_differently():
    """A release does not differ from itself, and the newest release has no behaviour of an earlier one."""
    between = {behaviour.id for behaviour in differing("2.4.4", "2.4.5")}

    assert differing("2.4.4", "2.4.4") == ()
    assert between == behaviour_ids("2.4.4")
    assert behaviour_ids("2.4.5") == frozenset()
    assert "machine-delete-destroys" in {behaviour.id for behaviour in differing("2.2.6", "2.4.5")}
    assert "machine-delete-destroys" not in {behaviour.id for behaviour in differing("2.3.0", "2.4.5")}
