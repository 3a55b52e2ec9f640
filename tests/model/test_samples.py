"""Sample values are made from schemas."""

from __future__ import annotations

from ovcgen.model.resolve import Resolver
from ovcgen.model.samples import Samples, Variations
from ovcgen.model.schema import Array, Composed, Constant, Scalar, Schema, Traits
from tests.build import INTEGER, STRING, listed, must_have, named, one_of, record


def bounded(kind: str, **bounds: float) -> Scalar:
    """Return a scalar with these constraints."""
    return Scalar(kind, Traits(constraints=tuple((key, Constant.of(value)) for key, value in sorted(bounds.items()))))


def sample(schema: Schema, **definitions: Schema) -> object:
    """Return the sample of a schema in an API with these definitions."""
    return Samples(Resolver(definitions)).value(schema)


def test_a_sample_has_required_members_only() -> None:
    """A sample has exactly the members that some part of an `allOf` requires, with values within their bounds."""
    base = record(id=must_have(bounded("integer", minimum=10, multipleOf=4)), size=INTEGER)
    own = record(kind=must_have(one_of("b", "a")), size=must_have(INTEGER), name=STRING)

    assert sample(Composed((named("Base"), own)), Base=base) == {"id": 12, "kind": "a", "size": 1}


def test_a_schema_that_requires_itself_ends() -> None:
    """The sample of a schema that requires itself is cut off, because no finite value is valid."""
    assert sample(named("A"), A=record(a=must_have(named("A")))) == {"a": {"a": {"a": {"a": {"a": {}}}}}}


def test_a_list_that_must_contain_itself_ends() -> None:
    """The sample of a list whose items are such lists is cut off, too."""
    endless = Array(named("A"), traits=Traits(constraints=(("minItems", Constant.of(1)),)))

    assert str(sample(named("A"), A=endless)) == "[" * 21 + "]" * 21


def test_values_vary_at_one_place() -> None:
    """Samples vary only at the given path, and the bounds of the other release are tried too."""
    old, new = (
        listed(record(id=must_have(INTEGER), name=schema)) for schema in (STRING, bounded("string", maxLength=3))
    )
    found = list(Variations(Resolver({}), Resolver({})).varied(old, new, ["[]", "name"]))

    assert found[0] == [{"id": 1}]
    assert [{"id": 1, "name": "aaaa"}] in found
    assert all(value["id"] == 1 for (value,) in found)
