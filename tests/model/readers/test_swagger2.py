"""Everything that a Swagger 2.0 document can say becomes a value."""

from __future__ import annotations

import random
from typing import Any

import pytest

from ovcgen.model.api import Api, Operation
from ovcgen.model.readers.swagger2 import read, schema
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    File,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
)
from ovcgen.normalise import normalise
from ovcgen.normalise.reference_resolution import DanglingReference
from ovcgen.workflows.resolve import load, resolve

STRING, INTEGER = Scalar("string"), Scalar("integer")


def constants(*values: Any) -> tuple[Constant, ...]:
    """These values, as shapes hold them."""
    return tuple(Constant.of(value) for value in values)


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        ({}, Anything()),
        ({"type": "string"}, STRING),
        ({"type": "integer", "format": "int64"}, Scalar("integer", Traits(format="int64"))),
        ({"type": "boolean", "x-nullable": True}, Scalar("boolean", Traits(nullable=True))),
        ({"type": ["string", "null"]}, Scalar("string", Traits(nullable=True))),
        ({"type": ["string", "integer"]}, Anything()),
        ({"type": ["null"]}, Nothing(Traits(nullable=True))),
        ({"type": "null"}, Nothing()),
        ({"type": "file"}, File()),
        ({"type": "array", "items": {"type": "string"}}, Array(STRING)),
        ({"type": "array"}, Array(Anything())),
        ({"type": "array", "items": [{"type": "string"}]}, Array(Anything())),
        ({"type": "array", "items": {"type": "array"}, "collectionFormat": "multi"}, Array(Array(Anything()), "multi")),
        ({"type": "object"}, Map(Anything())),
        ({"type": "object", "additionalProperties": {"type": "string"}}, Map(STRING)),
        ({"additionalProperties": {"$ref": "#/definitions/A"}}, Map(Reference("A"))),
        ({"type": "object", "additionalProperties": False}, Record((), None)),
        (
            {"properties": {"b": {"type": "string"}, "a": {"type": "integer"}}, "required": ["a"]},
            Record((Property("a", INTEGER, True), Property("b", STRING)), Anything()),
        ),
        (
            {"type": "object", "discriminator": "k", "properties": {"k": {}}, "additionalProperties": False},
            Record((Property("k", Anything()),), None, "k"),
        ),
        ({"$ref": "#/definitions/A"}, Reference("A")),
        ({"$ref": "#/definitions/a~1b~0c%20d"}, Reference("a/b~c d")),
        ({"$ref": "#/definitions/A/properties/x"}, Reference("#/definitions/A/properties/x")),
        (
            {"allOf": [{"$ref": "#/definitions/A"}, {"type": "object"}], "discriminator": "kind"},
            Composed((Reference("A"), Map(Anything())), "kind"),
        ),
        (
            {"allOf": [{"$ref": "#/definitions/A"}], "properties": {"x": {}}, "required": ["x"]},
            Composed((Reference("A"), Record((Property("x", Anything(), True),), Anything()))),
        ),
        (
            {"type": "string", "enum": ["b", "a", None], "x-known-values": ["c"]},
            Scalar("string", Traits(enum=constants("a", "b", None), known=constants("c"))),
        ),
        (
            {
                "type": "number",
                "maximum": 2,
                "exclusiveMaximum": True,
                "default": 1,
                "description": " d ",
                "readOnly": True,
            },
            Scalar(
                "number",
                Traits(
                    doc="d",
                    read_only=True,
                    default=Constant("1"),
                    constraints=(("exclusiveMaximum", Constant("true")), ("maximum", Constant("2"))),
                ),
            ),
        ),
    ],
)
def test_every_shape_is_read(body: dict[str, Any], shape: Schema) -> None:
    """One value for each that Swagger has."""
    assert schema(body) == shape


def api(document: dict[str, Any]) -> Api:
    """The values of a plain document."""
    return read(normalise({"swagger": "2.0", "info": {"title": "t", "version": "1"}, **document}), "1")


def operation(body: dict[str, Any], **document: Any) -> Operation:
    """The values of a plain document's one operation."""
    (found,) = api({"paths": {"/pets/{id}": {"get": {"responses": {}, **body}}}, **document}).operations
    return found


@pytest.mark.parametrize(
    ("parameter", "place", "shape"),
    [
        ({"in": "query", "type": "integer", "required": True}, "query", INTEGER),
        ({"in": "header", "type": "string"}, "header", STRING),
        ({"in": "path", "type": "string", "required": True}, "path", STRING),
        ({"in": "formData", "type": "file"}, "formData", File()),
        ({"in": "body", "schema": {"$ref": "#/definitions/A"}}, "body", Reference("A")),
        ({"in": "query", "type": "array", "items": {"type": "string"}}, "query", Array(STRING)),
    ],
)
def test_parameters_of_every_place(parameter: dict[str, Any], place: str, shape: Schema) -> None:
    """With the shape where it stands in each."""
    (found,) = operation({"parameters": [{"name": "x", **parameter}]}, definitions={"A": {}}).parameters

    assert (found.location, found.schema, found.required) == (place, shape, parameter.get("required", False))
    assert found.key == "x"


def test_what_else_a_parameter_says() -> None:
    """Its default, text and rule are beside its shape."""
    body = {
        "name": "x",
        "in": "query",
        "type": "integer",
        "default": 5,
        "description": "Size.",
        "allowEmptyValue": True,
    }
    (found,) = operation({"parameters": [{**body, "x-validator": "name", "x-undeclared": True}]}).parameters

    assert (found.default, found.doc, found.allow_empty) == (Constant("5"), "Size.", True)
    assert (found.validator, found.declared, found.schema) == ("name", False, INTEGER)


@pytest.mark.parametrize(("dialect", "plain"), [("plain", True), ("openvcloud", False)])
def test_the_dialect_comes_with_the_document(dialect: str, plain: bool) -> None:
    """Nothing else tells how its calls are sent: neither their paths nor their tags."""
    document = {"paths": {"/a/b/c": {"get": {"responses": {}}}}}
    read_as = read(normalise(document, dialect=dialect), "1")

    assert (read_as.dialect, read_as.operations[0].plain) == (dialect, plain)
    assert read({"paths": {}}, "1").dialect == "plain"


@pytest.mark.parametrize(("release", "names"), [("2.1.6", set()), ("2.4.5", {"taskguid"})])
def test_a_task_stands_for_its_guid(release: str, names: set[str]) -> None:
    """In a release that has tasks."""
    found = {
        parameter.name for one in resolve(release).api.operations for parameter in one.parameters if parameter.task
    }

    assert found == names


def test_shared_parameters_have_keywords() -> None:
    """Those of the path and those of the document."""
    shared = {"name": "class", "in": "query", "type": "string"}
    document = {
        "parameters": {"a/b": shared},
        "paths": {"/p": {"parameters": [{"$ref": "#/parameters/a~1b"}], "get": {"responses": {}}}},
    }
    (found,) = api(document).operations

    assert [(parameter.name, parameter.key) for parameter in found.parameters] == [("class", "class_")]


@pytest.mark.parametrize(
    ("responses", "result"),
    [
        ({"200": {"schema": {"type": "string"}}}, STRING),
        ({"404": {"schema": {"type": "string"}}, "201": {"schema": {"type": "integer"}}}, INTEGER),
        ({"204": {"description": "none"}}, Nothing()),
        ({"default": {"schema": {"type": "string"}}}, STRING),
        ({"default": {"schema": {"type": "string"}}, "200": {"description": "none"}}, Nothing()),
        ({"200": {"$ref": "#/responses/A"}}, STRING),
        ({"x-note": 1}, Nothing()),
        ({}, Nothing()),
    ],
)
def test_a_result_is_what_the_first_success_holds(responses: dict[str, Any], result: Schema) -> None:
    """Or the default answer where no success is declared."""
    found = operation({"responses": responses}, responses={"A": {"schema": {"type": "string"}}})

    assert found.result == result
    assert "x-note" not in [response.status for response in found.responses]


def test_answers_have_headers() -> None:
    """Sorted by name."""
    body = {"200": {"headers": {"X-B": {"type": "integer"}, "X-A": {"type": "string", "description": "a"}}}}
    (answer,) = operation({"responses": body}).responses

    assert [(header.name, header.schema) for header in answer.headers] == [
        ("X-A", Scalar("string", Traits(doc="a"))),
        ("X-B", INTEGER),
    ]


def test_an_operation_has_what_the_document_says_of_all() -> None:
    """Unless it says otherwise itself."""
    common = {"consumes": ["a/b"], "produces": ["c/d"], "schemes": ["https"], "security": [{"key": []}]}

    assert operation({}, **common).security == ((("key", ()),),)
    assert operation({}, **common).consumes == ("a/b",)
    assert operation({"security": [], "produces": []}, **common).security == ()
    assert operation({"deprecated": True}).deprecated


def test_shapes_may_contain_themselves() -> None:
    """By name, so that nothing is endless."""
    tree = {"properties": {"children": {"type": "array", "items": {"$ref": "#/definitions/Tree"}}}}
    children = Property("children", Array(Reference("Tree")))

    assert api({"paths": {}, "definitions": {"Tree": tree}}).definition("Tree") == Record((children,), Anything())


def test_a_shape_at_an_unusual_place_is_named_by_it() -> None:
    """A reference may lead anywhere in the document."""
    target = "#/definitions/A/properties/b"
    answer = {"200": {"schema": {"$ref": target}}}
    definitions = {"A": {"properties": {"b": {"properties": {"again": {"$ref": target}}}}}}
    found = api({"paths": {"/a": {"get": {"responses": answer}}}, "definitions": definitions})

    assert found.definition(target) == Record((Property("again", Reference(target)),), Anything())


@pytest.mark.parametrize("target", ["#/definitions/None", "#/definitions/A/properties/none", "#/nowhere"])
def test_a_shape_that_is_nowhere_is_refused(target: str) -> None:
    """Better here than in an SDK that can't be imported."""
    with pytest.raises(DanglingReference, match="which it does not have"):
        api({"paths": {}, "definitions": {"A": {"type": "array", "items": {"$ref": target}}}})


def test_logins_and_tags_are_read() -> None:
    """Sorted by name."""
    found = api(
        {
            "paths": {},
            "tags": [{"name": "b"}, {"name": "a", "description": "A."}],
            "securityDefinitions": {"key": {"type": "apiKey", "in": "query", "name": "k"}},
        }
    )

    assert [(tag.name, tag.doc) for tag in found.tags] == [("a", "A."), ("b", "")]
    assert found.security_definitions[0].parameter == "k"
    assert found.security_definitions[0].flow is None


def test_order_in_the_document_changes_nothing() -> None:
    """Of any key, at any depth."""
    shuffled = random.Random(3)  # noqa: S311  # any order will do

    def mixed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: mixed(value[key]) for key in shuffled.sample(sorted(value), len(value))}
        return [mixed(each) for each in value] if isinstance(value, list) else value

    spec = load("2.4.5")
    document = normalise(mixed(dict(spec.document)), spec.overlay, release="2.4.5")

    assert read(document, "2.4.5") == resolve("2.4.5").api


def test_values_can_be_compared_and_kept_in_sets() -> None:
    """All of a release's, to the last tuple."""
    found = resolve("2.4.5").api

    assert hash(found) == hash(read(resolve("2.4.5").document, "2.4.5"))
    assert len({*found.operations}) == len(found.operations)
