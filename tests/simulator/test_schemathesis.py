"""Schemathesis asks for everything that the normalised document allows, and for much that it does not.

Every answer has to fit the document, nobody gets past a login, and where the simulator answers 500 or 503, a portal
does so too: `BREAKDOWNS` lists all of its reasons.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from ovcgen.simulator import LOGINS, HttpRequest, Simulator
from ovcgen.simulator.auth import log_in
from ovcgen.simulator.seed import seeded
from ovcgen.workflows.resolve import resolve

NOW = 1_540_000_800.0
PARTS = 8
EXAMPLES = {"positive": 25, "negative": 10}  # of one operation
FILE = "application/octet-stream"


@dataclass(frozen=True)
class Breakdown:
    """A reason for which a portal answers 500 or 503, and how the answer looks; `why` fits what went wrong inside."""

    why: str
    status: int = 500
    kind: str = "text/html"
    text: str = r'.* "eco-66-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"'


DOWN = {"status": 503, "kind": "application/json", "text": '".+"'}
BEFORE = {"kind": "text/plain", "text": "Internal Server Error"}
BREAKDOWNS = (
    Breakdown("validator of .* expected a text"),  # a number in a JSON body
    Breakdown(".* is no list"),  # neither is a single value in a JSON body
    Breakdown("empty name"),  # of blanks: long enough for the check of names
    Breakdown("neither sizeId nor memory and vcpus"),  # a resize to nothing
    Breakdown("machine .* has no domain"),  # in the recycle bin
    Breakdown("no free address in the external network"),
    Breakdown("snapshots have no timestamp"),
    Breakdown("'[<>]=?' not supported between instances of .*"),  # any JSON passes for a number,
    Breakdown("int.. argument must be .*"),  # `null` too
    Breakdown("no version is being installed"),
    Breakdown("createTemplate.. got an unexpected keyword argument 'templatename'"),
    Breakdown("NotImplementedError"),
    Breakdown("'module' object has no attribute 'BadRequest'"),
    Breakdown("no such model: publicipv4pool"),
    Breakdown("invalid literal for int.*"),  # sizes of disks, written with commas
    Breakdown("no alert .*"),
    Breakdown("the body is no JSON( object)?", **BEFORE),
    Breakdown("no such format"),
    Breakdown("an empty query value beside a form", **BEFORE),
    Breakdown("Machine .* is .*, not RUNNING", **DOWN),  # when it is paused
    Breakdown("No free .* address.*", **DOWN),
    Breakdown(".* firewall is not running.*", **DOWN),
)
KNOWN: dict[str, tuple[Any, ...]] = {  # what this portal has, and each time something that it has not
    "name": ("web9", "before", "production", "acme", " \t", "a"),
    "accountId": (1, 99),
    "cloudspaceId": (1, 2, 99),
    "machineId": (1, 2, 3, 99),
    "diskId": (1, 2, 3, 5, 99),
    "imageId": (1, 2, 3, 99),
    "sizeId": (1, 3, 99),
    "gid": (66, 99),
    "nid": (1, 99),
    "externalnetworkId": (1, 99),
    "externalNetworkId": (1, 99),
    "userId": ("alice@itsyouonline", "bob@itsyouonline", "nobody@itsyouonline"),
    "username": ("alice@itsyouonline", "bob@itsyouonline", "nobody@itsyouonline"),
    "accesstype": ("R", "RCX", "ARCXDU", "X"),
    "location": ("be-demo-1", "nowhere"),
    "publicIp": ("203.0.113.10", "198.51.100.1"),
    "publicPort": (80, 2200, 70000),
    "protocol": ("tcp", "udp", "icmp"),
    "templateName": ("gold", "silver"),
    "disksize": (10, 20, 5),
    "memory": (1024, 2048, 1023),
    "vcpus": (1, 2),
    "size": (10, 20, 3000),
    "maxMemoryCapacity": (-1, 8, 0),
    "maxCPUCapacity": (-1, 8, 0),
    "maxVDiskCapacity": (-1, 100, 1),
    "maxNumPublicIP": (-1, 5, 0),
    "sourcePublicIp": ("203.0.113.10", "198.51.100.1"),
    "sourcePublicPort": (80, 81),
    "localPort": (80, 0),
    "id": (0, 1, 7),
    "limit": (5, 21),
    "data": ('{"k": "v"}', "{"),
    "link": ("https://cloud.example.org/dav/", "http://cloud/"),
}
LIVED = (  # what happened before: two spaces; machines that run, are halted, and are in the recycle bin; a template
    ("cloudspaces/create", {"accountId": 1, "location": "be-demo-1", "name": "two", "access": LOGINS.username}),
    ("machines/snapshot", {"machineId": 1, "name": "before"}),
    ("machines/create", {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": 1, "disksize": 10}),
    ("machines/stop", {"machineId": 2}),
    ("machines/createTemplate", {"machineId": 2, "templateName": "gold"}),
    ("disks/create", {"accountId": 1, "gid": 66, "name": "data", "description": "data", "size": 10, "type": "D"}),
    ("machines/create", {"cloudspaceId": 1, "name": "web3", "memory": 1024, "vcpus": 1, "imageId": 2, "disksize": 20}),
    ("machines/delete", {"machineId": 3}),
    ("machines/attachExternalNetwork", {"machineId": 1}),
    (
        "portforwarding/create",
        {
            "cloudspaceId": 1,
            "publicIp": "203.0.113.10",
            "publicPort": 80,
            "machineId": 1,
            "localPort": 80,
            "protocol": "tcp",
        },
    ),
    ("machines/addUser", {"machineId": 1, "userId": "bob@itsyouonline", "accesstype": "RCX"}),
    ("disks/delete", {"diskId": 5, "detach": 1}),
)


class Portal:
    """A simulator that has lived a while, the same before every example."""

    def __init__(self) -> None:
        resolved = resolve("2.4.5")
        self.simulator = Simulator(resolved.api, resolved.spec.document, clock=lambda: NOW, sleep=lambda _: None)
        self.document = with_what_is_there(resolved.document)
        self.keys = dict.fromkeys(("alice", "admin"), "")
        self.begin()

    def begin(self) -> None:
        """Forget what the last example did."""
        state = seeded("demo", now=NOW)
        self.simulator.state = state
        self.simulator.crashes.clear()
        self.keys = {who: log_in(state, f"{who}@itsyouonline", now=NOW, session=f"key-of-{who}") for who in self.keys}
        for path, values in LIVED:
            query = urlencode({**values, "authkey": self.keys["admin"]})
            answer = self.simulator.answer(HttpRequest("POST", f"/restmachine/cloudapi/{path}", query, (), b""))
            assert answer.status == 200, (path, answer)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """As the simulator, but 419 is 401: schemathesis takes nothing else for a refused login."""
        return self.simulator(
            environ, lambda status, head: start_response("401 No" if status[:3] == "419" else status, head)
        )


def with_what_is_there(document: Any) -> Any:
    """The normalised document, its ids those of the portal; and the media types that it leaves to Accept."""
    changed = json.loads(json.dumps(document))
    for operation in (operation for path in changed["paths"].values() for operation in path.values()):
        shape = operation["responses"]["200"].get("schema", {})
        operation["produces"] = [FILE if shape.get("type") == "file" else "application/json"]
        for parameter in operation.get("parameters", ()):
            values = KNOWN.get(parameter["name"], ())
            fitting = [value for value in values if isinstance(value, str) == (parameter["type"] == "string")]
            parameter |= {"enum": fitting} if fitting else {}
    return {**changed, "consumes": ["application/x-www-form-urlencoded", "multipart/form-data"]}


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """One for all; each example begins it anew."""
    return Portal()


@pytest.fixture(scope="module")
def operations(portal: Portal) -> list[Any]:
    """Schemathesis' view of the document."""
    import schemathesis

    schema = schemathesis.openapi.from_dict(portal.document)
    schema.app = portal
    schema.config.generation.update(with_security_parameters=False)
    return [found.ok() for found in schema.get_all_operations()]


def test_every_operation_is_asked(operations: list[Any]) -> None:
    """All verbs of all groups."""
    assert len(operations) == len(resolve("2.4.5").api.operations)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", EXAMPLES)
def test_answers(portal: Portal, operations: list[Any], mode: str, part: int) -> None:
    """As an administrator and an ordinary user; by form, JSON and query; what fits the document and what does not."""
    for operation in operations[part::PARTS]:
        ask(portal, operation, mode)


def ask(portal: Portal, operation: Any, mode: str) -> None:
    """A few examples of one operation."""
    from hypothesis import HealthCheck, given, settings, strategies
    from hypothesis.errors import Unsatisfiable
    from schemathesis import GenerationMode

    ways, people = strategies.sampled_from(("form", "json", "query")), strategies.sampled_from(("admin", "alice"))
    cases = operation.as_strategy(generation_mode=GenerationMode(mode))

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=EXAMPLES[mode],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, way=ways, who=people)
    def example(case: Any, way: str, who: str) -> None:
        portal.begin()
        send(portal, case, way, {"authkey": portal.keys[who]})

    try:
        example()
    except Unsatisfiable:
        assert mode == "negative"  # a call without parameters can't be wrong
        assert not operation.definition.raw.get("parameters")


def send(portal: Portal, case: Any, way: str, key: dict[str, str]) -> None:
    """Send one example in that way, and look at the answer."""
    from schemathesis.core import NOT_SET

    sent = dict(case.body) if isinstance(case.body, dict) else {}
    if way == "json" and sent:
        case.media_type = "application/json"
    if way != "query" and "_async" in sent:  # tasks are one way of many
        del sent["_async"]
        case.body = sent
    if way == "query" and sent:
        case.query, case.body = {**(case.query or {}), **sent}, NOT_SET
    headers = {"Accept": "application/json"}
    response = case.call(params=key, headers=headers)
    names = dict(parse_qsl(portal.simulator.seen[-1].query, keep_blank_values=True))
    checks = checks_of(portal, response.status_code, as_task="_async" in names)
    case.validate_response(response, checks=checks, transport_kwargs={"params": key, "headers": headers})


def checks_of(portal: Portal, status: int, *, as_task: bool) -> list[Any]:
    """What an answer of that status has to be."""
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as of_documents

    def known_breakdown(context: Any, response: Any, case: Any) -> None:
        why = str(portal.simulator.crashes[-1]) if status == 500 else json.loads(response.text)
        answer = (status, response.headers["content-type"][0], response.text)
        if not any(is_row(row, why, answer) for row in BREAKDOWNS):
            checks.not_a_server_error(context, response, case)

    if status >= 400:
        return [known_breakdown] if status >= 500 else [refusal_is_text]
    if as_task:
        return [answer_is_guid]
    return [of_documents.response_schema_conformance, of_documents.content_type_conformance, of_documents.ignored_auth]


def is_row(row: Breakdown, why: str, answer: tuple[int, str, str]) -> bool:
    """Whether that answer is this row's."""
    status, kind, text = answer
    return (status, kind) == (row.status, row.kind) and bool(
        re.fullmatch(row.why, why) and re.fullmatch(row.text, text)
    )


def refusal_is_text(_context: Any, response: Any, _case: Any) -> None:
    """A refusal says why, as a JSON string; users/get and users/setData say it without quotes."""
    kind = response.headers["content-type"][0]
    text = json.loads(response.text) if kind == "application/json" else response.text
    assert isinstance(text, str), response.text
    assert text.strip()


def answer_is_guid(_context: Any, response: Any, _case: Any) -> None:
    """The guid of a task."""
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", json.loads(response.text)), response.text
