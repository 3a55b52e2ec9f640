"""Faults on their way to a client: on real sockets, asked for by a test or by the request itself."""

import http.client
import json
import socket
import struct
import threading
from urllib.parse import urlsplit

import pytest
import requests

from ovcgen.simulator import LOGINS, HttpRequest, Pace, running
from ovcgen.simulator.log_and_fault_middleware import KEPT, LARGEST, Gate, Log
from ovcgen.simulator.responses import HttpResponse

LIST, CREATE = "/restmachine/cloudapi/machines/list", "/restmachine/cloudapi/machines/create"


@pytest.fixture(scope="module")
def started(pinned):
    """A portal and its identity provider."""
    with running(*pinned("2.4.5"), pace=Pace()) as portal:
        yield portal


@pytest.fixture
def portal(started):
    """The same one, as new."""
    started.simulator.reset()
    return started


def key(portal):
    """Of the portal's administrator."""
    return portal.simulator.auth_secrets.portal


def ask(portal, path=LIST, headers=None, **values):
    """A form post."""
    form = {"authkey": key(portal), "cloudspaceId": 1, **values}
    accept = {"Accept": "application/json"}
    return requests.post(f"{portal.url}{path}", data=form, headers={**accept, **(headers or {})}, timeout=10)


def new(name):
    """What a machine is made of."""
    return {"name": name, "sizeId": 1, "imageId": 1, "disksize": 10}


def names(portal):
    """Of all machines."""
    return [machine.name for machine in portal.simulator.state.machines]


def received(portal, limit=None):
    """Every byte that the portal sends on one connection, and how it ends: `FIN`, `RST`, or `` if still open."""
    parts = urlsplit(portal.url)
    body = f"authkey={key(portal)}&cloudspaceId=1".encode()
    head = f"POST {LIST} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head += "Accept: application/json\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        content = b""
        while limit is None or len(content) < limit:
            try:
                piece = connection.recv(65536)
            except ConnectionResetError:
                return content, "RST"
            if not piece:
                return content, "FIN"
            content += piece
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return content, ""


def test_a_status_for_some_calls(portal):
    """The others are answered; then all are again."""
    portal.simulator.faults.add("status", status=503, retry_after=1, operation="cloudapi.machines.list", times=2)

    assert ask(portal, "/restmachine/cloudapi/accounts/list").ok
    first = ask(portal)
    assert (first.status_code, first.headers["Retry-After"]) == (503, "1")
    assert [ask(portal).status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize(("kind", "end"), [("drop", "FIN"), ("reset", "RST")])
def test_a_connection_ends_without_a_byte(portal, kind, end):
    """In order, or with a reset."""
    portal.simulator.faults.add(kind)

    assert received(portal) == (b"", end)


@pytest.mark.parametrize("kind", ["drop", "reset"])
@pytest.mark.parametrize(("executed", "machines"), [(False, ["web1"]), (True, ["web1", "new"])])
def test_nobody_knows_whether_it_was_carried_out(portal, kind, executed, machines):
    """But the test."""
    portal.simulator.faults.add(kind, executed=executed)

    with pytest.raises(requests.ConnectionError):
        ask(portal, CREATE, **new("new"))
    assert names(portal) == machines


def test_half_an_answer(portal):
    """The connection ends in the middle of the body."""
    portal.simulator.faults.add("half", times=2)
    content, end = received(portal)
    head, _, body = content.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])

    assert (len(body), end) == (length // 2, "FIN")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(portal)


def test_an_answer_that_drips(portal):
    """Whole, at last; byte by byte until then."""
    portal.simulator.faults.add("drip", times=2)
    content, end = received(portal)

    assert end == "FIN"
    assert json.loads(content.partition(b"\r\n\r\n")[2])[0]["name"] == "web1"
    assert ask(portal).json()[0]["name"] == "web1"


def test_a_client_may_leave_a_drip(portal):
    """Nothing breaks, and the next one is answered."""
    portal.simulator.faults.add("drip", seconds=0.01)
    content, _ = received(portal, limit=5)

    assert b"HTTP/1.1".startswith(content[:8]) or content.startswith(b"HTTP/")
    assert ask(portal).ok


def test_any_bytes(portal):
    """A client reads them as they are."""
    portal.simulator.faults.add("raw", body="HTTP/1.1 999999 \xff\r\n\r\n")

    assert received(portal) == (b"HTTP/1.1 999999 \xff\r\n\r\n", "FIN")


def test_a_delay_goes_by_the_portals_clock(portal):
    """An hour is over when the clock has been turned."""
    portal.simulator.faults.add("delay", seconds=3600)
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(ask(portal)))
    waiting.start()
    while not portal.simulator.seen:
        pass
    assert ask(portal).ok
    assert answers == []

    while waiting.is_alive():  # it may not have begun to wait yet
        portal.simulator.advance(3600)
        waiting.join(0.05)
    assert answers[0].ok


def test_the_identity_provider_fails_on_demand(portal):
    """By its own names; the portal goes on."""
    portal.simulator.faults.add("status", status=500, operation="itsyouonline.*", body="", times=1)
    form = {"grant_type": "client_credentials", "response_type": "id_token"}
    form |= {"client_id": LOGINS.client_id, "client_secret": LOGINS.client_secret}
    address = f"{portal.itsyouonline}/v1/oauth/access_token"

    assert ask(portal).ok
    assert [requests.post(address, data=form, timeout=10).status_code for _ in range(2)] == [500, 200]


def test_faults_of_all_calls_are_not_the_identity_providers(portal):
    """Or no test could log in."""
    portal.simulator.faults.add("drop", times=None)

    assert requests.get(portal.itsyouonline, timeout=10).status_code == 404


@pytest.mark.parametrize("asked", ["status", '{"kind": "status", "status": 500}'])
def test_a_request_asks_for_its_own_fault(portal, asked):
    """With the token of this run; no other request notices."""
    headers = {"X-Simulator-Fault": asked, "X-Simulator-Token": portal.simulator_token}

    assert ask(portal, headers=headers).status_code == 500
    assert ask(portal).ok


@pytest.mark.parametrize(
    ("fault", "token", "status", "words"),
    [
        ("drop", "", 403, "needs the token"),
        ("drop", "wrong", 403, "needs the token"),
        ("drop", "\xff", 403, "needs the token"),
        ("earthquake", None, 400, "No such fault"),
        ("{", None, 400, "is no JSON"),
        ('{"kind": "drop", "x": 1}', None, 400, "No such fault: x"),
        ("{}", None, 400, "without a kind"),
    ],
)
def test_a_fault_that_can_not_be_had_is_explained(portal, fault, token, status, words):
    """The call is not carried out."""
    headers = {"X-Simulator-Fault": fault, "X-Simulator-Token": portal.simulator_token if token is None else token}
    answer = ask(portal, CREATE, headers={name: value.encode("latin-1") for name, value in headers.items()}, **new("x"))

    assert (answer.status_code, names(portal)) == (status, ["web1"])
    assert words in answer.json()


def test_a_reset_ends_one_connection_only(portal):
    """Others, kept alive, go on."""
    parts = urlsplit(portal.url)
    kept = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    kept.request("GET", "/x")
    kept.getresponse().read()
    portal.simulator.faults.add("reset")
    assert received(portal)[1] == "RST"

    kept.request("GET", "/x")
    assert kept.getresponse().status == 404
    kept.close()


def test_what_waits_is_let_go_at_the_end(pinned):
    """A portal ends at once, whatever it holds back."""
    with running(*pinned("2.4.5")) as portal:
        portal.simulator.faults.add("delay", seconds=3600)
        waiting = threading.Thread(target=lambda: ask(portal))
        waiting.start()
        while not portal.simulator.seen:
            pass
    waiting.join(5)

    assert not waiting.is_alive()


def request(body):
    """Some request."""
    return HttpRequest("POST", "/x", "", (), body)


def test_the_log_forgets_the_oldest():
    """Beyond a number."""
    log = Log()
    for number in range(KEPT + 5):
        log.add(request(b"%d" % number))

    assert [request.body for request in log.latest()[:2]] == [b"5", b"6"]
    assert len(log.latest()) == KEPT


def test_the_log_forgets_what_is_too_large():
    """But never the latest."""
    log, large = Log(), b"x" * (LARGEST // 2)
    for number in range(4):
        log.add(request(large + b"%d" % number))
    assert [request.body[-1:] for request in log.latest()] == [b"3"]

    log.clear()
    log.add(request(b"small"))
    log.add(request(large))
    assert len(log.latest()) == 2


def test_the_token_is_of_this_run():
    """Long, and not that of another."""
    one, other = Gate(print), Gate(print)

    assert len(one.token) >= 32
    assert one.token != other.token
    assert one.pass_through(request(b""), "a.b.c", lambda _: HttpResponse(204)) == HttpResponse(204)


def test_observers_get_every_response(portal):
    """Observers get the operation's name and every response, also those of faults and of the identity provider."""
    got = []
    portal.simulator.gate.observers.append(lambda *given: got.append(given))
    portal.simulator.faults.add("drop", operation="cloudapi.machines.list")
    with pytest.raises(requests.ConnectionError):
        ask(portal)
    ask(portal)
    requests.post(f"{portal.itsyouonline}/v1/oauth/access_token", timeout=10)
    portal.simulator.gate.observers.clear()

    assert [operation for operation, _, _ in got] == ["cloudapi.machines.list"] * 2 + ["itsyouonline.access_token"]
    assert [getattr(sent, "status", "cut") for _, _, sent in got] == ["cut", 200, 400]
    assert [request for _, request, _ in got[:2]] == list(portal.simulator.seen)
