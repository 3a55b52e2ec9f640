"""Requests as values."""

import io

from ovcgen.simulator.request import read_request


def test_a_request_is_read_from_its_environment():
    """Paths as they were sent, names of headers in lower case."""
    environ = {
        "REQUEST_METHOD": "post",
        "REQUEST_URI": "/a%20b?c=d",
        "PATH_INFO": "/a b",
        "QUERY_STRING": "c=d",
        "CONTENT_TYPE": "text/plain; charset=utf-8",
        "CONTENT_LENGTH": "3",
        "HTTP_X_Y": "z",
        "wsgi.input": io.BytesIO(b"xyz!"),
    }
    request = read_request(environ)

    assert (request.method, request.path, request.query, request.body) == ("POST", "/a%20b", "c=d", b"xyz")
    assert request.headers == (("content-length", "3"), ("content-type", "text/plain; charset=utf-8"), ("x-y", "z"))
    assert request.content_type == "text/plain"
    assert request.header("X-Y") == "z"
    assert request.header("nothing") is None
