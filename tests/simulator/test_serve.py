"""A port, real sockets, and what may come through them."""

import contextlib
import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests

from ovcgen.simulator import serving
from ovcgen.simulator.http_server import Limits


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
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nhost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\nx",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: bearer a\r\nAuthorization: bearer b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 40\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nno header\r\nContent-Length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\0X: a\r\nContent-Length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n Content-Length: 2\r\n\r\nab",
        *(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
            for chunks in (b"+2\r\nab\r\n", b"0x2\r\nab\r\n", b"1_0\r\n", b"2\r\nabc\r\n", b"\r\n")
        ),
    ],
)
def test_broken_requests_are_refused(url, data):
    """400."""
    assert b" 400 " in said(url, data)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "multipart/mixed", "message/rfc822", "text/plain"])
def test_a_body_may_have_any_content_type(url, kind):
    """The parser of heads, which knows mails, finds fault with a multipart head: the body is not behind it."""
    assert requests.post(url, data=b"--b", headers={"Content-Type": kind}, timeout=5).text == "POST / --b"


@pytest.mark.parametrize("coding", ["gzip, chunked", "xchunked", "identity"])
def test_other_codings_than_chunked_are_refused(url, coding):
    """What can't be decoded has no known end either."""
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {coding}\r\n\r\n".encode()

    assert b" 501 " in said(url, head + b"0\r\n\r\n")


@pytest.mark.parametrize("method", ["QUERY", "TRACE", "M-SEARCH", "copy"])
def test_any_method_reaches_the_application(url, method):
    """OpenAPI 3.2 describes methods of one's own."""
    assert requests.request(method, url, data=b"abc", timeout=5).text.endswith(" / abc")


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


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://localhost/x?y=1", 200),
        ("http://evil.example/x", 421),
        ("http://localhost@evil.example/x", 421),
        ("http://[/x", 421),
    ],
)
def test_a_path_that_is_a_whole_address(url, target, status):
    """Its host counts as the header does; the rest is the path."""
    line = said(url, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    assert line.startswith(f"HTTP/1.1 {status} ".encode())


def opened(url):
    """A connection to the port."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=5)


HEAD = b"POST /x HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        pytest.param(b"", b"G", id="the request line"),
        pytest.param(HEAD, b"X-A: b\r\n", id="the headers"),
        pytest.param(HEAD + b"Content-Length: 1000\r\n\r\n", b"x", id="the body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="a chunked body"),
    ],
)
def test_a_request_that_does_not_end_is_given_up(begin, drop):
    """However regularly a piece of it comes; others are answered meanwhile, and its thread is free again."""
    with serving(echo, limits=Limits(reading=0.4)) as url, opened(url) as slow:
        began = time.monotonic()
        slow.sendall(begin)
        slow.settimeout(0.05)
        with contextlib.suppress(ConnectionError):  # closed while we were still sending
            while time.monotonic() < began + 5:
                slow.sendall(drop)
                assert requests.get(url, timeout=5).ok
                with contextlib.suppress(TimeoutError):
                    if slow.recv(1) == b"":
                        break

        assert 0.3 < time.monotonic() - began < 5


def test_an_idle_connection_is_closed():
    """After a while of its own."""
    with serving(echo, limits=Limits(idle=0.2)) as url, opened(url) as idle:
        assert idle.recv(1) == b""


def test_a_slow_call_may_take_longer_than_its_request():
    """The limit is for reading it."""

    def slow(environ, start_response):
        time.sleep(0.5)
        return echo(environ, start_response)

    with serving(slow, limits=Limits(reading=0.2, idle=0.2)) as url:
        assert requests.post(f"{url}/x", data=b"y", timeout=5).text == "POST /x y"


def test_an_idle_connection_makes_room_for_a_new_one():
    """The one that has been idle longest."""
    with serving(echo, limits=Limits(connections=2)) as url, requests.Session() as first, requests.Session() as second:
        assert first.get(url, timeout=5).ok
        assert second.get(url, timeout=5).ok
        assert requests.get(url, timeout=5).ok
        threads = [thread for thread in threading.enumerate() if "process_request" in thread.name]

        assert len(threads) <= 3


def test_when_all_connections_are_busy_a_new_one_is_refused():
    """503, with a word when to come again; then there is room again."""
    begun, release = threading.Semaphore(0), threading.Event()

    def slow(environ, start_response):
        begun.release()
        release.wait(5)
        return echo(environ, start_response)

    with serving(slow, limits=Limits(connections=2)) as url:
        busy = [threading.Thread(target=requests.get, args=(url,), kwargs={"timeout": 5}) for _ in range(2)]
        for thread in busy:
            thread.start()
        assert all(begun.acquire(timeout=5) for _ in busy)
        with opened(url) as refused:
            assert refused.makefile("rb").read().startswith(b"HTTP/1.1 503 Busy\r\n")

        release.set()
        for thread in busy:
            thread.join()
        assert any(requests.get(url, timeout=5).ok or time.sleep(0.05) for _ in range(100))


def test_the_log_shows_no_secret_of_a_query(url, caplog):
    """The server's log hides a client secret or a session key in the query of a request."""
    caplog.set_level("DEBUG", "ovcgen.simulator.http_server")

    requests.get(f"{url}/restmachine/cloudapi/accounts/list?authkey=5e55ion-of-carl", timeout=5)

    assert "accounts/list?authkey=*** " in caplog.text
    assert "of-carl" not in "".join(record.getMessage() for record in caplog.records if "simulator" in record.name)
