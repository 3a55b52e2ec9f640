"""Test the validation of values: what is wrong, and at which JSON pointer."""

import time

import pytest

from ovcgen.model.api import Api
from ovcgen.model.readers import read
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Composed, Reference, Union
from ovcgen.model.value_validation import SchemaValidator, Violation

TREE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z]+$"},
        "inner": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        "secret": {"type": "string", "writeOnly": True},
        "id": {"type": "integer", "readOnly": True},
    },
    "additionalProperties": False,
}


def api_of(**schemas: object) -> Api:
    """Return the API of a document with these schemas."""
    body = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{next(iter(schemas))}"}}}}
    operation = {"requestBody": body, "responses": {"200": {"description": ""}}}
    info = {"title": "a", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {"/a": {"post": operation}}}
    return read({**document, "components": {"schemas": schemas}}, "1")


def violations(value: object, *, is_request: bool = True, **schemas: object) -> list[Violation]:
    """Return the violations of a value of the first schema."""
    api = api_of(**schemas)
    return SchemaValidator(Resolver(api.schemas), is_request=is_request).violations(
        Reference(next(iter(schemas))), value
    )


@pytest.mark.parametrize(
    ("schema", "right", "wrong", "message"),
    [
        ({"type": "integer"}, [1, 2.0], "1", '"1" is not an integer'),
        ({"type": "integer"}, [1], True, "true is not an integer"),
        ({"type": "string"}, ["", "a"], 1, "1 is not a string"),
        ({"type": ["string", "null"]}, [None, "a"], 1, "1 is not a string"),
        ({"type": "number", "minimum": 1, "exclusiveMaximum": 3}, [1, 2.5], 3, "3 is the limit itself"),
        ({"type": "number", "multipleOf": 0.1}, [0.3, 1], 0.25, "0.25 is no multiple of 0.1"),
        ({"type": "string", "maxLength": 2}, ["ab"], "abc", "it has 3 characters, and not at most 2"),
        ({"type": "array", "minItems": 1}, [[1]], [], "it has 0 items, and not at least 1"),
        ({"type": "array", "uniqueItems": True}, [[1, 2]], [1, 1], "an item occurs twice"),
        ({"type": "string", "enum": ["a", "b"]}, ["a"], "c", '"c" is none of "a", "b"'),
        ({"type": "string", "format": "date"}, ["2018-01-31"], "2018-02-31", '"2018-02-31" is no date'),
        ({"type": "string", "format": "uuid"}, ["00000000-0000-4000-8000-000000000001"], "1", '"1" is no uuid'),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], 2**31, "2147483648 is too large for int32"),
        ({"type": "object", "maxProperties": 1}, [{}], {"a": 1, "b": 1}, "it has 2 members, and not at most 1"),
        ({"allOf": [{"type": "string"}, {"minLength": 2}]}, ["ab"], "a", "it has 1 characters"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, ["a", 1], [], "a list is not a string"),
    ],
)
def test_keywords(schema: object, right: list[object], wrong: object, message: str) -> None:
    """Each keyword accepts valid values; the message for an invalid value names the value and the limit."""
    assert [value for value in right if violations(value, A=schema)] == []
    [violation] = violations(wrong, A=schema)
    assert violation.message.startswith(message)


def test_the_place_is_a_pointer() -> None:
    """A violation in a nested value has the JSON pointer of its location."""
    value = {"name": "a", "inner": [{"name": "b"}, {"name": "C"}, {"other/one": 1}]}

    assert violations(value, Tree=TREE) == [
        Violation("/inner/1/name", '"C" does not match ^[a-z]+$'),
        Violation("/inner/2", "'name' is missing"),
        Violation("/inner/2", "'other/one' is not allowed; known are id, inner, name, secret"),
    ]


def test_members_of_one_direction_are_not_missing_in_the_other() -> None:
    """A required `readOnly` property may be absent from requests, and a `writeOnly` one from responses."""
    tree = {**TREE, "required": ["name", "id", "secret"]}

    assert violations({"name": "a", "secret": "b"}, Tree=tree) == []
    assert violations({"name": "a", "id": 1}, Tree=tree, is_request=False) == []


def test_a_discriminator_chooses_the_member() -> None:
    """A value is validated against the member that its discriminator names; an unknown name is the violation."""
    cat = {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer"}}}
    either = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind"},
    }
    schemas = {"Pet": either, "Cat": cat, "Dog": {"type": "object"}}

    assert violations({"kind": "Dog"}, **schemas) == []
    assert violations({"kind": "Cat"}, **schemas) == [Violation("", "'lives' is missing")]
    assert violations({"kind": "Fish"}, **schemas) == [Violation("/kind", '"Fish" is none of Cat, Dog')]


def test_no_schema_takes_long() -> None:
    """Validation ends at once for a schema with exponentially many branches and for a recursive schema."""
    schemas = {f"S{n}": Union((Reference(f"S{n + 1}"), Composed((Reference(f"S{n + 1}"),)))) for n in range(60)}
    validator = SchemaValidator(Resolver({**schemas, "S60": Reference("S0")}), is_request=True)
    started = time.process_time()

    assert validator.violations(Reference("S0"), {"a": 1}) == []
    assert time.process_time() - started < 20
