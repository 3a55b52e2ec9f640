"""Test that the index of operations has everything that the document has, and finds operations by a pattern."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from ovcgen.model.resolve import Resolver
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.releases.library import Library, bundled
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.workflows.build_operation_index import index_of
from ovcgen.workflows.operation_index import OperationIndex
from ovcgen.workflows.resolve import Release, resolve


@cache
def corrected(release: str) -> Release:
    return resolve(release)


@cache
def index(release: str) -> OperationIndex:
    """Return the index of a release after a conversion to JSON and back."""
    return OperationIndex(json.loads(json.dumps(index_of(corrected(release)))))


def fields(record: OperationSpec | ParameterSpec) -> dict[str, Any]:
    """Return all attributes of a record of the runtime, recursively."""
    found: dict[str, Any] = {name: getattr(record, name) for name in type(record).__slots__}
    for name in ("parameters", "logins"):
        if name in found:
            found[name] = [fields(each) for each in found[name]]
    return found


@pytest.mark.parametrize("release", Library(bundled()).releases())
def test_every_operation_is_the_one_of_the_document(release: str) -> None:
    """Every operation of the index, read back from JSON, is equal to the operation of the document."""
    api = corrected(release).api
    resolver = Resolver(api.schemas)
    for operation in api.callable_operations:
        found = index(release).operation(operation.dotted)
        assert found is not None
        assert fields(found) == fields(wire_operation(operation, resolver))
    assert list(index(release).operations) == sorted(operation.dotted for operation in api.callable_operations)


@pytest.mark.parametrize(
    ("pattern", "groups", "first"),
    [
        ("machines.create", (), "cloudapi.machines.create"),
        ("CREATE a virtual machine ID", ("cloudapi",), "cloudapi.machines.create"),
        ("machines.create", ("cloudapi",), "cloudapi.machines.create"),
        ("machines.creat?", (), "cloudapi.machines.create"),
        ("cloudapi.machines.[c]reate", (), "cloudapi.machines.create"),
        ("since 1970 oldest", (), "cloudapi.machines.listSnapshots"),
        ("", ("libcloud",), "libcloud.libvirt.getFreeMacAddress"),
        ("machine.create*", ("libcloud",), None),
        ("[", (), None),
    ],
)
def test_operations_are_found_by_a_pattern(pattern: str, groups: tuple[str, ...], first: str | None) -> None:
    """Words of a pattern match the name or the description; a pattern with `*` matches the whole name."""
    found = [record["operation"] for record in index("2.4.5").matching(pattern, groups)]

    assert (found[0] if found else None) == first


def test_a_similar_name_is_suggested() -> None:
    """The nearest name is suggested for a misspelt name, also for one without its group."""
    assert index("2.4.5").nearest("cloudapi.machine.creat") == "cloudapi.machines.create"
    assert index("2.4.5").nearest("machines.create") == "cloudapi.machines.create"
    assert index("2.4.5").nearest("nothing.of.the.kind.at.all") == ""
