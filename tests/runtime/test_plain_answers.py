"""What the answers of plain documents mean: their content type says it."""

import pytest

from tests.runtime.conftest import answer


@pytest.fixture
def answered(runtime, connect, portal):
    """What a plain call gives for that answer."""

    def answered(body, kind, *, promised="json", accept="", status=200):
        portal.says(answer(body, status, kind=kind))
        call = runtime.operation.OperationSpec(
            "things.get", "GET", "/things", answer=promised, accept=accept, plain=True, retry="read"
        )
        return connect().call(call, {})

    return answered


@pytest.mark.parametrize(
    "kind", ["application/json", "application/hal+json; charset=utf-8", "text/json", "text/plain", "text/html", ""]
)
def test_json_is_json_under_any_name(answered, kind):
    """Servers call it many things."""
    assert answered(b'{"a": [1]}', kind) == {"a": [1]}


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_no_body_is_none(answered, status):
    """Whatever the status."""
    assert answered(b"", "application/json", status=status) is None


@pytest.mark.parametrize(
    ("body", "kind", "value"),
    [
        ("ünï".encode(), "text/plain", "ünï"),
        ("ünï".encode("latin-1"), 'text/plain; charset="ISO-8859-1"', "ünï"),
        (b"a: 1", "application/yaml", "a: 1"),
        (b"<a/>", "application/atom+xml", "<a/>"),
        (b"text", "text/plain; charset=no-such", "text"),
        (b"12", "text/plain", 12),
        (b"\x89PNG", "image/png", b"\x89PNG"),
        (b"PK", "application/zip", b"PK"),
    ],
)
def test_what_is_no_json_is_a_text_or_bytes(answered, body, kind, value):
    """By its type."""
    assert answered(body, kind) == value


def test_a_promised_text_stays_one(answered):
    """Bare digits are no number there; in JSON they are quoted."""
    assert answered(b"12", "text/plain", promised="text") == "12"
    assert answered(b'"12"', "application/json", promised="text") == "12"


def test_a_file_is_its_bytes(answered):
    """Whatever its type says."""
    assert answered(b'{"a": 1}', "application/json", promised="file") == b'{"a": 1}'


@pytest.mark.parametrize(("body", "kind"), [(b"<html>", "text/html"), (b"{", "application/json"), (b"{", "")])
def test_a_broken_promise_is_an_error(runtime, answered, body, kind):
    """A login page in the place of a value must not pass for one."""
    with pytest.raises(runtime.errors.DecodeError):
        answered(body, kind)


def test_a_promised_page_is_a_text(answered):
    """Where the document says so."""
    assert answered(b"<html>", "text/html", accept="text/html") == "<html>"


@pytest.mark.parametrize("status", [400, 404, 418, 500])
def test_an_error_has_the_whole_answer(runtime, answered, status):
    """Documents declare what errors look like, often as `default`."""
    with pytest.raises(runtime.errors.ApiError) as caught:
        answered({"code": 7}, "application/json", status=status)
    assert (caught.value.status, caught.value.response.json()) == (status, {"code": 7})


@pytest.mark.parametrize(
    ("said", "kind", "body"),
    [
        (b'{"code": 7}', "application/problem+json", {"code": 7}),
        (b'{"code": 7}', "text/plain", {"code": 7}),
        (b'"words"', "application/json", "words"),
        (b"[1, null]", "application/json", [1, None]),
        (b"", "application/json", None),
        (b'{"code": NaN}', "application/json", None),
        (b"[" * 100_000, "application/json", None),
        (b"<p>no</p>", "text/html", None),
        (b"\xff\xfe", "application/json", None),
    ],
)
def test_an_error_has_its_body(runtime, answered, said, kind, body):
    """As JSON, where it is some, whatever it calls itself."""
    with pytest.raises(runtime.errors.ApiError) as caught:
        answered(said, kind, status=400)
    assert caught.value.body == body


@pytest.mark.parametrize("said", [b'{"got": "canary/7f3a \xc3\xa9"}', b'{"got": ["canary\\/7f3a \\u00e9"]}'])
def test_the_body_of_an_error_shows_no_secret(runtime, connect, operation, portal, said):
    """JSON has two ways to write it."""
    portal.says(answer(said, 400))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect(auth=runtime.portal_auth.AuthKey("canary/7f3a \u00e9")).call(operation(), {})
    assert "canary" not in f"{caught.value.body}{caught.value.message}{caught.value.response.text}"
    assert caught.value.body["got"] in ("***", ["***"])
