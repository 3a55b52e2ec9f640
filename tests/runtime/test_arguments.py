"""What may be passed for a parameter, what it looks like on the wire, and what a caller is told otherwise."""

import datetime
import enum
import math

import pytest


class Size(enum.IntEnum):
    """A number with a name."""

    SMALL = 3


class Kind(str, enum.Enum):  # noqa: UP042 - the kind whose str() is not its text
    """A text with a name."""

    DATA = "D"


class Status(enum.StrEnum):
    """The newer sort of text with a name."""

    RUNNING = "RUNNING"


def fields(runtime, operation, arguments):
    """The fields that are sent for these arguments."""
    checked = runtime.arguments.check_values(operation, arguments)
    return [field for parameter, value in checked for field in runtime.value_encoding.encode(parameter, value)]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("string", "a b", "a b"),
        ("string", "ünï \U0001f600", "ünï \U0001f600"),
        ("string", "null", "null"),
        ("string", Kind.DATA, "D"),
        ("string", Status.RUNNING, "RUNNING"),
        ("integer", 0, "0"),
        ("integer", -(2**63), "-9223372036854775808"),
        ("integer", Size.SMALL, "3"),
        ("number", 1.5, "1.5"),
        ("number", 3, "3"),
        ("number", 1e16, "1e+16"),
        ("number", -0.0, "-0.0"),
        ("boolean", True, "true"),
        ("boolean", False, "false"),
        ("object", {"a": [1, None, "ü"]}, '{"a": [1, null, "\\u00fc"]}'),
        ("object", {}, "{}"),
        ("object", "a: 1", "a: 1"),
    ],
)
def test_a_value_becomes_this_text(runtime, operation, kind, value, text):
    """As the portal reads it from a form."""
    assert fields(runtime, operation(field=kind), {"field": value}) == [("field", text)]


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("string", 7, "a text"),
        ("string", b"a", "a text"),
        ("string", "half \ud83d", "a text"),
        ("integer", "7", "a whole number"),
        ("integer", 7.0, "a whole number"),
        ("integer", True, "a whole number"),
        ("integer", 2**63, "64 bits"),
        pytest.param("integer", 10**5000, "64 bits", id="too long to be written"),
        ("number", math.nan, "a finite number"),
        ("number", math.inf, "a finite number"),
        ("number", 10**400, "a finite number"),
        ("number", "1.5", "a finite number"),
        ("number", False, "a finite number"),
        ("boolean", 1, "True or False"),
        ("boolean", "true", "True or False"),
        ("object", [1], "a dict"),
        ("object", {"a": math.nan}, "a dict"),
        ("object", {"a": datetime.date(2020, 1, 1)}, "a dict"),
        ("object", {("a", "b"): 1}, "a dict"),
        ("object", "half \ud83d", "a dict"),
        ("array", "1,2", "a list of"),
        ("array", {1, 2}, "a list of"),
        ("array", 5, "a list of"),
        ("array", [object()], "what JSON can say"),
    ],
)
def test_a_wrong_value_is_an_argument_error(runtime, operation, kind, value, wanted):
    """It says which argument of which call, and what to pass; it is a ValueError too."""
    with pytest.raises(runtime.errors.ArgumentError, match=r"can't send .* for 'field'") as caught:
        runtime.arguments.check_values(operation(field=kind), {"field": value})
    assert wanted in caught.value.fix
    assert isinstance(caught.value, ValueError)
    assert "cloudapi.machines.act()" in str(caught.value)


@pytest.mark.parametrize("name", ["password", "client_secret", "authkey", "token", "userdata", "newPassword"])
@pytest.mark.parametrize("value", ["can\udc00ary", ["canary"], {"a": "canary"}, b"canary"])
def test_a_wrong_secret_is_not_repeated(runtime, operation, name, value):
    """Its type is all that is said of it."""
    with pytest.raises(runtime.errors.ArgumentError, match=f"can't send {type(value).__name__} for") as caught:
        runtime.arguments.check_values(operation(**{name: "integer"}), {name: value})
    assert "ary" not in str(caught.value)


def test_a_container_is_not_repeated(runtime, operation):
    """It may be long, and hold what is secret."""
    with pytest.raises(runtime.errors.ArgumentError, match="can't send dict for 'name'"):
        runtime.arguments.check_values(operation(name="string"), {"name": {"password": "canary"}})


@pytest.mark.parametrize("absent", [None, [], ()])
def test_none_and_an_empty_list_are_absent(runtime, operation, absent):
    """A form can't say either."""
    assert fields(runtime, operation(ids="array", name="string"), {"ids": absent, "name": "web"}) == [("name", "web")]


def test_an_empty_text_is_refused(runtime, operation):
    """The portal takes it for absent, so it would be lost without a word."""
    with pytest.raises(runtime.errors.ArgumentError, match="can't send an empty text for 'name'"):
        runtime.arguments.check_values(operation(name="string"), {"name": ""})


def test_a_list_is_repeated_keys(runtime):
    """Commas are refused by the portal."""
    ids = runtime.operation.ParameterSpec("ids", "array", items="integer")
    act = runtime.operation.OperationSpec("a.b.c", "POST", "/a/b/c", (ids,))
    assert fields(runtime, act, {"ids": (1, 2)}) == [("ids", "1"), ("ids", "2")]
    with pytest.raises(runtime.errors.ArgumentError, match="can't send 'x' for 'ids'"):
        fields(runtime, act, {"ids": [1, "x"]})
    with pytest.raises(runtime.errors.ArgumentError, match="Pass a list of integers"):
        fields(runtime, act, {"ids": 5})


@pytest.mark.parametrize(("collection", "text"), [("csv", "1,2"), ("ssv", "1 2"), ("tsv", "1\t2"), ("pipes", "1|2")])
def test_other_documents_join_lists(runtime, collection, text):
    """Where they say so."""
    ids = runtime.operation.ParameterSpec("ids", "array", items="integer", collection=collection)
    assert runtime.value_encoding.encode(ids, [1, 2]) == [("ids", text)]


def test_a_required_parameter_needs_a_value(runtime):
    """None is absent; a declared default of a required parameter is sent, as the portal does not apply it."""
    size = runtime.operation.ParameterSpec("size", "integer", required=True, default=10)
    name = runtime.operation.ParameterSpec("name", "string", required=True)
    act = runtime.operation.OperationSpec("a.b.c", "POST", "/a/b/c", (size, name))
    assert fields(runtime, act, {"name": "web", "size": None}) == [("size", "10"), ("name", "web")]
    with pytest.raises(runtime.errors.ArgumentError, match="needs a value for 'name'"):
        fields(runtime, act, {"name": None})


def test_a_task_stands_for_its_guid(runtime, operation):
    """Wherever a text is expected."""
    task = runtime.tasks.Task(None, "g-1")
    assert fields(runtime, operation(taskguid="string"), {"taskguid": task}) == [("taskguid", "g-1")]


def test_a_keyword_may_differ_from_the_wire(runtime):
    """`from` is no name in Python."""
    act = runtime.operation.OperationSpec(
        "a.b.c", "POST", "/a/b/c", (runtime.operation.ParameterSpec("from", "integer", key="from_"),)
    )
    assert fields(runtime, act, {"from_": 5}) == [("from", "5")]


@pytest.mark.parametrize("text", ["a\r\nX-Evil: b", "ü", "a\x00"])
def test_a_header_takes_plain_text_only(runtime, text):
    """A line break would begin another header."""
    header = runtime.operation.ParameterSpec("X-Name", "string", place="header")
    act = runtime.operation.OperationSpec("a.b.c", "POST", "/a/b/c", (header,))
    with pytest.raises(runtime.errors.ArgumentError, match="can't send"):
        fields(runtime, act, {"X-Name": text})


@pytest.mark.parametrize("text", [".", ".."])
def test_a_path_leads_nowhere_else(runtime, text):
    """Dots survive quoting."""
    act = runtime.operation.OperationSpec(
        "a.b.c", "GET", "/a/{name}/c", (runtime.operation.ParameterSpec("name", "string", place="path"),)
    )
    with pytest.raises(runtime.errors.ArgumentError, match="can't send"):
        fields(runtime, act, {"name": text})


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("cloudspaceID", "Did you mean 'cloudspaceId'?"),
        ("cloudspace_id", "Did you mean 'cloudspaceId'?"),
        ("CLOUDSPACEID", "Did you mean 'cloudspaceId'?"),
        ("nme", "Did you mean 'name'?"),
        ("async", "Did you mean '_async'?"),
        ("zebra", "It takes _async, cloudspaceId, name."),
    ],
)
def test_a_misspelt_name_is_a_type_error(runtime, operation, given, hint):
    """The portal would swallow it without a word; we name the nearest right one."""
    act = operation(name="string", cloudspaceId="integer", tasks=True)
    with pytest.raises(TypeError) as caught:
        runtime.arguments.check_names(act, [given])
    assert str(caught.value) == f"cloudapi.machines.act() got an unexpected keyword argument {given!r}. {hint}"


def test_a_call_that_can_not_be_a_task_does_not_take_async(runtime, operation):
    """It would be answered with a guid for a file."""
    with pytest.raises(TypeError, match=r"unexpected keyword argument '_async'\. It takes none"):
        runtime.arguments.check_names(operation(), ["_async"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("a", "b", "c"), ""),
        (("a", "b"), "missing 1 required keyword-only argument: 'c'"),
        (("a",), "missing 2 required keyword-only arguments: 'b' and 'c'"),
        ((), "missing 3 required keyword-only arguments: 'a', 'b', and 'c'"),
    ],
)
def test_missing_names_are_told_in_pythons_words(runtime, given, words):
    """As if the method had been written by hand."""
    parameters = tuple(runtime.operation.ParameterSpec(name, "string", required=True) for name in "abc")
    act = runtime.operation.OperationSpec("g.a.m", "POST", "/g/a/m", parameters)
    assert runtime.arguments.missing_names(act, given) == words
