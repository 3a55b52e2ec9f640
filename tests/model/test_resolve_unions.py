"""Unions inside of `allOf` are resolved to a union of everything together."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.readers.openapi3 import read
from ovcgen.model.resolve import MOST_COMBINATIONS, Resolver
from ovcgen.model.schema import Record, Reference, Schema, Union


def part(*names: str, **more: Any) -> dict[str, Any]:
    """An object with these members."""
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}, **more}


def to(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def resolved(name: str, schemas: dict[str, Any]) -> tuple[Resolver, Schema]:
    """The resolver of a document with these schemas, and one of them, resolved."""
    info = {"title": "T", "version": "1"}
    api, _ = read({"openapi": "3.1.0", "info": info, "components": {"schemas": schemas}}, "1")
    resolver = Resolver(api.schemas)
    return resolver, resolver.resolved(Reference(name))


def members(schema: Schema) -> list[str]:
    """The names of an object's members, or of those of each member of a union."""
    if isinstance(schema, Union):
        return [name for member in schema.members for name in [*members(member), "|"]][:-1]
    return [member.name for member in schema.properties] if isinstance(schema, Record) else [type(schema).__name__]


def test_what_stands_beside_a_union_belongs_to_each_member() -> None:
    """Properties beside `oneOf` are those of every alternative."""
    _, found = resolved("A", {"A": part("a", oneOf=[part("b"), part("c")])})

    assert members(found) == ["a", "b", "|", "a", "c"]


def test_two_unions_are_combined() -> None:
    """Each alternative of one union goes with each of the other."""
    one, other = {"oneOf": [part("a"), part("b")]}, {"anyOf": [part("c"), part("d")]}

    _, found = resolved("A", {"A": {"allOf": [one, other]}})

    assert members(found) == ["a", "c", "|", "a", "d", "|", "b", "c", "|", "b", "d"]


def test_too_many_combinations_are_not_made() -> None:
    """The time does not explode; what stands beside the unions remains."""
    unions = [{"oneOf": [part(f"m{at}_{number}") for number in range(20)]} for at in range(8)]

    _, found = resolved("A", {"A": {"allOf": [part("a"), *unions]}})

    assert len(found.members if isinstance(found, Union) else [found]) <= MOST_COMBINATIONS
    assert "a" in members(found)


def test_a_union_that_only_requires_members_is_left_out() -> None:
    """`anyOf` with nothing but `required` has no type of its own."""
    _, found = resolved("A", {"A": part("a", "b", anyOf=[{"required": ["a"]}, {"required": ["b"]}])})

    assert members(found) == ["a", "b"]


def test_a_base_that_lists_its_subtypes_is_their_union() -> None:
    """The subtypes, which include the base by `allOf`, keep their names; their own type is no union."""
    pet = part("kind", oneOf=[to("Cat"), to("Dog")], discriminator={"propertyName": "kind"})
    schemas = {"Pet": pet, "Cat": {"allOf": [to("Pet"), part("meow")]}, "Dog": {"allOf": [to("Pet"), part("bark")]}}

    resolver, found = resolved("Pet", schemas)

    assert isinstance(found, Union)
    assert found.members == (Reference("Cat"), Reference("Dog"))
    assert found.discriminator == "kind"
    assert members(resolver.resolved(Reference("Cat"))) == ["kind", "meow"]


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": part("a", oneOf=[to("A"), to("B")]), "B": part("b", anyOf=[to("A"), to("C")]), "C": {"oneOf": [to("B")]}},
        {"A": {"oneOf": [to("A"), {"type": "string"}]}},
        {"A": {"oneOf": [to("B"), {"type": "string"}]}, "B": {"anyOf": [to("A"), {"type": "integer"}]}},
        {"A": {"oneOf": [to("A"), to("B")]}, "B": {"oneOf": [to("A"), to("B")]}},
        {"A": to("B"), "B": to("A")},
    ],
)
def test_circles_of_unions_end(schemas: dict[str, Any]) -> None:
    """Every definition is resolved, and no union has itself as a member."""
    for name in schemas:
        _, found = resolved(name, schemas)

        assert Reference(name) not in (found.members if isinstance(found, Union) else [found])


def test_a_circle_of_unions_is_reported() -> None:
    """Unions that lead to each other have the members of both."""
    info = {"title": "T", "version": "1"}
    schemas = {"A": {"oneOf": [to("B"), {"type": "string"}]}, "B": {"anyOf": [to("A"), {"type": "integer"}]}}

    api, problems = read({"openapi": "3.1.0", "info": info, "components": {"schemas": schemas}}, "1")

    assert [problem.pointer for problem in problems] == ["/components/schemas/A", "/components/schemas/B"]
    first, second = api.schemas["A"], api.schemas["B"]
    assert isinstance(first, Union)
    assert isinstance(second, Union)
    assert set(first.members) == set(second.members)
