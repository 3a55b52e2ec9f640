"""Bodies by media type: which one a value is sent as, and how; seen from the other end of a real socket."""

import datetime
import io

import pytest

from ovcgen.runtime.errors import ArgumentError, OutcomeUnknown
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import BodySpec, StyledParameter
from tests.runtime.conftest import RESET

JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"


def operation(*kinds, **options):
    """Return an operation whose body can have these types."""
    body = StyledParameter("body", "json", place="body", **options)
    return StyledOperation("things.add", "POST", "/things", (body,), bodies=tuple(map(BodySpec, kinds)))


@pytest.fixture
def sent(plain_client, portal):
    """Sends one body, and gives its content type and its bytes as they arrive."""

    def sent(value, *kinds, **options):
        if isinstance(value, io.BytesIO):
            value.seek(0)  # another client may have read it
        plain_client.call(operation(*kinds), {"body": value, **options})
        return portal.seen[-1].header("Content-Type"), portal.seen[-1].body

    return sent


@pytest.mark.parametrize(
    ("kind", "value", "body"),
    [
        (JSON, {"a": [1, None]}, b'{"a":[1,null]}'),
        (JSON, "x", b'"x"'),
        (JSON, {}, b"{}"),
        (JSON, datetime.date(2026, 1, 2), b'"2026-01-02"'),
        ("application/vnd.api+json; version=2", {"a": "x"}, b'{"a":"x"}'),
        ("text/plain", "ü", "ü".encode()),
        ("text/plain; charset=iso-8859-1", "ü", b"\xfc"),
        ("text/plain", 7, b"7"),
        ("text/csv", "a,b\n1,2\n", b"a,b\n1,2\n"),
        ("application/xml", "<ü/>", "<ü/>".encode()),
        ("application/octet-stream", b"\0\xff", b"\0\xff"),
        ("image/png", bytearray(b"\0\xff"), b"\0\xff"),
        ("application/pdf", io.BytesIO(b"%PDF"), b"%PDF"),
        ("application/x-ndjson", [{"a": 1}, 2], b'{"a":1}\n2\n'),
        ("application/jsonl", [], b""),
        ("application/json-seq", [1, 2], b"\x1e1\n\x1e2\n"),
        ("application/x-ndjson", "1\n2\n", b"1\n2\n"),
        ("multipart/mixed; boundary=x", b"--x--", b"--x--"),
    ],
)
def test_a_body_is_written_as_its_type_says(sent, kind, value, body):
    """The type arrives as it is declared, with its parameters."""
    assert sent(value, kind) == (kind, body)


@pytest.mark.parametrize(
    ("value", "kinds", "chosen"),
    [
        ({"a": 1}, ("text/xml", JSON), JSON),
        ("x", ("text/plain", JSON), JSON),
        ("x", ("text/xml", "text/plain"), "text/xml"),
        ({"a": 1}, (FORM, "application/vnd.x+json"), "application/vnd.x+json"),
        ({"a": 1}, (FORM, MULTIPART), FORM),
        ({"a": b"x"}, (FORM, MULTIPART), MULTIPART),
        ({"a": [io.BytesIO(b"x")]}, (JSON, MULTIPART), MULTIPART),
        (b"x", (JSON, "image/png"), "image/png"),
        (b"x", (JSON, "*/*"), "application/octet-stream"),
        ({"a": 1}, ("*/*",), JSON),
        ({"a": 1}, ("application/*",), JSON),
        ("x", ("text/*",), "text/plain"),
        ([{"op": "add"}], ("application/json-patch+json", JSON), "application/json-patch+json"),
        ({"a": 1}, ("application/json-patch+json", JSON), JSON),
    ],
)
def test_the_value_chooses_the_type(sent, value, kinds, chosen):
    """JSON if it can be, a type for files if it is one."""
    assert sent(value, *kinds)[0].partition(";")[0] == chosen


@pytest.mark.parametrize(
    ("wanted", "kinds", "value", "body"),
    [
        ("text/csv", (JSON, "text/csv"), "a,b", b"a,b"),
        (FORM, (JSON, FORM), {"a": 1}, b"a=1"),
        ("application/json; v=2", ("application/json; v=1", "application/json; v=2"), 1, b"1"),
        ("image/gif", ("image/*",), b"GIF", b"GIF"),
        ("text/plain; charset=latin-1", ("text/plain", JSON), "ü", b"\xfc"),
    ],
)
def test_the_caller_chooses_the_type(sent, wanted, kinds, value, body):
    """With `_content_type`."""
    assert sent(value, *kinds, _content_type=wanted) == (wanted, body)


@pytest.mark.parametrize("wanted", ["image/png", "*/*", "text/plain\r\nX: y", 7])
def test_another_type_is_refused(sent, portal, wanted):
    """The message lists those that are declared."""
    with pytest.raises(ArgumentError, match=r"Pass one of application/json, text/\*"):
        sent("x", JSON, "text/*", _content_type=wanted)
    assert portal.seen == []


def test_there_is_no_choice_among_one(sent):
    """So there is no such keyword."""
    with pytest.raises(TypeError, match="_content_type"):
        sent("x", JSON, _content_type=JSON)


def test_a_range_that_says_too_little(sent):
    """Nobody but the caller knows which image it is."""
    with pytest.raises(ArgumentError, match="Pass the type of yours as _content_type"):
        sent(b"x", "image/*")


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        (JSON, {"a": {"b": {1}}}, r"a set for 'a\.b' of 'body'.*what JSON can say"),
        (JSON, float("nan"), "what JSON can say"),
        (JSON, b"x", "what JSON can say"),
        ("application/xml", {"a": 1}, "a text, bytes, a path"),
        ("text/plain; charset=ascii", "ü", "a text that ascii can write"),
        ("text/plain; charset=none", "u", "a text that none can write"),
        ("image/png", io.StringIO("x"), "opened in binary mode"),
        ("application/x-ndjson", [object()], "what JSON can say"),
    ],
)
def test_what_a_type_can_not_say_is_refused(sent, portal, kind, value, wanted):
    """Before anything is sent."""
    with pytest.raises(ArgumentError, match=wanted):
        sent(value, kind)
    assert portal.seen == []


def test_a_date_in_a_body_is_checked(plain_client):
    """Where the document declares its format."""
    call = operation(JSON, dates=(("at", "date-time"),))
    with pytest.raises(ArgumentError, match=r"'at' of 'body'.*a date says no time"):
        plain_client.call(call, {"body": {"at": datetime.date(2026, 1, 2)}})


@pytest.mark.parametrize(("required", "body"), [(False, None), (True, {})])
def test_a_body_can_be_optional(plain_client, portal, required, body):
    """None leaves it out; an empty object is a body."""
    plain_client.call(operation(JSON, required=required), {"body": body})

    assert (portal.seen[-1].body, portal.seen[-1].header("Content-Type")) == ((b"{}", JSON) if required else (b"", ""))


def test_a_required_body_must_be_there(plain_client):
    """None is none."""
    with pytest.raises(ArgumentError, match="needs a value for 'body'"):
        plain_client.call(operation(JSON, required=True), {"body": None})


def test_an_iterator_is_sent_in_chunks(sent, portal):
    """Empty chunks do not end it."""
    assert sent((piece for piece in (b"ab", b"", b"c")), "video/mp4") == ("video/mp4", b"abc")
    assert portal.seen[-1].header("Transfer-Encoding") == "chunked"


def test_an_iterator_yields_bytes(sent):
    """Anything else is the caller's mistake."""
    with pytest.raises(ArgumentError, match="yielded a str"):
        sent(iter(["a"]), "video/mp4")


def test_a_lost_call_shows_its_body_without_secrets(plain_client, portal):
    """As it was passed."""
    portal.says(RESET)
    with pytest.raises(OutcomeUnknown) as caught:
        plain_client.call(operation(MULTIPART), {"body": {"name": "rex", "password": "sesame-street", "f": b"abc"}})
    assert caught.value.arguments == {"body": {"name": "rex", "password": "***", "f": "<file 'of bytes'>"}}
