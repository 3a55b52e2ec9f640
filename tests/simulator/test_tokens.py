"""Signing and reading tokens."""

import pytest

from ovcgen.simulator.refusals import InvalidToken, Unreadable
from ovcgen.simulator.tokens import sign, signed_claims, verified

CLAIMS = {"username": "alice", "exp": 1000}


def test_a_token_is_read_back():
    """Before it expires."""
    assert verified(sign(CLAIMS, "s"), "s", now=999) == CLAIMS


def test_an_expired_one_is_refused_but_can_be_refreshed():
    """Its signature holds."""
    token = sign(CLAIMS, "s")

    assert signed_claims(token, "s") == CLAIMS
    with pytest.raises(InvalidToken):
        verified(token, "s", now=1000)


@pytest.mark.parametrize("change", ["x", "", "."])
def test_every_character_is_signed(change):
    """Of its claims too."""
    head, claims, signature = sign(CLAIMS, "s").split(".")

    with pytest.raises((InvalidToken, Unreadable)):
        signed_claims(f"{head}.{claims}{change}.{signature}x", "s")
