"""Credentials come from the environment, and never leave it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ovcgen.cli.portal_credentials import auth_from_environment
from tests.cli.conftest import Run

CANARY = "canary-7d1e"
CALL = "cloudapi.locations.getUrl"


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({}, "NoneType"),
        ({"OVC_USERNAME": "a", "OVC_PASSWORD": "b"}, "Credentials"),
        ({"OVC_USERNAME": "a", "OVC_PASSWORD": "b", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "ItsYouOnline"),
        ({"OVC_USERNAME": "a", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "ItsYouOnline"),
        ({"OVC_AUTHKEY": "a", "CLIENT_ID": "a", "CLIENT_SECRET": "b"}, "AuthKey"),
        ({"OVC_AUTHKEY": "a", "OVC_TOKEN": "a.b.c", "CLIENT_ID": "a"}, "Bearer"),
    ],
)
def test_the_first_that_is_set_counts(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], kind: str) -> None:
    """What comes after it is not looked at."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert type(auth_from_environment()).__name__ == kind


@pytest.mark.parametrize("name", ["CLIENT_ID", "CLIENT_SECRET", "OVC_USERNAME", "OVC_PASSWORD"])
def test_half_credentials_name_the_missing_half(
    run: Run, simulated: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Rather than a 401 that nobody understands."""
    monkeypatch.setenv(name, CANARY)

    ended = run("call", simulated.url, CALL)

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"{name} is set" in ended.err
    assert CANARY not in ended.err


@pytest.mark.parametrize(
    ("variable", "setting", "says"),
    [
        (True, False, "ITSYOUONLINE_URL in the environment names that address."),
        (False, True, "config.toml names that address; ITSYOUONLINE_URL in the environment names another one."),
    ],
)
def test_an_identity_provider_that_is_not_reached_says_who_named_it(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, variable: bool, setting: bool, says: str
) -> None:
    """The error names the variable with the address of the provider, or the file that has the address."""
    nowhere = "http://127.0.0.1:1"
    path = home / ".config" / "ovcgen" / "config.toml"
    path.parent.mkdir(parents=True)
    named = f'itsyouonline_url = "{nowhere}"\n' if setting else ""
    path.write_text(f'[profiles.prod]\nurl = "{nowhere}"\nretries = 0\n{named}')
    for name, value in {"CLIENT_ID": "a", "CLIENT_SECRET": CANARY}.items():
        monkeypatch.setenv(name, value)
    if variable:
        monkeypatch.setenv("ITSYOUONLINE_URL", nowhere)

    ended = run("call", "prod", CALL, "--release", "2.4.5", "--timeout", "0.2")

    assert (ended.code, ended.two_lines) == (6, True)
    assert f"Can't reach {nowhere}/v1/oauth/access_token" in ended.err
    assert says in ended.err


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"OVC_TOKEN": CANARY}, id="no JWT"),
        pytest.param({"OVC_TOKEN": f"{CANARY} \n"}, id="a token that no header takes"),
        pytest.param({"OVC_AUTHKEY": CANARY}, id="unknown key"),
        pytest.param({"CLIENT_ID": "a", "CLIENT_SECRET": CANARY}, id="refused by the identity provider"),
        pytest.param({"OVC_USERNAME": "a", "OVC_PASSWORD": CANARY}, id="refused by the portal"),
    ],
)
def test_wrong_credentials_are_never_shown(
    run: Run, simulated: Any, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    """Two lines, and no secret in them."""
    monkeypatch.setenv("ITSYOUONLINE_URL", simulated.itsyouonline)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    ended = run("call", simulated.url, CALL)

    assert ended.code in (2, 4, 5)
    assert ended.two_lines
    assert CANARY not in ended.err
    assert "No credentials" not in ended.err


def test_a_secret_in_the_address_is_not_shown(run: Run) -> None:
    """An address with a password is refused without repeating it."""
    ended = run("fetch", f"https://user:{CANARY}@portal.example", "--release", "x")

    assert (ended.code, ended.two_lines) == (2, True)
    assert CANARY not in ended.err
