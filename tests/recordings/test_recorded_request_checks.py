"""Recorded requests to services of OpenAPI 3 under two documents: bodies, forms, styles, servers and ranges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen import diff
from ovcgen.cli.app import run
from ovcgen.recordings.cassette_reader import Interaction
from ovcgen.recordings.newly_refused_requests import Recorded, newly_refused
from ovcgen.recordings.recorder import recorder
from ovcgen.recordings.response_matcher import ResponseMatcher
from ovcgen.recordings.swagger2_validator import ReleaseDocument
from tests.diff.rules.openapi3 import ANY_OBJECT, NUMBER, TEXT, Body, document, got, listens, released, sent, takes

URL = "https://pets.example/pets"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
PART = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
LIST = {"type": "array", "items": TEXT}


def call(text: str = "", *, url: str = URL, kind: str = "", method: str = "POST", **headers: str) -> Recorded:
    """A recorded call; `kind` is its content type, "" for one that was not recorded."""
    told = {**headers, **({"content-type": kind} if kind else {})}
    interaction = Interaction(method, url, text, 200, "application/json", b"null", tuple(told.items()), text.encode())
    return Recorded(Path("calls.yaml"), 1, interaction)


def turned(old: Body, new: Body, *calls: Recorded) -> tuple[list[tuple[str, str, list[str]]], dict[str, int]]:
    """(parameter, refusal, kinds of the changes) of what turned invalid, and what was not checked."""
    before, after = (ReleaseDocument(released(each), each) for each in (old, new))
    found = newly_refused(calls, before, after, diff.compare(before.api, after.api))
    return [(each.parameter, each.refusal, [change.id for change in each.changes]) for each in found.refused], dict(
        found.skipped
    )


def obj(*required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties."""
    return {"type": "object", "required": list(required), "properties": properties}


def posts(*arguments: Any, **options: Any) -> Body:
    """A document whose call takes such a body."""
    return document(sent(*arguments, **options))


@pytest.mark.parametrize(
    ("old", "new", "recorded", "found"),
    [
        pytest.param(
            posts(obj(size=TEXT)),
            posts(obj(size=NUMBER)),
            call('{"size": "big"}', kind="application/json"),
            [("body", 'at /size: "big" is not an integer', ["type.changed"])],
            id="a member of JSON",
        ),
        pytest.param(
            posts(obj(size=TEXT)),
            posts(obj("size", size=TEXT)),
            call("{}"),
            [("body", "'size' is missing", ["property.became-required"])],
            id="a required member",
        ),
        pytest.param(
            posts(obj(size=TEXT), FORM),
            posts(obj(size=NUMBER), FORM),
            call("size=big&other=1", kind=FORM),
            [("body", 'at /size: "big" is not an integer', ["type.narrowed"])],
            id="a field of a form",
        ),
        pytest.param(
            posts(obj(size=TEXT, name=TEXT), MULTIPART),
            posts(obj(size=NUMBER), MULTIPART),
            call(PART.format("size", "big") + PART.format("name", "x") + "--b--", kind=f"{MULTIPART}; boundary=b"),
            [
                ("body", 'at /size: "big" is not an integer', ["property.removed", "type.narrowed"]),
                ("name", "it means nothing any more", ["property.removed"]),
            ],
            id="a form in parts",
        ),
        pytest.param(
            posts(obj()),
            posts(obj(), FORM),
            call("{}", kind="application/json"),
            [
                (
                    "body",
                    "The body is 'application/json'. POST /pets takes application/x-www-form-urlencoded",
                    ["consumes.removed"],
                )
            ],
            id="another media type",
        ),
        pytest.param(
            takes(LIST, explode=False),
            takes({"type": "array", "items": NUMBER}, explode=False),
            call(url=f"{URL}?p=1,b"),
            [("p", 'at /1: "b" is not an integer', ["type.narrowed"])],
            id="a list with commas",
        ),
        pytest.param(
            takes(obj(a=TEXT), style="deepObject"),
            takes(obj(a=NUMBER), style="deepObject"),
            call(url=f"{URL}?p%5Ba%5D=b"),
            [("p", 'at /a: "b" is not an integer', ["type.narrowed"])],
            id="a deep object",
        ),
        pytest.param(
            takes(obj(a=TEXT), style="deepObject"),
            takes(TEXT, name="q"),
            call(url=f"{URL}?p%5Ba%5D=b"),
            [("p[a]", "it means nothing any more", ["parameter.removed"])],
            id="ignored",
        ),
        pytest.param(
            takes(obj(a=TEXT)), takes(obj(a=NUMBER)), call(url=f"{URL}?a=3"), [], id="members in the query stay valid"
        ),
        pytest.param(
            listens("https://pets.example/v1", "https://pets.example/v2"),
            listens("https://pets.example/v3"),
            call(url="https://gateway.example/somewhere/pets"),
            [],
            id="another address",
        ),
        pytest.param(
            document(),
            {**document(), "paths": {}},
            call(),
            [("", "there is no POST /pets", ["operation.removed"])],
            id="gone",
        ),
        pytest.param(
            takes(place="header"),
            takes(place="header", required=True),
            call(),
            [],
            id="a header that was not recorded",
        ),
        pytest.param(
            takes(place="header"),
            takes(NUMBER, place="header"),
            call(p="x"),
            [("p", '"x" is not an integer', ["type.narrowed"])],
            id="a header that was recorded",
        ),
    ],
)
def test_what_turns_invalid(old: Body, new: Body, recorded: Recorded, found: Any) -> None:
    """Each refusal names the parameter, the place in its value, and the changes that cause it."""
    assert turned(old, new, recorded) == (found, {})


def test_what_is_not_compared_is_counted() -> None:
    """Requests of no operation, and those that were invalid before, are skipped with the reason."""
    wrong = [call('{"a": 1}'), call(method="GET"), call(url="https://[pets")]

    assert turned(posts(obj(a=TEXT)), posts(obj(a=LIST)), *wrong) == (
        [],
        {"no operation of 1": 2, "refused by 1 already": 1},
    )


def test_a_login_is_no_part_of_a_recording() -> None:
    """A key in the query is no undeclared field, and a request without its login is checked."""
    key = {"type": "apiKey", "in": "query", "name": "key"}
    secured: Body = document(components={"securitySchemes": {"k": key}}, security=[{"k": []}])

    assert turned(document(), secured, call(url=f"{URL}?key=***"), call()) == ([], {})


@pytest.mark.parametrize("status", ["2XX", "default", "201"])
def test_a_response_is_declared_by_its_status_its_range_or_by_default(status: str) -> None:
    """Exact statuses have precedence over ranges, and ranges over the default."""
    declared = got(NUMBER, status="200")
    for wider in ("default", "2XX", "201")[: 1 + ["default", "2XX", "201"].index(status)]:
        declared["responses"] |= got(TEXT, status=wider)["responses"]
    answered = Interaction("POST", URL, "", 201, "application/json", b"1")

    response = ResponseMatcher(released(document(declared))).comparable_response(answered).response
    assert response is not None
    assert response.status == status


def test_recordings_of_a_client(tmp_path: Path, capsys: Any) -> None:
    """Calls of a client are recorded against a mock, and the command names those that the next version refuses."""
    operation = {**sent(obj(name=TEXT), MULTIPART), "tags": ["pets"]}
    operation["parameters"] = [{"name": "where", "in": "query", "style": "deepObject", "schema": ANY_OBJECT}]
    later = json.loads(json.dumps(operation))
    later["requestBody"]["content"][MULTIPART]["schema"] = obj("owner", owner=TEXT, name=TEXT)
    for name, body in (("old", operation), ("new", later)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document(body)))
    cassette = tmp_path / "calls.yaml"

    with (
        ovcgen.simulate(tmp_path / "old.json") as service,
        recorder().use_cassette(str(cassette)),
        ovcgen.connect(service.url, spec=tmp_path / "old.json") as client,
    ):
        client.pets.add(body={"name": "Rex"}, where={"owner": {"name": "Ann"}})
    words = ["--from", str(tmp_path / "old.json"), "--to", str(tmp_path / "new.json"), "--output", "json"]
    code = run(["impact", "--cassettes", str(cassette), *words])
    told = json.loads(capsys.readouterr().out)

    assert code == 1
    assert [(each["parameter"], each["refusal"]) for each in told["turned"]] == [("body", "'owner' is missing")]
    assert [change["id"] for each in told["turned"] for change in each["changes"]] == ["property.added-required"]
