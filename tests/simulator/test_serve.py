"""A port, real sockets, and what may come through them."""

import http.client
import socket
import threading
from urllib.parse import urlsplit

import pytest
import requests

from ovcgen.simulator import serving


def echo(environ, start_response):
    """A WSGI application that says what it got."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
    text = f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']} {body.decode()}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))])
    return [text]


@pytest.fixture
def url():
    """The echo, served."""
    with serving(echo) as address:
        yield address


def said(url, data):
    """What the port answers to raw bytes."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(data)
        return connection.makefile("rb").readline()


def test_a_connection_is_kept_alive(url):
    """Two requests, one connection."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    answers = []
    for number in range(2):
        connection.request("POST", f"/x?n={number}", body=b"y")
        answers.append(connection.getresponse().read())
        port = connection.sock.getsockname()[1]
    assert answers == [b"POST /x?n=0 y", b"POST /x?n=1 y"]
    assert connection.sock.getsockname()[1] == port
    connection.close()


def test_a_chunked_body_is_read(url):
    """As any other."""
    assert requests.post(url, data=iter([b"ab", b"c"]), timeout=5).text == "POST / abc"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example"])
def test_only_names_of_this_machine_are_answered(url, host):
    """A page in a browser can't reach the simulator under its own name."""
    assert requests.get(url, headers={"Host": host}, timeout=5).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:80", "LOCALHOST:1"])
def test_names_of_this_machine_are_answered(url, host):
    """With or without a port."""
    assert requests.get(url, headers={"Host": host}, timeout=5).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_broken_requests_are_refused(url, data):
    """400."""
    assert b" 400 " in said(url, data)


def test_a_slow_call_does_not_stop_others():
    """A thread per connection."""
    release = threading.Event()

    def slow(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            release.wait(5)
        return echo(environ, start_response)

    with serving(slow) as url:
        waiting = threading.Thread(target=requests.get, args=(f"{url}/slow",), kwargs={"timeout": 5})
        waiting.start()
        assert requests.get(f"{url}/fast", timeout=5).status_code == 200
        release.set()
        waiting.join()


def test_nothing_is_left_behind():
    """After the block nobody answers, though a client keeps its connection."""
    with serving(echo) as url, requests.Session() as session:
        session.get(url, timeout=5)
    names = [thread.name for thread in threading.enumerate() if "process_request" in thread.name]

    assert names == []
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)


def asked(url, host):
    """The status that a client of that name gets."""
    return requests.get(url, headers={"Host": host}, timeout=5).status_code


def test_other_names_are_answered_where_somebody_says_so():
    """In any case; still no others."""
    with serving(echo, names=["Portal.test"]) as url:
        assert [asked(url, host) for host in ("portal.test", "portal.test:80", "PORTAL.TEST")] == [200] * 3
        assert asked(url, "evil.example") == 421


def test_an_address_that_was_reached_is_a_name_too():
    """A page in a browser can't have it as its own origin."""
    everywhere = "0.0.0.0"  # noqa: S104 - this is what the test is about
    with serving(echo, host=everywhere) as url:
        port = urlsplit(url).port
        assert url == f"http://127.0.0.1:{port}"
        assert requests.get(f"http://127.0.0.2:{port}", timeout=5).status_code == 200
        assert asked(url, "127.0.0.2") == 421
        assert asked(url, everywhere) == 421
