"""Files to a server: read while they are sent, whatever the caller has them in."""

import io
import os
import threading
import tracemalloc

import pytest

from tests.runtime.conftest import JSON, answer

CONTENT = b"\x00\xff--\r\n" * 40_000  # several pieces


@pytest.fixture
def upload(runtime):
    """`POST /files` with a text before and after the file."""
    parameters = [
        runtime.operation.ParameterSpec("before", "string"),
        runtime.operation.ParameterSpec("file", "file", required=True),
        runtime.operation.ParameterSpec("after", "array", items="integer"),
    ]
    return runtime.operation.OperationSpec(
        "files.add", "POST", "/files", tuple(parameters), plain=True, consumes="multipart/form-data"
    )


def parts(seen):
    """The parts of a multi-part body: the heading and the content of each."""
    boundary = seen.header("Content-Type").partition("boundary=")[2].encode()
    pieces = seen.body.split(b"--" + boundary)
    assert (pieces[0], pieces[-1]) == (b"", b"--\r\n")
    return [tuple(piece[2:-2].split(b"\r\n\r\n", 1)) for piece in pieces[1:-1]]


def test_fields_and_files_are_mixed_in_the_order_of_the_document(connect, portal, upload):
    """A list is repeated, as in any form."""
    connect().call(upload, {"after": [1, 2], "file": b"abc", "before": "tëxt"})
    assert parts(portal.seen[0]) == [
        (b'Content-Disposition: form-data; name="before"', "tëxt".encode()),
        (
            b'Content-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: application/octet-stream',
            b"abc",
        ),
        (b'Content-Disposition: form-data; name="after"', b"1"),
        (b'Content-Disposition: form-data; name="after"', b"2"),
    ]


def fill(descriptor, content):
    """Write into one end of a pipe."""
    with os.fdopen(descriptor, "wb") as end:
        end.write(content)


@pytest.mark.parametrize("how", ["bytes", "bytearray", "path", "text", "open", "memory", "pipe"])
def test_a_file_may_be_anything_that_has_bytes(connect, portal, upload, tmp_path, how):
    """The length is said beforehand where it is known."""
    path = tmp_path / 'my "file".bin'
    path.write_bytes(CONTENT)
    reading, writing = os.pipe()
    with path.open("rb") as opened, os.fdopen(reading, "rb") as pipe:
        filler = threading.Thread(target=fill, args=(writing, CONTENT if how == "pipe" else b""))
        filler.start()
        given = {"bytes": CONTENT, "bytearray": bytearray(CONTENT), "path": path, "text": str(path)}
        given |= {"open": opened, "memory": io.BytesIO(CONTENT), "pipe": pipe}
        connect().call(upload, {"file": given[how]})
        filler.join()
    [seen] = portal.seen
    [(heading, content)] = parts(seen)
    assert content == CONTENT
    assert (b'filename="my %22file%22.bin"' in heading) == (how in ("path", "text", "open"))
    assert (seen.header("Content-Length") == "") == (seen.header("Transfer-Encoding") == "chunked") == (how == "pipe")


def test_an_open_file_is_sent_from_where_it_stands(connect, portal, upload):
    """What was read of it before is not wanted."""
    file = io.BytesIO(b"head and rest")
    file.read(5)
    connect().call(upload, {"file": file})
    assert parts(portal.seen[0])[0][1] == b"and rest"


@pytest.mark.parametrize("wrong", [io.StringIO("text"), 3, object(), "/does/not/exist", "a\0b", ["a"]])
def test_what_is_no_file_is_refused(runtime, connect, portal, upload, wrong):
    """Before anything is sent."""
    with pytest.raises(runtime.errors.ArgumentError, match="binary mode"):
        connect().call(upload, {"file": wrong})
    assert portal.seen == []


def test_a_file_that_goes_away_is_our_error(runtime, connect, upload):
    """It is not the connection's."""

    class Failing(io.BytesIO):
        def read(self, size=-1, /):
            raise OSError(5, "Input/output error")

    with pytest.raises(runtime.upload.UnreadableFile, match="Input/output error"):
        connect().call(upload, {"file": Failing(b"abc")})


def test_a_file_is_never_whole_in_memory(connect, portal, upload, tmp_path):
    """It may be larger than that."""
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(40 * 2**20)
    portal.react = lambda seen: answer(len(seen.body))
    client = connect()
    blank = client._session.request_for(upload, [(upload.parameters[1], checked(client, upload, path))])
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in blank.body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == int(blank.headers["Content-Length"]) > 40 * 2**20
    assert peak < 2**20


def checked(client, upload, path):
    """The file as the check of arguments makes it."""
    module = __import__(f"{type(client).__module__.rpartition('.')[0]}.arguments", fromlist=["arguments"])
    [(_, value)] = module.check_values(upload, {"file": path})
    return value


def test_a_file_is_sent_again_after_a_new_login(runtime, connect, portal, upload):
    """The second time it is whole, too."""

    class Renewing(runtime.auth.Bearer):
        def renew(self, request):
            return True

    portal.says(answer("expired", 401), answer("done"))
    assert connect(auth=Renewing("token")).call(upload, {"file": io.BytesIO(b"abc")}) == "done"
    assert [parts(seen)[0][1] for seen in portal.seen] == [b"abc", b"abc"]


def test_a_secret_among_the_parts_is_hidden(runtime, connect, portal):
    """An answer that repeats it does not show it."""
    fields = tuple(
        runtime.operation.ParameterSpec(name, kind) for name, kind in (("password", "string"), ("file", "file"))
    )
    call = runtime.operation.OperationSpec("a.b", "POST", "/a", fields, plain=True, consumes="multipart/form-data")
    portal.says(answer("no such password: canary-canary", 400))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect().call(call, {"password": "canary-canary", "file": b"abc"})
    assert "canary" not in f"{caught.value} {caught.value.response.text} {caught.value.response.request.body}"


def test_a_body_can_be_a_file(runtime, connect, portal, tmp_path):
    """Streamed alike."""
    path = tmp_path / "image"
    path.write_bytes(CONTENT)
    body = runtime.operation.ParameterSpec("image", "content", place="body")
    call = runtime.operation.OperationSpec("a.b", "PUT", "/a", (body,), plain=True, consumes="image/png")
    connect().call(call, {"image": path})
    [seen] = portal.seen
    assert (seen.body, seen.header("Content-Type")) == (CONTENT, "image/png")
    assert seen.header("Content-Length") == str(len(CONTENT))
    assert seen.header("Accept") == JSON
