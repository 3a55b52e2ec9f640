"""Where the values of any document's calls go, seen from the other end of a real socket."""

import datetime
import json

import pytest

from tests.runtime.conftest import FORM, JSON

PLACES = ["query", "form", "header", "path"]


@pytest.fixture
def sent(runtime, connect, portal):
    """Calls a plain operation with one parameter `x`, and gives the request that arrives."""

    def sent(value, kind="string", place="query", *, path="/things", consumes="", method="POST", **options):
        parameter = runtime.operation.ParameterSpec("x", kind, place=place, **options)
        call = runtime.operation.OperationSpec("things.act", method, path, (parameter,), plain=True, consumes=consumes)
        connect(base_path="").call(call, {"x": value})
        return portal.seen[-1]

    return sent


@pytest.mark.parametrize("value", ["", "a b", "ünï &=+%#?/", "a" * 5000])
def test_a_text_arrives_as_it_is(sent, value):
    """An empty one too: a plain document may mean it."""
    from urllib.parse import parse_qs

    assert parse_qs(sent(value).target.partition("?")[2], keep_blank_values=True) == {"x": [value]}
    assert parse_qs(sent(value, place="form").body.decode(), keep_blank_values=True) == {"x": [value]}


@pytest.mark.parametrize("value", [0, -7, 2**63 - 1, 10**17 + 1, True, 0.5, "7", "a1", "a_1", "aü", "²"])
def test_a_value_is_quoted_as_urlencode_does(sent, value):
    """A name and a text that are letters and digits only are written without a look at each character."""
    from urllib.parse import urlencode

    kind = {bool: "boolean", int: "integer", float: "number", str: "string"}[type(value)]
    wanted = urlencode({"x": value if isinstance(value, str) else json.dumps(value)})
    assert sent(value, kind).target.partition("?")[2] == wanted
    assert sent(value, kind, place="form").body.decode() == wanted


@pytest.mark.parametrize("value", ["", ".", "..", [""], ["."]])
def test_a_step_of_a_path_can_not_vanish(runtime, sent, portal, value):
    """It would lead to another operation."""
    more = {"kind": "array", "items": "string", "collection": "csv"} if isinstance(value, list) else {}
    with pytest.raises(runtime.errors.ArgumentError):
        sent(value, place="path", path="/things/{x}/now", **more)
    assert portal.seen == []


@pytest.mark.parametrize(("collection", "text"), [("csv", "1,2"), ("ssv", "1 2"), ("tsv", "1\t2"), ("pipes", "1|2")])
@pytest.mark.parametrize("place", PLACES)
def test_a_list_is_joined_everywhere(sent, collection, text, place):
    """In a header and a path as in a query."""
    from urllib.parse import unquote, unquote_plus

    seen = sent([1, 2], "array", place, items="integer", collection=collection, path="/things/{x}")
    found = {
        "query": unquote_plus(seen.target.partition("x=")[2]),
        "form": unquote_plus(seen.body.decode().partition("=")[2]),
        "header": seen.header("x"),
        "path": unquote(seen.target.removeprefix("/things/")),
    }
    assert found[place] == text


@pytest.mark.parametrize(
    ("collection", "target"),
    [("multi csv", "/things?x=1%2C2&x=3"), ("pipes csv", "/things?x=1%2C2%7C3"), ("csv ssv", "/things?x=1+2%2C3")],
)
def test_lists_in_lists(sent, collection, target):
    """Each level has its own separator."""
    assert sent([[1, 2], [3]], "array", items="integer", collection=collection).target == target


@pytest.mark.parametrize(("value", "collection"), [([1, 2], "csv csv"), ([[[1]]], "csv csv"), (3, "csv")])
def test_lists_have_the_declared_depth(runtime, sent, value, collection):
    """Anything else is refused."""
    with pytest.raises(runtime.errors.ArgumentError):
        sent(value, "array", items="integer", collection=collection)


@pytest.mark.parametrize("collection", ["csv", "ssv", "tsv", "pipes"])
def test_an_item_can_not_hold_its_separator(runtime, sent, portal, collection):
    """It would arrive as two."""
    with pytest.raises(runtime.errors.ArgumentError, match="which stands between them"):
        sent(["a, b\t|"], "array", items="string", collection=collection)
    assert portal.seen == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.UTC), "2024-02-29T12:30:00+00:00"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_dates_are_texts(sent, value, text):
    """As RFC 3339 writes them; also deep inside of a body."""
    assert sent(value, place="header").header("x") == text
    assert sent({"at": [value]}, "json", "body").body.decode() == f'{{"at": ["{text}"]}}'


@pytest.mark.parametrize(
    ("value", "kind"),
    [({}, "json"), ([], "json"), ([], "array"), ("", "string"), ("text", "json"), (0, "integer"), (False, "boolean")],
)
def test_a_body_can_be_any_value(sent, value, kind):
    """Those that would be nothing in a form are something in JSON."""
    import json

    seen = sent(value, kind, "body")
    assert (json.loads(seen.body), seen.header("Content-Type")) == (value, JSON)


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), {"a": object()}, b"bytes"])
def test_a_body_is_what_json_can_say(runtime, sent, portal, value):
    """Nothing else is sent."""
    with pytest.raises(runtime.errors.ArgumentError, match="what JSON can say"):
        sent(value, "json", "body")
    assert portal.seen == []


def test_the_declared_type_of_a_body_is_said(sent):
    """There are many that are JSON."""
    seen = sent({"a": 1}, "json", "body", consumes="application/merge-patch+json", method="PATCH")
    assert (seen.header("Content-Type"), seen.body) == ("application/merge-patch+json", b'{"a": 1}')


@pytest.mark.parametrize(("value", "body"), [("tëxt", "tëxt".encode()), (b"\x00\xff", b"\x00\xff")])
def test_a_body_that_is_no_json_goes_as_it_is(sent, value, body):
    """Texts in UTF-8."""
    seen = sent(value, "content", "body", consumes="text/plain")
    assert (seen.header("Content-Type"), seen.header("Content-Length"), seen.body) == (
        "text/plain",
        str(len(body)),
        body,
    )


def test_a_path_may_have_a_query_of_its_own(sent):
    """Some documents tell operations apart by it."""
    assert sent("a", path="/things?action=list").target == "/things?action=list&x=a"


def test_a_header_of_the_caller_stands(runtime, connect, portal):
    """Also where we would have said something else."""
    names = ("Accept", "Content-Type")
    headers = tuple(runtime.operation.ParameterSpec(name, "string", place="header") for name in names)
    body = runtime.operation.ParameterSpec("x", "json", place="body")
    call = runtime.operation.OperationSpec("a.b", "POST", "/a", (*headers, body), plain=True, accept="text/csv")
    connect().call(call, {"x": 1})
    connect().call(call, {"x": 1, "Accept": "image/png", "Content-Type": "application/x-one"})
    assert [[seen.header(name) for name in names] for seen in portal.seen] == [
        ["text/csv", JSON],
        ["image/png", "application/x-one"],
    ]


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "Host", "Connection"])
def test_how_a_request_is_sent_is_not_the_callers(runtime, connect, portal, name):
    """A wrong length would wait for ever; some documents declare it."""
    header = runtime.operation.ParameterSpec(name, "string", place="header")
    call = runtime.operation.OperationSpec("a.b", "POST", "/a", (header,), plain=True)
    connect().call(call, {name: "77"})
    assert "77" not in [value for _, value in portal.seen[0].headers]


def test_a_form_is_urlencoded_unless_it_is_declared_otherwise(sent):
    """With files or without."""
    assert sent("a", place="form").header("Content-Type") == FORM
    assert sent("a", place="form", consumes="multipart/form-data").header("Content-Type").startswith("multipart/")
