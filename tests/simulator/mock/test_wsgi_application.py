"""Test the responses of a mock: operation, status, media type, body and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.mock.conftest import INFO, PETS, Ask, asking


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/v1/pets", 200),
        ("GET", "/v2/pets", 200),
        ("HEAD", "/v1/pets", 200),
        ("GET", "/v1/pets/mine", 204),
        ("GET", "/v1/pets/7", 200),
        ("GET", "/v1/pets/%37", 200),
        ("DELETE", "/v1/pets/7", 200),
        ("GET", "/v1/pets/7/photo.png", 200),
        ("GET", "/v3/pets", 404),
        ("GET", "/pets", 404),
        ("GET", "/v1/pets/", 404),
        ("GET", "/v1/pets/7/photo.", 404),
        ("PATCH", "/v1/pets", 405),
        ("POST", "/v1/pets/mine", 405),
        ("OPTIONS", "/v1/pets", 204),
    ],
)
def test_routes(ask: Ask, method: str, target: str, status: int) -> None:
    """Paths are matched below the base paths of all servers, and fixed segments have precedence over templates."""
    assert ask(method, target).status == status


def test_an_unknown_path_names_the_nearest(ask: Ask) -> None:
    """404 names the nearest paths of the document, and 405 the methods that the path has."""
    assert (
        ask("GET", "/v1/pet").detail
        == "The document has no path /v1/pet. The nearest: /v1/pets, /v2/pets, /v1/pets/{id}."
    )
    wrong = ask("PUT", "/v1/pets")
    assert wrong.detail == "The document has no PUT /v1/pets. It has GET, POST."
    assert wrong.headers["Allow"] == ask("OPTIONS", "/v1/pets").headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(("paths", "counted"), [(["/pets"], "1 path."), (["/pets", "/toys"], "2 paths.")])
def test_an_unknown_path_counts_the_paths(paths: list[str], counted: str) -> None:
    """404 for a path that is like no path of the document says how many there are."""
    operation = {"get": {"responses": {"204": {"description": "ok"}}}}
    document = {"openapi": "3.0.3", "info": INFO, "paths": dict.fromkeys(paths, operation)}

    assert asking(document)("GET", "/zzzzzzzz").detail == f"The document has no path /zzzzzzzz. It has {counted}"


def test_a_body_is_made_of_its_schema(ask: Ask) -> None:
    """A list has one item, made of examples of its properties, without writeOnly ones; declared headers are sent."""
    found = ask("GET", "/v1/pets")

    assert (found.kind, found.value) == ("application/json", [{"id": 1, "name": "text", "tag": "quiet"}])
    assert found.headers["X-Total"] == "3"
    assert ask("GET", "/v1/pets") == found


@pytest.mark.parametrize(
    ("accept", "kind", "body"),
    [
        ("text/csv", "text/csv", b"id,name\n1,Tom\n"),
        ("text/*;q=0.5, application/xml;q=0.4", "text/csv", b"id,name\n1,Tom\n"),
        ("application/json;q=0.1, application/xml", "application/xml", b"<id>1</id>"),
        ("*/*", "application/json", b'[{"id": 1'),
    ],
)
def test_the_media_type_is_negotiated(ask: Ask, accept: str, kind: str, body: bytes) -> None:
    """The best declared media type for `Accept` is sent, with the example or sample of that type."""
    found = ask("GET", "/v1/pets", accept=accept)

    assert found.kind == kind
    assert body in found.body


def test_what_is_not_acceptable_is_refused(ask: Ask) -> None:
    """406 names the declared media types; for a declared range the requested type is sent."""
    assert ask("GET", "/v1/pets", accept="image/png").detail.endswith(
        "GET /pets has application/json, application/xml, text/csv."
    )
    assert ask("GET", "/v1/pets/7/photo.gif", accept="image/gif").kind == "image/gif"
    assert ask("GET", "/v1/pets/7/photo.gif").kind == "image/png"


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        ("code=404", 404, b'{"code": 1}'),
        ("code=503", 503, b"text"),
        ("example=tom", 200, b'{"id": 7, "name": "Tom"}'),
        ("example=wrong", 200, b'{"id": "seven"}'),
        ('example="tom", code=200', 200, b'{"id": 7, "name": "Tom"}'),
        ("dynamic=true", 200, b'{"id": 1, "name": "text", "tag": "text"}'),
        ("unknown=1", 200, b'{"id": 7, "name": "Tom"}'),
    ],
)
def test_prefer_selects_the_response(ask: Ask, prefer: str, status: int, body: bytes) -> None:
    """`Prefer` selects a status, a named example, or a body without examples."""
    found = ask("GET", "/v1/pets/7", prefer=prefer)

    assert (found.status, found.body) == (status, body)


def test_what_can_not_be_preferred_is_explained(ask: Ask) -> None:
    """A status or example that the operation does not have is refused, and the message lists the existing ones."""
    assert ask("GET", "/v1/pets/7", prefer="code=410").detail == (
        "GET /pets/{id} declares no response 410. It declares: 200, 404, 5XX."
    )
    assert ask("GET", "/v1/pets/7", prefer="example=x").detail.endswith("It has: tom, wrong.")
    assert ask("GET", "/v1/pets/7", prefer="code=1000").status == 400


def test_an_example_that_does_not_fit_is_not_sent() -> None:
    """The first valid example is sent; if no example is valid, a sample of the schema is sent."""
    content = {"schema": {"type": "integer"}, "examples": {"a": {"value": "x"}, "b": {"value": 5}}}
    document = single({"200": {"description": "", "content": {"application/json": content}}})
    assert asking(document)("GET", "/a").value == 5

    del content["examples"]["b"]  # type: ignore[attr-defined]
    assert asking(document)("GET", "/a").value == 1


def single(responses: Any, **more: Any) -> dict[str, Any]:
    """Return a document with one operation, `GET /a`."""
    return {"openapi": "3.1.0", "info": INFO, "paths": {"/a": {"get": {"responses": responses}}}, **more}


def test_examples_by_reference_and_as_text() -> None:
    """Examples in `components` are found by reference, and an example of a whole body is sent unchanged."""
    listed = {"a": {"$ref": "#/components/examples/A"}, "b": {"serializedValue": "[1 ,2]"}, "c": {"$ref": "#/nowhere"}}
    content = {"schema": {}, "examples": listed}
    document = single(
        {"200": {"description": "", "content": {"application/json": content}}},
        components={"examples": {"A": {"value": "of components"}}},
    )
    ask = asking(document)

    assert ask("GET", "/a").value == "of components"
    assert ask("GET", "/a", prefer="example=b").body == b"[1 ,2]"


def test_streams_have_one_item() -> None:
    """A response of JSON lines or server-sent events has one item in that format."""
    schema = {"type": "object", "required": ["data"], "properties": {"data": {"type": "string"}}}
    contents = {kind: {"itemSchema": schema} for kind in ("application/jsonl", "text/event-stream")}
    ask = asking(single({"200": {"description": "", "content": contents}}))

    assert ask("GET", "/a", accept="application/jsonl").body == b'{"data": "text"}\n'
    assert ask("GET", "/a", accept="text/event-stream").body == b"data: text\n\n"


SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": INFO,
    "basePath": "/api",
    "consumes": ["application/json"],
    "produces": ["application/json", "application/xml"],
    "paths": {
        "/a": {
            "get": {
                "parameters": [
                    {
                        "name": "ids",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "integer"},
                        "collectionFormat": "pipes",
                    }
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "schema": {"type": "object", "x-examples": {"one": {"value": {"a": 1}}}},
                        "examples": {"application/xml": "<a>2</a>"},
                    }
                },
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "file", "in": "formData", "type": "file", "required": True},
                    {"name": "size", "in": "formData", "type": "integer"},
                ],
                "responses": {"201": {"description": ""}},
            },
        },
        "/b": {
            "post": {
                "parameters": [{"name": "b", "in": "body", "required": True, "schema": {"$ref": "#/definitions/B"}}],
                "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/B"}}},
            }
        },
    },
    "definitions": {
        "B": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "example": 42}}}
    },
}


def test_swagger_examples() -> None:
    """In Swagger 2.0 the examples of a response (by media type) and of a schema are used."""
    ask = asking(SWAGGER)

    assert ask("GET", "/api/a").value == {"a": 1}
    assert ask("GET", "/api/a", accept="application/xml").body == b"<a>2</a>"
    assert ask("POST", "/api/b", body={"n": 1}).value == {"n": 42}


def test_swagger_requests() -> None:
    """Collection formats, forms and bodies of Swagger 2.0 are decoded and validated."""
    ask = asking(SWAGGER)
    form = '--x\r\nContent-Disposition: form-data; name="size"\r\n\r\nbig\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n\0\1\r\n'
    kind = "multipart/form-data; boundary=x"

    assert ask("GET", "/api/a?ids=1|2").status == ask("GET", "/api/a?ids=1%7C2").status == 200
    assert ask("GET", "/api/a?ids=1|x").detail == 'query parameter ids at /1: "x" is not an integer.'
    assert ask("POST", "/api/a", body=f"{file}--x--".encode(), content_type=kind).status == 201
    assert ask("POST", "/api/a", body=f"{form}--x--".encode(), content_type=kind).detail == (
        'form field file: it is missing; form field size: "big" is not an integer.'
    )
    assert ask("POST", "/api/b", body={}).detail == "body: 'n' is missing."
    assert ask("POST", "/api/b").detail == "body: it is missing."
    assert ask("POST", "/api/b", body=b"{", content_type="application/json").detail == "body: it is no JSON."


@pytest.mark.parametrize(
    ("target", "headers", "detail"),
    [
        ("/v1/pets?limit=11", {}, "query parameter limit: 11 is more than 10."),
        ("/v1/pets?limit=ten", {}, 'query parameter limit: "ten" is not an integer.'),
        ("/v1/pets?tags=1,2,x", {}, 'query parameter tags at /2: "x" is not an integer.'),
        ("/v1/pets?filter[code]=x", {}, 'query parameter filter at /code: "x" is not an integer.'),
        ("/v1/pets?filter[other]=1", {}, "query parameter filter: 'code' is missing."),
        ("/v1/pets", {"x_trace": "1"}, 'header X-Trace: "1" is no uuid.'),
        ("/v1/pets/x", {}, 'path parameter id: "x" is not an integer.'),
        (
            "/v1/pets?limit=11&tags=x",
            {},
            'query parameter limit: 11 is more than 10; query parameter tags at /0: "x" is not an integer.',
        ),
    ],
)
def test_wrong_parameters_are_refused(ask: Ask, target: str, headers: dict[str, str], detail: str) -> None:
    """An invalid parameter is refused; the problem names the parameter, the location in its value, and the reason."""
    found = ask("GET", target, **headers)

    assert (found.status, found.kind, found.detail) == (400, "application/problem+json", detail)
    assert found.value["errors"][0].keys() == {"location", "name", "pointer", "message"}


@pytest.mark.parametrize("target", ["/v1/pets?limit=10&tags=1,2&filter%5Bcode%5D=5", "/v1/pets?tags=1%2C2&more=1"])
def test_right_parameters_are_taken(ask: Ask, target: str) -> None:
    """Lists and objects are decoded by their style, and unknown query parameters are ignored."""
    assert ask("GET", target).status == 200


def test_a_login_must_be_there(ask: Ask) -> None:
    """Without credentials the response is 401 and names what to send; any value of credentials is accepted."""
    missing = ask("POST", "/v1/pets", body={"id": 1, "name": "Tom"})

    assert missing.status == 401
    assert missing.detail == "The request has no login. Send the key X-Key (header) or Authorization: Bearer ...."
    assert missing.headers["WWW-Authenticate"] == "Bearer realm=mock"
    for login in ({"x_key": "k"}, {"authorization": "bearer t"}):
        assert ask("POST", "/v1/pets", body={"id": 1, "name": "Tom"}, **login).status == 201
    assert ask("POST", "/v1/pets", body={"id": 1, "name": "Tom"}, authorization="Basic t").status == 401


def test_wrong_bodies_are_refused(ask: Ask) -> None:
    """An invalid body is 422, in the document's form and with the location; an undeclared media type is 415."""
    assert ask("POST", "/v1/pets", x_key="k", body={"id": 0, "name": ""}).value["errors"] == [
        {"location": "body", "name": "", "pointer": "/id", "message": "0 is less than 1"},
        {"location": "body", "name": "", "pointer": "/name", "message": "it has 0 characters, and not at least 1"},
    ]
    form = {"x_key": "k", "content_type": "application/x-www-form-urlencoded"}
    assert ask("POST", "/v1/pets", body=b"id=1&name=Tom", **form).status == 201
    assert ask("POST", "/v1/pets", body=b"id=x&name=Tom", **form).status == 422
    wrong = ask("POST", "/v1/pets", x_key="k", body=b"<a/>", content_type="application/xml")
    assert (wrong.status, wrong.detail) == (
        415,
        "The body is 'application/xml'. POST /pets takes application/json, application/x-www-form-urlencoded.",
    )


def test_the_document_is_not_changed() -> None:
    """Requests do not change the document and its examples."""
    before = repr(PETS)

    asking(PETS)("GET", "/v1/pets")

    assert repr(PETS) == before


def test_a_query_in_a_path_selects_the_operation() -> None:
    """Paths that differ only in their query are distinct operations, and variables of the query are path parameters."""
    latitude = {"name": "lat", "in": "path", "required": True, "schema": {"type": "integer"}}

    def answering(value: str, *parameters: Any) -> Any:
        content = {"application/json": {"schema": {}, "example": value}}
        return {"get": {"parameters": list(parameters), "responses": {"200": {"description": "", "content": content}}}}

    paths = {
        "/near": answering("all"),
        "/near?lat={lat}": answering("latitude", latitude),
        "/near?action=list": answering("list"),
    }
    ask = asking({"openapi": "3.1.0", "info": INFO, "paths": paths})

    assert ask("GET", "/near").value == "all"
    assert ask("GET", "/near?lat=5&more=1").value == "latitude"
    assert ask("GET", "/near?lat=x").detail == 'path parameter lat: "x" is not an integer.'
    assert ask("GET", "/near?action=list").value == "list"
