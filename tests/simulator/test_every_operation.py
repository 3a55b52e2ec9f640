"""Every operation of every pinned release answers: generated from the catalogs, not written one by one."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ovcgen.library import Library
from ovcgen.model.schema import Array, File, Map, Reference, Scalar
from ovcgen.normalise import normalise
from ovcgen.simulator import Seen, Simulator
from ovcgen.simulator.actors import BEHAVIOUR
from ovcgen.simulator.pace import steady
from ovcgen.simulator.refusals import Crash
from ovcgen.simulator.seed import seeded

SPECS = Path(__file__).parents[2] / "specs"
RELEASES = ("2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")
VALUES = {"integer": 1, "number": 1.0, "boolean": True, "string": "text"}
TEXTS = {
    "username": "alice@itsyouonline",
    "userId": "alice@itsyouonline",
    "groupname": "group",
    "password": "long-enough",
    "accesstype": "R",
    "cloudspaceId": "1",
    "accountId": "1",
    "machineId": "1",
    "imageId": "1",
}


@pytest.fixture(scope="module")
def normalised():
    """A function: the normalised document of a release, with definitions that jsonschema understands."""
    library = Library(SPECS)

    def load(release):
        spec = library.load(release)
        document = normalise(spec.document, spec.overlay, release=release)
        return {**document, "definitions": checked(document["definitions"])}

    return load


@pytest.fixture(params=RELEASES)
def portal(request, pinned, clock):
    """A simulator of each release."""
    return Simulator(*pinned(request.param), clock=clock, sleep=clock.sleep)


def value_of(parameter):
    """A value that fits the parameter."""
    match parameter.schema:
        case Scalar("string"):
            return TEXTS.get(parameter.name) or TEXTS.get(parameter.validator, "text")
        case Scalar(kind):
            return VALUES[kind]
        case Array(Scalar(kind)):
            return [VALUES[kind]]
        case Map() | Reference():
            return {}
    return "text"


def call(portal, operation, values, *, key=None):
    """A JSON post, or a GET with the same in its query."""
    key = portal.locks.portal if key is None else key
    query = f"authkey={key}" if key else ""
    if operation.method == "GET":
        query = "&".join([query, *(f"{name}={json.dumps(value)}" for name, value in values.items())])
    body = json.dumps(values).encode() if operation.method == "POST" else b""
    headers = (("accept", "application/json"), ("content-type", "application/json"))
    return portal.answer(Seen(operation.method, f"/restmachine{operation.path}", query.strip("&"), headers, body))


def required(operation):
    """The values of a minimal call."""
    return {each.name: value_of(each) for each in operation.parameters if each.required}


def checked(schema):
    """A JSON Schema of ours for jsonschema, which does not know x-nullable."""
    if isinstance(schema, list):
        return [checked(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: checked(value) for key, value in schema.items() if key != "x-nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("x-nullable") is True else plain


def test_answers_are_true_to_their_shape(portal, normalised):
    """A minimal call of an administrator: what has no state is a success, and every success validates."""
    document = normalised(portal.release)
    for operation in sorted(portal.api.operations, key=lambda each: each.retry != "read"):
        answer = call(portal, operation, required(operation))
        assert answer.status == 200 or operation.path in BEHAVIOUR, (operation.place, answer)
        if answer.status == 200 and not isinstance(operation.result, File):
            assert complaints(document, operation, json.loads(answer.body)) == [], operation.place


def every(operation):
    """A value for each parameter."""
    return {each.name: value_of(each) for each in operation.parameters}


def complaints(document, operation, value):
    """What jsonschema has against a value that the operation answered."""
    schema = document["paths"][operation.path][operation.method.lower()]["responses"]["200"].get("schema", {})
    whole = {**checked(schema), "definitions": document["definitions"]}
    return [error.message for error in jsonschema.Draft4Validator(whole).iter_errors(value)]


def test_a_guest_is_sent_away(portal):
    """401, except where the catalog's overlay says that guests are welcome."""
    for operation in portal.api.operations:
        assert (call(portal, operation, {}, key="").status == 401) is not operation.guest, operation.place


def test_a_missing_parameter_is_named(portal):
    """400 with the portal's text."""
    for operation in portal.api.operations:
        values = required(operation)
        for name in values:
            rest = {other: value for other, value in values.items() if other != name}
            answer = call(portal, operation, rest)
            assert (answer.status, json.loads(answer.body)) == (400, f"Param with name:{name} is missing.")


@pytest.mark.parametrize("status", ["RUNNING", "HALTED", "DELETED"])
@pytest.mark.parametrize("values", [required, every], ids=["required values", "all values"])
def test_nothing_goes_wrong_by_accident(portal, normalised, status, values):
    """Whatever a call of an administrator leads to, it is an answer that a portal gives on purpose, and it fits."""
    document = normalised(portal.release)
    for operation in portal.api.operations:
        if operation.path not in BEHAVIOUR:
            continue
        portal.state = seeded("demo", now=0)
        machine = portal.state.machines.find(1)
        portal.state.machines.put(replace(machine, status=steady(status)))
        answer = call(portal, operation, values(operation))
        assert [error for error in portal.crashes if not isinstance(error, Crash)] == [], operation.place
        if answer.status == 200:
            assert complaints(document, operation, json.loads(answer.body)) == [], operation.place
