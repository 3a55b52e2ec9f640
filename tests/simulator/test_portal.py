"""The portal as a whole: which check comes first, and what it says of itself."""

import json

import pytest

from ovcgen.model.api import Api, Definition, Operation, Parameter
from ovcgen.model.schema import Array, Property, Record, Reference, Scalar
from ovcgen.simulator import Simulator
from ovcgen.simulator.seed import UnknownSeed

NUMBER, TEXT = Scalar("integer"), Scalar("string")
STACK = Record((Property("id", NUMBER, required=True), Property("name", TEXT)), None)
STACK_GET = Operation(
    "cloudapi",
    "stacks",
    "get",
    "POST",
    "/cloudapi/stacks/get",
    (Parameter("stackId", "stackId", "formData", NUMBER, required=True),),
    (),
    Reference("Stack"),
    retry="read",
)
STACK_CREATE = Operation("cloudapi", "stacks", "create", "POST", "/cloudapi/stacks/create", (), (), NUMBER)
STACKS = Operation(
    "cloudapi", "stacks", "list", "POST", "/cloudapi/stacks/list", (), (), Array(Reference("Stack")), guest=True
)
API = Api("9.9", "T", "7.0", "", (STACK_CREATE, STACK_GET, STACKS), (Definition("Stack", STACK),))


def ask(portal, path, *, query="", authkey=True, method="POST"):
    """Status, headers and body of a WSGI call."""
    key = f"&authkey={portal.auth_secrets.portal}" if authkey else ""
    said = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": f"/restmachine{path}", "QUERY_STRING": query + key}
    chunks = portal(environ, lambda status, headers: said.extend((status, dict(headers))))
    return *said, b"".join(chunks)


def test_any_api_is_played():
    """A value that fits its shape, and names what was asked for."""
    status, headers, body = ask(Simulator(API), "/cloudapi/stacks/get", query="stackId=7")

    assert (status, headers["Content-Type"]) == ("200 OK", "application/json")
    assert json.loads(body) == {"id": 7, "name": ""}


def test_what_is_created_twice_has_two_numbers():
    """Also where nothing else is known of it."""
    portal = Simulator(API)

    assert [ask(portal, "/cloudapi/stacks/create")[2] for _ in range(2)] == [b"1000001", b"1000002"]


def test_what_has_no_state_is_named():
    """For `serve --operations`."""
    assert Simulator(API).operations_without_state() == tuple(operation.place for operation in API.operations)


@pytest.mark.parametrize(
    ("path", "query", "authkey", "status"),
    [
        pytest.param("/cloudapi/stacks/nothing", "", False, 404, id="route before login"),
        pytest.param("/cloudapi/stacks/get", "", False, 401, id="login before parameters"),
        pytest.param("/cloudapi/stacks/get", "", True, 400, id="parameters"),
        pytest.param("/cloudapi/stacks/list", "", False, 200, id="some calls need no login"),
        pytest.param("/cloudapi/stacks/get", "stackId=1&format=nothing", True, 500, id="the format comes last"),
    ],
)
def test_the_order_of_checks(path, query, authkey, status):
    """As in a portal."""
    assert ask(Simulator(API), path, query=query, authkey=authkey)[0].startswith(str(status))


def test_parameters_come_before_objects_and_objects_before_rights(alice, bob):
    """400, 404, 403, and then the rules."""
    new = {"name": "x" * 3, "imageId": 1, "disksize": 1, "sizeId": 1}

    assert bob.post("/cloudapi/machines/create", **{**new, "name": "x"}, cloudspaceId=99).status == 400
    assert bob.post("/cloudapi/machines/create", **new, cloudspaceId=99).status == 404
    assert bob.post("/cloudapi/machines/create", **new, cloudspaceId=1).status == 403
    assert alice.post("/cloudapi/machines/create", **new, cloudspaceId=1).status == 400


def test_requests_are_seen_by_value():
    """Two equal ones are equal."""
    portal = Simulator(API)
    for _ in range(2):
        ask(portal, "/cloudapi/stacks/list")

    assert portal.seen[0] == portal.seen[1]
    assert portal.seen[0].path == "/restmachine/cloudapi/stacks/list"


def test_an_empty_portal_has_users_and_places_only(pinned):
    """Accounts come later."""
    portal = Simulator(pinned("2.4.5")[0], seed="empty")

    assert len(portal.state.accounts) == len(portal.state.machines) == 0
    assert len(portal.state.locations) == 1


def test_an_unknown_seed():
    """Names the known ones."""
    with pytest.raises(UnknownSeed, match="demo, empty"):
        Simulator(API, seed="x")


def test_the_same_calls_get_the_same_answers(pinned, clock):
    """Two new portals tell one story."""
    answers = []
    for _ in range(2):
        portal = Simulator(*pinned("2.4.5"), clock=clock, sleep=clock.sleep)
        new = "cloudspaceId=1&name=web2&sizeId=1&imageId=1&disksize=10"
        ask(portal, "/cloudapi/machines/create", query=new)
        answers.append(ask(portal, "/cloudapi/machines/get", query="machineId=2")[2])

    assert answers[0] == answers[1]
