"""What counts as a secret of a request, and what is left of requests, responses and log records without it."""

from __future__ import annotations

import copy
import html
import json
import logging
import pickle
from base64 import b64encode
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests
from markupsafe import escape

from ovcgen.runtime import redaction
from ovcgen.runtime.redaction import HIDDEN, LONGEST, HideSecrets, Secret

URL = "http://portal.example/act"


def sent(url: str = URL, **given: Any) -> requests.PreparedRequest:
    """Return a prepared request."""
    return requests.Request(given.pop("method", "POST"), url, **given).prepare()


def refused(body: bytes, request: requests.PreparedRequest, **headers: str) -> requests.Response:
    """Return the complete response to a refused request."""
    response = requests.Response()
    response.status_code, response.request, response.url = 400, request, str(request.url)
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    redaction.set_content(response, body)
    return response


def basic(pair: str) -> str:
    """Return a Basic header."""
    return f"Basic {b64encode(pair.encode()).decode()}"


NESTED = {
    "user": "ann-visible",
    "password": "pass-of-ann",
    "login": {"token": {"value": "inner-token", "names": "visible-names"}, "secret": ["one-of-list", ["two-of-list"]]},
    "pin": True,
    "passwords": [{"value": "in-a-list-of-passwords"}],
    "apikey": 123456,
    "secretkey": "four",
}


@pytest.mark.parametrize(
    ("request_", "secrets"),
    [
        pytest.param(sent(), [], id="none"),
        pytest.param(SimpleNamespace(url=None, headers={}, body=None), [], id="not prepared"),
        pytest.param(sent(f"{URL}?authkey=key-in-query&page=1", method="GET"), ["key-in-query"], id="in the query"),
        pytest.param(sent(data={"password": "in a form", "name": "x"}), ["in a form"], id="in a form"),
        pytest.param(sent(data=b"password=bytes\xff-of"), ["bytes\ufffd-of"], id="bytes that are no UTF-8"),
        pytest.param(
            sent(headers={"Authorization": "Digest user a=b"}), ["Digest user a=b", "user a=b"], id="in a header"
        ),
        pytest.param(
            sent(headers={"Authorization": basic("ann:pa:ss+wo%21rd")}),
            sorted(
                [basic("ann:pa:ss+wo%21rd"), basic("ann:pa:ss+wo%21rd")[6:], "pa:ss+wo%21rd", "pa:ss wo!rd"],
                key=lambda value: (-len(value), value),
            ),
            id="a password with a colon",
        ),
        pytest.param(
            sent(headers={"Authorization": f"Bearer {b64encode(b'ann:visible-password').decode()}"}),
            [
                f"Bearer {b64encode(b'ann:visible-password').decode()}",
                b64encode(b"ann:visible-password").decode(),
            ],
            id="a token is not decoded",
        ),
        pytest.param(
            sent(headers={"Cookie": "sid=abc%20de==; colour=dark-blue; b=four"}),
            ["sid=abc%20de==; colour=dark-blue; b=four", "abc%20de==", "dark-blue", "abc de=="],
            id="all cookies",
        ),
        pytest.param(
            sent(json=NESTED, headers={"Content-Type": "application/vnd.x+JSON; charset=utf-8"}),
            ["in-a-list-of-passwords", "inner-token", "one-of-list", "pass-of-ann", "two-of-list", "123456"],
            id="in JSON",
        ),
        pytest.param(
            sent(data=json.dumps(NESTED), headers={"Content-Type": "text/plain"}), [], id="JSON of another type"
        ),
        pytest.param(sent(data=b"{", headers={"Content-Type": "application/json"}), [], id="no JSON"),
        pytest.param(
            SimpleNamespace(url=URL, headers={}, body=SimpleNamespace(fields=[("password", "in a part"), ("a", "b")])),
            ["in a part"],
            id="in a part of an upload",
        ),
        pytest.param(
            sent(f"{URL}?token=abcde&secret=abcd&password=abcdefg&apikey=abcdf"),
            ["abcdefg", "abcde", "abcdf"],
            id="the longest first, and none of four characters",
        ),
    ],
)
def test_the_secrets_of_a_request(request_: Any, secrets: list[str]) -> None:
    """Values under names that mean a secret, in query, form, headers, parts and JSON; the longest first."""
    assert redaction.secrets_of(request_) == secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://ann:pw@portal.example/a?authkey=k&b=c#part", f"http://portal.example/a?authkey={HIDDEN}&b=c#{HIDDEN}"),
        ("http://portal.example/a", "http://portal.example/a"),
        ("ann:pw@portal.example/a?authkey=k#part", f"portal.example/a?authkey={HIDDEN}"),
        ("portal.example/a#part", "portal.example/a"),
        ("http://[broken?authkey=k#part", f"http://[broken?authkey={HIDDEN}"),
    ],
)
def test_an_address_without_secrets(url: str, shown: str) -> None:
    """User information is left out, and secret values and fragments are hidden, also in a text that is no address."""
    assert redaction.url_without_secrets(url) == shown


def test_a_form_keeps_its_other_fields() -> None:
    """Other values keep their stars, empty fields stay, and a form without a secret is unchanged."""
    assert redaction.form_without_secrets("authkey=k&a=b%2Ac&d=") == f"authkey={HIDDEN}&a=b*c&d="
    assert redaction.form_without_secrets("a=b%2Ac&d") == "a=b%2Ac&d"


def test_a_request_without_secrets() -> None:
    """The request itself is unchanged; its copy has the address, the harmless headers and the fields of the form."""
    request = sent(f"{URL}?authkey=kkkkkk", data={"password": "pppppp", "a": "b"}, headers={"X-Token": "t", "X-A": "b"})
    shown = redaction.request_without_secrets(request)
    assert (shown.url, shown.body) == (f"{URL}?authkey={HIDDEN}", f"password={HIDDEN}&a=b")
    assert (shown.headers["X-Token"], shown.headers["X-A"]) == (HIDDEN, "b")
    assert "pppppp" in str(request.body)
    assert redaction.request_without_secrets(sent(json={"a": "b"})).body == HIDDEN
    assert redaction.request_without_secrets(sent(data=b"a=b")).body == HIDDEN
    assert redaction.request_without_secrets(sent(method="GET")).body is None
    unprepared = sent()
    unprepared.url = None
    assert redaction.request_without_secrets(unprepared).url == ""


def test_a_refusal_without_secrets() -> None:
    """The body is UTF-8 afterwards and says so; headers and the address lose their secrets, too."""
    request = sent(f"{URL}?authkey=caf\u00e9-key", method="GET")
    response = refused(
        "you sent caf\u00e9-key, caf\u00e9".encode("latin-1"),
        request,
        Content_Type="text/plain; charset=latin-1",
        Set_Cookie="sid=1",
        X_Seen="caf%C3%A9-key",
    )
    redaction.clean(response)
    assert b"".join(response.iter_content(3)) == f"you sent {HIDDEN}, caf\u00e9".encode()
    assert response.text == f"you sent {HIDDEN}, caf\u00e9"
    assert response.encoding == "utf-8"
    assert response.headers == {
        "Content-Type": "text/plain; charset=utf-8",
        "Set-Cookie": HIDDEN,
        "X-Seen": HIDDEN,
    }
    assert response.url == f"{URL}?authkey={HIDDEN}" == response.request.url
    assert response.content == f"you sent {HIDDEN}, caf\u00e9".encode()


@pytest.mark.parametrize(
    ("body", "left"),
    [
        pytest.param(b"nothing secret", b"nothing secret", id="no secret"),
        pytest.param(b"x" * LONGEST, b"x" * LONGEST, id="as long as may be"),
        pytest.param(b"\xff" * LONGEST, b"\xff" * LONGEST, id="as long as may be, and no text"),
        pytest.param(b"x" * (LONGEST + 1), b"x" * LONGEST, id="longer"),
        pytest.param(b"\xff and \xfe", b"\xff and \xfe", id="no text"),
        pytest.param(b'  {"token": "abcde"}', b'  {"token": "***"}', id="an object after spaces"),
        pytest.param(b'[{"token": "abcde", "a": "abcd"}]', b'[{"token": "***", "a": "abcd"}]', id="a list"),
        pytest.param(b'{"token": "abcd"}', b'{"token": "abcd"}', id="a short value"),
        pytest.param(b'{"token": "abcde"', b'{"token": "abcde"', id="no JSON"),
        pytest.param(b"0123456789abcdef01234567", b"***", id="a key alone"),
        pytest.param(
            b"say \xed\xa0\x80 eyJhbGciOiJub25lIn0.eyJ1IjoiYSJ9.x", "say \ufffd\ufffd\ufffd ***".encode(), id="a JWT"
        ),
    ],
)
def test_what_is_left_of_a_body(body: bytes, left: bytes) -> None:
    """A body without secrets is unchanged up to a million characters; values under secret names in JSON are hidden."""
    response = refused(body, sent(), Content_Type="text/plain; charset=utf-8")
    redaction.clean(response)
    assert response.content == left


def test_a_refusal_with_half_a_character_is_written_without_it() -> None:
    """UTF-7 can say half of a surrogate pair, which UTF-8 can't: a question mark stands for it."""
    request = sent(data={"password": "secret-word"})
    response = refused(b"you sent +2AA- secret-word", request, Content_Type="text/plain; charset=utf-7")
    redaction.clean(response)
    assert response.content == f"you sent ? {HIDDEN}".encode()
    assert dict(response.headers) == {"Content-Type": "text/plain; charset=utf-8"}


def test_a_body_that_is_set_can_be_read_in_parts() -> None:
    """A response whose body was set is like one that was read completely."""
    response = requests.Response()
    redaction.set_content(response, b"abc")
    assert list(response.iter_content(2)) == [b"ab", b"c"]
    assert response.content == b"abc"


def test_a_declared_charset_that_is_wrong_hides_everything() -> None:
    """A body in another charset than the declared one is hidden completely if it has a secret."""
    request = sent(data={"password": "s\u00e9cret-word"})
    response = refused(
        "you sent s\u00e9cret-word".encode("latin-1"), request, Content_Type="text/plain; charset=utf-16"
    )
    redaction.clean(response)
    assert response.text == HIDDEN


SIGNS = "k\u00e9y/of 'ann' & \"bob\" <5>"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(SIGNS, id="as it is"),
        pytest.param(quote(SIGNS), id="in a path"),
        pytest.param(quote(SIGNS, safe=""), id="in a query"),
        pytest.param(quote_plus(SIGNS), id="in a form"),
        pytest.param(json.dumps(SIGNS)[1:-1], id="in JSON"),
        pytest.param(json.dumps(SIGNS, ensure_ascii=False)[1:-1], id="in JSON with letters of any script"),
        pytest.param(json.dumps(SIGNS)[1:-1].replace("/", "\\/"), id="in JSON with escaped slashes"),
        pytest.param(html.escape(SIGNS), id="in HTML"),
        pytest.param(html.escape(SIGNS, quote=False), id="in HTML with quotes as they are"),
        pytest.param(str(escape(SIGNS)), id="in HTML with quotes as numbers"),
    ],
)
def test_a_secret_is_replaced_in_its_place(written: str) -> None:
    """In its usual spellings it alone is replaced, and the words around it stay."""
    assert redaction.hide(f"key {written} is wrong", [SIGNS]) == f"key {HIDDEN} is wrong"


@pytest.mark.parametrize(
    ("text", "secret", "shown"),
    [
        pytest.param("key-of-ann%25, %41", "key-of-ann%", f"{HIDDEN}, %41", id="longer spellings first"),
        pytest.param("no \\\\key-of-ann", "\\key-of-ann", f"no {HIDDEN}", id="a spelling that ends with another one"),
        pytest.param("no k%2565y-of-ann", "key-of-ann", HIDDEN, id="twice in a URL"),
        pytest.param("no k&amp;#x65;y-of-ann", "key-of-ann", HIDDEN, id="twice in HTML"),
        pytest.param("no k\\u005cu0065y-of-ann", "key-of-ann", HIDDEN, id="twice in JSON"),
        pytest.param("no k&#37;5Cu0065y-of-ann", "key-of-ann", HIDDEN, id="JSON in a URL in HTML"),
        pytest.param("no \\k\\e\\y-of-ann", "key-of-ann", HIDDEN, id="needless escapes"),
        pytest.param("n\0o\0 \0k\0e\0y\0-of-ann", "key-of-ann", HIDDEN, id="NUL characters"),
        pytest.param("no key-of-bob, 50%25 &amp;", "key-of-ann", "no key-of-bob, 50%25 &amp;", id="no secret"),
        pytest.param("keys", "", "keys", id="none"),
    ],
)
def test_a_secret_in_another_spelling_hides_the_whole_text(text: str, secret: str, shown: str) -> None:
    """What can't be replaced in its place is found behind three escapes in any order; other texts stay as they are."""
    assert redaction.hide(text, [secret] if secret else []) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /?auth%6Bey=kkk&a=b 200", f"GET /?auth%6Bey={HIDDEN}&a=b 200"),
        ("GET /?a=b&api+key=kkk", f"GET /?a=b&api+key={HIDDEN}"),
        ("authkey=k1 token=k2&secret=k3", f"authkey={HIDDEN} token={HIDDEN}&secret={HIDDEN}"),
        ("token=secret=k3", f"token={HIDDEN}"),
        ("authkey= and token=", "authkey= and token="),
    ],
)
def test_a_text_without_the_values_of_secret_fields(text: str, shown: str) -> None:
    """Each value under a secret name is hidden, however the name is written; what is between them stays."""
    assert redaction.without_secrets(text) == shown


def record(message: str, *arguments: Any, error: BaseException | None = None) -> logging.LogRecord:
    """Return a log record, with the traceback of an error if there is one."""
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("app", logging.INFO, __file__, 1, message, arguments, info)


def test_log_records_are_kept_without_secrets() -> None:
    """The filter keeps each record; arguments without a secret stay the objects that they were."""
    harmless, number = ValueError("harmless"), 5
    kept = record("%s %s %s", harmless, number, "authkey=kkkkkk")
    assert HideSecrets().filter(kept) is True
    assert kept.args == (harmless, number, f"authkey={HIDDEN}")
    assert kept.args[0] is harmless

    broken = record("%s %s", "one")
    assert HideSecrets().filter(broken) is True

    whole = record("GET /?authkey=kkkkkk")
    assert HideSecrets().filter(whole) is True
    assert (whole.msg, whole.args) == (f"GET /?authkey={HIDDEN}", ())


def test_a_traceback_in_a_log_has_no_secret() -> None:
    """A traceback with a secret becomes text, without an empty line at its end; others stay as they were."""

    def failed(text: str) -> logging.LogRecord:
        try:
            raise ValueError(text)
        except ValueError as error:
            made = record("failed", error=error)
        assert HideSecrets().filter(made) is True
        return made

    shown = failed("  authkey=kkkkkk")
    assert shown.exc_info is None
    assert shown.exc_text is not None
    assert shown.exc_text.startswith("Traceback (most recent call last):\n  File ")
    assert shown.exc_text.endswith(f"ValueError:   authkey={HIDDEN}")
    assert failed("harmless").exc_info is not None

    untraced = record("failed", error=ValueError("authkey=kkkkkk"))
    assert HideSecrets().filter(untraced) is True
    assert untraced.exc_info is None


def test_loggers_that_show_requests_are_guarded() -> None:
    """Loggers of the packages that send get one filter each, others none."""
    names = ("bravado.of_a_test", "vcr.of.a.test", "requests.of_a_test")
    loggers = [logging.getLogger(name) for name in names]
    others = [logging.getLogger("of_a_test"), logging.getLogger("app.bravado"), logging.getLogger()]
    for _ in range(2):
        redaction.guard_logs()
    found = [[type(each) for each in logger.filters] for logger in loggers]
    assert found == [[HideSecrets]] * len(names)
    assert all(type(each) is not HideSecrets for logger in others for each in logger.filters)
    assert HideSecrets in [type(each) for each in logging.getLogger("urllib3.connectionpool").filters]


def test_a_secret_stays_where_it_is() -> None:
    """A secret is copied as itself, is not shown, and refuses to be pickled with an explanation."""
    secret = Secret("of-the-login")
    assert copy.copy(secret) is copy.deepcopy(secret) is secret
    assert (repr(secret), str(secret), secret.reveal()) == (HIDDEN, HIDDEN, "of-the-login")
    with pytest.raises(TypeError) as caught:
        pickle.dumps(secret)
    assert str(caught.value) == (
        "A login can't be pickled, since its secret would be readable in the result. "
        "Create the login in the process that uses it, for example with from_env()."
    )
