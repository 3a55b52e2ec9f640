"""What an answer, and the lack of one, becomes for a caller."""

import json

import pytest

from tests.runtime.conftest import answer

ECO = 'Unexpected error. Contact support and mention "eco-12-0e1f9e5a-6c1d-4b6b-8b1f-2f4e7f0d9a11"'


@pytest.mark.parametrize(
    "value", [12, 0, True, False, None, "", "text", [], [1], {"a": [None]}, "ünï \U0001f600", 2**70, 1.5]
)
def test_any_json_value_is_an_answer(connect, operation, portal, value):
    """The portal's answers need not be objects."""
    portal.says(answer(value))
    assert connect().call(operation(), {}) == value


def test_an_accepted_call_answers_false(connect, operation, portal):
    """A resize answers 202 and false: applied, restart needed. It is a value like any other."""
    portal.says(answer(False, 202))
    assert connect().call(operation(), {}) is False


@pytest.mark.parametrize("status", [202, 204])
def test_no_body_is_none(runtime, connect, operation, portal, status):
    """A response without a body returns None; a creating call, which must return an id, raises OutcomeUnknown."""
    portal.says(answer(b"", status, kind=""))
    assert connect().call(operation(retry="converging"), {}) is None
    with pytest.raises(runtime.errors.OutcomeUnknown, match="not the JSON"):
        connect().call(operation(), {})


def test_a_file_is_its_bytes(connect, operation, portal):
    """Whatever they are."""
    portal.says(answer(b"PK\x03\x04\x00\xff", kind="application/octet-stream"))
    assert connect().call(operation(answer="file", method="GET"), {}) == b"PK\x03\x04\x00\xff"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{'a': True}", id="Python's repr"),
        pytest.param(b'{"a": 1', id="cut off"),
        pytest.param(b"[NaN]", id="NaN"),
        pytest.param(b"-Infinity", id="Infinity"),
        pytest.param(b"[" * 200_000, id="too deep"),
        pytest.param(b"1" * 5000, id="too long a number"),
        pytest.param('"ü"'.encode("latin-1"), id="latin-1"),
        pytest.param('"a"'.encode("utf-16"), id="UTF-16"),
    ],
)
def test_what_is_no_json_is_not_handed_on(runtime, connect, operation, portal, body):
    """Of a read it can't be read; of a change nobody knows what became of it."""
    portal.says(answer(body))
    with pytest.raises(runtime.errors.DecodeError, match="is not the JSON it should be"):
        connect().call(operation(retry="read"), {})
    with pytest.raises(runtime.errors.OutcomeUnknown, match="is not the JSON it should be"):
        connect().call(operation(retry="creating"), {})


def test_a_login_page_is_recognised(runtime, connect, operation, portal):
    """A portal that wants a form filled in answers 200 and HTML."""
    portal.says(answer(b"<!DOCTYPE html><html><body>Log in", kind="text/html"))
    with pytest.raises(runtime.errors.DecodeError, match="perhaps a login page"):
        connect().call(operation(retry="read"), {})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (405, "ApiError"),
        (409, "Conflict"),
        (412, "ApiError"),
        (419, "AuthExpired"),
        (429, "RateLimited"),
        (500, "ServerError"),
        (503, "ServerError"),
    ],
)
def test_each_status_has_its_error(runtime, connect, operation, portal, status, kind):
    """With the portal's own words, the operation and the answer."""
    portal.says(answer("name in use,\n choose another", status))
    with pytest.raises(runtime.errors.ApiError) as caught:
        connect().call(operation(), {})
    error = caught.value
    assert type(error) is (getattr(runtime.errors, kind, None) or getattr(runtime.portal_errors, kind))
    assert (error.status, error.message) == (status, "name in use, choose another")
    assert error.operation == "POST /cloudapi/machines/act"
    assert error.what == f"POST /cloudapi/machines/act answered {status}: name in use, choose another."
    assert (error.response.status_code, error.response.json()) == (status, "name in use,\n choose another")


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        pytest.param(b'"Could not find 7 of type vmachine"', "application/json", "Could not find 7 of type vmachine"),
        pytest.param(b"Could not find method", "application/json", "Could not find method", id="bare text as JSON"),
        pytest.param(b"guest", "", "guest", id="no content type"),
        pytest.param(
            b"<html><style>p {}</style><script>x<y</script><h1>Not\n valid</h1><p>&quot;ann&quot;</p></html>",
            "text/html; charset=UTF-8",
            'Not valid "ann"',
            id="HTML",
        ),
        pytest.param(b'{"error": [1]}', "application/json", '{"error": [1]}', id="an object"),
        pytest.param(b"", "text/plain", "", id="nothing"),
        pytest.param(b'"\\u001b[2J\\u202egone"', "application/json", "[2J gone", id="what a terminal would obey"),
        pytest.param(b"\xff\xfe", "text/plain", "\ufffd\ufffd", id="no UTF-8"),
        pytest.param(b"[" * 100_000, "application/json", "[" * 2000, id="much of it"),
        pytest.param(b"<script" * 100_000, "text/html", ("<script" * 2000)[:2000], id="a page that never ends"),
    ],
)
def test_the_portals_words_are_found(runtime, connect, operation, portal, body, kind, message):
    """A JSON string, a page of HTML, bare text: what a person can read is shown, in one line."""
    portal.says(answer(body, 404, kind))
    with pytest.raises(runtime.errors.NotFound) as caught:
        connect().call(operation(), {})
    assert caught.value.message == message


def test_the_number_for_support_is_found(runtime, connect, operation, portal):
    """An internal error carries it; support asks for it."""
    portal.says(answer(f"<html><p>{ECO}</p></html>".encode(), 500, "text/html"))
    with pytest.raises(runtime.errors.ServerError) as caught:
        connect().call(operation(), {})
    assert caught.value.eco == "eco-12-0e1f9e5a-6c1d-4b6b-8b1f-2f4e7f0d9a11"
    assert "eco number" in caught.value.fix


def test_a_redirect_to_nowhere_is_an_error_too(runtime, connect, operation, portal):
    """Its address is the portal's text, and need not be one."""
    portal.says(answer(b"", 302, Location="http://[half"))
    with pytest.raises(runtime.errors.ApiError, match="a redirect to http://"):
        connect().call(operation(), {})


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("value", [1, {"a": "ü"}, "text", None])
def test_a_byte_order_mark_is_skipped(runtime, connect, portal, value, plain):
    """Some services begin JSON with EF BB BF; RFC 8259 lets readers ignore it. Inside of a text it stays."""
    portal.says(answer(b"\xef\xbb\xbf" + json.dumps({"found": value, "text": "\ufeff"}).encode()))
    read = runtime.operation.OperationSpec("a.b", "GET", "/a", plain=plain)
    assert connect().call(read, {}) == {"found": value, "text": "\ufeff"}


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/plain; charset=utf-8"])
def test_a_byte_order_mark_of_a_refusal_or_a_text_is_skipped(runtime, connect, operation, portal, kind):
    """It is no part of the words, nor of a body of JSON, nor of a text."""
    portal.says(answer(b"\xef\xbb\xbf" + b'"gone"', 404, kind), answer(b"\xef\xbb\xbfwords", kind="text/plain"))
    with pytest.raises(runtime.errors.NotFound) as caught:
        connect().call(operation(), {})
    assert (caught.value.message, caught.value.body) == ("gone", "gone")
    assert connect().call(runtime.operation.OperationSpec("a.b", "GET", "/a", answer="text", plain=True), {}) == "words"
