"""Forms of both kinds, field by field and part by part, seen from the other end of a real socket."""

import datetime
import email
import io
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.file_and_text_bodies import Part
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import BodySpec, FieldSpec, StyledParameter
from ovcgen.runtime.urlencoded_forms import written_form

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FLAT = FieldSpec(style="form", explode=False)
DEEP = FieldSpec(style="deepObject", explode=True)
NESTED = DEEP._replace(nested=True)


@pytest.fixture
def sent(plain_client, portal):
    """Sends one body as a form, and gives the request that arrives."""

    def sent(value, kind=FORM, *, exploded=False, **fields):
        body = BodySpec(kind, tuple(fields.items()), exploded=exploded)
        call = StyledOperation("things.add", "POST", "/things", (StyledParameter("body", "json", place="body"),))
        call.bodies = (body,)
        plain_client.call(call, {"body": value})
        return portal.seen[-1]

    return sent


def parts_of(seen):
    """Return name, content, content type and file name of each part, by the parser of the standard library."""
    head = f"Content-Type: {seen.header('Content-Type')}\r\n\r\n".encode()
    message = email.message_from_bytes(head + seen.body)
    assert message.defects == []
    return [
        (
            part.get_param("name", header="Content-Disposition"),
            part.get_payload(decode=True),
            part.get("Content-Type"),
            part.get_filename(),
        )
        for part in message.get_payload()
    ]


@pytest.mark.parametrize(
    ("value", "fields", "text"),
    [
        ({"a": "x y", "b": 1, "c": True}, {}, "a=x+y&b=1&c=true"),
        ({"a": "ü&=+~*"}, {}, "a=%C3%BC%26%3D%2B%7E%2A"),
        ({"a": "", "b": None, "c": []}, {}, "a="),
        ({"t": ["a", None, "b"]}, {}, "t=a&t=b"),
        ({"a b": 1}, {}, "a+b=1"),
        ({"o": {"street": "x", "n": 1}}, {}, "o=%7B%22street%22%3A%22x%22%2C%22n%22%3A1%7D"),
        ({"t": [{"a": 1}, {"a": 2}]}, {}, "t=%7B%22a%22%3A1%7D&t=%7B%22a%22%3A2%7D"),
        ({"d": datetime.date(2026, 1, 2)}, {}, "d=2026-01-02"),
        ({"t": ["a", "b"]}, {"t": FLAT}, "t=a,b"),
        ({"t": ["a", "b"]}, {"t": FieldSpec(explode=True)}, "t=a&t=b"),
        ({"t": ["a", "b"]}, {"t": FieldSpec(style="pipeDelimited")}, "t=a%7Cb"),
        ({"o": {"street": "x y", "zip": None}}, {"o": DEEP}, "o%5Bstreet%5D=x+y"),
        ({"o": {"a": {"b": "x y"}, "t": [1, None]}}, {"o": NESTED}, "o%5Ba%5D%5Bb%5D=x+y&o%5Bt%5D=1"),
        ({"o": {"a": [{"b": 1}]}, "p": {"a": {}}}, {"o": NESTED, "p": NESTED}, "o%5Ba%5D%5B0%5D%5Bb%5D=1"),
        ({"o": {"b": 1, "c": 2}}, {"o": FieldSpec(style="form")}, "b=1&c=2"),
        ({"a": "x/y:z @&+="}, {"a": FieldSpec(reserved=True)}, "a=x/y:z+@%26%2B%3D"),
        ({"id": "f1"}, {"id": FieldSpec(content_type="application/json")}, "id=%22f1%22"),
        ({"id": "f1"}, {"id": FieldSpec(content_type="text/plain")}, "id=f1"),
        ({"o": {"a": 1}}, {"o": FieldSpec(content_type="application/json", style="form")}, "a=1"),
    ],
)
def test_a_form(sent, value, fields, text):
    """Text for scalars, JSON for objects, repeated names for lists, unless a style says otherwise."""
    seen = sent(value, **fields)

    assert (seen.body.decode(), seen.header("Content-Type")) == (text, FORM)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"o": {"street": "x", "zip": 1}}, "street=x&zip=1"),
        ({"t": [1, 2], "a": "x"}, "t=1&t=2&a=x"),
        ({"o": {"a": {"b": 1}}}, "o=%7B%22a%22%3A%7B%22b%22%3A1%7D%7D"),
    ],
)
def test_a_form_of_openapi_3_0(sent, value, text):
    """The members of an object are fields of their own; what they can't say is JSON, as 3.0.4 recommends."""
    assert sent(value, exploded=True).body.decode() == text


def test_a_form_can_be_written_by_the_caller(sent):
    """A text is sent as it is."""
    assert sent("a=1&b[]=2").body == b"a=1&b[]=2"


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ([1], {}),
        (7, {}),
        ({"o": {"a": [1]}}, {"o": DEEP}),
        ({"o": [1]}, {"o": DEEP}),
        ({"t": [[1]]}, {"t": FLAT}),
        ({"a": float("nan")}, {}),
        ({"a": {1, 2}}, {}),
        ({"a": "\ud800"}, {}),
        ({"a": datetime.datetime(2026, 1, 2)}, {}),
        ({"o": {"a": 1}}, {"o": FieldSpec(content_type="application/xml")}),
        ({"o": {"a": object()}}, {}),
    ],
)
@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_what_a_form_can_not_say_is_refused(sent, portal, kind, value, fields):
    """Before anything is sent."""
    with pytest.raises(ArgumentError, match=r"can't send .* for 'body'\. Pass "):
        sent(value, kind, **fields)
    assert portal.seen == []


@given(st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), st.text(st.characters(codec="utf-8"))))
def test_a_form_comes_back(value):
    """By the parser of the standard library, whatever is in it."""
    text, _ = written_form(BodySpec(FORM), FORM, value)

    assert parse_qsl(text, keep_blank_values=True) == list(value.items())


BINARY = FieldSpec(binary=True)
OCTETS = "application/octet-stream"


@pytest.mark.parametrize(
    ("value", "fields", "parts"),
    [
        ({"a": "x", "n": 1, "b": False}, {}, [("a", b"x", None), ("n", b"1", None), ("b", b"false", None)]),
        ({"a": "ü", "b": None}, {}, [("a", "ü".encode(), None)]),
        ({"m": {"street": "x"}}, {}, [("m", b'{"street":"x"}', "application/json")]),
        ({"t": ["a", "b"]}, {}, [("t", b"a", None), ("t", b"b", None)]),
        ({"t": [{"a": 1}]}, {}, [("t", b'{"a":1}', "application/json")]),
        ({"t": [["a", "b"]]}, {}, [("t", b'["a","b"]', "application/json")]),
        (
            {"x": "<a/>"},
            {"x": FieldSpec("application/xml; charset=utf-8")},
            [("x", b"<a/>", "application/xml; charset=utf-8")],
        ),
        ({"x": "ü"}, {"x": FieldSpec("text/plain; charset=latin-1")}, [("x", b"\xfc", "text/plain; charset=latin-1")]),
        ({"x": "a"}, {"x": FieldSpec("application/json")}, [("x", b'"a"', "application/json")]),
        ({"x": {"a": 1}}, {"x": FieldSpec("text/csv, application/json")}, [("x", b'{"a":1}', "application/json")]),
        ({"x": "AP8="}, {"x": FieldSpec(OCTETS)}, [("x", b"AP8=", OCTETS)]),
        ({"t": ["a b", "c"]}, {"t": FLAT}, [("t", b"a b,c", None)]),
        ({"t": ["a", "b"]}, {"t": FieldSpec(explode=True)}, [("t", b"a", None), ("t", b"b", None)]),
        ({"o": {"a": "x y"}}, {"o": DEEP}, [("o[a]", b"x y", None)]),
        ({"o": {"a": 1, "b": 2}}, {"o": FLAT}, [("o", b"a,1,b,2", None)]),
        ({"t": [1, 2]}, {"t": FieldSpec(style="spaceDelimited")}, [("t", b"1 2", None)]),
        ({}, {}, []),
    ],
)
def test_a_multipart_form(sent, value, fields, parts):
    """A part for each property, one for each item of a list."""
    found = parts_of(sent(value, MULTIPART, **fields)) if value else []

    assert found == [(*part, None) for part in parts]


@pytest.mark.parametrize(
    ("value", "field", "parts"),
    [
        (b"\0\xff", BINARY, [(b"\0\xff", OCTETS, "f")]),
        (b"\0\xff", FieldSpec(), [(b"\0\xff", OCTETS, "f")]),
        ([b"\0", b"\1"], BINARY, [(b"\0", OCTETS, "f"), (b"\1", OCTETS, "f")]),
        (io.BytesIO(b"abc"), BINARY, [(b"abc", OCTETS, "f")]),
        (b"\0", FieldSpec("image/png"), [(b"\0", "image/png", "f")]),
        (b"\0", FieldSpec("image/png, image/jpeg"), [(b"\0", "image/png", "f")]),
        (b"\0", FieldSpec("image/*"), [(b"\0", OCTETS, "f")]),
        (Part(b"\0", content_type="image/jpeg"), FieldSpec("image/png, image/jpeg"), [(b"\0", "image/jpeg", "f")]),
        (Part(b"\0", filename='a"b.png'), FieldSpec("image/*"), [(b"\0", OCTETS, "a%22b.png")]),
        (Part("a", filename="a.txt"), FieldSpec(), [(b"a", None, "a.txt")]),
        (
            Part({"a": 1}, content_type="application/vnd.x+json"),
            FieldSpec(),
            [(b'{"a":1}', "application/vnd.x+json", None)],
        ),
    ],
)
def test_a_part_that_is_a_file(sent, value, field, parts):
    """It has a type and a file name, or servers would read it as text; the caller picks among several types."""
    if isinstance(value, io.BytesIO):
        value.seek(0)
    assert parts_of(sent({"f": value}, MULTIPART, f=field)) == [("f", *part) for part in parts]


def test_the_name_of_a_file_implies_its_type(sent, tmp_path):
    """If the document leaves a choice."""
    path = tmp_path / "rex.JPEG"
    path.write_bytes(b"\0\1")

    assert parts_of(sent({"f": path}, MULTIPART, f=FieldSpec("image/*"))) == [("f", b"\0\1", "image/jpeg", "rex.JPEG")]


def test_a_part_has_headers_of_its_own(sent):
    """Those of the caller replace those of the document."""
    part = Part("a", headers={"X-A": "1", "X-B": "2"})

    body = sent({"p": part}, MULTIPART, p=FieldSpec(headers=(("X-A", "0"), ("X-C", "3")))).body

    assert b'name="p"\r\nX-C: 3\r\nX-A: 1\r\nX-B: 2\r\n\r\na\r\n' in body


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X": "a\r\nY: b"}},
        {"headers": {"X\r\nY": "a"}},
        {"headers": {"X: y": "a"}},
        {"headers": {"Content-Type": "a"}},
        {"content_type": "a/b\r\nX: y"},
    ],
)
def test_a_part_can_not_add_lines(options):
    """Whatever the caller was given."""
    with pytest.raises(ArgumentError, match="A part can't have the header"):
        Part("a", **options)


def test_names_of_parts_can_not_add_lines(sent):
    """They are escaped as browsers do it."""
    assert b'name="a%22%0D%0AX: y"' in sent({'a"\r\nX: y': "v"}, MULTIPART).body


def test_a_text_is_no_file(sent, portal):
    """Sent as the content, it would be the name of a file that arrives instead of it."""
    with pytest.raises(ArgumentError, match=r"for 'f' bytes, a pathlib\.Path or a file"):
        sent({"f": "rex.png"}, MULTIPART, f=BINARY)
    assert portal.seen == []


def test_a_file_that_is_not_there_is_refused(sent, tmp_path):
    """With its own message."""
    with pytest.raises(ArgumentError, match="there is no such file"):
        sent({"f": tmp_path / "no.png"}, MULTIPART, f=BINARY)


def test_a_large_file_is_not_loaded(sent):
    """It is read while it is sent, also from an iterator, whose length nobody knows."""
    asked = SimpleNamespace(chunks=0)

    def chunks():
        for _ in range(100):
            asked.chunks += 1
            yield b"x" * 10_000

    seen = sent({"f": chunks(), "a": 1}, MULTIPART, f=BINARY)

    assert asked.chunks == 100
    assert seen.header("Transfer-Encoding") == "chunked"
    assert [(name, len(content)) for name, content, *_ in parts_of(seen)] == [("f", 1_000_000), ("a", 1)]


@given(
    st.dictionaries(
        st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1).filter(
            lambda x: not set(x) & set("\"\\'")
        ),
        st.binary(max_size=50),
        min_size=1,
    )
)
def test_a_multipart_form_comes_back(value):
    """By the parser of the standard library, whatever is in its files."""
    from ovcgen.runtime.multipart import written_multipart

    body, kind = written_multipart(BodySpec(MULTIPART), MULTIPART, value)
    seen = SimpleNamespace(header=lambda _name: kind, body=b"".join(body))

    assert [(name, content) for name, content, *_ in parts_of(seen)] == list(value.items())
