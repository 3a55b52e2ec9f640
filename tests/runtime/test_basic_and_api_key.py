"""Logins that any Swagger document can declare, and that none of them shows."""

import logging

import pytest

from tests.runtime.conftest import answer

CANARY = "canary+secret/42="


def test_basic(runtime, connect, operation, portal):
    """As RFC 7617 writes it."""
    connect(auth=runtime.basic_and_api_key.Basic("Aladdin", "open sesame")).call(operation(), {})
    assert portal.seen[0].header("Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_a_key_in_a_header(runtime, connect, operation, portal):
    """Under the declared name."""
    connect(auth=runtime.basic_and_api_key.ApiKey("k", name="X-Own-Key")).call(operation(size="integer"), {"size": 3})
    assert (portal.seen[0].header("X-Own-Key"), portal.seen[0].body) == ("k", b"size=3")


@pytest.mark.parametrize(("arguments", "query"), [({}, "?own+key=k%26"), ({"size": 3}, "?size=3&own+key=k%26")])
def test_a_key_in_the_query(runtime, connect, operation, portal, arguments, query):
    """After what the call itself has there."""
    auth = runtime.basic_and_api_key.ApiKey("k&", name="own key", place="query")
    connect(auth=auth).call(operation(method="GET", size="integer"), arguments)
    assert portal.seen[0].target.endswith(query)


@pytest.mark.parametrize("scheme", ["Bearer", "token", "bearer"])
def test_the_word_before_a_token(runtime, connect, operation, portal, scheme):
    """Some services read it to the letter."""
    connect(auth=runtime.auth.Bearer("t", scheme=scheme)).call(operation(), {})
    assert portal.seen[0].header("Authorization") == f"{scheme} t"


@pytest.mark.parametrize("login", ["Basic", "header", "query"])
@pytest.mark.parametrize("status", [400, 404, 500])
def test_nothing_shows_the_key(runtime, connect, operation, portal, caplog, login, status):
    """Not the error, its response, the log, or the login itself, even where the server repeats it."""
    caplog.set_level(logging.DEBUG)
    auth = (
        runtime.basic_and_api_key.Basic("alice", CANARY)
        if login == "Basic"
        else runtime.basic_and_api_key.ApiKey(CANARY, name="own-key-42", place=login)
    )
    portal.react = lambda seen: answer(f"refused {seen.target} {seen.headers}", status)
    with pytest.raises(runtime.errors.ApiError) as caught:
        connect(auth=auth).call(operation(method="GET", size="integer"), {"size": 3})
    response = caught.value.response
    shown = [str(caught.value), response.text, response.url, response.request.url, response.request.headers, auth]
    assert "canary" not in f"{shown} {caplog.text}"


@pytest.mark.parametrize(
    "make",
    [
        lambda schemes: schemes.Basic("a:b", "secret"),
        lambda schemes: schemes.Basic("", "secret"),
        lambda schemes: schemes.Basic("a", "line\nbreak"),
        lambda schemes: schemes.ApiKey("secret", name="x", place="body"),
        lambda schemes: schemes.ApiKey("secret; a=b", name="x", place="cookie"),
        lambda schemes: schemes.ApiKey("", name="x"),
        lambda schemes: schemes.ApiKey("ключ", name="x"),
        lambda schemes: schemes.ApiKey("secret", name="a\r\nb"),
    ],
)
def test_what_can_not_be_sent_is_refused(runtime, make):
    """Before there is a request; what was secret is not in the words."""
    with pytest.raises(runtime.errors.ArgumentError) as caught:
        make(runtime.basic_and_api_key)
    assert "secret" not in str(caught.value)
