"""From shapes to the types of an SDK."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovcgen.generator.view.schema_annotations import NamedTypes, named_types
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.generator.view.types_module import Type
from ovcgen.generator.view.types_package import types_view
from ovcgen.model.schema import Composed, Map, Property, Record, Scalar, Schema, Traits
from tests.build import ANYTHING, BOOLEAN, INTEGER, STRING, api, listed, machines, must_have, named, one_of, record

DISK = record(id=must_have(INTEGER), name=STRING)


def types(result: Schema, **definitions: Schema) -> dict[str, str]:
    """The code of every type, by its name."""
    (module,) = types_view(named_types(api(machines(result=result), **definitions))).modules
    return {_name(type_): _code(type_) for type_ in module.types}


def _name(type_: Type) -> str:
    return (type_.opening or type_.assignment or "").removeprefix("class ").split("(")[0].split(":")[0].split(" ")[0]


def _code(type_: Type) -> str:
    return type_.assignment or "; ".join(member.declaration for member in type_.members)


def annotation(result: Schema, **definitions: Schema) -> str:
    known: NamedTypes = named_types(api(machines(result=result), **definitions))
    return known.annotation(result, ("call", "cloudapi", "machines", "create", "result"), ScopedNames(types="types"))


@pytest.mark.parametrize(
    ("result", "spelled"),
    [
        (named("Disk"), "types.Disk"),
        (listed(named("Disk")), "list[types.Disk]"),
        (Map(named("Disk")), "dict[str, types.Disk]"),
        (Composed((named("Disk"),), traits=Traits(nullable=True)), "types.Disk | None"),
        (replace(STRING, traits=Traits(nullable=True)), "str | None"),
        (record(), "dict[str, Any]"),
        (record(closed=True), "dict[str, Any]"),
        (DISK, "types.MachinesCreateResult"),
        (named("Missing"), "Any"),
        (ANYTHING, "Any"),
        (one_of("a", "b"), 'Literal["a", "b"] | str'),
        (listed(named("Ids")), "list[list[int]]"),
    ],
)
def test_a_shape_has_an_annotation(result: Schema, spelled: str) -> None:
    """Records by their names, everything else by what it is."""
    assert annotation(result, Disk=DISK, Ids=listed(INTEGER)) == spelled


def test_only_types_that_calls_need_are_there() -> None:
    """An unused definition is no type."""
    assert types(named("Disk"), Disk=DISK, Other=DISK) == {"Disk": "id: int; name: NotRequired[str]"}


def test_a_shape_may_hold_itself() -> None:
    """A tree of records, and a list of lists."""
    tree = record(children=must_have(listed(named("Tree"))))

    assert types(named("Tree"), Tree=tree) == {"Tree": "children: list[Tree]"}
    assert types(named("Nest"), Nest=listed(named("Nest"))) == {"Nest": 'Nest: TypeAlias = "list[Nest]"'}


def test_a_definition_that_is_only_itself_is_anything() -> None:
    """Two names that stand for each other promise nothing."""
    assert annotation(named("A"), A=named("B"), B=named("A")) == "Any"


def test_all_of_is_one_record() -> None:
    """With the members of all its parts; required is what any of them requires."""
    dog = Composed((named("Pet"), record(name=must_have(STRING), barks=BOOLEAN)))

    assert types(named("Dog"), Dog=dog, Pet=record(name=STRING, age=INTEGER)) == {
        "Dog": "age: NotRequired[int]; barks: NotRequired[bool]; name: str"
    }


def test_a_record_inside_a_record_is_named_after_its_place() -> None:
    """Nothing is anonymous."""
    outer = record(disks=must_have(listed(DISK)))

    assert sorted(types(named("Machine"), Machine=outer)) == ["Machine", "MachineDisksItem"]


def test_keys_that_are_no_names_are_written_as_texts() -> None:
    """A key such as `class` or `a-b`, or one that would hide a type."""
    odd = Record((Property("a-b", INTEGER, required=True), Property("str", STRING)), None)

    assert types(named("Odd"), Odd=odd) == {"Odd": 'Odd = TypedDict("Odd", {"a-b": "int", "str": "NotRequired[str]"})'}


def test_a_long_set_of_known_values_gets_a_name() -> None:
    """A line of a record stays readable."""
    states = Scalar("string", one_of(*(f"STATE_{number:02}" for number in range(12))).traits)

    found = types(named("Machine"), Machine=record(status=must_have(states)))

    assert found["Machine"] == "status: MachineStatus"
    assert found["MachineStatus"].startswith('MachineStatus: TypeAlias = (\n    Literal[\n        "STATE_00",\n')
    assert found["MachineStatus"].endswith('        "STATE_11",\n    ]\n    | str\n)')


def test_members_say_what_they_mean() -> None:
    """The text of a member stands below it."""
    size = Scalar("integer", Traits(doc="In GB."))
    (type_,) = types_view(named_types(api(machines(result=named("Disk")), Disk=record(size=size)))).modules[0].types

    assert type_.members[0].docstring == '"""In GB."""'


def test_two_definitions_never_share_a_type() -> None:
    """Of two names that are spelled alike, the one that is no class's name gets a hash."""
    both = record(a=must_have(named("disk info")), b=must_have(named("DiskInfo")))

    assert (
        types(named("Both"), Both=both, **{"disk info": DISK, "DiskInfo": DISK})["Both"]
        == "a: DiskInfo_f3491a; b: DiskInfo"
    )


def test_a_property_declared_twice_matches_both_declarations() -> None:
    """A property that two parts declare keeps the description and the enum, in either order of the parts."""
    pet, own = record(kind=replace(STRING, traits=Traits(doc="What it is."))), record(kind=must_have(one_of("dog")))

    for parts in ((pet, own), (own, pet)):
        (type_,) = types_view(named_types(api(machines(result=named("Dog")), Dog=Composed(parts)))).modules[0].types
        assert [member.declaration for member in type_.members] == ['kind: Literal["dog"] | str']
        assert type_.members[0].docstring == '"""What it is."""'
