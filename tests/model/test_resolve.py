"""References and the members of `allOf` are resolved to one schema."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from time import process_time

import pytest

from ovcgen.model.resolve import Resolver, sole_member
from ovcgen.model.schema import Anything, Array, Composed, Map, Property, Record, Reference, Scalar, Schema, Traits
from tests.build import named, one_of, record

INTEGER, NUMBER, STRING, TEXTS = Scalar("integer"), Scalar("number"), Scalar("string"), Array(Scalar("string"))
ANY, NULLABLE = Anything(), Traits(nullable=True)
PET = record(name=STRING)


def resolved(schema: Schema, **definitions: Schema) -> Schema:
    """Return the resolved schema in an API with these definitions."""
    return Resolver(definitions).resolved(schema)


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ((INTEGER, NUMBER), INTEGER),
        ((INTEGER, STRING), INTEGER),
        ((STRING, TEXTS), TEXTS),
        ((STRING, NUMBER, INTEGER), INTEGER),
    ],
)
def test_the_order_of_the_members_does_not_matter(parts: tuple[Schema, ...], result: Schema) -> None:
    """An integer is a number; of types that contradict each other the same one is taken in every order."""
    assert {Resolver({}).resolved(Composed(order)) for order in permutations(parts)} == {result}


def test_the_first_discriminator_by_name_counts_in_every_order() -> None:
    """If several members have a discriminator, the same one is taken in every order, also from an inner `allOf`."""
    members: tuple[Schema, ...] = (replace(PET, discriminator="kind"), Composed((PET,), discriminator="age"), PET)
    found = [resolved(Composed(order)) for order in permutations(members)]

    assert {schema.discriminator for schema in found if isinstance(schema, Record)} == {"age"}


def test_a_property_declared_twice_keeps_text_and_read_only() -> None:
    """A property that two members declare has the last description, and is read-only if one of them says so."""
    base, own = Scalar("string", Traits(doc="A name.")), Scalar("string", Traits(doc="The name.", read_only=True))
    silent = Scalar("string", one_of("a").traits)

    for parts, doc in ((base, own), "The name."), ((own, base), "A name."), ((own, silent), "The name."):
        found = resolved(Composed(tuple(record(name=schema) for schema in parts)))
        assert isinstance(found, Record)
        (property_,) = found.properties
        assert (property_.schema.traits.doc, property_.schema.traits.read_only) == (doc, True)


@pytest.mark.parametrize(
    ("schema", "nullable"),
    [
        pytest.param(Composed((Composed((named("Pet"),), traits=NULLABLE),)), True, id="the only member is nullable"),
        pytest.param(Composed((Composed((named("Pet"),), traits=NULLABLE), PET)), False, id="another member is not"),
        pytest.param(Composed((Map(ANY, NULLABLE), Composed((PET,), traits=NULLABLE))), True, id="all are"),
        pytest.param(Composed((Anything(NULLABLE), PET)), False, id="only one without a type is"),
        pytest.param(Composed((Composed((named("Pet"),), traits=NULLABLE), named("Pet"))), False, id="named twice"),
        pytest.param(Composed((Composed((PET,), "kind", NULLABLE),)), True, id="with a discriminator"),
        pytest.param(Composed((Composed((PET,), "kind"),)), False, id="only a discriminator"),
    ],
)
def test_null_is_allowed_where_every_member_allows_it(schema: Schema, nullable: bool) -> None:
    """A nullable inner `allOf` makes its own members nullable, but not the members beside it."""
    assert resolved(schema, Pet=PET).traits.nullable is nullable


def test_a_reference_to_itself_is_anything() -> None:
    """A reference that leads back to itself adds no constraint: alone it permits any value."""
    assert resolved(named("A"), A=named("B"), B=named("A")) == ANY
    assert resolved(named("A"), A=Composed((named("A"),))) == ANY
    assert resolved(named("A"), A=Composed((named("A"), PET))) == PET
    assert resolved(named("Missing")) == ANY


def test_long_and_wide_compositions_are_resolved_in_no_time() -> None:
    """A chain of 2,000 `allOf` is resolved in linear time, and a member that is named twice is merged once."""
    chain: dict[str, Schema] = {
        f"D{number}": Composed((named(f"D{number + 1}"), Record((Property(f"p{number}", STRING),), ANY)))
        for number in range(2_000)
    }
    diamonds: dict[str, Schema] = {
        f"D{number}": Composed((named(f"D{number + 1}"), named(f"D{number + 1}"))) for number in range(100)
    }
    before = process_time()

    long, wide = resolved(named("D0"), D2000=PET, **chain), resolved(named("D0"), D100=PET, **diamonds)

    assert process_time() - before < 20
    assert isinstance(long, Record)
    assert len(long.properties) == 2_001
    assert wide == PET


@pytest.mark.parametrize(
    ("members", "index"),
    [
        ((PET,), 0),
        ((ANY,), 0),
        ((PET, ANY), 0),
        ((Map(ANY, Traits(doc="A text.")), PET), 1),
        ((PET, record(age=INTEGER)), None),
        ((PET, Anything(Traits(required=("age",)))), None),
        ((ANY, Map(ANY)), None),
    ],
)
def test_open_members_do_not_count(members: tuple[Schema, ...], index: int | None) -> None:
    """An `allOf` of one schema and members without constraints stands for that schema."""
    assert sole_member(Composed(members)) == index


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", Array(Reference("Machine"))),
        ("[].disks[].size", INTEGER),
        ("[].labels.any", STRING),
        ("[].name", STRING),
        ("[].name.length", ANY),
        ("[].unknown", ANY),
    ],
)
def test_a_path_leads_through_references_and_all_of(path: str, schema: Schema) -> None:
    """A path follows references and `allOf`; an undeclared step gives the schema of undeclared members."""
    disk = Record((Property("size", INTEGER),), None)
    machine = Composed((PET, record(disks=Array(named("Disk")), labels=Map(STRING))))
    resolver = Resolver({"Machine": machine, "Disk": disk})

    assert resolver.at(Array(Reference("Machine")), path) == schema
