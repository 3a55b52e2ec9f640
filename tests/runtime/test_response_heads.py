"""The heads of requests and responses are written and read as `http.client` does, by the short way and the long one."""

from __future__ import annotations

import http.client
import socket
import time
from email.errors import MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.connection import HTTPConnection
from urllib3.util import SKIP_HEADER

from ovcgen.runtime import tracked_connections

BODY = b"0123456789"
USUAL = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n"
HEADS = {
    "usual": USUAL,
    "fields that occur twice": b"HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 10\r\nx-a: 2\r\n\r\n",
    "colons and blanks in a value": b"HTTP/1.1 200 OK\r\nDate: a: b:  c  \r\nContent-Length: 10\r\n\r\n",
    "another reason": b"HTTP/1.1 200  All right \r\ncontent-length: 10\r\n\r\n",
    "no reason": b"HTTP/1.1 200 \r\nContent-Length: 10\r\n\r\n",
    "no blank before the reason": b"HTTP/1.1 200\r\nContent-Length: 10\r\n\r\n",
    "no fields": b"HTTP/1.1 200 OK\r\n\r\n",
    "no length": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 3\r\n\r\n",
    "an empty length": b"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "a length with an underscore": b"HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n",
    "a length with a blank": b"HTTP/1.1 200 OK\r\nContent-Length: 10 \r\n\r\n",
    "an endless length": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunked with a length": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
    "closing": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n",
    "keeping": b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 10\r\n\r\n",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\n",
    "HTTP/1.2": b"HTTP/1.2 200 OK\r\nContent-Length: 10\r\n\r\n",
    "HTTP/2": b"HTTP/2 200 OK\r\nContent-Length: 10\r\n\r\n",
    "created": b"HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n",
    "a folded field": b"HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 10\r\n\r\n",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 10\n\n",
    "a bare carriage return": b"HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 10\r\n\r\n",
    "latin-1": b"HTTP/1.1 200 OK\r\nX-A: \xfc\r\nContent-Length: 10\r\n\r\n",
    "a blank before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 10\r\n\r\n",
    "no blank after the colon": b"HTTP/1.1 200 OK\r\nContent-Length:10\r\n\r\n",
    "no colon": b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 10\r\n\r\n",
    "several parts": b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary=a\r\nContent-Length: 10\r\n\r\n",
    "one hundred and one fields": b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 101 + b"Content-Length: 10\r\n\r\n",
    "more than a buffer": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 9000 + b"\r\nContent-Length: 10\r\n\r\n",
    "noise": b"???\r\n\r\n",
    "nothing": b"",
}

# A response of the type multipart/* has them all, and urllib3 ignores them.
IGNORED = (StartBoundaryNotFoundDefect, MultipartInvariantViolationDefect)


def read(response):
    """Return everything that a response tells after its head was read, and its body; or the error."""
    try:
        response.begin()
        known = {name: value for name, value in vars(response).items() if name not in ("fp", "headers", "msg")}
        message = response.msg
        defects = [kind for kind in map(type, message.defects) if kind not in IGNORED]
        return known, message.items(), message.get_payload(), defects, response.read(), response.isclosed()
    except http.client.HTTPException as error:
        return type(error), str(error)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("name", HEADS)
def test_a_head_is_read_as_http_client_reads_it(runtime, name, method):
    """Status, fields, length, framing, body and errors are the same, whatever the head looks like."""
    results = []
    for ours in (True, False):
        near, far = socket.socketpair()
        with near, far:
            far.sendall(HEADS[name] + BODY)
            far.shutdown(socket.SHUT_WR)
            attempt = runtime.tracked_connections.Attempt(time.monotonic() + 5, 5.0, 5.0)
            response = http.client.HTTPResponse(near, method=method)
            if ours:
                incoming = runtime.tracked_connections._Incoming(near, attempt)
                response = runtime.tracked_connections._Response(incoming, method=method)
            results.append(read(response))
    assert results[0] == results[1]


def test_a_head_in_pieces_is_read_as_one_in_one_piece(runtime):
    """The first piece ends anywhere."""
    for end in range(len(USUAL)):
        near, far = socket.socketpair()
        with near, far:
            incoming = runtime.tracked_connections._Incoming(
                near, runtime.tracked_connections.Attempt(time.monotonic() + 5, 5.0, 5.0)
            )
            response = runtime.tracked_connections._Response(incoming, method="POST")
            far.sendall(USUAL[:end] or USUAL)
            peeked = response.fp.peek()
            far.sendall((USUAL[end:] if end else b"") + BODY)
            response.begin()
            assert (len(peeked) > 0, response.status, response.length, response.read()) == (True, 200, 10, BODY)


def written(connection, headers):
    """Return the request that a connection writes, or the error."""
    try:
        connection.request("POST", "/", body=b"x", headers=dict(headers))
    except (ValueError, TypeError, UnicodeError) as error:
        return type(error), str(error)
    return connection.sent


@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("aZ-_ :\r\n\x00é€"), max_size=4)
            | st.sampled_from(["Host", "User-Agent", "Accept"]),
            st.text(st.sampled_from("a :\t\r\n\x00\x7f\x85\xa0é€"), max_size=5)
            | st.sampled_from([SKIP_HEADER, b"bytes", 1, None]),
        ),
        max_size=3,
    )
)
def test_headers_are_written_as_urllib3_writes_them(headers):
    """The request, or the error, is the same whatever the headers are."""

    class Kept(HTTPConnection):
        def send(self, data):
            self.sent = getattr(self, "sent", b"") + data

    class Tracking(tracked_connections._Noting, Kept):
        def _send_now(self, data):
            Kept.send(self, data)

    assert written(Tracking("localhost"), headers) == written(Kept("localhost"), headers)
