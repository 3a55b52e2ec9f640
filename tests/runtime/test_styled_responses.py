"""What an answer is: by its status, its media type and what the document declares for both."""

import pytest

from ovcgen.runtime.errors import ApiError, ArgumentError, DecodeError, OutcomeUnknown
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_responses import declared_types, most_specific
from tests.runtime.conftest import answer

JSON, TEXT, PNG = "application/json", "text/plain", "image/png"
OK = (("200", (JSON,)), ("default", ("application/problem+json",)))


@pytest.fixture
def answered(plain_client, portal):
    """What a call gives for that answer."""

    def answered(body, kind, responses=OK, *, status=200, method="GET", **options):
        portal.says(answer(body, status, kind=kind))
        options = {"retry": "read" if method in ("GET", "HEAD") else "creating", **options}
        call = StyledOperation("things.get", method, "/things", responses=responses, bodies=(), **options)
        return plain_client.call(call, {})

    return answered


@pytest.mark.parametrize(
    ("status", "kinds"),
    [(200, ("a/a",)), (201, ("b/b",)), (299, ("b/b",)), (404, ("c/c",)), (500, ("d/d",))],
)
def test_a_status_before_a_range_before_the_default(status, kinds):
    """The order of the document does not matter."""
    declared = (("default", ("d/d",)), ("4XX", ("c/c",)), ("2XX", ("b/b",)), ("200", ("a/a",)))

    assert declared_types(declared, status) == kinds


def test_a_status_that_nothing_declares_has_all_types():
    """A service may answer 201 where its document says 200."""
    assert declared_types((("200", ("a/a", "b/b")), ("202", ("a/a",))), 201) == ("a/a", "b/b")
    assert declared_types((), 200) is None


@pytest.mark.parametrize(
    ("kind", "declared", "chosen"),
    [
        ("application/json; v=2", (JSON, "application/json; v=2", "*/*"), "application/json; v=2"),
        ("application/json; v=3", ("*/*", JSON, "application/json; v=2"), JSON),
        ("application/json;charset=utf-8", ("application/*", JSON), JSON),
        ("text/csv", ("*/*", "text/*"), "text/*"),
        ("image/png", ("text/*", "*/*"), "*/*"),
        ("image/png", ("text/*", JSON), ""),
    ],
)
def test_the_most_specific_type(kind, declared, chosen):
    """With parameters before without, a type before a range."""
    assert most_specific(kind, declared) == chosen


@pytest.mark.parametrize(
    ("body", "kind", "declared", "value"),
    [
        (b'{"a": 1}', JSON, (JSON,), {"a": 1}),
        (b'{"a": 1}', "application/hal+json;charset=utf-8", ("*/*",), {"a": 1}),
        (b'{"a": 1}', TEXT, (JSON,), {"a": 1}),
        ("ü".encode("latin-1"), "text/plain; charset=latin-1", (JSON, TEXT), "ü"),
        (b"12", TEXT, (TEXT,), "12"),
        (b"", TEXT, (TEXT,), ""),
        (b"\0\1", PNG, (JSON, "image/*"), b"\0\1"),
        (b"<a/>", "application/xml", ("application/xml",), "<a/>"),
        (b'{"a":1}\n\n{"a":2}', "application/x-ndjson", ("application/x-ndjson",), [{"a": 1}, {"a": 2}]),
        (b"\x1e1\n\x1e[2]\n", "application/json-seq", ("application/json-seq",), [1, [2]]),
        (b"data: 1\n\n", "text/event-stream", ("text/event-stream",), "data: 1\n\n"),
        (b'{"a": 1}', "", (JSON,), {"a": 1}),
        (b"", JSON, (JSON,), None),
        (b"", "application/x-ndjson", ("application/x-ndjson",), []),
        (b"", PNG, (JSON, "image/*"), b""),
        (b"", PNG, (JSON,), None),
        (b"anything", TEXT, (), None),
    ],
)
def test_the_media_type_says_what_it_is(answered, body, kind, declared, value):
    """A body without a type has the first one that is declared; an answer that declares none has no body."""
    assert answered(body, kind, (("200", declared),)) == value


@pytest.mark.parametrize("kind", [JSON, TEXT, PNG])
def test_without_declared_answers_the_type_alone_decides(answered, kind):
    """Documents forget them."""
    assert answered(b"12", kind, ()) == {JSON: 12, TEXT: "12", PNG: b"12"}[kind]


@pytest.mark.parametrize("status", [204, 205])
@pytest.mark.parametrize("declared", [(JSON,), (PNG,)])
def test_some_statuses_have_no_body(answered, status, declared):
    """Whatever is declared."""
    assert answered(b"", JSON, (("2XX", declared),), status=status) is None


def test_head_has_no_body(answered):
    """Its headers say what a GET would give."""
    assert answered(b"", JSON, method="HEAD") is None


def test_not_modified_is_an_error_without_a_body(answered):
    """The caller has the value already."""
    with pytest.raises(ApiError) as caught:
        answered(b"", "", status=304)
    assert (caught.value.status, caught.value.body) == (304, None)


@pytest.mark.parametrize("kind", [PNG, "text/html", "application/pdf"])
def test_an_undeclared_type_is_an_error_with_the_bytes(answered, kind):
    """Nothing is decoded, and nothing lost."""
    with pytest.raises(DecodeError, match=f"is {kind}, and not application/json") as caught:
        answered(b"\0<what>", kind)
    assert (caught.value.content, caught.value.content_type) == (b"\0<what>", kind)


def test_an_undeclared_type_of_a_call_that_changed_something(answered):
    """It was carried out, so nobody should repeat it blindly."""
    with pytest.raises(OutcomeUnknown, match="text/csv") as caught:
        answered(b"a,b", "text/csv", method="POST")
    assert (caught.value.content, caught.value.content_type) == (b"a,b", "text/csv")


def test_json_that_is_none_keeps_its_bytes(answered):
    """The caller may know what to do with it."""
    with pytest.raises(DecodeError, match="not the JSON it should be") as caught:
        answered(b"{'a': 1}", JSON)
    assert caught.value.content == b"{'a': 1}"


@pytest.mark.parametrize(("kind", "body"), [("application/problem+json", {"title": "no"}), (JSON, {"title": "no"})])
def test_an_error_has_its_body(answered, kind, body):
    """Also one of a type that is not declared."""
    with pytest.raises(ApiError) as caught:
        answered(body, kind, status=422)
    assert (caught.value.status, caught.value.body) == (422, body)


def test_an_error_of_an_undeclared_type_keeps_its_bytes(answered):
    """It is no crash of a decoder."""
    with pytest.raises(ApiError) as caught:
        answered(b"\0\xff", PNG, status=500)
    assert caught.value.response.content == b"\0\xff"


def test_a_file_is_bytes_or_written(answered, plain_client, tmp_path):
    """Whatever its type says."""
    assert answered(b"{}", JSON, answer="file") == b"{}"
    call = StyledOperation("things.get", "GET", "/things", bodies=(), answer="file")
    assert plain_client.call(call, {"_to": tmp_path / "x"}) == tmp_path / "x"
    assert (tmp_path / "x").read_bytes() == b"{}"


def test_accept_is_what_the_operation_says(answered, portal):
    """JSON if it says nothing."""
    answered(b"1", JSON)
    answered(b"1", JSON, accept="application/json, text/csv")
    assert [seen.header("Accept") for seen in portal.seen] == [JSON, "application/json, text/csv"]


@pytest.mark.parametrize("value", [1, "yes"])
def test_a_stream_is_asked_for_with_a_boolean(plain_client, value):
    """Anything else is a mistake."""
    call = StyledOperation("things.watch", "GET", "/things", bodies=(), streams=("text/event-stream",))
    with pytest.raises(ArgumentError, match="takes True or False for '_stream'"):
        plain_client.call(call, {"_stream": value})
