"""A call without an answer: never sent, or perhaps carried out. The difference decides whether it may be repeated."""

import socket
from pathlib import Path

import pytest

from tests.runtime.conftest import RESET, SILENCE

HALF = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a"'
BAD_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
BAD_GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"
LOST = {
    "reset": RESET,
    "noise": b"???\r\n\r\n",
    "chunks": BAD_CHUNK,
    "gzip": BAD_GZIP,
    "silence": SILENCE,
    "half": HALF,
}


def closed_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_copy_of_request_headers_stands_alone(runtime):
    """A copy can be signed and leaves the original unsigned; names keep their case and are found in any."""
    headers = runtime.adapter.RequestHeaders({"Accept": "a", "X-Token": "b"})
    signed = headers.copy()
    signed["authorization"] = "bearer c"
    assert list(headers.items()) == [("Accept", "a"), ("X-Token", "b")]
    assert dict(signed.items()) == {"Accept": "a", "X-Token": "b", "authorization": "bearer c"}
    assert (signed["AUTHORIZATION"], "accept" in signed, signed == dict(signed)) == ("bearer c", True, True)


def test_a_refused_connection_was_never_sent(runtime, connect, operation):
    """Even a call that creates something may be repeated."""
    with pytest.raises(
        runtime.errors.TransportError, match=r"did not reach http://127.*: connection refused"
    ) as caught:
        connect(f"http://127.0.0.1:{closed_port()}").call(operation(), {})
    assert "safe to repeat" in caught.value.fix


def test_an_unknown_host_was_never_sent(runtime, connect, operation):
    """The message names it, so that a misspelling is seen."""
    with pytest.raises(runtime.errors.TransportError, match=r"did not reach http://portal\.invalid.*: no such host"):
        connect("http://portal.invalid").call(operation(), {})


def test_a_proxy_that_refuses_was_never_sent(runtime, connect, operation, monkeypatch):
    """The portal has not heard of it; the proxy's login is not shown."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://ann:canary@127.0.0.1:{closed_port()}")
    with pytest.raises(runtime.errors.TransportError, match="the proxy refused") as caught:
        connect("https://portal.invalid").call(operation(), {})
    assert ("HTTPS_PROXY" in caught.value.fix, "canary" in str(caught.value)) == (True, False)


def test_a_portal_without_tls_was_never_sent(runtime, connect, operation, portal):
    """The handshake fails before the request is written."""
    with pytest.raises(runtime.errors.TransportError, match="certificate or TLS refused") as caught:
        connect(portal.url.replace("http:", "https:")).call(operation(), {})
    assert "CA bundle" in caught.value.fix
    assert "write http:// in the address" in caught.value.fix


@pytest.mark.parametrize("said", LOST)
def test_a_lost_answer_may_have_been_carried_out(runtime, connect, operation, portal, said):
    """Of a call that changes something nobody may say that it is safe to repeat; of a read everybody."""
    portal.says(LOST[said])
    timeout = 0.3 if said in ("silence", "half") else 5.0
    with pytest.raises(runtime.errors.OutcomeUnknown, match="was sent and its answer lost"):
        connect(timeout=timeout).call(operation(), {})
    kind, words = (runtime.errors.TransportError, "was lost.*safe to repeat")
    if said == "gzip":
        kind, words = (runtime.errors.DecodeError, "can't be decompressed")
    with pytest.raises(kind, match=words):
        connect(timeout=timeout).call(operation(retry="read"), {})


@pytest.mark.parametrize("said", LOST)
def test_a_lost_answer_is_not_asked_for_again(runtime, connect, operation, portal, said):
    """One call is one request."""
    portal.says(LOST[said])
    with pytest.raises(runtime.errors.OutcomeUnknown):
        connect(timeout=0.3).call(operation(), {})
    assert len(portal.seen) == 1


@pytest.mark.parametrize(
    "url",
    [
        "be-g8-3.example",
        "ftp://be-g8-3.example",
        "https://",
        "",
        "https://a b.example",
        "https://a%20b.example",
        "https://a<b.example",
        "https://a;b",
        'https://a"b',
        "https://{a}.example",
        "https://a|b",
        "https://be-g8-3.example:70000",
        "https://be-g8-3.example?a=b",
        "https://be-g8-3.example#x",
        "https://ann:canary@be-g8-3.example",
        "ann:canary@be-g8-3.example",
        "https://[half",
        "https://be-g8-3.example/\r\nHost: evil",
        "https://\ud800.example",
        None,
        7,
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_opened(runtime, url):
    """In words that do not repeat a password."""
    with pytest.raises(runtime.errors.ArgumentError, match="is no address of a portal") as caught:
        runtime.adapter.checked_url(url, "a portal")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("portal.example", "https://portal.example, or http://portal.example for plain http."),
        ("127.0.0.1:8080/api", "https://127.0.0.1:8080/api, or http://127.0.0.1:8080/api for plain http."),
        ("localhost", "https://localhost, or http://localhost for plain http."),
        ("[::1]:80", "https://[::1]:80, or http://[::1]:80 for plain http."),
        ("prod", "Pass one such as https://be-g8-3.example"),
        ("ftp://portal.example", "Pass one such as https://be-g8-3.example"),
        ("ann:canary@be-g8-3.example", "Pass one such as https://be-g8-3.example"),
    ],
)
def test_an_address_without_a_scheme_is_refused_with_its_spellings(runtime, url, fix):
    """The error shows the address with both schemes; neither is tried without being asked for."""
    with pytest.raises(runtime.errors.ArgumentError, match="is no address of a portal") as caught:
        runtime.adapter.checked_url(url, "a portal")
    assert fix in caught.value.fix


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://[::1]:80", "https://[fe80::1%25eth0]", "https://a_b.example", "https://x."]
)
def test_hosts_of_every_kind_are_taken(runtime, url):
    """Names, and addresses of both kinds."""
    assert runtime.adapter.checked_url(url, "a portal") == url


def test_an_address_is_sent_as_it_should_be_written(runtime):
    """International names in ASCII, blanks in the path quoted, no slash at the end."""
    checked = runtime.adapter.checked_url("https://bücher.example:8443/a b/", "a portal")
    assert checked == "https://xn--bcher-kva.example:8443/a%20b"


@pytest.mark.parametrize("path", ["/nowhere/ca.pem", Path("/nowhere/ca.pem"), ""])
def test_a_missing_ca_bundle_is_refused_at_once(runtime, connect, path):
    """It is refused when the client is made, and an empty path never means "verify nothing"."""
    with pytest.raises(runtime.errors.ArgumentError, match=f"There is no CA bundle at '{path}'"):
        connect(verify=path)


def test_the_environments_ca_bundle_counts(runtime, connect, monkeypatch):
    """REQUESTS_CA_BUNDLE is what the rest of a company's tools use; an explicit verify= wins."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(runtime.errors.ArgumentError, match="REQUESTS_CA_BUNDLE"):
        connect()
    connect(verify=False)


def test_a_connection_is_kept_for_the_next_call(connect, operation, portal):
    """A handshake per call would cost more than the call."""
    client = connect()
    client.call(operation(), {})
    client.call(operation(called="machines.other"), {})
    assert portal.seen[0].connection == portal.seen[1].connection
