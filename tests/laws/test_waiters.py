"""What holds for the waiters of every pinned release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ovcgen.model.api import Api
from ovcgen.model.schema import Array, Reference, Scalar, Schema
from ovcgen.releases.library import Library
from ovcgen.workflows.resolve import api_of

SPECS = Path(__file__).parents[2] / "specs"
RELEASES = Library(SPECS).releases()
NAMES = {
    "account_confirmed",
    "cloudspace_deleted",
    "cloudspace_deployed",
    "disk_assigned",
    "disk_created",
    "disk_deleted",
    "image_created",
    "machine_deleted",
    "machine_halted",
    "machine_paused",
    "machine_reachable",
    "machine_running",
    "template_created",
}
SUBJECTS = {"account", "cloudspace", "disk", "image", "machine", "template"}

each_release = pytest.mark.parametrize("release", RELEASES)


def at(api: Api, schema: Schema | None, path: str) -> Any:
    """The shape at that path of an answer; None where the answer has no such thing."""
    for step in path.strip("/").split("/"):
        while isinstance(schema, Reference):
            schema = api.definition(schema.name)
        if step == "*":
            schema = schema.items if isinstance(schema, Array) else None
        else:
            schema = next((each.schema for each in getattr(schema, "properties", ()) if each.name == step), None)
    return schema


@each_release
def test_a_release_has_these_waiters(release: str) -> None:
    """All of them, as every release has the operations they ask; no other."""
    assert {waiter.name for waiter in api_of(release).waiters} == NAMES


@each_release
def test_what_waiters_ask_is_there(release: str) -> None:
    """The operation, and that is one that changes nothing and that callers can call."""
    api = api_of(release)

    assert [waiter.name for waiter, _ in api.waits()] == [waiter.name for waiter in api.waiters]
    assert {(operation.retry, operation.alternative) for _, operation in api.waits()} == {("read", False)}


@each_release
def test_what_waiters_look_at_is_there(release: str) -> None:
    """Every path leads to a text in the answer, and every status that one waits for is one that is known."""
    api = api_of(release)
    for waiter, operation in api.waits():
        assert isinstance(operation.result, Array) == bool(waiter.list_entry), waiter.name
        seen = operation.result.items if isinstance(operation.result, Array) else operation.result
        shapes = [at(api, seen, condition.at) for condition in waiter.until]
        known = {constant.value for constant in shapes[0].traits.known}

        assert {shape.kind for shape in shapes} == {"string"}, waiter.name
        assert waiter.list_entry is None or at(api, seen, waiter.list_entry.at) == Scalar(
            waiter.list_entry.kind, at(api, seen, waiter.list_entry.at).traits
        )
        assert (
            waiter.missing_is_success or {*waiter.until[0].values, *waiter.regress_from, *waiter.regress_to} <= known
        ), waiter.name


@each_release
def test_waiters_say_what_they_wait_for(release: str) -> None:
    """One sentence, and a name that errors can use: the object, then how it is wanted."""
    for waiter in api_of(release).waiters:
        assert waiter.doc.startswith("Wait until the ") or waiter.doc.startswith("Wait until a "), waiter.name
        assert waiter.doc.endswith("."), waiter.name
        assert waiter.name.partition("_")[0] in SUBJECTS, waiter.name
        assert waiter.failure_states or waiter.missing_is_success, waiter.name


@pytest.mark.parametrize("path", sorted(SPECS.rglob("overlay.json")), ids=lambda path: path.parent.name)
def test_corrections_have_the_form_that_they_should(path: Path) -> None:
    """As the schema beside them says."""
    schema = json.loads((SPECS / "overlay.schema.json").read_text())

    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(json.loads(path.read_text()), schema, cls=jsonschema.Draft7Validator)
