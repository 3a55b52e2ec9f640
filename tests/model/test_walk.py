"""Schemas inside a schema are found, with the steps of their paths."""

from __future__ import annotations

from ovcgen.model.schema import Array, Composed, Map, Schema
from ovcgen.model.walk import parts, path_steps, references
from tests.build import INTEGER, STRING, listed, named, record


def test_references_are_found_at_any_depth() -> None:
    """References in every kind of schema are found, and 10,000 levels cause no RecursionError."""
    deep: Schema = named("Deep")
    for _ in range(10_000):
        deep = Array(deep)
    schema = Composed((named("Base"), record(disks=listed(named("Disk")), labels=Map(named("Label")), deep=deep)))

    assert sorted(references(schema)) == ["Base", "Deep", "Disk", "Label"]


def test_parts_have_the_steps_of_a_path() -> None:
    """The step is `[]` for items, `*` for undeclared members, and the name for declared members."""
    assert list(parts(listed(STRING))) == [("[]", STRING)]
    assert list(parts(Map(STRING))) == [("*", STRING)]
    assert [step for step, _ in parts(record(id=INTEGER, name=STRING))] == ["id", "name", "*"]
    assert list(parts(Composed((named("Base"),)))) == []


def test_a_path_has_steps() -> None:
    """`path_steps` splits a path at its dots, and each `[]` is a separate step."""
    assert path_steps("[].disks[].size") == ["[]", "disks", "[]", "size"]
    assert path_steps("") == []
