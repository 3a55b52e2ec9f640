"""Random requests: a portal answers 500 only where its rules say so, and nothing else falls over."""

import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Anything, Array, Map, Scalar
from ovcgen.simulator import HttpRequest, Simulator
from ovcgen.simulator.responses import FORMATS, KINDS

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
ECO = re.compile(r'.*"eco-66-[0-9a-f-]{36}"')
SCHEMAS = {
    "whole": Scalar("integer"),
    "number": Scalar("number"),
    "truth": Scalar("boolean"),
    "text": Scalar("string"),
    "wholes": Array(Scalar("integer"), "multi"),
    "texts": Array(Scalar("string"), "multi"),
    "thing": Map(Anything()),
}
PARAMETERS = tuple(Parameter(name, name, "formData", schema) for name, schema in SCHEMAS.items())
ECHO = Operation("cloudapi", "echo", "say", "POST", "/cloudapi/echo/say", PARAMETERS, (), Anything(), guest=True)
NEEDY = Operation(
    "cloudapi",
    "echo",
    "need",
    "POST",
    "/cloudapi/echo/need",
    (Parameter("whole", "whole", "formData", Scalar("integer"), required=True),),
    (),
    Anything(),
    guest=True,
)
PORTAL = Simulator(Api("9.9", "T", "7.0", "", (ECHO, NEEDY)))
many = settings(max_examples=300, deadline=None, derandomize=True, database=None)

numbers = st.integers() | st.integers(2**31 - 2, 2**31 + 2) | st.floats()
scalars = st.none() | st.booleans() | numbers | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
texts = (
    st.text()
    | values.map(json.dumps)
    | st.sampled_from(
        ["NaN", "Infinity", "1e", "-1.5E+", "1e999", "[[1]]", "[" * 5000, "- " * 5000, "{" * 200, "[1", "null"]
    )
    | st.from_regex(r"[-+0-9.eE_ ]{1,8}", fullmatch=True)
)
segments = st.sampled_from(["restmachine", "cloudapi", "echo", "say", "", "now", "%2F", "..", "x"]) | st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#/"), max_size=5
)
ranges = st.sampled_from(
    [
        "*/*",
        "text/*",
        "application/*",
        "image/*",
        *KINDS,
        "application/msgpack",
        "TEXT/HTML",
        "text/html;level=1",
        "x",
        "",
    ]
)


def ask(path="/cloudapi/echo/say", *, query="", body=b"", kind="", accept=JSON):
    """What the portal answers to a POST."""
    headers = {"content-type": kind, "accept": accept}
    sent = tuple(sorted((name, value) for name, value in headers.items() if value is not None))
    return PORTAL.answer(HttpRequest("POST", f"/restmachine{path}", query, sent, body))


def is_crash(answer):
    """Whether it is the 500 of an exception inside a call, as HTML with an eco number."""
    return (answer.status, answer.kind) == (500, "text/html") and ECO.fullmatch(answer.body.decode()) is not None


def finite(value):
    """Whether no number in it is larger than all."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(finite, inner)) and not (isinstance(value, float) and not math.isfinite(value))


def refuse_constant(name):
    """NaN and the infinities are no JSON."""
    raise ValueError(name)


@many
@given(body=values.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_a_json_body(body):
    """Falsy ones have no parameters, other values than objects break the portal; what is no JSON does too."""
    answer = ask("/cloudapi/echo/need", body=body, kind=JSON)
    try:
        value = json.loads(body, parse_constant=refuse_constant) if body.strip() else None
    except ValueError:
        value = "no JSON"

    if value and not isinstance(value, dict):
        assert (answer.status, answer.body) == (
            (500, b"Internal Server Error") if finite(value) else (400, answer.body)
        )
    else:
        assert answer.status in (200, 400)
        assert value or answer.body == b'"Param with name:whole is missing."'


@many
@given(name=st.sampled_from(sorted(SCHEMAS)), sent=st.lists(texts, min_size=1, max_size=3))
def test_a_value_in_a_form(name, sent):
    """Taken or refused; only a list of whole numbers crashes, over what is neither text nor number."""
    from urllib.parse import urlencode

    crashes = len(PORTAL.crashes)
    body = urlencode([(name, text) for text in sent], errors="surrogatepass").encode()
    answer = ask(body=body, kind=FORM)

    if answer.status == 500:
        assert is_crash(answer)
        assert (name, len(sent)) == ("wholes", 1)
        assert any(item is None or isinstance(item, list | dict) for item in json.loads(sent[0]))
    else:
        assert answer.status in (200, 400)
        assert len(PORTAL.crashes) == crashes


@many
@given(name=st.sampled_from(sorted(SCHEMAS)), value=values)
def test_a_value_in_a_json_body(name, value):
    """The same; here a single value for a list crashes, too."""
    answer = ask(body=json.dumps({name: value}).encode(), kind=JSON)

    if not finite(value):
        assert (answer.status, answer.body) == (500, b"Internal Server Error")
    elif answer.status == 500:
        assert is_crash(answer)
        assert name in ("wholes", "texts")
        bad = not isinstance(value, list) or any(item is None or isinstance(item, list | dict) for item in value)
        assert bad
    else:
        assert answer.status in (200, 400)


@many
@given(parts=st.lists(segments, max_size=6), leading=st.integers(0, 3))
def test_a_path(parts, leading):
    """It is found by the three parts behind `/restmachine`; slashes count between them only."""
    path = "/" * leading + "/".join(parts)
    found = re.fullmatch(r"/*cloudapi/echo/(say|need)(/.*)?", path)
    answer = ask(f"/{path}", query="whole=1")

    assert answer.status == (200 if found else 404)
    assert found or json.loads(answer.body).startswith("Could not find method, path was ")


@many
@given(path=segments, query=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_a_path_elsewhere(path, query):
    """404, unless the query asks for a format that there is not, or a key that is unknown."""
    answer = PORTAL.answer(HttpRequest("GET", f"/{path}", query, (("accept", JSON),), b""))

    assert answer.status == 404 or any(word in query for word in ("format", "_jsonp", "authkey"))


@many
@given(wanted=st.lists(st.tuples(ranges, st.sampled_from(["", ";q=0.5", ";q=0", ";q=1"])), min_size=1, max_size=4))
def test_an_accept_header(wanted):
    """Where a type that the portal knows is accepted it is taken, else the call crashes."""
    answer = ask(accept=", ".join("".join(pair) for pair in wanted))
    named = {name.lower().split(";")[0] for name, weight in wanted if weight != ";q=0"}
    fits = {kind for kind in KINDS if named & {kind, "*/*", kind.split("/")[0] + "/*"}}
    refused = {name.lower() for name, weight in wanted if weight == ";q=0"}

    if answer.status == 500:
        assert is_crash(answer)
        assert not fits or refused or "text/html;level=1" in {name for name, _ in wanted}
    else:
        assert answer.status == 200
        assert answer.kind in fits or {name for name, _ in wanted} == {""}


@many
@given(accept=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40))
def test_an_accept_header_that_is_none(accept):
    """An answer or a crash of the portal's own kind."""
    answer = ask(accept=accept)

    assert answer.status == 200 or is_crash(answer)


@many
@given(name=st.text(max_size=8) | st.sampled_from([*FORMATS, "JSON", "human"]))
def test_a_format(name):
    """Its case counts; one that there is not crashes the call."""
    answer = ask(body=json.dumps({"format": name}).encode(), kind=JSON)

    assert answer.status == 200 if name in FORMATS or not name else is_crash(answer)


@many
@given(key=st.none() | st.text() | values)
def test_an_authkey(key):
    """Any that is not a session's is 419, an empty one as well."""
    answer = ask(body=json.dumps({"authkey": key}).encode(), kind=JSON)

    assert answer.status == 419 if finite(key) else answer.status == 500


@pytest.mark.parametrize("name", ["", "show", "a b", "\ud800"])
@pytest.mark.parametrize("kind", ["json", "yaml", "text", "raw", "html"])
@pytest.mark.parametrize("text", ["é", "\ud800", chr(0xDCFF), "</script>"])
def test_any_text_can_be_answered(text, kind, name):
    """Half a character as well, in every format."""
    body = json.dumps({"format": kind, **({"_jsonp": name} if name else {})}).encode()

    assert ask(f"/x/{text}", body=body, kind=JSON).status == (200 if name else 404)
