"""Signing and reading tokens."""

import base64
import hmac
import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ovcgen.simulator.http_errors import InvalidToken, Unreadable
from ovcgen.simulator.json_web_tokens import (
    UnknownAlgorithm,
    key_pair,
    new_key,
    shared_key,
    sign,
    signed_claims,
    verified,
)

CLAIMS = {"username": "alice", "exp": 1000}


@pytest.fixture(params=[shared_key, key_pair], ids=["HS256", "ES384"])
def key(request):
    """One of each algorithm."""
    return request.param()


def test_a_token_is_read_back(key):
    """Before it expires."""
    assert verified(sign(CLAIMS, key), key.public, now=999) == CLAIMS


def test_an_expired_one_is_refused_but_can_be_refreshed(key):
    """Its signature holds."""
    token = sign(CLAIMS, key)

    assert signed_claims(token, key.public) == CLAIMS
    with pytest.raises(InvalidToken):
        verified(token, key.public, now=1000)


@pytest.mark.parametrize("expires", [None, "soon", [1]])
def test_a_token_that_says_no_time_has_expired(key, expires):
    """Whatever it says instead."""
    with pytest.raises(InvalidToken):
        verified(sign({**CLAIMS, "exp": expires}, key), key.public, now=0)


@pytest.mark.parametrize("change", ["x", "", "."])
def test_every_character_is_signed(key, change):
    """Of its claims too."""
    head, claims, signature = sign(CLAIMS, key).split(".")

    with pytest.raises((InvalidToken, Unreadable)):
        signed_claims(f"{head}.{claims}{change}.{signature}x", key.public)


@pytest.mark.parametrize("signature", ["", "AA", "A" * 128, "A" * 43, "*" * 128])
def test_no_other_signature_fits(key, signature):
    """Too short, too long, zeros, or no base64."""
    unsigned = sign(CLAIMS, key).rpartition(".")[0]

    with pytest.raises(InvalidToken):
        signed_claims(f"{unsigned}.{signature}", key.public)


def test_the_key_decides_how_a_token_is_checked():
    """A public key is no secret, so a token that is signed with it as one is worth nothing."""
    pair = key_pair()
    pem = pair.public.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    unsigned = sign(CLAIMS, shared_key()).rpartition(".")[0]
    signature = base64.urlsafe_b64encode(hmac.digest(pem, unsigned.encode(), "sha256")).rstrip(b"=").decode()
    forged = f"{unsigned}.{signature}"

    with pytest.raises(InvalidToken):
        signed_claims(forged, pair.public)


def test_another_pair_signs_nothing_here():
    """Each run has its own."""
    with pytest.raises(InvalidToken):
        signed_claims(sign(CLAIMS, key_pair()), key_pair().public)


def test_other_libraries_read_tokens_of_es384():
    """As they read those of ItsYou.online."""
    pair = key_pair()
    head, _, _ = sign(CLAIMS, pair).split(".")

    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "ES384", "typ": "JWT"}


@pytest.mark.parametrize(("name", "algorithm"), [("", "ES384"), ("ES384", "ES384"), ("HS256", "HS256")])
def test_es384_is_what_itsyouonline_signs_with(name, algorithm):
    """The other is for those who share a secret with their portal."""
    assert new_key(name).algorithm == algorithm


def test_there_are_no_other_algorithms():
    """Not even none."""
    with pytest.raises(UnknownAlgorithm, match="none"):
        new_key("none")
