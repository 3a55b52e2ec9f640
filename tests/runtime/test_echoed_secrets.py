"""An error shows no secret of its request, although the service may repeat it in any charset and spelling."""

import base64
import copy
import html
import json
import logging
import pickle
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.conftest import answer
from tests.runtime.test_redaction import CANARY, schemes, shown_of

SECRET_TEXTS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=8, max_size=30).filter(
    lambda text: not text.isspace() and text.strip("*") and len(set(text)) > 3
)
SPELLINGS = {
    "as it is": str,
    "HTML": html.escape,
    "HTML in numbers": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "HTML in hexadecimal": lambda text: "".join(f"&#x{ord(sign):x};" for sign in text),
    "URL": quote,
    "URL in lower case": lambda text: "".join(f"%{ord(sign):02x}" for sign in text),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in numbers": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
}
CHARSETS = ["utf-8", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    secret=SECRET_TEXTS,
    written=st.lists(st.sampled_from(sorted(SPELLINGS)), max_size=2),
    charset=st.sampled_from(CHARSETS),
    declared=st.sampled_from([*CHARSETS, ""]),
    kind=st.sampled_from(["text/html", "application/json", "text/plain"]),
)
def test_a_response_shows_no_secret_in_any_spelling(runtime, secret, written, charset, declared, kind):
    """The content and text of a cleaned response never contain the secret of its request."""
    import requests

    text = secret
    for spelling in written:
        text = SPELLINGS[spelling](text)
    response = requests.Response()
    response.status_code, response.url = 400, "https://portal.example/"
    response.headers["Content-Type"] = f"{kind}; charset={declared}" if declared else kind
    response.request = requests.Request(
        "POST", response.url, data={"password": secret}, headers={"Authorization": f"bearer {CANARY}"}
    ).prepare()
    runtime.redaction.set_content(response, f"<p>not {text} é</p>".encode(charset))

    runtime.redaction.clean(response)

    for plain in (response.content.decode(charset, "replace"), response.text):
        for _ in range(3):
            assert secret not in plain.replace("\0", "")
            plain = json_unescaped(html.unescape(plain))


def json_unescaped(text):
    """Return the text with its JSON escapes decoded, or unchanged if they are invalid."""
    try:
        return json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text


@pytest.mark.parametrize("charset", CHARSETS)
def test_an_error_keeps_the_words_around_a_secret(runtime, connect, operation, portal, charset):
    """The message is decoded in its charset, and only the secret in it is replaced."""
    kind = f"text/plain; charset={charset}"
    portal.says(answer(f"Prénom {CANARY} refusé".encode(charset), 400, kind))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect(auth=runtime.portal_auth.AuthKey(CANARY)).call(operation(), {})
    assert caught.value.message == "Prénom *** refusé"
    assert CANARY not in shown_of(caught.value)


def test_a_password_in_a_json_body_is_not_shown(runtime, connect, portal):
    """A password of a request's JSON body is hidden in an error whose body repeats it."""
    thing = runtime.operation.ParameterSpec("thing", "object", place="body")
    put = runtime.operation.OperationSpec("a.b.c", "POST", "/things", (thing,))
    portal.says(answer({"refused": {"user": "ann", "login": {"password": CANARY}}, "why": f"weak: {CANARY}"}, 400))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect().call(put, {"thing": {"user": "ann", "login": {"password": CANARY}}})
    assert caught.value.body == {"refused": {"user": "ann", "login": {"password": "***"}}, "why": "weak: ***"}


@pytest.mark.parametrize(
    "body",
    [
        b'"0f0e0d0c0b0a09080706050403020100"',
        b"0f0e0d0c-0b0a-0908-0706-050403020100",
        b'"eyJhbGciOiJub25lIn0.eyJ1c2VyIjoiYW5uIn0.c2ln"',
        json.dumps({"token": "s-1f9b0c"}).encode(),
    ],
)
def test_a_key_in_a_refusal_is_not_shown(runtime, connect, operation, portal, body):
    """A session key in a 409 is hidden; a portal sends one when an unconfirmed account logs in."""
    portal.says(answer(body, 409))
    with pytest.raises(runtime.errors.Conflict) as caught:
        connect().call(operation(), {})
    for part in ("0f0e0d0c", "eyJ", "1f9b0c"):
        assert part not in f"{shown_of(caught.value)}{caught.value.response.text}{caught.value.body}"


def test_a_log_record_shows_no_secret(runtime, connect, caplog):
    """Secrets are hidden in the message, arguments and traceback of urllib3's log records."""
    caplog.set_level(logging.DEBUG)
    connect(auth=runtime.auth.Bearer(f"token-{CANARY}"))
    logger = logging.getLogger("urllib3.connectionpool")
    try:
        raise ValueError(f"https://portal.example/?authkey={CANARY}")
    except ValueError as error:
        logger.warning("Failed to parse headers (url=%s): %s", f"/?authkey={CANARY}", error, exc_info=True)
        logger.debug("Sent %r", {"Authorization": f"token-{CANARY}"})
    assert "Failed to parse headers (url=/?authkey=***)" in caplog.text
    assert CANARY not in caplog.text + str([vars(record) for record in caplog.records])


def test_a_login_is_not_pickled(runtime):
    """A login can't be pickled, because the file would contain its secret."""
    for login in schemes(runtime):
        if not hasattr(login, "_lock"):
            copy.copy(login), copy.deepcopy(login)
            with pytest.raises(TypeError, match="can't be pickled"):
                pickle.dumps(login)
        else:
            with pytest.raises(TypeError):
                pickle.dumps(login)


def test_an_address_with_a_key_in_its_fragment_is_refused_without_it(runtime):
    """An address with a fragment is refused, and the error hides the fragment because it may be a token."""
    with pytest.raises(runtime.errors.ArgumentError) as caught:
        runtime.adapter.checked_url(f"http://portal.example/#{CANARY}", "a portal")
    assert CANARY not in str(caught.value)


def test_basic_credentials_are_recognised_in_any_spelling(runtime):
    """The password of a Basic header counts as a secret of the request, also in the form encoding of OAuth 2."""
    import requests

    pair = base64.b64encode(b"ann:pass%2Fword-7").decode()
    request = requests.Request("GET", "http://a.example/", headers={"Authorization": f"Basic {pair}"}).prepare()
    assert set(runtime.redaction.secrets_of(request)) >= {"pass%2Fword-7", "pass/word-7", pair}


def test_a_secret_of_another_login_of_the_process_is_not_shown(runtime, connect, operation, portal):
    """A service may repeat a secret that another client sent; every login of the process is searched for."""
    runtime.redaction.Secret("[[[[[[[[-of-another-login")
    portal.says(answer(b"who is [[[[[[[[-of-another-login?", 400, "text/plain"))
    with pytest.raises(runtime.errors.BadRequest) as caught:
        connect().call(operation(), {})
    assert caught.value.message == "who is ***?"


@pytest.mark.parametrize(
    "quote", ["'", '"', "`", "\\'", '\\"', '\\\\\\"', "&quot;", "&#34;", "&#39;", "&#x27;", "&apos;"]
)
@pytest.mark.parametrize("value", ["x", "canary 7&f=3", "cañary\\\\", "=", "***", "a***"])
def test_a_quoted_secret_is_hidden(runtime, quote, value):
    """A value in quotes of any kind is hidden up to the closing quote, or to a space if there is none."""
    hide = runtime.redaction.without_secrets
    text = f"a='b' authkey={quote}{value}{quote}, c='d'"
    assert hide(text) == f"a='b' authkey={quote}***{quote}, c='d'"
    assert hide(hide(text)) == hide(text)
    assert hide(f"authkey={quote}canary c") == f"authkey={quote}*** c"
    assert hide("authkey='', a='b'") == "authkey='', a='b'"


def test_an_escaped_quote_does_not_end_a_quoted_secret(runtime):
    """A backslash before a quote makes it part of the value."""
    assert runtime.redaction.without_secrets(r"(password='can\'ary', b='c')") == "(password='***', b='c')"


def test_many_quotes_that_are_not_closed_take_no_long_time(runtime):
    """The time grows with the length of the text."""
    text = "authkey=" + "".join(f"authkey={quote}" for quote in ("'", '"', "`", "&quot;", "\\")) * 20_000
    assert "authkey" in runtime.redaction.without_secrets(text)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("url=/?authkey=short", "url=/?authkey=***"),
        ("a=b=password=short&c=d", "a=b=password=***&c=d"),
        ("authkey=***): refused", "authkey=***): refused"),
        ("authkey=***short", "authkey=***"),
    ],
)
def test_a_secret_field_in_the_value_of_another_field_is_hidden(runtime, text, hidden):
    """A URL in a text is the value of a field, and its own fields are searched, whatever login sent them."""
    assert runtime.redaction.without_secrets(text) == hidden
