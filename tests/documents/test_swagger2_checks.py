"""What a document may say, and in which order."""

import json

import pytest

from ovcgen.documents import actors_not_loaded, check, ordered, refuse_hostile
from ovcgen.documents.errors import ForeignReference, NotSwagger, PartialCatalog

ALERT = "<p class='alert alert-danger'>Failed to load actor {} error was 'No module named x'</p>"


def document(**changes):
    """The smallest Swagger 2.0 document, with these changes."""
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}, **changes}


def answering(schema):
    """A document with one operation that answers that schema."""
    answer = {"200": {"description": "result", "schema": schema}}
    return document(paths={"/cloudapi/machines/get": {"post": {"responses": answer}}})


def test_a_good_document_passes():
    """Nothing is said about it."""
    check(answering({"type": "string"}), "x")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param({"openapi": "3.0.1"}, "openapi: 3.0.1", id="OpenAPI 3"),
        pytest.param({"swaggerVersion": "1.2"}, "swaggerVersion: 1.2", id="Swagger 1.2"),
        pytest.param({"swagger": 2.0}, "swagger: 2.0", id="a number"),
        pytest.param({"result": []}, "does not say", id="something else"),
    ],
)
def test_only_swagger_2_is_read(found, said):
    """The message says what it is instead."""
    with pytest.raises(NotSwagger) as caught:
        check(found, "x")

    assert said in caught.value.what


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/x",
        "https://portal.example/swagger.json#/definitions/object",
        "file:///etc/passwd",
        "ftp://portal.example/x",
        "//portal.example/x",
        "other.json",
        "other.json#/definitions/object",
        "#definitions",
        "#",
        "",
    ],
)
def test_references_stay_in_the_document(target):
    """bravado and jsonschema would follow them, with the caller's rights."""
    with pytest.raises(ForeignReference, match="/paths/~1cloudapi~1machines~1get/post/responses/200/schema"):
        check(answering({"$ref": target}), "x")


def test_a_reference_hidden_in_an_example_is_found_too():
    """Wherever it stands, somebody may follow it."""
    with pytest.raises(ForeignReference, match=r"at /x-note/0/example/\$ref, outside of itself"):
        refuse_hostile(document(**{"x-note": [{"example": {"$ref": "http://127.0.0.1/"}}]}), "x")


def test_a_reference_can_t_be_given_another_root():
    """bravado resolves references against a key that it adds itself; a document that brings it along is refused."""
    with pytest.raises(ForeignReference, match="x-scope"):
        check(answering({"$ref": "#/definitions/object", "x-scope": ["http://127.0.0.1/"]}), "x")


def test_a_property_may_be_called_ref():
    """Only a text behind that name is a reference."""
    check(document(definitions={"A": {"type": "object", "properties": {"$ref": {"type": "string"}}}}), "x")


def test_a_partial_catalog_is_refused_by_the_names_of_its_actors():
    """The portal says in the description what it left out."""
    text = ALERT.format("cloudapi__machines") + ALERT.format("system__task")

    with pytest.raises(PartialCatalog, match=r"could not load cloudapi__machines, system__task\..*--allow-partial"):
        check(document(info={"title": "T", "version": "7.0", "description": text}), "x")


def test_a_partial_catalog_can_be_accepted():
    """Who knows what is missing may go on."""
    partial = document(info={"title": "T", "version": "7.0", "description": ALERT.format("system__task")})

    check(partial, "x", allow_partial=True)

    assert actors_not_loaded(partial) == ("system__task",)


def test_order_is_made_the_same_whatever_was_served():
    """Keys and tags come in any order from a portal, and leave in one."""
    one = document(tags=[{"name": "b", "description": ""}, {"description": "", "name": "a"}])
    other = dict(reversed(document(tags=[{"name": "a", "description": ""}, {"name": "b", "description": ""}]).items()))

    assert json.dumps(ordered(one)) == json.dumps(ordered(other))


def test_parameters_keep_their_order():
    """It is the order in which a caller reads them."""
    operation = {"parameters": [{"name": "b"}, {"name": "a"}]}

    assert ordered(document(paths={"/x": {"post": operation}}))["paths"]["/x"]["post"] == operation


def test_ordering_leaves_its_input_alone():
    """It gives a new document."""
    served = document(tags=[{"name": "b"}, {"name": "a"}])

    ordered(served)

    assert served["tags"] == [{"name": "b"}, {"name": "a"}]
