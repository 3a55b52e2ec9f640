"""Schemas of OpenAPI 3.0 and of JSON Schema 2020-12 are read into the same values."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.readers.openapi3 import read
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
    Union,
)

TEXT, NUMBER = Scalar("string"), Scalar("integer")
NULLABLE = Traits(nullable=True)
OTHERS = {
    "Cat": {"type": "object", "properties": {"kind": {"const": "cat"}}},
    "Dog": {"type": "object"},
    "Null": {"enum": [None]},
}


def of(schema: Any, version: str = "3.1.0", **others: Any) -> tuple[Schema, list[str]]:
    """The schema that is read, and the sentences of the problems."""
    schemas = {"Subject": schema, **OTHERS, **others}
    document = {"openapi": version, "info": {"title": "T", "version": "1"}, "components": {"schemas": schemas}}
    api, problems = read(document, "1")
    return api.schemas["Subject"], [problem.sentence for problem in problems if "/Subject" in problem.pointer]


def test_nullable_alone_in_a_union_is_null() -> None:
    """OpenAPI 3.0 has no type `null`; a member that says nothing but `nullable` stands for it."""
    union = {"anyOf": [{"$ref": "#/components/schemas/Dog"}, {"nullable": True}]}

    assert of(union, "3.0.3") == (Reference("Dog", NULLABLE), [])


def enum(*values: Any, kind: str = "string", **traits: Any) -> Scalar:
    return Scalar(kind, Traits(enum=tuple(sorted(map(Constant.of, values), key=lambda each: each.text)), **traits))


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"type": ["string", "null"]}, id="a list of types"),
        pytest.param({"anyOf": [{"type": "string"}, {"type": "null"}]}, id="anyOf with the type null"),
        pytest.param({"oneOf": [{"type": "null"}, {"type": "string"}]}, id="oneOf with the type null"),
        pytest.param({"oneOf": [{"type": "string"}, {"const": None}]}, id="a constant null"),
        pytest.param({"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Null"}]}, id="a reference to null"),
        pytest.param({"type": "string", "x-nullable": True}, id="x-nullable"),
    ],
)
def test_null_is_one_fact_in_all_its_spellings(schema: Any) -> None:
    """Every way to allow null gives the same nullable schema, without a problem."""
    assert of(schema) == (Scalar("string", NULLABLE), [])


def test_nullable_of_3_0_is_read_in_3_1_with_a_warning() -> None:
    """`nullable` is no keyword of 3.1, but documents have it."""
    assert of({"type": "string", "nullable": True}, "3.0.3") == (Scalar("string", NULLABLE), [])
    found, (problem,) = of({"type": "string", "nullable": True})
    assert found == Scalar("string", NULLABLE)
    assert problem.startswith("/components/schemas/Subject/nullable: OpenAPI 3.1 has no `nullable`")


def test_nullable_of_3_0_is_one_problem_for_a_whole_document() -> None:
    """The first place is named, and the others are counted."""
    member = {"type": "string", "nullable": True}

    _, (problem,) = of({"properties": {"a": member, "b": member, "c": {**member, "nullable": False}}})

    assert problem.startswith("/components/schemas/Subject/properties/a/nullable:")
    assert "here and 1 times more" in problem


def test_nullable_beside_a_reference_or_allof_counts() -> None:
    """By the letter of 3.0 it has no effect there; every generator reads it as nullable."""
    reference = {"$ref": "#/components/schemas/Dog"}

    assert of({**reference, "nullable": True}, "3.0.3")[0] == Reference("Dog", NULLABLE)
    assert of({"allOf": [reference], "nullable": True}, "3.0.3")[0] == Composed((Reference("Dog"),), traits=NULLABLE)
    assert of({"oneOf": [reference, {"type": "null"}]})[0] == Reference("Dog", NULLABLE)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"const": None}, Nothing(Traits(nullable=True))),
        ({"enum": [None], "description": "No value."}, Nothing(Traits("No value.", nullable=True))),
        ({"const": "a"}, enum("a")),
        ({"type": "string", "enum": ["a", "", None], "nullable": True}, enum("a", "", nullable=True)),
        ({"enum": ["a", None]}, enum("a", nullable=True)),
        ({"enum": [1, 2]}, enum(1, 2, kind="integer")),
        ({"enum": [1, 2.5]}, enum(1, 2.5, kind="number")),
        ({"enum": [True]}, enum(True, kind="boolean")),
        ({"enum": ["a", 1]}, Union((enum("a"), enum(1, kind="integer")))),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, enum("a", "b")),
        ({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]}, enum("a", "b")),
        ({"enum": [["a"], {}]}, Anything(Traits(enum=(Constant.of(["a"]), Constant.of({}))))),
    ],
)
def test_constants_and_enums_of_any_type(schema: Any, expected: Schema) -> None:
    """A constant is an enum of one; a union of constants of one type is an enum; mixed enums are a union."""
    assert of(schema, "3.0.3" if "nullable" in schema else "3.1.0") == (expected, [])


def test_an_annotated_enumeration_keeps_its_descriptions() -> None:
    """The descriptions of the constants become that of the enum."""
    found, _ = of({"oneOf": [{"const": "a", "description": "First."}, {"const": "b", "description": "Last."}]})

    assert found.traits.doc == '"a": First.\n"b": Last.'


def test_several_types_are_a_union_with_the_limits_of_each() -> None:
    """Each member has the keywords of its own type; null is a trait of the union."""
    found, problems = of({"type": ["string", "integer", "null"], "minLength": 2, "maximum": 5, "description": "D"})

    text = Scalar("string", Traits(constraints=(("minLength", Constant.of(2)),)))
    number = Scalar("integer", Traits(constraints=(("maximum", Constant.of(5)),)))
    assert (found, problems) == (Union((text, number), traits=Traits("D", nullable=True)), [])


def test_a_union_has_a_complete_mapping() -> None:
    """Members without a declared value are selected by their name; a mapping may hold names or references."""
    reference = "#/components/schemas/"
    union = {
        "oneOf": [{"$ref": f"{reference}Cat"}, {"$ref": f"{reference}Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "kitten": f"{reference}Cat"}},
    }

    found, problems = of(union)

    mapping = (("Dog", "Dog"), ("cat", "Cat"), ("kitten", "Cat"))
    members = (Reference("Cat"), Reference("Dog"))
    assert (found, problems) == (Union(members, exclusive=True, discriminator="kind", mapping=mapping), [])


def test_the_default_of_a_discriminator_is_read() -> None:
    """OpenAPI 3.2 has `defaultMapping` for other values."""
    refs = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    found, _ = of({"oneOf": refs, "discriminator": {"propertyName": "kind", "defaultMapping": "Dog"}}, "3.2.0")

    assert isinstance(found, Union)
    assert found.default_member == "Dog"


def test_members_of_a_union_have_the_type_around_them() -> None:
    """`type: string` beside `anyOf` holds for members that declare none."""
    found, _ = of({"type": "string", "anyOf": [{"format": "uuid"}, {"format": "uri"}]})

    assert found == Union((Scalar("string", Traits(format="uuid")), Scalar("string", Traits(format="uri"))))


def test_keywords_beside_a_reference_count_from_3_1_on() -> None:
    """In 3.0 only a description counts beside a reference."""
    body = {"$ref": "#/components/schemas/Dog", "description": "D", "required": ["name"]}

    found, (problem,) = of(body, "3.0.3")
    assert found == Reference("Dog", Traits("D"))
    assert "'required' has no effect beside a reference" in problem
    found, problems = of(body)
    assert isinstance(found, Composed)
    assert found.members == (Reference("Dog"), Map(Anything(), Traits(required=("name",))))
    assert problems == []


def test_own_properties_beside_allof_are_one_more_member() -> None:
    """`allOf` with properties beside it is a Composed with a record."""
    found, _ = of({"allOf": [{"$ref": "#/components/schemas/Dog"}], "properties": {"a": {"type": "string"}}})

    assert found == Composed((Reference("Dog"), Record((Property("a", TEXT),), Anything())))


@pytest.mark.parametrize(
    ("schema", "version", "expected"),
    [
        ({"type": "number", "exclusiveMinimum": 3}, "3.1.0", {"minimum": 3, "exclusiveMinimum": True}),
        ({"type": "number", "minimum": 3, "exclusiveMinimum": True}, "3.0.0", {"minimum": 3, "exclusiveMinimum": True}),
        ({"type": "number", "exclusiveMaximum": 3, "maximum": 2}, "3.1.0", {"maximum": 2}),
    ],
)
def test_exclusive_limits_are_one_fact(schema: Any, version: str, expected: Any) -> None:
    """The number of 3.1 is read as limit and switch, like that of 3.0."""
    found, problems = of(schema, version)

    assert (found.traits.limits, problems) == (expected, [])


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array", "prefixItems": [{"type": "string"}]}, Array(Anything(), prefix=(TEXT,))),
        ({"prefixItems": [{"type": "string"}], "items": False}, Array(Nothing(), prefix=(TEXT,))),
        ({"items": {"type": "integer"}}, Array(NUMBER)),
        (
            {"patternProperties": {"^a": {"type": "string"}}, "additionalProperties": False},
            Record((), None, patterns=(("^a", TEXT),)),
        ),
        (
            {"properties": {"a": {"type": "string"}}, "dependentRequired": {"a": ["c", "b"]}},
            Record((Property("a", TEXT),), Anything(), dependent_required=(("a", ("b", "c")),)),
        ),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, Map(NUMBER)),
        ({"not": {"type": "string"}}, Anything(Traits(unchecked=(("not", Constant.of({"type": "string"})),)))),
        ({"contentEncoding": "base64"}, Scalar("string", Traits(format="byte"))),
        ({"type": "string", "writeOnly": True}, Scalar("string", Traits(write_only=True))),
        (True, Anything()),
        (False, Nothing()),
        ({}, Anything()),
    ],
)
def test_every_keyword_has_its_value(schema: Any, expected: Schema) -> None:
    """Lists by position, patterns, dependencies, conditions and encodings are read."""
    assert of(schema) == (expected, [])


@pytest.mark.parametrize(
    ("schema", "expected", "said"),
    [
        ([], Anything(), "is no schema"),
        ({"type": "String"}, TEXT, "read as `string`"),
        ({"type": "wibble"}, Anything(), "is no type"),
        ({"$ref": "#/components/schemas/Nobody"}, Anything(), "leads nowhere"),
        ({"$ref": "Dog"}, Reference("Dog"), "read as '#/components/schemas/Dog'"),
        ({"type": "string", "maxLength": "x"}, TEXT, "does not fit there"),
        ({"type": "string", "required": True}, TEXT, "is no list of names"),
        ({"type": "string", "enum": [1]}, enum("1"), "read as '1'"),
        ({"type": "array", "items": [{"type": "string"}]}, Array(Anything(), prefix=(TEXT,)), "read as `prefixItems`"),
        ({"type": "object", "properties": []}, Map(Anything()), "is no object"),
        ({"type": "string", "properties": {"a": {}}}, TEXT, "'properties' has no effect on the type string"),
        ({"type": "object", "items": {"type": "string"}}, Map(Anything()), "'items' has no effect on the type object"),
    ],
)
def test_a_mistake_is_reported_and_read_as_what_it_means(schema: Any, expected: Schema, said: str) -> None:
    """No mistake stops the document; the problem has the place and what was done."""
    found, problems = of(schema)

    assert found == expected
    assert [said in problem for problem in problems] == [True]
    assert problems[0].startswith("/components/schemas/Subject")


@pytest.mark.parametrize(
    ("media_type", "more", "format_name"),
    [
        ("image/png", {}, "binary"),
        ("application/octet-stream", {}, "binary"),
        ("Application/PDF", {"type": "string"}, "binary"),
        ("image/png", {"contentEncoding": "base64"}, "byte"),
        ("image/svg+xml", {}, None),
        ("application/json", {}, None),
        ("text/plain", {}, None),
        (5, {}, None),
    ],
)
def test_a_media_type_that_is_no_text_is_binary(media_type: Any, more: dict[str, Any], format_name: str | None) -> None:
    """A part of a form with such a schema is a file (OpenAPI 3.1, "Considerations for File Uploads")."""
    form = {"type": "object", "properties": {"f": {"type": "string", "contentMediaType": media_type, **more}}}

    found, _ = of(form)

    assert isinstance(found, Record)
    assert found.properties[0].schema.traits.format == (format_name or "")
