"""Operations, parameters, bodies, responses, servers and logins of OpenAPI 3 are read."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ovcgen.documents.document import Problem
from ovcgen.model.api import Api, Content, Encoding, Operation, Server, ServerVariable
from ovcgen.model.readers.openapi3 import read
from ovcgen.model.schema import File, Nothing, Reference, Scalar

OK = {"200": {"description": "ok"}}
PET = {"schema": {"$ref": "#/components/schemas/Pet"}}


def opened(paths: Any, version: str = "3.1.0", **more: Any) -> tuple[Api, tuple[Problem, ...]]:
    """The API of a document with these paths, and its problems."""
    components = {"schemas": {"Pet": {"type": "object"}}, **more.pop("components", {})}
    info = {"title": "T", "version": "1"}
    return read({"openapi": version, "info": info, "paths": paths, "components": components, **more}, "1")


def only(operation: Any, path: str = "/pets", method: str = "post", **more: Any) -> tuple[Operation, list[str]]:
    """The only operation of a document, and the sentences of the problems."""
    api, problems = opened({path: {method: {"responses": OK, **operation}}}, **more)
    (found,) = api.operations
    return found, [problem.sentence for problem in problems]


@pytest.mark.parametrize(
    ("parameter", "style", "explode"),
    [
        ({"in": "query"}, "form", True),
        ({"in": "query", "explode": False}, "form", False),
        ({"in": "query", "style": "spaceDelimited"}, "spaceDelimited", False),
        ({"in": "query", "style": "deepObject"}, "deepObject", True),
        ({"in": "header"}, "simple", False),
        ({"in": "cookie"}, "form", True),
        ({"in": "cookie", "style": "cookie"}, "cookie", True),
    ],
)
def test_style_and_explode_are_always_filled_in(parameter: Any, style: str, explode: bool) -> None:
    """The defaults are those of the specification."""
    found, problems = only({"parameters": [{"name": "a", "schema": {"type": "string"}, **parameter}]})

    assert [(each.style, each.explode) for each in found.parameters] == [(style, explode)]
    assert problems == []


@pytest.mark.parametrize(
    ("schema", "is_reported"),
    [
        ({"$ref": "#/components/schemas/Pet"}, False),
        ({"type": "object", "additionalProperties": {"type": "array"}}, True),
        ({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Pet"}}}, True),
        ({"type": "object", "properties": {"a": {"type": ["integer", "null"]}}}, False),
    ],
)
def test_nested_members_of_a_deep_object_are_reported(schema: Any, is_reported: bool) -> None:
    """The problem says how they are sent, which OpenAPI leaves open."""
    _, problems = only({"parameters": [{"name": "q", "in": "query", "style": "deepObject", "schema": schema}]})

    assert [problem.partition("sent as ")[2] for problem in problems] == [
        "q[a][b]=1, and the items of a list as q[a]=1&q[a]=2."
    ] * is_reported


def test_a_parameter_can_have_a_media_type() -> None:
    """`content` replaces the style."""
    found, _ = only({"parameters": [{"name": "q", "in": "query", "content": {"application/json": PET}}]})

    (parameter,) = found.parameters
    assert (parameter.content_type, parameter.style, parameter.schema) == ("application/json", "", Reference("Pet"))


@pytest.mark.parametrize("name", ["X-A: b\r\nX-B", "X A", "X-Ä", "X-A\n X"])
def test_what_can_be_no_header_is_left_out(name: str) -> None:
    """Neither a parameter nor the key of a login; spaces around a good name are no mistake of importance."""
    listed = [{"name": each, "in": "header", "schema": {"type": "string"}} for each in (name, " X-Good ")]
    schemes = {"k": {"type": "apiKey", "in": "header", "name": name}}

    found, problems = only({"parameters": listed}, components={"securitySchemes": schemes})

    assert [parameter.name for parameter in found.parameters] == ["X-Good"]
    assert len(problems) == 2


def test_parameters_of_an_operation_override_those_of_its_path() -> None:
    """Name and location together decide; the other parameters of the path stay."""
    shared = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in "ab"]
    own = [{"name": "a", "in": "query", "required": True, "schema": {"type": "integer"}}]

    api, _ = opened({"/x": {"parameters": shared, "get": {"parameters": own, "responses": OK}}})

    assert [(each.name, each.required) for each in api.operations[0].parameters] == [("a", True), ("b", False)]


def test_what_is_wrong_with_parameters_is_reported() -> None:
    """Unknown locations, unused and undescribed parts of the path, and headers that are none are all named."""
    wrong = [
        {"name": "a", "in": "nowhere", "schema": {}},
        {"name": "b", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "Accept", "in": "header", "schema": {"type": "string"}},
        {"name": "c", "in": "query", "style": "label", "schema": {"type": "string"}},
        {"$ref": "#/components/parameters/Nobody"},
        "text",
    ]

    found, problems = only({"parameters": wrong}, path="/x/{id}/{of}")

    assert [each.name for each in found.parameters] == ["c", "id", "of"]
    assert len(problems) == 6 + 2


def test_a_path_parameter_of_another_name_is_that_of_the_only_part_without_one() -> None:
    """A parameter whose name is not in the path describes the only path variable without a parameter."""
    misnamed = {"name": "testId", "in": "path", "required": True, "schema": {"type": "integer"}}

    found, problems = only({"parameters": [misnamed]}, path="/tests/{id}", method="get")

    assert [(each.name, each.key, each.schema) for each in found.parameters] == [("id", "testId", Scalar("integer"))]
    assert (found.dotted, found.unplaced) == ("tests.get_by_testId", ())
    (problem,) = problems
    assert problem.endswith("/parameters/0: the path has no {testId}; read as {id}, which nothing else describes.")


def test_a_body_is_one_parameter_with_its_media_types() -> None:
    """JSON is preferred; the keyword is `body` and gives way to none."""
    content = {"text/plain": {}, "application/json": PET, "application/octet-stream": {}}

    found, _ = only(
        {
            "parameters": [{"name": "body", "in": "query", "schema": {"type": "string"}}],
            "requestBody": {"required": True, "content": content},
        }
    )

    assert {parameter.location: parameter.key for parameter in found.parameters} == {
        "query": "body_query",
        "body": "body",
    }
    assert found.body is not None
    assert found.body.required
    assert found.body.schema == Reference("Pet")
    kinds = ["application/json", "application/octet-stream", "text/plain"]
    assert [each.media_type for each in found.body.contents] == kinds


def test_encodings_are_kept_by_property() -> None:
    """What the document does not declare is None."""
    encoding = {"photo": {"contentType": "image/png, image/jpeg"}, "tags": {"style": "form", "explode": False}}
    content = {"multipart/form-data": {**PET, "encoding": encoding}}

    found, _ = only({"requestBody": {"content": content}})

    assert found.body is not None
    assert found.body.contents == (
        Content(
            "multipart/form-data",
            Reference("Pet"),
            encodings=(
                Encoding("photo", content_types=("image/png", "image/jpeg")),
                Encoding("tags", style="form", explode=False),
            ),
        ),
    )


def test_responses_have_ranges_media_types_and_bytes() -> None:
    """The result is that of the first success; a status without a body gives None."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    answers = {
        "201": {"description": "", "content": {"application/json": PET}},
        "2XX": {"description": "", "content": {"application/pdf": binary}},
        "204": {"description": "", "content": {"application/json": PET}},
        "4xx": {"description": "", "content": {"text/plain": {}}},
        "default": {"description": ""},
        "wrong": {"description": ""},
    }

    found, problems = only({"responses": answers})

    assert [each.status for each in found.responses] == ["201", "204", "2XX", "4XX", "default"]
    assert found.result == Reference("Pet")
    assert found.other_results == (("204", Nothing()), ("2XX", File()))
    assert [problem.partition(":")[0] for problem in problems] == ["/paths/~1pets/post/responses/wrong"]


def test_headers_may_have_any_name_but_content_type() -> None:
    """`x-` does not make an extension of a header; the media type says what `Content-Type` would."""
    names = ["x-request-id", "X-Rate", "Content-Type"]
    header = {"schema": {"type": "integer"}, "required": True}
    answer = {"description": "", "headers": dict.fromkeys(names, header)}

    found, _ = only({"responses": {"200": answer, "x-own": "extension"}})

    assert [(each.name, each.required) for each in found.responses[0].headers] == [
        ("X-Rate", True),
        ("x-request-id", True),
    ]


def test_a_stream_has_the_schema_of_its_items() -> None:
    """`itemSchema` of OpenAPI 3.2 is marked."""
    content = {"text/event-stream": {"itemSchema": {"$ref": "#/components/schemas/Pet"}}}
    found, _ = only({"responses": {"200": {"description": "", "content": content}}}, version="3.2.0")

    assert found.responses[0].contents == (Content("text/event-stream", Reference("Pet"), streams=True),)


def test_servers_of_an_operation_come_before_those_of_its_path_and_document() -> None:
    """Variables keep their default and values."""
    variables = {"region": {"default": "eu", "enum": ["eu", "us"]}}
    paths = {
        "/a": {"get": {"responses": OK, "servers": [{"url": "https://own.example"}]}, "post": {"responses": OK}},
        "/b": {"servers": [{"url": "https://path.example"}], "get": {"responses": OK}},
    }

    api, problems = opened(paths, servers=[{"url": "https://{region}.example/v1/", "variables": variables}])

    assert api.servers == (Server("https://{region}.example/v1/", (ServerVariable("region", "eu", ("eu", "us")),)),)
    assert [each.servers for each in api.operations] == [
        (Server("https://own.example"),),
        (),
        (Server("https://path.example"),),
    ]
    assert (api.host, api.base_path, api.schemes, problems) == ("eu.example", "/v1", ("https",), ())
    assert opened(paths)[0].servers == (Server("/"),)


def test_logins_are_alternatives_of_combinations() -> None:
    """`{}` needs nothing; an unknown scheme is reported and its alternative left out."""
    schemes = {
        "key": {"type": "apiKey", "in": "cookie", "name": "sid"},
        "token": {"type": "http", "scheme": "Bearer", "bearerFormat": "JWT"},
        "user": {"type": "http", "scheme": "digest"},
        "open": {"type": "openIdConnect", "openIdConnectUrl": "https://id.example"},
        "flow": {
            "type": "oauth2",
            "flows": {
                "implicit": {"authorizationUrl": "https://id.example/a", "scopes": {}},
                "clientCredentials": {"tokenUrl": "https://id.example/t", "scopes": {"read": "Read"}},
            },
        },
        "other": {"type": "magic"},
    }
    needed = [{"token": [], "key": []}, {"flow": ["read"]}, {}, {"nobody": []}]

    api, problems = opened({"/x": {"get": {"responses": OK}}}, components={"securitySchemes": schemes}, security=needed)

    assert api.security == ((("key", ()), ("token", ())), (("flow", ("read",)),), ())
    kinds = {each.name: (each.kind, each.flow, each.http_scheme) for each in api.security_definitions}
    assert kinds == {
        "flow": ("oauth2", "application", ""),
        "key": ("apiKey", None, ""),
        "open": ("openIdConnect", None, ""),
        "token": ("bearer", None, ""),
        "user": ("http", None, "digest"),
    }
    assert [problem.pointer for problem in problems] == ["/components/securitySchemes/other", "/security/3/nobody"]


def test_webhooks_and_callbacks_are_requests_of_the_service() -> None:
    """They have payloads, and are no operations of the client."""
    event = {"post": {"operationId": "event", "requestBody": {"content": {"application/json": PET}}, "responses": OK}}
    call = {"callbacks": {"done": {"{$request.body#/url}": event}}, "responses": OK}

    api, _ = opened({"/x": {"post": call}}, webhooks={"newPet": event})

    (hook,), (callback,) = api.webhooks, api.operations[0].callbacks
    assert (hook.name, hook.expression, hook.operation.name) == ("newPet", "", "event")
    assert (callback.name, callback.expression) == ("done", "{$request.body#/url}")
    assert hook.operation.body is not None
    assert hook.operation.body.schema == Reference("Pet")


def test_other_methods_of_3_2_are_operations() -> None:
    """`query` and `additionalOperations` are read; a fragment of the path is not requested."""
    paths = {"/x#Action=A": {"query": {"responses": OK}, "additionalOperations": {"COPY": {"responses": OK}}}}

    api, _ = opened(paths, version="3.2.0")

    assert [(each.method, each.called_path) for each in api.operations] == [("COPY", "/x"), ("QUERY", "/x")]


@pytest.mark.parametrize("version", ["3.0.9", "3.1.7", "3.2.1", "3.7.0"])
def test_an_unknown_patch_is_no_problem(version: str) -> None:
    """Only the minor version decides, and a later one is read as the latest that is known."""
    api, problems = opened({"/x": {"get": {"responses": OK}}}, version)

    assert api.openapi == (version[:3] if version[:3] != "3.7" else "3.2")
    assert problems == ()


def test_a_broken_corner_costs_one_operation() -> None:
    """Everything around an operation that can't be read is there."""
    paths = {"/a": {"get": {"responses": OK}, "post": "text"}, "/b": "text", "c": {"get": {}}, "x-d": {"get": {}}}
    paths |= {"https://a.example/e": {"get": {}}, "a": {"get": {}}}

    api, problems = opened(paths)

    assert [each.place for each in api.operations] == ["GET /a", "GET /c"]
    assert [problem.pointer for problem in problems] == [
        "/paths/a",
        "/paths/c",
        "/paths/https:~1~1a.example~1e",
        "/paths/~1a/post",
        "/paths/~1b",
    ]


FULL: dict[str, Any] = {
    "parameters": [],
    "requestBody": {
        "content": {"multipart/form-data": {"encoding": {"f": {}}, "examples": {"e": {"value": 1}}, "schema": {}}}
    },
    "responses": {"200": {"description": "ok", "links": {"l": {"operationId": "o"}}, "headers": {"H": {"schema": {}}}}},
    "callbacks": {"cb": {"{$url}": {"post": {"responses": OK}}}},
    "servers": [{"url": "/v", "variables": {"a": {"default": "x"}}}],
}
FLOWS = {"clientCredentials": {"tokenUrl": "https://a.example", "scopes": {}}}


def of_full(place: str, value: Any) -> list[str]:
    """Return the problems of a document whose value at a place is replaced."""
    whole: Any = {
        "paths": {"/a": {"post": copy.deepcopy(FULL)}, "/b": {}},
        "webhooks": {"w": {"post": {"responses": OK}}},
        "components": {
            "pathItems": {"None": None},
            "requestBodies": {"None": None},
            "schemas": {"A": {"description": "d"}},
            "securitySchemes": {"s": {"type": "oauth2", "flows": copy.deepcopy(FLOWS)}},
        },
    }
    *outer, last = [step.replace("~1", "/") for step in place.replace("OPERATION", "paths/~1a/post").split("/")]
    at = whole
    for step in outer:
        at = at[int(step) if isinstance(at, list) else step]
    at[last] = value
    return [problem.sentence for problem in opened(whole.pop("paths"), **whole)[1]]


@pytest.mark.parametrize("value", [None, 7, "text"])
@pytest.mark.parametrize(
    "place",
    [
        "paths/~1b",
        "webhooks/w",
        "OPERATION/requestBody",
        "OPERATION/requestBody/content/multipart~1form-data/encoding/f",
        "OPERATION/requestBody/content/multipart~1form-data/examples/e",
        "OPERATION/responses/200/links/l",
        "OPERATION/responses/200/headers/H",
        "OPERATION/callbacks/cb",
        "OPERATION/callbacks/cb/{$url}",
        "OPERATION/servers/0/variables/a",
        "components/securitySchemes/s/flows/clientCredentials",
    ],
)
def test_what_is_no_object_is_reported(place: str, value: Any) -> None:
    """A value that has to be an object is not left out without a problem, null included."""
    (problem,) = of_full(place, value)
    assert " is no " in problem
    assert str(value) in problem


@pytest.mark.parametrize(
    ("place", "kind"),
    [("paths/~1b", "pathItems"), ("webhooks/w", "pathItems"), ("OPERATION/requestBody", "requestBodies")],
)
def test_a_reference_to_null_is_reported(place: str, kind: str) -> None:
    """It is one problem, at the reference."""
    (problem,) = of_full(place, {"$ref": f"#/components/{kind}/None"})
    assert "leads to null" in problem


def test_a_description_that_is_no_text_is_reported() -> None:
    """A number is read as text, as it is elsewhere."""
    (problem,) = of_full("components/schemas/A/description", 7)
    assert "7 is no text; read as '7'" in problem
