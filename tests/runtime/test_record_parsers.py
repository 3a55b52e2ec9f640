"""Sequences of records: the parsers by hand, and streams of both clients over a real socket."""

import gzip
import itertools
import json
import socket
import threading
import time
import zlib
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.runtime import record_parsers
from ovcgen.runtime.errors import DecodeError, NotFound, OutcomeUnknown, TransportError
from ovcgen.runtime.record_parsers import EventParser, JsonParser, RecordTooLarge, parser_for
from ovcgen.runtime.styled_operation import StyledOperation
from tests.runtime.conftest import answer, plain_client_of

EVENTS, LINES, SEQUENCE = "text/event-stream", "application/x-ndjson", "application/json-seq"


def fields(events):
    """Return the fields of events as tuples."""
    return [(event.event, event.data, event.id, event.retry) for event in events]


def parsed(parser, *chunks):
    """Return all records of these chunks."""
    return [record for chunk in chunks for record in parser.feed(chunk)] + parser.close()


@pytest.mark.parametrize(
    ("body", "events"),
    [
        ("data: a\n\n", [("message", "a", "", None)]),
        ("data:a\ndata:  b\ndata\n\n", [("message", "a\n b\n", "", None)]),
        ("\ufeffdata: a\r\n\r\n", [("message", "a", "", None)]),
        ("event: x\rdata: a\r\r", [("x", "a", "", None)]),
        (": comment\n\ndata: a\n: more\n\n", [("message", "a", "", None)]),
        ("id: 7\nretry: 100\ndata: a\n\ndata: b\n\n", [("message", "a", "7", 100), ("message", "b", "7", None)]),
        ("retry: 5\n\nid\ndata: a\n\n", [("message", "a", "", 5)]),
        ("id: a\0\nretry: 1x\nwhat: else\ndata: a\n\n", [("message", "a", "", None)]),
        ("event: x\n\ndata: a\n\n", [("message", "a", "", None)]),
        ("data: a\n\ndata: cut off", [("message", "a", "", None)]),
        ("data: a\n\r", [("message", "a", "", None)]),
        ("data: ü€\n\n", [("message", "ü€", "", None)]),
        ("", []),
    ],
)
def test_events(body, events):
    """As the HTML standard reads them, whole or byte by byte."""
    content = body.encode()

    assert fields(parsed(EventParser(), content)) == events
    assert fields(parsed(EventParser(), *(bytes([byte]) for byte in content))) == events


def test_the_data_of_an_event_can_be_json():
    """What is none raises ValueError."""
    event, done = parsed(EventParser(), b'data: {"a": 1}\n\ndata: [DONE]\n\n')

    assert event.json() == {"a": 1}
    with pytest.raises(ValueError, match="Expecting"):
        done.json()
    assert repr(event) == "<ServerSentEvent 'message' of 8 characters>"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values=st.lists(JSON_VALUES), cuts=st.lists(st.integers(0, 200)), kind=st.sampled_from([LINES, SEQUENCE]))
def test_json_records_come_back(values, cuts, kind):
    """Wherever the body is cut into chunks."""
    before = "\x1e" if kind == SEQUENCE else ""
    body = "".join(f"{before}{json.dumps(value)}\n" for value in values).encode()
    places = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    chunks = [body[start:end] for start, end in itertools.pairwise(places)]

    assert parsed(parser_for(kind), *chunks) == values


@given(data=st.lists(st.text(st.characters(exclude_characters="\r\0", exclude_categories=("Cs",))), min_size=1))
def test_events_come_back(data):
    """Whatever texts they carry."""
    body = "".join("".join(f"data: {line}\n" for line in text.split("\n")) + "\n" for text in data).encode()

    assert [event.data for event in parsed(EventParser(), *(body[i : i + 7] for i in range(0, len(body), 7)))] == data


@pytest.mark.parametrize(
    ("body", "message"), [(b'{"a": 1}\n{"a":', "Expecting value"), (b"NaN\n", "NaN"), (b"\xff\n", "can't decode")]
)
def test_a_record_that_is_no_json(body, message):
    """It is an error, and not left out."""
    with pytest.raises(ValueError, match=message):
        parsed(JsonParser(), body)


@pytest.mark.parametrize("parser", [EventParser, JsonParser])
def test_a_record_without_an_end(parser):
    """It does not fill the memory."""
    with pytest.raises(RecordTooLarge):
        parsed(parser(largest=1000), *[b"data: x" * 100] * 2)


@pytest.mark.parametrize(
    ("kind", "is_one"),
    [
        ("text/event-stream; charset=utf-8", True),
        ("application/jsonl", True),
        ("application/geo+json-seq", True),
        ("application/json", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_which_types_are_sequences(kind, is_one):
    """By their name alone."""
    assert record_parsers.is_sequential(kind) is is_one


def watching(method="GET", streams=(EVENTS, LINES)):
    """Return an operation that streams."""
    retry = "read" if method == "GET" else "creating"
    return StyledOperation("things.watch", method, "/things", bodies=(), streams=streams, retry=retry)


@pytest.fixture
def stream(plain_client, portal):
    """Opens a stream of what the portal answers."""

    def stream(said, *, method="GET"):
        portal.says(said)
        return plain_client.call(watching(method), {"_stream": True})

    return stream


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def kind(request):
    """The kind of a client: blocking, or the event loop of an asynchronous one."""
    return request.param


@contextmanager
def stream_of(kind, *pieces, method="GET", timeout=5.0):
    """Open a stream of what a service writes piece by piece: each one when it may, and then it hangs up."""
    gates = [threading.Event() for _ in pieces]
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                for gate, piece in zip(gates, pieces, strict=True):
                    gate.wait(5)
                    connection.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        gates[0].set()
        with plain_client_of(f"http://127.0.0.1:{server.getsockname()[1]}", kind, timeout=timeout) as client:
            yield client.call(watching(method), {"_stream": True}), gates
        for gate in gates:
            gate.set()
        thread.join()


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        ("Transfer-Encoding: chunked", [b"9\r\ndata: a\n\n\r\n", b"9\r\ndata: b\n\n\r\n0\r\n\r\n"]),
        ("Content-Length: 18", [b"data: a\n\n", b"data: b\n\n"]),
        ("Connection: close", [b"data: a\n\n", b"data: b\n\n"]),
    ],
)
def test_records_arrive_while_the_service_writes(kind, head, pieces):
    """The first one before the second one is written, however the body is framed."""
    first = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{head}\r\n\r\n".encode() + pieces[0]
    with stream_of(kind, first, pieces[1]) as (events, gates):
        assert next(events).data == "a"
        gates[1].set()
        assert [event.data for event in events] == ["b"]


def test_a_stream_asks_for_its_types(stream, portal):
    """And not for JSON."""
    list(stream(answer(b"", kind=LINES)))

    assert portal.seen[-1].header("Accept") == f"{EVENTS}, {LINES}"


def test_a_stream_of_json(stream):
    """Each line is a value."""
    assert list(stream(answer(b'{"a":1}\n[2]\n', kind=LINES))) == [{"a": 1}, [2]]


def test_the_last_event_of_many_services_is_no_json(stream):
    """`[DONE]` ends the stream."""
    said = answer(b"data: 1\n\ndata: [DONE]\n\ndata: 2\n\n", kind=EVENTS)

    assert [event.json() for event in stream(said)] == [1]


def test_a_stream_can_be_left_early(stream):
    """Its connection is closed, and the client goes on with another."""
    with stream(answer(b"data: 1\n\ndata: 2\n\n", kind=EVENTS)) as events:
        assert next(events).data == "1"
    assert list(stream(answer(b"1\n", kind=LINES))) == [1]


def test_a_closed_client_closes_its_streams():
    """If a client is closed, its streams end with TransportError, and no more data is read."""
    first = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n"
    with stream_of("blocking", first, b"data: b\n\n") as (events, _):
        assert next(events).data == "a"
    with pytest.raises(TransportError):
        next(events)


def test_a_connection_is_used_again_after_the_end(stream, portal):
    """It went back into the pool."""
    for _ in range(3):
        assert list(stream(answer(b"1\n", kind=LINES))) == [1]
    assert len({seen.connection for seen in portal.seen}) == 1


def test_an_error_is_an_error(stream):
    """With its message."""
    with pytest.raises(NotFound, match="no such thing"):
        stream(answer("no such thing", 404))


@pytest.mark.parametrize(("method", "error"), [("GET", DecodeError), ("POST", OutcomeUnknown)])
def test_what_is_no_sequence_is_an_error(stream, method, error):
    """The service may not have what was asked for."""
    with pytest.raises(error, match="is application/json, and no stream"):
        stream(answer({"a": 1}), method=method)


@pytest.mark.parametrize(("method", "error"), [("GET", TransportError), ("POST", OutcomeUnknown)])
def test_a_stream_that_breaks(kind, method, error):
    """What came before is there; then it is an error, once."""
    cut = answer(b"1\n2\n", kind=LINES).replace(b"Content-Length: 4", b"Content-Length: 40")
    with stream_of(kind, cut, method=method) as (records, _):
        assert [next(records), next(records)] == [1, 2]
        with pytest.raises(error):
            next(records)
        assert list(records) == []


@pytest.mark.parametrize(("method", "error"), [("GET", DecodeError), ("POST", OutcomeUnknown)])
def test_a_record_that_can_not_be_read(stream, method, error):
    """It is an error of its own."""
    records = stream(answer(b"1\n{\n", kind=LINES), method=method)

    with pytest.raises(error, match="has a record that can't be read"):
        list(records)


def test_a_stream_outlives_the_deadline_of_its_call(portal, kind):
    """Only the wait for the next record is limited."""
    with plain_client_of(portal.url, kind, timeout=0.4) as client:
        portal.says(answer(b"1\n2\n", kind=LINES))
        records = client.call(watching(), {"_stream": True})
        time.sleep(0.5)
        assert list(records) == [1, 2]


def test_a_service_that_falls_silent(kind):
    """The wait for the next record ends after the timeout of the call, if it may have changed something."""
    first = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 4\r\n\r\n1\n"
    with stream_of(kind, first, b"2\n", method="POST", timeout=0.5) as (records, _):
        assert next(records) == 1
        with pytest.raises(OutcomeUnknown, match="no answer in time"):
            next(records)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_compressed_stream(stream, pack):
    """It is decompressed piece by piece."""
    encoding = "gzip" if pack is gzip.compress else "deflate"
    values = [{"a": number} for number in range(1000)]
    body = pack("".join(f"{json.dumps(value)}\n" for value in values).encode())

    assert list(stream(answer(body, kind=LINES, Content_Encoding=encoding))) == values


@pytest.mark.parametrize(("method", "error"), [("GET", DecodeError), ("POST", OutcomeUnknown)])
def test_a_stream_that_can_not_be_decompressed(stream, method, error):
    """It is an error of its own."""
    with pytest.raises(error, match="can't be decompressed"):
        list(stream(answer(b"1\n", kind=LINES, Content_Encoding="gzip"), method=method))
