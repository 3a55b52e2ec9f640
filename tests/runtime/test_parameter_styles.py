"""Parameters by style, explode, type and location, seen from the other end of a real socket."""

import datetime
import uuid
from decimal import Decimal
from urllib.parse import parse_qsl, unquote

import pytest
import uritemplate
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.runtime.errors import ApiError, ArgumentError
from ovcgen.runtime.parameter_styles import Style, joined, parts
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import StyledParameter
from tests.runtime.conftest import answer

TEXT, LIST, DICT = "red", ["red", "green", "blue"], {"x": 1, "y": 2, "z": 3}
NULL = object()


def operation(*parameters, path="/things"):
    """Return a reading operation with these parameters."""
    return StyledOperation("things.list", "GET", path, parameters, bodies=(), retry="read")


@pytest.fixture
def sent(plain_client, portal):
    """Calls an operation with one parameter, and gives the request that arrives."""

    def sent(value, place="query", name="c", kind="json", **options):
        parameter = StyledParameter(name, kind, place=place, key="value", **options)
        path = f"/things/{{{name}}}/now" if place == "path" else "/things"
        plain_client.call(operation(parameter, path=path), {"value": value})
        return portal.seen[-1]

    return sent


def path_of(seen):
    """Return what stands in the place of the path parameter."""
    return seen.target.removeprefix("/things/").removesuffix("/now")


def query_of(seen):
    """Return the query; "" if there is none."""
    return seen.target.partition("?")[2]


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("matrix", False, TEXT, ";c=red"),
        ("matrix", False, "", ";c"),
        ("matrix", False, LIST, ";c=red,green,blue"),
        ("matrix", False, DICT, ";c=x,1,y,2,z,3"),
        ("matrix", True, TEXT, ";c=red"),
        ("matrix", True, LIST, ";c=red;c=green;c=blue"),
        ("matrix", True, DICT, ";x=1;y=2;z=3"),
        ("label", False, TEXT, ".red"),
        ("label", False, LIST, ".red,green,blue"),
        ("label", False, DICT, ".x,1,y,2,z,3"),
        ("label", True, TEXT, ".red"),
        ("label", True, LIST, ".red.green.blue"),
        ("label", True, DICT, ".x=1.y=2.z=3"),
        ("simple", False, TEXT, "red"),
        ("simple", False, LIST, "red,green,blue"),
        ("simple", False, DICT, "x,1,y,2,z,3"),
        ("simple", True, LIST, "red,green,blue"),
        ("simple", True, DICT, "x=1,y=2,z=3"),
        ("", None, LIST, "red,green,blue"),
        ("", None, DICT, "x,1,y,2,z,3"),
    ],
)
def test_a_path(sent, style, explode, value, text):
    """Three styles; the last rows have the default, `simple` without explode."""
    assert path_of(sent(value, "path", style=style, explode=explode)) == text


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("form", False, TEXT, "c=red"),
        ("form", False, LIST, "c=red,green,blue"),
        ("form", False, DICT, "c=x,1,y,2,z,3"),
        ("form", True, LIST, "c=red&c=green&c=blue"),
        ("form", True, DICT, "x=1&y=2&z=3"),
        ("", None, "", "c="),
        ("", None, LIST, "c=red&c=green&c=blue"),
        ("", None, DICT, "x=1&y=2&z=3"),
        ("spaceDelimited", False, LIST, "c=red%20green%20blue"),
        ("spaceDelimited", None, DICT, "c=x%201%20y%202%20z%203"),
        ("spaceDelimited", True, LIST, "c=red&c=green&c=blue"),
        ("pipeDelimited", False, LIST, "c=red%7Cgreen%7Cblue"),
        ("pipeDelimited", None, DICT, "c=x%7C1%7Cy%7C2%7Cz%7C3"),
        ("pipeDelimited", None, TEXT, "c=red"),
        ("pipeDelimited", True, LIST, "c=red&c=green&c=blue"),
        ("deepObject", True, DICT, "c%5Bx%5D=1&c%5By%5D=2&c%5Bz%5D=3"),
        ("deepObject", None, DICT, "c%5Bx%5D=1&c%5By%5D=2&c%5Bz%5D=3"),
        ("deepObject", True, {"a b": "c&d=e"}, "c%5Ba%20b%5D=c%26d%3De"),
        ("deepObject", True, {"on": True}, "c%5Bon%5D=true"),
        ("deepObject", True, 7, "c=7"),
    ],
)
def test_a_query(sent, style, explode, value, text):
    """Four styles; the default is `form` with explode."""
    assert query_of(sent(value, style=style, explode=explode)) == text


@pytest.mark.parametrize(
    ("explode", "value", "text"),
    [
        (False, TEXT, "red"),
        (False, LIST, "red,green,blue"),
        (False, DICT, "x,1,y,2,z,3"),
        (True, LIST, "red,green,blue"),
        (True, DICT, "x=1,y=2,z=3"),
        (None, '100% (a, b) "c" ü', '100% (a, b) "c" ü'),
    ],
)
def test_a_header(sent, explode, value, text):
    """Nothing is encoded or quoted there."""
    assert sent(value, "header", "X-C", explode=explode).header("X-C") == text


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("form", None, TEXT, "c=red"),
        ("form", None, "a b;c", "c=a%20b%3Bc"),
        ("form", False, LIST, "c=red,green,blue"),
        ("form", False, DICT, "c=x,1,y,2,z,3"),
        ("form", None, LIST, "c=red; c=green; c=blue"),
        ("form", None, DICT, "x=1; y=2; z=3"),
        ("cookie", None, "a%20b", "c=a%20b"),
        ("cookie", None, LIST, "c=red; c=green; c=blue"),
        ("cookie", None, DICT, "x=1; y=2; z=3"),
        ("cookie", False, LIST, "c=red,green,blue"),
        ("cookie", False, DICT, "c=x,1,y,2,z,3"),
    ],
)
def test_a_cookie(sent, style, explode, value, text):
    """`form` encodes, `cookie` does not; both separate pairs as the Cookie header wants it."""
    assert sent(value, "cookie", style=style, explode=explode).header("Cookie") == text


def test_all_cookies_share_one_header(plain_client, portal):
    """In the order of the document."""
    both = operation(StyledParameter("a", "string", place="cookie"), StyledParameter("b", "array", place="cookie"))

    plain_client.call(both, {"b": [1, 2], "a": "1;2"})

    assert [value for name, value in portal.seen[-1].headers if name == "Cookie"] == ["a=1%3B2; b=1; b=2"]


def test_a_cookie_is_a_secret(sent, portal):
    """A service that echoes it in an error does not spread it."""
    portal.says(answer("no session hunter2-of-rex", 403))
    with pytest.raises(ApiError) as caught:
        sent("hunter2-of-rex", "cookie")
    assert "hunter2" not in f"{caught.value} {caught.value.response.text} {caught.value.response.request.headers}"


@pytest.mark.parametrize("place", ["query", "cookie"])
@pytest.mark.parametrize("style", ["form", "deepObject"])
@pytest.mark.parametrize("explode", [True, False])
@pytest.mark.parametrize("value", [None, [], {}, [None], {"a": None}, ()])
def test_nothing_is_left_out(sent, place, style, explode, value):
    """None, an empty list or dict, and those of None alone."""
    seen = sent(value, place, style=style, explode=explode)

    assert (query_of(seen), seen.header("Cookie")) == ("", "")


@pytest.mark.parametrize(("value", "text"), [(["a", None, "b"], "c=a,b"), ({"a": 1, "b": None}, "c=a,1")])
def test_none_among_others_is_left_out(sent, value, text):
    """The others remain."""
    assert query_of(sent(value, explode=False)) == text


@pytest.mark.parametrize("value", [None, [], {}, [None]])
@pytest.mark.parametrize("place", ["path", "query", "header"])
def test_nothing_is_no_value_for_a_required_parameter(sent, portal, place, value):
    """It is refused before the call."""
    with pytest.raises(ArgumentError, match="needs a value for 'value'"):
        sent(value, place, required=True)
    assert portal.seen == []


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("boolean", True, "true"),
        ("integer", 9007199254740993, "9007199254740993"),
        ("number", 1.5, "1.5"),
        ("number", Decimal("1.10"), "1.10"),
        ("json", -1, "-1"),
        ("string", datetime.date(2026, 1, 2), "2026-01-02"),
        ("string", datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC), "2026-01-02T03:04:05+00:00"),
        ("json", uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ("string", b"\x00\xff\xfe", "AP_-"),
    ],
)
@pytest.mark.parametrize("place", ["query", "path", "header", "cookie"])
def test_a_scalar_is_the_same_text_everywhere(sent, place, kind, value, text):
    """Booleans as in JSON, dates as RFC 3339 has them, bytes as base64url."""
    seen = sent(value, place, kind=kind)
    found = {
        "query": unquote(query_of(seen)).removeprefix("c="),
        "path": unquote(path_of(seen)),
        "header": seen.header("c"),
        "cookie": unquote(seen.header("Cookie")).removeprefix("c="),
    }

    assert found[place] == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "7"),
        ("integer", [7]),
        ("boolean", 1),
        ("array", "red"),
        ("array", {"a": 1}),
        ("object", [1]),
        ("object", "x"),
        ("string", {"a": 1}),
        ("json", float("nan")),
        ("json", "\ud800"),
        ("string", datetime.datetime(2026, 1, 2)),
    ],
)
def test_a_value_of_another_type_is_refused(sent, portal, kind, value):
    """Before anything is sent."""
    with pytest.raises(ArgumentError, match=r"can't send .* for 'value'\. Pass "):
        sent(value, kind=kind)
    assert portal.seen == []


@pytest.mark.parametrize("value", [[[1]], [{"a": 1}], {"a": [1]}, {"a": {"b": 1}}])
@pytest.mark.parametrize(
    ("place", "style"), [("query", "form"), ("query", "deepObject"), ("path", "label"), ("header", ""), ("cookie", "")]
)
def test_no_style_writes_nested_values(sent, portal, place, style, value):
    """Every tool would write something else, so it is an error and no guess."""
    with pytest.raises(ArgumentError, match=r"lists or dicts inside of another|a list has no meaning"):
        sent(value, place, style=style)
    assert portal.seen == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": {"b": 1}}, "c[a][b]=1"),
        ({"a": [1, None, True]}, "c[a]=1&c[a]=true"),
        ({"a": [{"b": "x y"}, {"b": None}, [2]]}, "c[a][0][b]=x y&c[a][1]=2"),
        ({"a": {"b": [], "c": {"d": None}}, "e": 2, "f": [[]]}, "c[e]=2"),
        ({"a": {"b": None}}, ""),
        ({"a": {"b": {"c]&": datetime.date(2026, 1, 2)}}}, "c[a][b][c]&]=2026-01-02"),
    ],
)
def test_a_deep_object_can_have_objects_and_lists_inside(sent, value, text):
    """Names have one bracket for each level, and nothing is sent for None and for what is empty."""
    query = query_of(sent(value, style="deepObject", nested=True))

    assert "&".join(f"{name}={inner}" for name, inner in parse_qsl(query)) == text
    assert not set(query) & set("[] ")


def test_a_deep_object_is_checked_at_each_level(sent, portal):
    """Values that can't be written, and values without an end, are refused."""
    endless = {}
    endless["a"] = endless
    for value in (endless, {"a": {"b": object()}}, {"a": [float("nan")]}, {"a": {1: 2}}):
        with pytest.raises(ArgumentError, match="can't send"):
            sent(value, style="deepObject", nested=True)
    assert portal.seen == []


def test_a_list_has_no_deep_style(sent):
    """Only the members of an object have names for the brackets."""
    with pytest.raises(ArgumentError, match="a list has no meaning here"):
        sent([1], style="deepObject")


@pytest.mark.parametrize("place", ["header", "cookie"])
@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "\x7f", "€", ["x", "a\nb"], {"a\n": 1}])
def test_no_line_can_be_added_to_the_head(sent, portal, place, value):
    """What has no escapes takes printable Latin-1 only."""
    with pytest.raises(ArgumentError, match=r"printable Latin-1"):
        sent(value, place, style="cookie" if place == "cookie" else "")
    assert portal.seen == []


@pytest.mark.parametrize(("place", "value"), [("header", ["a,b", "c"]), ("cookie", ["a,b"]), ("cookie", "a;b")])
def test_what_has_no_escapes_can_not_hold_its_separator(sent, place, value):
    """It would arrive as two."""
    with pytest.raises(ArgumentError, match=r"which stands between them|which ends a cookie"):
        sent(value, place, style="cookie" if place == "cookie" else "")


@pytest.mark.parametrize("style", ["simple", "label", "matrix"])
@pytest.mark.parametrize("value", [".", "..", "", ["."], [""]])
def test_no_step_of_a_path_can_vanish(sent, portal, style, value):
    """A step of one or two dots leads elsewhere, an empty one nowhere."""
    if style == "matrix" or (style == "label" and value in ("..", [".."])):
        sent(value, "path", style=style)
        return
    with pytest.raises(ArgumentError):
        sent(value, "path", style=style)
    assert portal.seen == []


@pytest.mark.parametrize("values", [(".", "."), ("", "..")])
def test_two_values_of_one_step_can_not_make_dots(plain_client, portal, values):
    """`/{a}{b}` could become `/..`."""
    parameters = [StyledParameter(name, "string", place="path", reserved=True) for name in "ab"]
    with pytest.raises(ArgumentError):
        plain_client.call(operation(*parameters, path="/x/{a}{b}/y"), dict(zip("ab", values, strict=True)))
    assert portal.seen == []


def test_encoded_dots_are_dots(sent):
    """A proxy would decode them."""
    with pytest.raises(ArgumentError, match=r"'\.' or '\.\.'"):
        sent("%2E%2e", "path", reserved=True)


@pytest.mark.parametrize(
    ("place", "value", "text"),
    [
        ("query", "a/b?c:@!$'()*;,", "c=a/b?c:@!$'()*;,"),
        ("query", "a%2Fb", "c=a%2Fb"),
        ("query", "100% x", "c=100%25%20x"),
        ("query", "ü", "c=%C3%BC"),
        ("query", "a#b", "c=a%23b"),
        ("path", "a:b@c;d=e,f", "a:b@c;d=e,f"),
        ("path", "a/b?c#d", "a%2Fb%3Fc%23d"),
        ("path", "a%2Fb", "a%2Fb"),
    ],
)
def test_reserved_characters_can_be_allowed(sent, place, value, text):
    """But none that would end the place where they stand."""
    seen = sent(value, place, reserved=True)

    assert (query_of(seen) if place == "query" else path_of(seen)) == text


@pytest.mark.parametrize("name", ["filter[name]", "X Y", "a&b", "$top", "ids[]", "ü", "a.b", "a=b"])
def test_names_are_encoded_too(sent, name):
    """A name is data like a value."""
    assert parse_qsl(query_of(sent("v&w", name=name))) == [(name, "v&w")]


@pytest.mark.parametrize(
    ("place", "media", "value", "text"),
    [
        ("query", "application/json", {"a": [1, None]}, "c=%7B%22a%22%3A%5B1%2Cnull%5D%7D"),
        ("query", "application/json", "x", "c=%22x%22"),
        ("query", "text/plain", "a b", "c=a%20b"),
        ("path", "application/json", {"a": 1}, "%7B%22a%22%3A1%7D"),
        ("header", "application/json", {"a": "ü\n"}, '{"a":"\\u00fc\\n"}'),
        ("cookie", "application/json", {"a": 1}, "c=%7B%22a%22%3A1%7D"),
        ("querystring", "application/json", {"a": 1}, "%7B%22a%22%3A1%7D"),
        ("querystring", "application/x-www-form-urlencoded", {"a": "x y", "b": [1, 2]}, "a=x+y&b=1&b=2"),
        ("querystring", "text/plain", "a b&c", "a%20b%26c"),
    ],
)
def test_a_parameter_can_have_a_media_type(sent, place, media, value, text):
    """Its text is that of the type, encoded as the place wants it."""
    seen = sent(value, place, media=media)
    found = {"path": path_of(seen), "header": seen.header("c"), "cookie": seen.header("Cookie")}

    assert found.get(place, query_of(seen)) == text


def test_a_text_of_a_media_type_can_not_add_a_line(sent):
    """Not even one that the caller has written."""
    with pytest.raises(ArgumentError, match="Latin-1"):
        sent("a\r\nb", "header", media="text/plain")


@pytest.mark.parametrize("name", ["Content-Length", "Host", "Transfer-Encoding"])
def test_a_parameter_can_not_control_the_connection(sent, name):
    """Whatever a document declares."""
    assert sent("evil", "header", name).header(name) != "evil"


# uritemplate takes 0 for nothing, and writes an empty item of a matrix with `=`.
SCALARS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8) | st.integers(1, 999)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
NAMES = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=5)
LISTS = st.lists(SCALARS, min_size=1, max_size=4)
# uritemplate writes the members of a dict in the order of their names.
DICTS = st.dictionaries(NAMES, SCALARS, min_size=1, max_size=4).map(lambda each: dict(sorted(each.items())))
OPERATORS = {"matrix": ";", "label": ".", "simple": "", "form": "?"}


@given(style=st.sampled_from(sorted(OPERATORS)), explode=st.booleans(), name=NAMES, value=SCALARS | LISTS | DICTS)
def test_it_is_what_rfc_6570_expands(style, explode, name, value):
    """An independent implementation of level 4 writes the same."""
    written = joined(Style(style, explode), name, value)

    template = f"{{{OPERATORS[style]}{name}{'*' if explode else ''}}}"
    assert written == uritemplate.expand(template, {name: value}).removeprefix("?" if style == "form" else "")


@given(name=TEXTS.filter(bool), value=st.dictionaries(TEXTS, TEXTS, min_size=1))
def test_a_deep_object_comes_back(name, value):
    """Whatever is in its names."""
    written = "&".join(parts(Style("deepObject", True), name, value))

    assert parse_qsl(written, keep_blank_values=True) == [(f"{name}[{key}]", text) for key, text in value.items()]


@given(
    name=TEXTS.filter(bool),
    items=st.lists(TEXTS.filter(lambda text: "|" not in text), min_size=1),
    style=st.sampled_from([("pipeDelimited", "|"), ("form", None)]),
)
def test_a_list_comes_back(name, items, style):
    """By the parser of the standard library."""
    kind, delimiter = style
    written = "&".join(parts(Style(kind, delimiter is None), name, items))

    found = parse_qsl(written, keep_blank_values=True)
    assert {key for key, _ in found} == {name}
    assert ([text for _, text in found] if delimiter is None else found[0][1].split(delimiter)) == items
