"""A breaking change carries its proof, judged by bravado-core, or says why it has none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ovcgen import diff
from ovcgen.diff import BREAKING
from ovcgen.diff.change import Change, Location
from ovcgen.diff.report import Witness
from ovcgen.impact.counterexample import witnesses
from ovcgen.model.walk import path_steps
from ovcgen.recordings.swagger2_validator import ReleaseDocument, Swagger2Validator
from ovcgen.recordings.wire_request import Request
from ovcgen.workflows.resolve import resolve
from tests.impact.documents import answering, body, field, record, taking, version

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
PET = record(name=TEXT)


def proved(old: ReleaseDocument, new: ReleaseDocument):
    """(kind, witness as JSON) of every breaking change."""
    changes = diff.compare(old.api, new.api)
    found = witnesses(old, new, changes)
    return [(change.id, found[change.fingerprint].as_json()) for change in changes if change.wire is BREAKING]


@pytest.mark.parametrize(
    ("old", "new", "kind", "sent", "refusal"),
    [
        pytest.param(
            taking(field("name")),
            taking(field("name", required=True)),
            "parameter.became-required",
            {},
            "name: name is a required parameter.",
            id="left out",
        ),
        pytest.param(
            taking(),
            taking(field("id", "integer", "query", required=True)),
            "parameter.added-required",
            {},
            "id: id is a required parameter.",
            id="never sent",
        ),
        pytest.param(
            taking(field("size")),
            taking(field("size", "integer")),
            "type.narrowed",
            {"formData": {"size": "a"}},
            "size: 'a' is not of type 'integer'",
            id="a word",
        ),
        pytest.param(
            taking(field("size", enum=["big", "small"], required=True)),
            taking(field("size", enum=["big"], required=True)),
            "enum.value-removed",
            {"formData": {"size": "small"}},
            "size: 'small' is not one of ['big']",
            id="a value that is gone",
        ),
        pytest.param(
            taking(field("tags", "array", items=TEXT, collectionFormat="multi")),
            taking(field("tags", "array", items=NUMBER, collectionFormat="multi")),
            "type.narrowed",
            {"formData": {"tags": "a"}},
            "tags: 'a' is not of type 'integer'",
            id="an item of a list",
        ),
        pytest.param(
            taking(body(record("code", "name", code={**TEXT, "minLength": 3}, name={**TEXT, "maxLength": 5}))),
            taking(body(record("code", "name", code={**TEXT, "minLength": 3}, name={**TEXT, "maxLength": 4}))),
            "constraint.tightened",
            {"body": {"code": "0.5", "name": "aaaaa"}},
            "body: 'aaaaa' is too long",
            id="too long, beside what has bounds of its own",
        ),
        pytest.param(
            taking(body(record(pet=PET))),
            taking(body(record(pet=record("name", name=TEXT)))),
            "property.became-required",
            {"body": {"pet": {}}},
            "body: 'name' is a required property",
            id="deep in a body",
        ),
        pytest.param(
            taking(body({"$ref": "#/definitions/Pet"}), Pet={"allOf": [PET]}),
            taking(body({"$ref": "#/definitions/Pet"}), Pet={"allOf": [record(name=NUMBER)]}),
            "type.changed",
            {"body": {"name": "a"}},
            "body: 'a' is not of type 'integer'",
            id="behind a reference, in allOf",
        ),
    ],
)
def test_a_request_that_is_refused_now(old, new, kind, sent, refusal):
    """The smallest that differs where the change is."""
    request = {"operation": "POST /pets", **sent}

    assert proved(old, new) == [(kind, {"request": request, "refusal": refusal})]


def test_a_call_that_is_gone_has_its_smallest_request():
    """With everything that must be sent, slots and lists too."""
    path, tags = "/pets/{id}", field("tags", "array", items=TEXT, required=True, collectionFormat="multi")
    old = taking(field("id", "integer", "path", required=True), tags, field("more"), path=path)

    ((_, told),) = proved(old, version({}))

    assert told["request"] == {"operation": f"POST {path}", "path": {"id": "1"}, "formData": {"tags": "a"}}
    assert told["refusal"] == "there is no POST /pets/{id}"


@pytest.mark.parametrize(
    ("old", "new", "value", "refusal"),
    [
        (record("id", id=NUMBER), record("id", id=TEXT), {"id": "a"}, "'a' is not of type 'integer'"),
        (record("id", id=NUMBER), record(id=NUMBER), {}, "'id' is a required property"),
        (
            {"type": "array", "items": NUMBER},
            {"type": "array", "items": {"type": "number"}},
            [0.5],
            "0.5 is not of type 'integer'",
        ),
    ],
)
def test_an_answer_that_nobody_expects(old, new, value, refusal):
    """Roles change: the new release gives it, readers of the old one can't take it."""
    ((_, told),) = proved(answering(old), answering(new))

    assert told == {"answer": {"status": "200", "body": value}, "refusal": refusal}


@pytest.mark.parametrize(
    ("kind", "place", "missing"),
    [
        ("security.added", Location("/pets", "POST"), "the validator does not judge logins"),
        ("produces.removed", Location("/pets", "POST"), "the validator does not judge media types"),
        ("host.changed", Location(), "it lies outside of the request"),
        ("operation.moved", Location("/gone", "POST"), "the old release has no such call to try"),
        ("response.removed", Location("/pets", "POST", response="404"), "the new release gives no such answer to try"),
        (
            "parameter.removed",
            Location("/pets", "POST", "formData", "name"),
            "the new release takes what is sent without a word, and does nothing with it",
        ),
        (
            "type.narrowed",
            Location("/pets", "POST", "formData", "name"),
            "no tiny request was found that only the old release takes",
        ),
        (
            "type.changed",
            Location("/pets", "POST", response="200"),
            "no tiny answer was found that only the new release gives",
        ),
    ],
)
def test_why_there_is_no_witness(kind, place, missing):
    """No proof is better than a wrong one."""
    same = taking(field("name"))
    change = Change(kind, BREAKING, BREAKING, place, "", "Something changed.")

    assert witnesses(same, same, [change])[change.fingerprint] == Witness(missing=missing)


@pytest.mark.parametrize(("old", "new"), [("2.1.6", "2.2.6"), ("2.2.6", "2.4.5"), ("2.4.5", "2.2.6")])
def test_every_breaking_change_of_real_releases_is_proved(old, new):
    """And each proof holds: the old release takes what is sent, the new one does not."""
    before, after = (ReleaseDocument(side.api, side.document) for side in (resolve(old), resolve(new)))
    changes = [change for change in diff.compare(before.api, after.api) if change.wire is BREAKING]
    found = witnesses(before, after, changes)
    validators = [
        Swagger2Validator(document.document, {(op.method, op.path) for op in document.api.operations})
        for document in (before, after)
    ]

    # an answer of which nothing was said may always have been empty, and one that is gone can't be shown
    meant = [change for change in changes if change.id not in ("response.schema-removed", "response.removed")]
    unproved = [(change.id, change.operation) for change in meant if found[change.fingerprint].missing]
    for witness in found.values():
        if witness.what == "request":
            method, path = witness.value["operation"].split()
            request = Request(method, path, texts_of(witness.value))
            assert [bool(validator.request_errors(request)) for validator in validators] == [False, True]
    assert unproved == []


def texts_of(told):
    """The texts of a request as they were."""
    return {
        place: {name: each if isinstance(each, list) else [each] for name, each in told[place].items()}
        for place in ("query", "formData", "header")
        if place in told
    }


def test_a_path_inside_a_shape():
    """In steps."""
    assert path_steps("disks[].size") == ["disks", "[]", "size"]
    assert path_steps("[][]") == ["[]", "[]"]
    assert path_steps("") == []


def test_bravado_is_loaded_for_witnesses_only():
    """A comparison without them needs neither it nor jsonschema."""
    heavy = {"bravado", "bravado_core", "jsonschema", "jinja2", "requests", "rich", "yaml"}
    plain, proving = (
        subprocess.run([sys.executable, "-c", program(words, heavy)], capture_output=True, text=True, check=True).stdout
        for words in (["diff", "2.4.5", "2.4.4"], ["diff", "2.4.5", "2.4.4", "--witness"])
    )

    assert plain.splitlines()[-1] == "[]"
    assert "'bravado_core', 'jsonschema'" in proving.splitlines()[-1]


def program(words, heavy):
    """Run that command, and print which of those are loaded after it."""
    return (
        f"import sys\nfrom ovcgen.cli import main\ntry:\n    main({words})\nexcept SystemExit:\n    pass\n"
        f"print(sorted({heavy} & sys.modules.keys()))"
    )
