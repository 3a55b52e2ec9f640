"""Sign and verify JSON Web Tokens (RFC 7519) with HS256, or with ES384 as ItsYou.online does."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.errors import UsageError
from ovcgen.simulator.http_errors import InvalidToken, Unreadable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from jwt import PyJWS

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class VerificationKey:
    """A record of the key with which a simulated portal checks the signatures of JWTs.

    Attributes:
        algorithm: "HS256" or "ES384".
        key: The shared secret (HS256), or the public key (ES384).
    """

    algorithm: str
    key: str | EllipticCurvePublicKey = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """A record of the key with which an identity provider signs JWTs.

    Attributes:
        algorithm: "HS256" or "ES384".
        key: The shared secret (HS256), or the private key (ES384).
        public: The key with which the tokens are verified.
    """

    algorithm: str
    key: str | EllipticCurvePrivateKey = field(repr=False)
    public: VerificationKey


class UnknownAlgorithm(UsageError):
    """An error: the algorithm of a key is neither HS256 nor ES384. Upper and lower case count."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tokens can't be signed with {name!r}.", fix="Choose HS256 or ES384.")


class NeedsCryptography(UsageError):
    """An error: ES384 was asked for, and the package cryptography is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Tokens of ES384 need the package cryptography.", fix="pip install 'ovcgen[simulator]', or take HS256."
        )


def new_key(algorithm: str = "") -> SigningKey:
    """Return a new key for `algorithm`. "" means ES384, or HS256 if cryptography is not installed.

    Raises:
        UnknownAlgorithm: the algorithm is neither HS256 nor ES384.
        NeedsCryptography: ES384 was asked for, and cryptography is not installed.
    """
    if algorithm not in ("", "HS256", "ES384"):
        raise UnknownAlgorithm(algorithm)
    if algorithm == "HS256":
        return shared_key()
    try:
        return key_pair()
    except ImportError as error:
        if algorithm:
            raise NeedsCryptography from error
        return shared_key()


def shared_key(secret: str = "") -> SigningKey:
    """Return an HS256 key: one secret both signs and verifies. "" means a random secret."""
    secret = secret or secrets.token_hex(32)
    return SigningKey("HS256", secret, VerificationKey("HS256", secret))


def key_pair() -> SigningKey:
    """Return a new, random ES384 key pair.

    Raises:
        ImportError: cryptography is not installed.
    """
    from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

    private = generate_private_key(SECP384R1())
    return SigningKey("ES384", private, VerificationKey("ES384", private.public_key()))


def sign(claims: Claims, signer: SigningKey) -> str:
    """Return a JWT with these claims, signed with the key `signer`."""
    return _jws().encode(json.dumps(claims, separators=(",", ":")).encode(), signer.key, signer.algorithm)


def verified(token: str, verifier: VerificationKey, *, now: float) -> Claims:
    """Return the claims of a JWT after checking its signature and its expiry time.

    Raises:
        InvalidToken: the algorithm or the signature is wrong, the token has expired at `now`, or it has no number
            `exp`.
        Unreadable: the text is not a JWT.
    """
    claims = signed_claims(token, verifier)
    expires = claims.get("exp", 0)
    if not isinstance(expires, (int, float)) or expires <= now:
        raise InvalidToken("expired")
    return claims


@lru_cache(maxsize=256)
def signed_claims(token: str, verifier: VerificationKey) -> Claims:
    """Return the claims of a JWT after checking its signature only; the token may have expired.

    The algorithm is that of the key. A token whose header names another one is refused. The latest 256 results are
    cached, so callers must not change them.

    Raises:
        InvalidToken: the algorithm or the signature is wrong.
        Unreadable: the text is not a JWT.
    """
    from jwt import PyJWTError

    claims = _claims(token.rpartition(".")[0])
    try:
        _jws().decode(token, verifier.key, [verifier.algorithm])
    except PyJWTError as error:
        raise InvalidToken("signature") from error
    return claims


@cache
def _jws() -> PyJWS:
    """Return PyJWT without its checks of claims, because the portal's clock decides what has expired.

    It is imported with the first token: that takes 60 ms, a sixth of the time a simulator takes to start.
    """
    from jwt import PyJWS

    return PyJWS()


def _claims(signed: str) -> Claims:
    """Return the claims of a token without its signature, unverified."""
    from jwt import PyJWTError

    try:
        claims = read_json(_jws().decode(f"{signed}.", options={"verify_signature": False}))
    except (PyJWTError, ValueError) as error:
        raise Unreadable("not a JWT") from error
    if not isinstance(claims, dict):
        raise Unreadable("not a JWT")
    return claims
