"""Faults as values: which requests they are for, how often, and what they make of an answer."""

import json
import threading
from collections import Counter

import pytest

import ovcgen
from ovcgen.simulator import Fault, Faults, UnusedFaults
from ovcgen.simulator.faults import KINDS, NoSuchOperation, WrongFault, fault_of, faulty_response
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import RawResponse

TRUE = HttpResponse(200, b'{"id": 12}', "application/json", (("Set-Cookie", "a=b"),))
LIST = "cloudapi.machines.list"


def made(kind, **what):
    """What a fault of that kind makes of an answer, and whether the call was carried out."""
    carried = []

    def carry_out():
        carried.append(True)
        return TRUE

    return faulty_response(Fault(kind, **what), carry_out), bool(carried)


@pytest.mark.parametrize(
    ("pattern", "operation", "fits"),
    [
        ("*.*.*", LIST, True),
        ("*.*.*", "itsyouonline.refresh", False),
        ("*", "itsyouonline.refresh", True),
        ("itsyouonline.*", LIST, False),
        ("cloudapi.machines.*", LIST, True),
        ("cloudapi.*.list", LIST, True),
        ("cloudapi.machines.li", LIST, False),
        ("Cloudapi.machines.list", LIST, False),
    ],
)
def test_a_pattern_says_which_calls(pattern, operation, fits):
    """Those of the portal unless it says otherwise."""
    assert Fault("drop", operation=pattern).fits(operation, "POST") is fits


def test_a_method_may_be_named_too():
    """In any case."""
    assert Fault("drop", method="get").fits(LIST, "GET")
    assert not Fault("drop", method="GET").fits(LIST, "POST")


def test_a_fault_is_used_up():
    """After as many requests as were said; the next one waits behind it."""
    faults = Faults()
    faults.add("status", status=503, times=2)
    faults.add("drop")
    taken = [faults.take(LIST, "POST") for _ in range(4)]

    assert [fault and fault.kind for fault in taken] == ["status", "status", "drop", None]
    assert len(faults) == 0


def test_a_fault_may_last():
    """Until it is taken back."""
    faults = Faults()
    number = faults.add("drop", times=None)
    assert all(faults.take(LIST, "POST") for _ in range(10))

    assert faults.remove(number)
    assert not faults.remove(number)
    assert faults.take(LIST, "POST") is None


def test_requests_at_once_share_the_times():
    """None is lost, none is used twice."""
    faults, taken = Faults(), Counter()
    faults.add("drop", times=500)

    def take():
        for _ in range(100):
            taken[faults.take(LIST, "POST") is not None] += 1

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == {True: 500, False: 300}


def test_what_waits_can_be_looked_at_and_cleared():
    """By number."""
    faults = Faults()
    first, second = faults.add("drop"), faults.add("half")
    assert [(number, fault.kind) for number, fault in faults] == [(first, "drop"), (second, "half")]

    faults.clear()
    assert list(faults) == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "earthquake"},
        {"kind": ["drop"]},
        {"kind": "drop", "often": 3},
        {"kind": "drop", "times": 0},
        {"kind": "drop", "times": "1"},
        {"kind": "drop", "times": True},
        {"kind": "status", "status": 99},
        {"kind": "status", "status": "503"},
        {"kind": "delay", "seconds": -1},
        {"kind": "delay", "seconds": float("nan")},
        {"kind": "drop", "executed": 1},
        {"kind": "status", "headers": [["a", "b"]]},
        {"kind": "status", "headers": {"a": "b\r\nc: d"}},
        {"kind": "status", "retry_after": "1\r\nc: d"},
        {"kind": "wrong-type", "content_type": "a\nb"},
    ],
    ids=json.dumps,
)
def test_what_can_not_be_played_is_refused(said):
    """It names the kinds, and all that can be said."""
    with pytest.raises(WrongFault) as refused:
        fault_of(said)
    assert "bad-json" in refused.value.fix
    assert "retry_after" in refused.value.fix


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, "text/html", "401 Unauthorized"),
        (419, "application/json", "expired authkey"),
        (429, "application/json", '"Too Many Requests"'),
        (500, "text/html", '"eco-66-'),
        (502, "text/html", "502 Bad Gateway"),
        (503, "application/json", '"Service Unavailable"'),
        (504, "text/html", "504 Gateway Timeout"),
        (599, "application/json", '"Unknown"'),
    ],
)
def test_a_status_comes_with_its_usual_body(status, kind, words):
    """A portal's, or that of what stands before it; the call is not carried out."""
    answer, carried_out = made("status", status=status)

    assert (answer.status, answer.kind, carried_out) == (status, kind, False)
    assert words in answer.body.decode()


def test_all_of_a_status_can_be_chosen():
    """And the call may be carried out before."""
    answer, carried_out = made(
        "status", status=503, body="busy", content_type="text/plain", headers={"X-A": "b"}, retry_after=7, executed=True
    )

    assert answer == HttpResponse(503, b"busy", "text/plain", (("X-A", "b"), ("Retry-After", "7")))
    assert carried_out


def test_a_delayed_answer_is_the_true_one():
    """The gate holds it back."""
    assert made("delay", seconds=3) == (TRUE, True)


@pytest.mark.parametrize("kind", ["drop", "reset"])
@pytest.mark.parametrize("executed", [False, True])
def test_a_connection_ends_without_an_answer(kind, executed):
    """Before the call was carried out, or after."""
    assert made(kind, executed=executed) == (RawResponse(reset=kind == "reset"), executed)


def test_half_an_answer_announces_all_of_it():
    """The length is that of the whole."""
    cut, carried_out = made("half")

    assert cut.content.endswith(b'\r\n\r\n{"id"')
    assert b"Content-Length: 10\r\n" in cut.content
    assert carried_out


def test_a_drip_is_the_true_answer_byte_by_byte():
    """Head and body."""
    cut, _ = made("drip", seconds=0.5)

    assert cut.content.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: a=b\r\n")
    assert cut.content.endswith(b'\r\n\r\n{"id": 12}')
    assert (cut.step, cut.pause) == (1, 0.5)


def test_a_wrong_type_has_the_true_body():
    """HTML unless it says otherwise."""
    assert made("wrong-type")[0] == HttpResponse(200, TRUE.body, "text/html", TRUE.headers)
    assert made("wrong-type", content_type="text/csv")[0].kind == "text/csv"


def test_bad_json_says_that_it_is_json():
    """With the right length."""
    answer, carried_out = made("bad-json")

    assert (answer.status, answer.kind, carried_out) == (200, "application/json", False)
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(answer.body)


def test_a_page_instead_of_an_answer_is_a_success():
    """As the login page that a portal shows."""
    answer, _ = made("html")

    assert (answer.status, answer.kind) == (200, "text/html")
    assert b"Login" in answer.body


def test_any_bytes_can_be_sent():
    """For what nobody has thought of."""
    assert made("raw", body="HTTP/1.1 \xff\r\n\r\n") == (RawResponse(b"HTTP/1.1 \xff\r\n\r\n"), False)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked_for_by_its_name_alone(kind):
    """What else there is to say has a default."""
    assert isinstance(made(kind)[0], HttpResponse | RawResponse)


@pytest.mark.parametrize(
    ("operation", "fix"),
    [
        ("cloudapi.machine.list", "The nearest: cloudapi.machines.list"),
        ("cloudapi.machines.List", "The nearest: cloudapi.machines.list"),
        ("itsyouonline.token", "The nearest: itsyouonline."),
        ("machines", "Write group.actor.method"),
        ("", "Write group.actor.method"),
    ],
)
def test_a_fault_for_no_operation_is_refused(operation, fix):
    """It would never happen, and the test that plans it would pass without it."""
    faults = Faults(
        {"cloudapi.machines.list", "cloudapi.machines.get", "itsyouonline.jwt", "itsyouonline.access_token"}
    )

    with pytest.raises(NoSuchOperation) as caught:
        faults.add("drop", operation=operation)
    assert repr(operation) in caught.value.what
    assert fix in caught.value.fix
    assert len(faults) == 0


def test_a_portal_knows_its_operations_and_those_of_its_identity_provider():
    """By their paths; patterns too."""
    with ovcgen.simulate("2.4.5") as server:
        faults = server.simulator.faults
        for known in (
            "cloudapi.machines.list",
            "*.*.list",
            "itsyouonline.*",
            "system.docgenerator.prepareCatalog",
            "*",
        ):
            faults.add("drop", operation=known)
        with pytest.raises(NoSuchOperation):
            faults.add("drop", operation="cloudapi.machines.lst")


def test_planned_faults_have_to_happen():
    """All times of each; one that lasts has to happen once, one that was taken back never."""
    faults = Faults()
    faults.check_used()
    faults.add("status", status=503, times=2, operation=LIST)
    lasting = faults.add("drop", times=None, operation="cloudapi.machines.get")
    faults.take(LIST, "POST")

    with pytest.raises(UnusedFaults) as caught:
        faults.check_used()
    assert f"status for {LIST} (used 1 of 2)" in str(caught.value)
    assert "drop for cloudapi.machines.get (used 0 of 1)" in str(caught.value)
    assert isinstance(caught.value, AssertionError)

    faults.take(LIST, "POST")
    faults.take("cloudapi.machines.get", "POST")
    faults.check_used()
    assert faults.used(lasting) == 1
    faults.remove(faults.add("half"))
    faults.check_used()


def test_a_fault_can_be_planned_for_a_block():
    """It has to happen inside, and is gone afterwards; an error of the block itself is not hidden."""
    faults = Faults()
    with faults.planned("drop"):
        assert faults.take(LIST, "POST")
    with pytest.raises(UnusedFaults, match=r"half for \*\.\*\.\* \(used 0 of 1\)"), faults.planned("half"):
        pass
    with pytest.raises(KeyError), faults.planned("half"):
        raise KeyError
    assert len(faults) == 0
