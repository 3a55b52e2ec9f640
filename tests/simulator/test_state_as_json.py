"""Records as JSON and back."""

import dataclasses

import pytest

from ovcgen.simulator import state_records
from ovcgen.simulator.seed import seeded
from ovcgen.simulator.state import Table
from ovcgen.simulator.state_as_json import UnknownRecord, from_json, to_json
from ovcgen.simulator.state_records import Account, Ace, Snapshot, TaskRecord, User
from ovcgen.simulator.timing import changing, steady

KINDS = [var for var in vars(state_records).values() if isinstance(var, type) and dataclasses.is_dataclass(var)]


@pytest.mark.parametrize(
    "record",
    [
        Account(7, "acme", (Ace("alice", "R"), Ace("bob", "CXDRAU", explicit=False)), 1, 2, status=steady("DISABLED")),
        Account(8, "née \ud800", (), 1, 2, status=changing(5.5, "A", (2.25, "B"))),
        Snapshot(1, 2, "daily", 3, (("disk", "guid"), ("other", "guid"))),
        User("alice", data={"a": [1, {"b": None}]}),
        TaskRecord((True, {"id": [1, 2]}), 12.5),
        TaskRecord(None, 1e12),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_record_comes_back_as_it_was(record):
    """With its tuples, and the records within it."""
    assert from_json(*to_json(record)) == record


def test_all_that_a_new_portal_holds_comes_back():
    """Whatever kinds of records there are."""
    state = seeded("demo", now=1000.0)
    held = [var.records if isinstance(var, Table) else var for var in vars(state).values()]
    all_records = [record for tracked in held for record in tracked.values()]

    assert {type(record).__name__ for record in all_records} >= {"User", "Machine", "Disk", "Image"}
    assert [from_json(*to_json(record)) for record in all_records] == all_records


@pytest.mark.parametrize("value", [3, "text", None, [1, 2], {"a": 1}])
def test_a_plain_value_has_no_kind(value):
    """A counter, for example."""
    assert to_json(value)[0] == ""
    assert from_json(*to_json(value)) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("Spaceship", "{}"), ("Json", "{}"), ("NEW", "{}"), ("Ace", '{"user": "a", "right": "R", "x": 1}')],
)
def test_what_this_version_does_not_have_is_refused(kind, text):
    """Rather than guessed at."""
    with pytest.raises(UnknownRecord):
        from_json(kind, text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.__name__)
def test_fields_hold_what_json_can_keep(kind):
    """No sets, no bytes: they would come back as something else."""
    assert not [
        field.name for field in dataclasses.fields(kind) if "set" in str(field.type) or "bytes" in str(field.type)
    ]
