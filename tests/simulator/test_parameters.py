"""How a portal reads parameters, fact by fact."""

import json

import pytest

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Array, Constant, Map, Nothing, Scalar
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, Unreadable
from ovcgen.simulator.parameters import arguments, incoming
from ovcgen.simulator.request import HttpRequest

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NUMBER, FLOAT, FLAG, TEXT = Scalar("integer"), Scalar("number"), Scalar("boolean"), Scalar("string")
NUMBERS, TEXTS, OBJECT = Array(Scalar("integer"), "multi"), Array(Scalar("string"), "multi"), Map(Anything())


def request(*, query="", body=b"", kind=FORM, method="POST", **headers):
    """A request with these parts."""
    sent = {"content-type": kind, **headers} if body or headers else {}
    return HttpRequest(method, "/restmachine/cloudapi/machines/get", query, tuple(sorted(sent.items())), body)


def taking(schema, *, required=False, default=None, validator=""):
    """An operation with the one parameter `p`."""
    constant = None if default is None else Constant.of(default)
    parameter = Parameter("p", "p", "formData", schema, required, "", constant, validator=validator)
    return Operation("cloudapi", "machines", "get", "POST", "/cloudapi/machines/get", (parameter,), (), Nothing())


def read(schema, **sent):
    """What a call gets for `p`."""
    return arguments(taking(schema), incoming(request(**sent)))["p"]


def test_the_body_wins_over_the_query():
    """Both are read, in this order."""
    assert incoming(request(query="a=1&b=2", body=b"b=3")).values == {"a": "1", "b": "3"}


def test_a_post_may_send_everything_in_its_query():
    """As OpenvCloud's own clients do."""
    assert incoming(request(query="machineId=12&name=a%20b+c")).values == {"machineId": "12", "name": "a b c"}


@pytest.mark.parametrize("kind", ["", "text/plain", "application/octet-stream", "application/xml"])
def test_other_bodies_are_ignored(kind):
    """Silently, so the parameters are missing."""
    assert incoming(request(body=b"a=1", kind=kind)).values == {}


def test_the_body_of_a_get_is_ignored():
    """Only POST and PUT have one."""
    assert incoming(request(method="GET", query="a=1", body=b"a=2")).values == {"a": "1"}


def test_a_stream_is_not_read():
    """`Pragma: stream` switches body parsing off."""
    assert incoming(request(body=b"a=1", pragma="stream")).values == {}


@pytest.mark.parametrize("body", [b"{", b"[1]", b"12", b'"x"', b"true", b'{"a": 1}}', b'{"a": NaN}', b"\xff"])
def test_a_json_body_that_is_no_object_breaks_the_portal(body):
    """Outside the normal error path."""
    with pytest.raises(Unreadable):
        incoming(request(body=body, kind=JSON))


@pytest.mark.parametrize("body", [b"null", b"0", b"0.0", b" \r\n", b"[]", b"{}", b'""', b"false"])
def test_a_json_body_that_is_falsy_or_blank_has_no_parameters(body):
    """Those of the query are read all the same."""
    assert incoming(request(query="a=1", body=body, kind=JSON)).values == {"a": "1"}


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 101 + b"1" + b"}" * 101, b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a": 1e999}'],
)
def test_a_json_body_beyond_all_bounds_is_refused(body):
    """Nested too deeply, or with a number that is none: 400."""
    with pytest.raises(HttpBadRequest, match="The body"):
        incoming(request(body=body, kind=JSON))


def test_brackets_in_strings_are_no_nesting():
    """However many there are."""
    text = '[{"' * 200 + '\\"' + "[" * 200

    assert incoming(request(body=json.dumps({"a": text}).encode(), kind=JSON)).values == {"a": text}


def test_an_empty_query_value_beside_a_form_breaks_the_portal():
    """`?_async=` and a form: send `_async=1`."""
    with pytest.raises(Unreadable):
        incoming(request(query="_async=", body=b"a=1"))


def test_an_empty_value_in_a_form_is_there():
    """Presence of `_async` decides."""
    assert incoming(request(body=b"_async=&a=1")).background


def test_of_a_repeated_part_the_last_counts():
    """Multipart has no lists."""
    body = "".join(f'--X\r\nContent-Disposition: form-data; name="p"\r\n\r\n{n}\r\n' for n in (1, 2)) + "--X--\r\n"

    assert incoming(request(body=body.encode(), kind="multipart/form-data; boundary=X")).values == {"p": "2"}


@pytest.mark.parametrize("sent", [{}, {"body": b"p="}, {"body": b'{"p": null}', "kind": JSON}])
def test_missing_empty_and_null_are_the_same(sent):
    """A required one is refused, with the portal's words."""
    with pytest.raises(HttpBadRequest, match=r"^Param with name:p is missing\.$"):
        arguments(taking(TEXT, required=True), incoming(request(**sent)))


def test_a_default_does_not_make_a_required_parameter_optional():
    """The catalog declares such parameters, and the portal still wants them."""
    with pytest.raises(HttpBadRequest, match="missing"):
        arguments(taking(NUMBER, required=True, default=10), incoming(request()))


@pytest.mark.parametrize(("default", "value"), [(5, 5), ("x", "x"), (0, None), (False, None), (None, None)])
def test_a_falsy_default_arrives_as_null(default, value):
    """Others arrive as declared."""
    assert arguments(taking(NUMBER, default=default), incoming(request())) == {"p": value}


@pytest.mark.parametrize(
    ("schema", "body", "value"),
    [
        pytest.param(NUMBER, b"p=12", 12, id="digits"),
        pytest.param(NUMBER, b"p=-1", -1, id="negative"),
        pytest.param(NUMBER, b"p=1.5", 1.5, id="a fraction passes as int"),
        pytest.param(NUMBER, b"p=true", True, id="true passes as int"),
        pytest.param(NUMBER, b"p=%22x%22", "x", id="a quoted text passes as int"),
        pytest.param(FLOAT, b"p=2", 2, id="float"),
        pytest.param(FLOAT, b"p=1e", 1.0, id="an exponent without digits"),
        pytest.param(NUMBER, b"p=-2.5E-", -2.5, id="an exponent without digits as int"),
        pytest.param(FLAG, b"p=TRUE", True, id="true in any case"),
        pytest.param(FLAG, b"p=1", True, id="1"),
        pytest.param(FLAG, b"p=False", False, id="False"),
        pytest.param(FLAG, b"p=0", False, id="0"),
        pytest.param(NUMBERS, b"p=5", [5], id="one value is a list"),
        pytest.param(NUMBERS, b"p=1&p=2", [1, 2], id="repeated keys"),
        pytest.param(NUMBERS, b"p=[1,2]", [1, 2], id="a JSON list as text"),
        pytest.param(NUMBERS, b"p=2147483647", [2147483647], id="the last small number"),
        pytest.param(NUMBERS, b"p=[99999999999]", [99999999999], id="a large number in a JSON list"),
        pytest.param(NUMBERS, b"p=99999999999&p=1", [99999999999, 1], id="a large number among others"),
        pytest.param(NUMBERS, b"p=true", [1], id="true is a number"),
        pytest.param(TEXTS, b"p=a,b", ["a,b"], id="no commas"),
        pytest.param(TEXTS, b"p=5", [5], id="one text that is JSON is parsed"),
        pytest.param(TEXTS, b"p=true", [True], id="truth too"),
        pytest.param(TEXTS, b"p=%22q%22", ["q"], id="quotes too"),
        pytest.param(TEXTS, b'p=["5"]', ["5"], id="in a JSON list it is not"),
        pytest.param(TEXTS, b"p=5&p=true", ["5", "true"], id="nor among others"),
        pytest.param(TEXT, b"p=12", "12", id="text"),
        pytest.param(TEXT, "p=é<".encode(), "é<", id="any text"),
        pytest.param(OBJECT, b'p={"a": [1]}', {"a": [1]}, id="JSON text"),
        pytest.param(OBJECT, b"p=a: 1", {"a": 1}, id="YAML text"),
    ],
)
def test_a_form_value_becomes(schema, body, value):
    """What the implementation gets."""
    assert read(schema, body=body) == value


@pytest.mark.parametrize(
    ("schema", "body", "value"),
    [
        pytest.param(NUMBER, b'{"p": 12}', 12, id="a number"),
        pytest.param(NUMBER, b'{"p": "12"}', 12, id="digits in a text"),
        pytest.param(FLAG, b'{"p": true}', True, id="a truth"),
        pytest.param(TEXT, b'{"p": 12}', 12, id="a number stays one in a text parameter"),
        pytest.param(NUMBERS, b'{"p": [1, "2"]}', [1, 2], id="a list"),
        pytest.param(OBJECT, b'{"p": {"a": 1}}', {"a": 1}, id="an object"),
    ],
)
def test_a_json_value_becomes(schema, body, value):
    """The same, from a JSON body."""
    assert read(schema, body=body, kind=JSON) == value


@pytest.mark.parametrize(
    ("schema", "sent", "kind"),
    [
        pytest.param(NUMBER, {"body": b"p=x"}, "int", id="no number"),
        pytest.param(NUMBER, {"body": b"p=1&p=2"}, "int", id="two numbers"),
        pytest.param(NUMBER, {"body": b'{"p": [1]}', "kind": JSON}, "int", id="a list for a number"),
        pytest.param(FLOAT, {"body": b"p=1,5"}, "float", id="no float"),
        pytest.param(FLAG, {"body": b"p=yes"}, "bool", id="yes is no truth"),
        pytest.param(NUMBER, {"body": b"p=NaN"}, "int", id="NaN is no number"),
        pytest.param(FLOAT, {"body": b"p=-Infinity"}, "float", id="neither is infinity"),
        pytest.param(FLOAT, {"body": b"p=1e999"}, "float", id="nor what is as large"),
        pytest.param(NUMBER, {"body": b"p=" + b"[" * 5000}, "int", id="deep brackets for a number"),
        pytest.param(NUMBERS, {"body": b"p=1,2"}, r"list\(int\)", id="commas"),
        pytest.param(NUMBERS, {"body": b"p=99999999999"}, r"list\(int\)", id="one large number"),
        pytest.param(NUMBERS, {"body": b"p=-2147483648"}, r"list\(int\)", id="or far below zero"),
        pytest.param(NUMBERS, {"body": b'p=["x"]'}, r"list\(int\)", id="words in a list of numbers"),
        pytest.param(TEXTS, {"body": b"p=null"}, "list", id="null for a list"),
        pytest.param(TEXTS, {"body": b'p={"a":1}'}, "list", id="an object for a list"),
        pytest.param(OBJECT, {"body": b"p=" + b"- " * 5000 + b"a"}, "object", id="a deep list in YAML"),
        pytest.param(OBJECT, {"body": b"p=[1]"}, "object", id="a list for an object"),
        pytest.param(OBJECT, {"body": b"p={"}, "object", id="neither JSON nor YAML"),
    ],
)
def test_a_wrong_value_is_refused(schema, sent, kind):
    """With the portal's words."""
    with pytest.raises(HttpBadRequest, match=f"^Value of param p not correct needs to be of type {kind}$"):
        read(schema, **sent)


@pytest.mark.parametrize("body", [b'{"p": 5}', b'{"p": "5"}'])
def test_a_bare_value_for_a_list_in_json_crashes(body):
    """A 500, where a form would pass."""
    with pytest.raises(Crash):
        read(NUMBERS, body=body, kind=JSON)


@pytest.mark.parametrize("text", [b"[[1]]", b"[null]", b'[{"a": 1}]'])
def test_a_container_or_null_in_a_list_of_numbers_crashes(text):
    """500, in a form and in JSON."""
    for sent in ({"body": b"p=" + text}, {"body": b'{"p": ' + text + b"}", "kind": JSON}):
        with pytest.raises(Crash):
            read(NUMBERS, **sent)


def test_unknown_parameters_are_passed_on():
    """So misspelt names are lost in silence; reserved ones stay with the portal."""
    given = incoming(request(body=b"p=a&explicit=true&authkey=x&_async=1&format=json"))

    assert arguments(taking(TEXT), given) == {"p": "a", "explicit": "true"}
