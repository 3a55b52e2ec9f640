"""Which names mean a secret, and which secret values a process remembers."""

from __future__ import annotations

import sys

import pytest

from ovcgen.runtime.known_secrets import (
    KEPT,
    SHARED,
    declare_secret,
    is_plural,
    is_secret,
    is_secret_header,
    remember,
    shared,
)

KEYS = "api access account auth client encryption hmac master private secret session shared signing storage"
AFTER = (
    "again b64 base64 confirm confirmation confirmed encoded encrypted hash new old plain plaintext repeat string text "
    "value"
)
BEFORE = (
    "after before change continuation continue cursor delta input marker max min next num output page pagination "
    "paging prev previous resume scroll skip start stop sync total used"
)


@pytest.fixture(autouse=True)
def _nothing_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a new process does: no name is declared, and no value is remembered."""
    monkeypatch.delitem(sys.modules, SHARED, raising=False)


@pytest.mark.parametrize(
    "name",
    [
        *["token", "secret", "password", "passwd", "passphrase", "passcode", "pwd", "jwt", "sessionid", "sessid"],
        *["privkey", "X-Amz-Signature", "X-Goog-Signature", "pass", "otp", "totp", "userlogin", "sig", "SIG"],
        *[f"{kind}_key" for kind in KEYS.split()],
        *[f"token_{word}" for word in AFTER.split()],
        *["adminPassword", "HTTPToken", "API_KEYS", "client-secrets", "password2", "admin_password_2", "_token_"],
        *[
            "password_value_2",
            "v2token",
            "tokens",
            "secretBase64",
            "PASSWORD_B64",
            "token_2_text",
            f"{'of_somebody_' * 20}token",
        ],
    ],
)
def test_a_name_that_means_a_secret(name: str) -> None:
    """The words at its end decide, in any case and with any separator; numbers and words such as `value` may follow."""
    assert is_secret(name)
    assert is_secret_header(name)


@pytest.mark.parametrize(
    "name",
    [
        *[
            "",
            "name",
            "key",
            "publickey",
            "monkey",
            "tokenizer",
            "secretary",
            "passport",
            "signal",
            "compass",
            "otp_url",
        ],
        *["2", "value", "old", "hash", "tokens_left", "password_policy", "max_tokens", "NextPageToken"],
        *[f"{word}_token" for word in BEFORE.split()],
        *[f"{word}Tokens" for word in BEFORE.split()],
    ],
)
def test_a_name_that_means_no_secret(name: str) -> None:
    """Tokens that are positions in a list or amounts are harmless, and so are words that only begin like a secret."""
    assert not is_secret(name)
    assert not is_secret_header(name)


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"])
def test_headers_of_logins_are_secret(name: str) -> None:
    """The standard headers of a login are secret; a field may have the same name."""
    assert is_secret_header(name)
    assert not is_secret(name)


def test_a_declared_name_is_secret_in_its_place() -> None:
    """A header that was declared is not a secret field, and a field of a query or form is not a secret header."""
    declare_secret("X-Colour", "header")
    declare_secret("Flavour", "query")
    assert (is_secret_header("x-colour"), is_secret("x-colour")) == (True, False)
    assert (is_secret_header("flavouR"), is_secret("flavouR")) == (False, True)


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("tokens", True),
        ("SECRETS", True),
        ("passwords_", True),
        ("token", False),
        ("s_token", False),
        ("tokensX", False),
    ],
)
def test_a_plural_ends_with_s(name: str, plural: bool) -> None:
    """Underscores at its end, which a name gets to be no keyword, don't matter."""
    assert is_plural(name) is plural


@pytest.mark.parametrize("value", ["1234567", "password", "Password", "passwort"])
def test_short_values_and_words_are_not_remembered(value: str) -> None:
    """They occur in other texts, from which they would be removed."""
    remember(value)
    assert list(shared().values) == []


@pytest.mark.parametrize("value", ["12345678", "PASSWORD", "passWord", "pass-word", "password1"])
def test_other_values_are_remembered_once(value: str) -> None:
    """Eight characters are enough, unless they are a word."""
    remember(value)
    remember(value)
    assert list(shared().values) == [value]


def test_the_oldest_values_are_forgotten() -> None:
    """A process that renews its token again and again remembers the newest thousand."""
    for number in range(KEPT + 1):
        remember(f"token-{number:04}")
    assert KEPT == 1000
    assert (shared().values[0], len(shared().values)) == ("token-0001", KEPT)


def test_every_copy_of_the_runtime_finds_the_same_record() -> None:
    """The record stands in `sys.modules` under a name that all copies of the runtime know."""
    assert shared() is shared() is sys.modules["_ovcgen_secrets"]
    assert repr(shared()) == "<module '_ovcgen_secrets'>"
