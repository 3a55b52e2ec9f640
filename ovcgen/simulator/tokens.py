"""JSON Web Tokens signed with HMAC-SHA256 (RFC 7515, RFC 7519): as much as an identity provider and a portal need."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from ovcgen.simulator.refusals import InvalidToken, Unreadable

Claims = Mapping[str, Any]


def sign(claims: Claims, secret: str) -> str:
    """The token of these claims."""
    signed = f"{_pack({'alg': 'HS256', 'typ': 'JWT'})}.{_pack(claims)}"
    return f"{signed}.{_encode(_signature(signed, secret))}"


def verified(token: str, secret: str, *, now: float) -> Claims:
    """The claims of a token that is signed with the secret and has not expired."""
    claims = signed_claims(token, secret)
    if float(claims.get("exp", 0)) <= now:
        raise InvalidToken("expired")
    return claims


def signed_claims(token: str, secret: str) -> Claims:
    """The claims of a token that is signed with the secret, expired or not."""
    signed, _, signature = token.rpartition(".")
    header, claims = _unpack(signed.partition(".")[0]), _unpack(signed.partition(".")[2])
    expected = _encode(_signature(signed, secret))
    if header.get("alg") != "HS256" or not hmac.compare_digest(signature.encode(), expected.encode()):
        raise InvalidToken("signature")
    return claims


def _signature(signed: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()


def _pack(value: Claims) -> str:
    return _encode(json.dumps(value, separators=(",", ":")).encode())


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpack(text: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise Unreadable("not a JWT") from error
    if not isinstance(value, dict):
        raise Unreadable("not a JWT")
    return value
