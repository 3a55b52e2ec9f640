"""A list arrives at an OpenvCloud portal as it was passed, although the portal reads a single value as JSON."""

import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

REFUSED = object()
TEXTS = [
    "5",
    "true",
    "null",
    "NaN",
    "1e",
    "007",
    " 5",
    '"q"',
    "[1,2]",
    '{"a":1}',
    "1,2",
    "-",
    "10.0.0.1",
    "web",
    "a=b&c",
]
NUMBERS = [0, 1, -1, 2**31 - 1, 2**31, -(2**31), 99_999_999_999, 2**63 - 1]


def as_the_portal_reads_it(fields, items):
    """The list that a portal hands to its method: measured on the real code, in the direction that costs most.

    A single value is JSON wherever it begins like JSON; from a list of JSON the elements are not read again.
    """
    if len(fields) > 1:
        return [int(field) for field in fields] if items == "integer" else fields
    try:
        value = json.loads(fields[0])
    except ValueError:
        return REFUSED if fields[0].lstrip()[:1] in '[{"0123456789-tfnNI' else [fields[0]]
    if not isinstance(value, list):
        is_large = isinstance(value, int) and not -(2**31) <= value < 2**31
        return REFUSED if value is None or is_large or isinstance(value, dict) else [value]
    return value


def arrived(runtime, connect, portal, items, value, method="POST"):
    """What the portal reads of one call with that list."""
    place = "query" if method == "GET" else "form"
    names = runtime.operation.ParameterSpec("names", "array", place=place, items=items)
    connect().call(runtime.operation.OperationSpec("a.b.c", method, "/a/b/c", (names,)), {"names": value})
    seen = portal.seen[-1]
    sent = seen.target.partition("?")[2] if method == "GET" else seen.body.decode()
    return as_the_portal_reads_it(parse_qs(sent)["names"], items)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_list_of_one_text_arrives_as_text(runtime, connect, portal, text, method):
    """Also a text that is JSON, or begins like it; with a second one it always did."""
    assert arrived(runtime, connect, portal, "string", [text], method) == [text]
    assert arrived(runtime, connect, portal, "string", [text, "b"], method) == [text, "b"]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_list_of_one_number_arrives(runtime, connect, portal, number):
    """Alone, one of 32 bits or more would be refused."""
    assert arrived(runtime, connect, portal, "integer", [number]) == [number]
    assert arrived(runtime, connect, portal, "integer", [number, 1]) == [number, 1]


def test_a_list_of_one_object_arrives(runtime, connect, portal):
    """As the only value, the portal would take it for an object and refuse it."""
    assert arrived(runtime, connect, portal, "object", [{"a": 1}]) == [{"a": 1}]


def test_what_needs_no_json_is_sent_plain(runtime):
    """Recordings of before still fit, and a proxy's log is readable."""
    names = runtime.operation.ParameterSpec("names", "array", items="string")
    assert runtime.portal_encoding.encode_for_portal(names, ["web"]) == [("names", "web")]
    assert runtime.portal_encoding.encode_for_portal(names, ["5", "6"]) == [("names", "5"), ("names", "6")]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=2))
def test_any_list_of_texts_arrives(texts):
    """Whatever stands in it."""
    from ovcgen.runtime.operation import ParameterSpec
    from ovcgen.runtime.portal_encoding import encode_for_portal

    fields = [text for _, text in encode_for_portal(ParameterSpec("names", "array", items="string"), texts)]
    assert as_the_portal_reads_it(fields, "string") == texts


def test_other_documents_keep_repeated_keys(runtime, connect, portal):
    """Only OpenvCloud portals read a form like this."""
    names = runtime.operation.ParameterSpec("names", "array", items="string")
    connect(base_path="").call(
        runtime.operation.OperationSpec("a.b", "POST", "/a", (names,), plain=True), {"names": ["5"]}
    )
    assert portal.seen[-1].body == b"names=5"
