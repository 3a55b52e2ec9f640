"""Calls of OpenAPI 3: how parameters are written, media types, servers, logins, callbacks. One row a fact."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.diff.change import Change
from tests.diff.rules.openapi3 import (
    ANY_OBJECT,
    JSON,
    NUMBER,
    TEXT,
    Body,
    Found,
    announces,
    calls_back,
    changes,
    document,
    found,
    got,
    listens,
    sent,
    takes,
)
from tests.diff.rules.rows import B, N, W

LIST = {"type": "array", "items": TEXT}
FORM, PART = "application/x-www-form-urlencoded", "multipart/form-data"
FIELDS = {"type": "object", "properties": {"a": TEXT}}
NEEDED = {**FIELDS, "required": ["a"]}
REGION = {"enum": ["eu", "us"], "default": "eu"}
HOST = "https://{r}.example"


def header(**more: Any) -> Body:
    return document(got(TEXT, headers={"X-Left": {"schema": NUMBER, **more}}))


def linked(**links: Body) -> Body:
    return document(got(TEXT, links=links))


def media(*kinds: str, schema: Any = TEXT) -> Body:
    return document({"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}})


def answered(*kinds: str, schema: Any = TEXT) -> Body:
    content = {kind: {"schema": schema} for kind in kinds}
    return document({"responses": {"200": {"description": "", "content": content}}})


def login(**scheme: Any) -> Body:
    return document(components={"securitySchemes": {"key": scheme}})


def flows(**urls: str) -> Body:
    return login(type="oauth2", flows={kind: {"tokenUrl": url, "scopes": {}} for kind, url in urls.items()})


ROWS: list[tuple[str, Body, Body, Found]] = [
    (
        "another style",
        takes(LIST),
        takes(LIST, style="pipeDelimited", explode=True),
        [("parameter.style-changed", B, N)],
    ),
    ("no style of texts", takes(), takes(style="pipeDelimited"), []),
    ("items in one field", takes(LIST), takes(LIST, explode=False), [("parameter.explode-changed", B, N)]),
    ("the default style spelled out", takes(LIST), takes(LIST, style="form", explode=True), []),
    (
        "as JSON",
        takes(ANY_OBJECT),
        document({"parameters": [{"name": "p", "in": "query", "content": {JSON: {"schema": ANY_OBJECT}}}]}),
        [("parameter.content-changed", B, N)],
    ),
    ("reserved characters", takes(), takes(allowReserved=True), [("parameter.allow-reserved-changed", W, N)]),
    ("announced to go", takes(), takes(deprecated=True), [("parameter.deprecated", N, N)]),
    ("stays after all", takes(deprecated=True), takes(), [("parameter.undeprecated", N, N)]),
    ("a value became a list of such", takes(), takes(LIST), [("type.widened", W, B)]),
    ("the case of a header's name", takes(place="header", name="X-Trace"), takes(place="header", name="x-trace"), []),
    ("headers that are described elsewhere", document(), takes(place="header", name="Accept", required=True), []),
    ("one more media type", media(JSON), media(JSON, "text/plain"), [("consumes.added", N, N)]),
    ("one media type less", media(JSON, "text/plain"), media(JSON), [("consumes.removed", B, N)]),
    (
        "a range includes it",
        media("image/png"),
        media("image/*"),
        [("consumes.added", N, N), ("consumes.removed", N, N)],
    ),
    ("spaces in a media type", media("text/plain; charset=utf-8"), media("text/plain;charset=UTF-8"), []),
    ("one more media type of an answer", answered(JSON), answered(JSON, "text/plain"), [("produces.added", N, N)]),
    ("one media type less of an answer", answered(JSON, "text/plain"), answered(JSON), [("produces.removed", B, N)]),
    (
        "text instead of JSON",
        answered(JSON, schema=FIELDS),
        answered("text/plain", schema=FIELDS),
        [("produces.added", N, N), ("produces.removed", B, B)],
    ),
    (
        "another kind of JSON",
        answered(JSON, schema=FIELDS),
        answered("application/hal+json", schema=FIELDS),
        [("produces.added", N, N), ("produces.removed", B, N)],
    ),
    (
        "lines of JSON",
        answered(JSON, schema=FIELDS),
        answered("application/jsonl", schema=FIELDS),
        [("produces.added", N, N), ("produces.removed", B, B)],
    ),
    (
        "JSON beside text",
        answered("text/csv", schema=FIELDS),
        answered("text/csv", JSON, schema=FIELDS),
        [("produces.added", N, B)],
    ),
    (
        "a body of text instead of JSON",
        media(JSON, schema=FIELDS),
        media("application/xml", schema=FIELDS),
        [("consumes.added", N, N), ("consumes.removed", B, B)],
    ),
    (
        "a part of a form",
        document(sent(FIELDS, PART)),
        document(sent(FIELDS, PART, a={"contentType": "text/csv"})),
        [("encoding.changed", B, N)],
    ),
    (
        "numbers are texts in a form",
        document(sent({"properties": {"a": NUMBER}}, FORM)),
        document(sent(FIELDS, FORM)),
        [("type.widened", W, B)],
    ),
    (
        "a code became a range",
        document(got(TEXT)),
        document(got(TEXT, status="2XX")),
        [("response.added", W, W), ("response.removed", N, N)],
    ),
    ("a media type without a schema", document(got({})), document(got(TEXT)), [("response.schema-added", N, N)]),
    ("a header may be missing", header(required=True), header(), [("response-header.became-optional", B, N)]),
    ("a header is always there", header(), header(required=True), [("response-header.became-required", N, N)]),
    ("a header is announced to go", header(), header(deprecated=True), [("response-header.deprecated", N, N)]),
    ("a header stays", header(deprecated=True), header(), [("response-header.undeprecated", N, N)]),
    (
        "a header that is a media type",
        document(got(TEXT)),
        document(got(TEXT, headers={"Content-Type": {"schema": TEXT}})),
        [],
    ),
    (
        "a header named x-",
        document(got(TEXT)),
        document(got(TEXT, headers={"x-left": {"schema": TEXT}})),
        [("response-header.added", N, N)],
    ),
    ("a link", linked(), linked(next={"operationId": "add"}), [("link.added", N, N)]),
    ("no link", linked(next={"operationId": "add"}), linked(), [("link.removed", N, N)]),
    (
        "a link to another call",
        linked(next={"operationId": "add"}),
        linked(next={"operationId": "get"}),
        [("link.changed", N, N)],
    ),
    ("one more server", listens("https://a"), listens("https://a", "https://b"), [("server.added", N, N)]),
    ("one server less", listens("https://a", "https://b"), listens("https://a"), [("server.removed", W, N)]),
    (
        "another first server",
        listens("https://a", "https://b"),
        listens("https://b", "https://a"),
        [("server.order-changed", W, N)],
    ),
    ("another host", listens("https://a/v1"), listens("https://b/v1/"), [("host.changed", W, N)]),
    ("another path", listens("https://a/v1"), listens("https://a/v2"), [("base-path.changed", B, N)]),
    ("a slash at the end", listens("https://a/v1"), listens("https://a/v1/"), []),
    (
        "another default of a variable",
        listens(HOST, r=REGION),
        listens(HOST, r={**REGION, "default": "us"}),
        [("server-variable.default-changed", W, N)],
    ),
    (
        "one more value of a variable",
        listens(HOST, r={**REGION, "enum": ["eu"]}),
        listens(HOST, r=REGION),
        [("server-variable.enum-value-added", N, N)],
    ),
    (
        "one value of a variable less",
        listens(HOST, r=REGION),
        listens(HOST, r={**REGION, "enum": ["eu"]}),
        [("server-variable.enum-value-removed", B, W)],
    ),
    (
        "another scheme",
        login(type="http", scheme="basic"),
        login(type="http", scheme="bearer"),
        [("security-definition.changed", B, W)],
    ),
    (
        "another type",
        login(type="http", scheme="basic"),
        login(type="apiKey", name="k", **{"in": "header"}),
        [("security-definition.changed", B, W)],
    ),
    (
        "another form of tokens",
        login(type="http", scheme="bearer"),
        login(type="http", scheme="bearer", bearerFormat="JWT"),
        [("security-definition.changed", N, N)],
    ),
    (
        "one more flow",
        flows(password="https://t"),
        flows(password="https://t", clientCredentials="https://t"),
        [("security-definition.changed", N, N)],
    ),
    (
        "one flow less",
        flows(password="https://t", clientCredentials="https://t"),
        flows(password="https://t"),
        [("security-definition.changed", W, W)],
    ),
    (
        "tokens from elsewhere",
        flows(password="https://t"),
        flows(password="https://u"),
        [("security-definition.changed", W, W)],
    ),
    (
        "less time",
        document({"x-sunset": "2030-02-01"}),
        document({"x-sunset": "2030-01-01"}),
        [("operation.sunset-changed", W, N)],
    ),
    ("more time", document({"x-sunset": "2030-01-01"}), document(), [("operation.sunset-changed", N, N)]),
    (
        "stays after all, without a day",
        document({"deprecated": True, "x-sunset": "2030-01-01"}),
        document(),
        [("operation.undeprecated", N, N)],
    ),
    ("a callback", document(), calls_back({}), [("callback.added", N, N)]),
    ("no callback", calls_back({}), document(), [("callback.removed", W, W)]),
    (
        "another URL of a callback",
        calls_back({}),
        calls_back({}, url="{$request.query.url}"),
        [("callback.url-added", N, N), ("callback.url-removed", W, N)],
    ),
    (
        "another verb of a callback",
        calls_back({}),
        calls_back({}, verb="put"),
        [("callback.operation.added", N, N), ("callback.operation.removed", W, W)],
    ),
    (
        "a member is promised to a receiver",
        calls_back(sent(FIELDS)),
        calls_back(sent(NEEDED)),
        [("property.became-required", N, N)],
    ),
    (
        "a member may be missing to a receiver",
        calls_back(sent(NEEDED)),
        calls_back(sent(FIELDS)),
        [("property.became-optional", B, B)],
    ),
    ("a receiver's answer", calls_back(got(FIELDS)), calls_back(got(NEEDED)), [("property.became-required", B, B)]),
    ("a webhook", document(), announces({}), [("webhook.added", N, N)]),
    ("no webhook", announces({}), document(), [("webhook.removed", W, W)]),
    (
        "another verb of a webhook",
        announces({}),
        announces({}, verb="put"),
        [("webhook.operation.removed", W, W), ("webhook.operation.added", N, N)],
    ),
    (
        "a receiver always gets a body",
        announces(sent(FIELDS, required=False)),
        announces(sent(FIELDS)),
        [("body.became-required", N, N)],
    ),
    (
        "a receiver may get no body",
        announces(sent(FIELDS)),
        announces(sent(FIELDS, required=False)),
        [("body.became-optional", B, B)],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_two_releases_differ_by_exactly_these_changes(old: Body, new: Body, expected: Found) -> None:
    """The kind, who breaks over HTTP and whose Python code breaks."""
    assert found(old, new) == expected


def the(old: Body, new: Body, kind: str) -> Change:
    """The only change of that kind."""
    (change,) = [change for change in changes(old, new) if change.id == kind]
    return change


def test_a_change_in_one_of_several_media_types_names_it() -> None:
    """A change that all media types share is one change; one of a single media type says which."""
    old = media(JSON, "application/xml", schema=FIELDS)
    both, one = media(JSON, "application/xml", schema=NEEDED), media(JSON, "application/xml", schema=FIELDS)
    one["paths"]["/pets"]["post"]["requestBody"]["content"]["application/xml"] = {"schema": NEEDED}

    shared, single = (the(old, new, "property.became-required") for new in (both, one))

    assert shared.location.media_type == ""
    assert single.location.media_type == "application/xml"
    assert single.message == "Property `a` of the body as `application/xml` must be sent now; it could be left out."
    assert single.pointer == "/paths/~1pets/post/requestBody/content/application~1xml/schema/properties/a"


def test_a_change_in_a_callback_names_it() -> None:
    """The location has the call, the callback, its URL and its verb."""
    change = the(calls_back(sent(NEEDED)), calls_back(sent(FIELDS)), "property.became-optional")

    assert change.operation == "POST /pets"
    assert change.location.pairs() == {
        "path": "/pets",
        "method": "POST",
        "in": "body",
        "property": "a",
        "callback": "onChange",
        "callback_method": "POST",
        "field": "{$request.body#/url}",
    }
    assert change.message == "Property `a` of the body of callback `onChange` may be missing now; it was always there."
    assert change.pointer.startswith("/paths/~1pets/post/callbacks/onChange/{$request.body#~1url}/post/requestBody/")


def test_a_change_in_a_webhook_names_it() -> None:
    """A webhook belongs to no call."""
    change = the(announces(sent(NEEDED)), announces(sent(FIELDS)), "property.became-optional")

    assert (change.operation, change.location.webhook) == (None, "changed")
    assert change.pointer.startswith("/webhooks/changed/post/requestBody/content/application~1json/schema")


def test_a_renamed_slot_tells_the_new_method() -> None:
    """A method that is named by its path has another name with another slot; that is one change."""
    old, new = ({**document(), "paths": {f"/pets/{{{name}}}": {"get": {"responses": {}}}}} for name in ("id", "petId"))

    change = the(old, new, "path-parameter.renamed")

    assert found(old, new) == [("path-parameter.renamed", N, B)]
    assert change.hint.endswith("In Python, call `pets.get_by_petId` instead of `pets.get_by_id`.")


def test_a_slot_that_gets_the_name_of_its_description_is_no_change() -> None:
    """A path variable whose new name is that of its described parameter is no change, since callers use that name."""
    described = [{"name": "petId", "in": "path", "required": True, "schema": {"type": "string"}}]
    call = {"get": {"parameters": described, "responses": {}}}

    old, new = ({**document(), "paths": {f"/pets/{{{name}}}": call}} for name in ("id", "petId"))

    assert found(old, new) == []


def test_a_path_parameter_without_a_place_is_compared() -> None:
    """A parameter that the path has no place for can't be sent, but the documents describe it."""
    old, new = (takes({**NUMBER, "minimum": least}, place="path", required=True) for least in (1, 10))

    assert found(old, new) == [("constraint.tightened", B, N)]
