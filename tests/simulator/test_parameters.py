"""How a portal reads parameters, fact by fact."""

import pytest

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Array, Constant, Map, Nothing, Scalar
from ovcgen.simulator.parameters import arguments, incoming
from ovcgen.simulator.refusals import Crash, Unreadable, Wrong
from ovcgen.simulator.request import Seen

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NUMBER, FLOAT, FLAG, TEXT = Scalar("integer"), Scalar("number"), Scalar("boolean"), Scalar("string")
NUMBERS, TEXTS, OBJECT = Array(Scalar("integer"), "multi"), Array(Scalar("string"), "multi"), Map(Anything())


def request(*, query="", body=b"", kind=FORM, method="POST", **headers):
    """A request with these parts."""
    sent = {"content-type": kind, **headers} if body or headers else {}
    return Seen(method, "/restmachine/cloudapi/machines/get", query, tuple(sorted(sent.items())), body)


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


@pytest.mark.parametrize("body", [b"{", b"[1]", b"12", b"null", b'{"a": 1}}', b"[" * 100_000])
def test_a_json_body_that_is_no_object_breaks_the_portal(body):
    """Outside the normal error path."""
    with pytest.raises(Unreadable):
        incoming(request(body=body, kind=JSON))


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
    with pytest.raises(Wrong, match=r"^Param with name:p is missing\.$"):
        arguments(taking(TEXT, required=True), incoming(request(**sent)))


def test_a_default_does_not_make_a_required_parameter_optional():
    """The catalog declares such parameters, and the portal still wants them."""
    with pytest.raises(Wrong, match="missing"):
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
        pytest.param(FLAG, b"p=TRUE", True, id="true in any case"),
        pytest.param(FLAG, b"p=1", True, id="1"),
        pytest.param(FLAG, b"p=False", False, id="False"),
        pytest.param(FLAG, b"p=0", False, id="0"),
        pytest.param(NUMBERS, b"p=5", [5], id="one value is a list"),
        pytest.param(NUMBERS, b"p=1&p=2", [1, 2], id="repeated keys"),
        pytest.param(NUMBERS, b"p=[1,2]", [1, 2], id="a JSON list as text"),
        pytest.param(TEXTS, b"p=a,b", ["a,b"], id="no commas"),
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
        pytest.param(NUMBERS, {"body": b"p=1,2"}, r"list\(int\)", id="commas"),
        pytest.param(OBJECT, {"body": b"p=[1]"}, "object", id="a list for an object"),
        pytest.param(OBJECT, {"body": b"p={"}, "object", id="neither JSON nor YAML"),
    ],
)
def test_a_wrong_value_is_refused(schema, sent, kind):
    """With the portal's words."""
    with pytest.raises(Wrong, match=f"^Value of param p not correct needs to be of type {kind}$"):
        read(schema, **sent)


@pytest.mark.parametrize("body", [b'{"p": 5}', b'{"p": "5"}'])
def test_a_bare_value_for_a_list_in_json_crashes(body):
    """A 500, where a form would pass."""
    with pytest.raises(Crash):
        read(NUMBERS, body=body, kind=JSON)


def test_unknown_parameters_are_passed_on():
    """So misspelt names are lost in silence; reserved ones stay with the portal."""
    given = incoming(request(body=b"p=a&explicit=true&authkey=x&_async=1&format=json"))

    assert arguments(taking(TEXT), given) == {"p": "a", "explicit": "true"}
