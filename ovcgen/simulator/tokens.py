"""Sign and verify JSON Web Tokens (RFC 7515, RFC 7519).

The algorithms are HS256 (HMAC-SHA256) and ES384 (ECDSA on P-384, as ItsYou.online uses).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from ovcgen.documents.nesting import read_json
from ovcgen.errors import UsageError
from ovcgen.simulator.http_errors import InvalidToken, Unreadable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

Claims = Mapping[str, Any]
HALF = 48  # bytes of each of the two numbers in a signature on P-384


class Verifier(Protocol):
    """Protocol of a key that verifies signatures. Portals need it to accept tokens."""

    @property
    def algorithm(self) -> str: ...

    def __hash__(self) -> int: ...

    def fits(self, signature: bytes, content: bytes) -> bool:
        """Return whether `signature` is a valid signature of `content`."""


class Signer(Protocol):
    """Protocol of a key that signs tokens. `public` is the key to verify them with."""

    @property
    def algorithm(self) -> str: ...

    @property
    def public(self) -> Verifier: ...

    def signature(self, content: bytes) -> bytes:
        """Return the signature of `content`."""


@dataclass(frozen=True, slots=True)
class Shared:
    """An HS256 key: one secret both signs and verifies, so every verifier could also sign."""

    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    algorithm = "HS256"

    @property
    def public(self) -> Shared:
        return self

    def signature(self, content: bytes) -> bytes:
        """Return the signature of `content`."""
        return hmac.new(self.secret.encode(), content, hashlib.sha256).digest()

    def fits(self, signature: bytes, content: bytes) -> bool:
        """Return whether `signature` is a valid signature of `content`."""
        return hmac.compare_digest(signature, self.signature(content))


class Public:
    """The public key of an ES384 key pair."""

    algorithm = "ES384"

    def __init__(self, key: EllipticCurvePublicKey) -> None:
        self._key = key

    @property
    def pem(self) -> str:
        """Return the key in PEM format."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def fits(self, signature: bytes, content: bytes) -> bool:
        """Return whether `signature` is a valid signature of `content`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA384

        if len(signature) != 2 * HALF:
            return False
        numbers = (int.from_bytes(part, "big") for part in (signature[:HALF], signature[HALF:]))
        try:
            self._key.verify(encode_dss_signature(*numbers), content, ECDSA(SHA384()))
        except InvalidSignature:
            return False
        return True


class Pair:
    """A new, random ES384 key pair."""

    algorithm = "ES384"

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key

        self._key = generate_private_key(SECP384R1())
        self.public = Public(self._key.public_key())

    def signature(self, content: bytes) -> bytes:
        """Return the signature of `content`: both numbers as 48 bytes each (RFC 7518, section 3.4)."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA384

        numbers = decode_dss_signature(self._key.sign(content, ECDSA(SHA384())))
        return b"".join(number.to_bytes(HALF, "big") for number in numbers)


class UnknownAlgorithm(UsageError):
    """The algorithm is neither HS256 nor ES384."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Tokens can't be signed with {name!r}.", fix="Choose HS256 or ES384.")


class NeedsCryptography(UsageError):
    """ES384 was asked for, and the package cryptography is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Tokens of ES384 need the package cryptography.", fix="pip install 'ovcgen[simulator]', or take HS256."
        )


def new_key(algorithm: str = "") -> Signer:
    """Return a new key for `algorithm`. "" means ES384, or HS256 if cryptography is not installed.

    Raises:
        UnknownAlgorithm: the algorithm is neither HS256 nor ES384.
        NeedsCryptography: ES384 was asked for, and cryptography is not installed.
    """
    if algorithm not in ("", "HS256", "ES384"):
        raise UnknownAlgorithm(algorithm)
    if algorithm == "HS256":
        return Shared()
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        if algorithm:
            raise NeedsCryptography from error
        return Shared()
    return Pair()


def sign(claims: Claims, key: Signer) -> str:
    """Return the signed token of these claims."""
    signed = f"{_pack({'alg': key.algorithm, 'typ': 'JWT'})}.{_pack(claims)}"
    return f"{signed}.{_encode(key.signature(signed.encode()))}"


def verified(token: str, key: Verifier, *, now: float) -> Claims:
    """Return the claims of a token after checking its signature and its expiry time.

    Raises:
        InvalidToken: the signature is wrong, or the token has expired at `now`.
        Unreadable: the text is not a JWT.
    """
    claims = signed_claims(token, key)
    expires = claims.get("exp", 0)
    if not isinstance(expires, (int, float)) or expires <= now:
        raise InvalidToken("expired")
    return claims


@lru_cache(maxsize=256)
def signed_claims(token: str, key: Verifier) -> Claims:
    """Return the claims of a token after checking its signature only; the token may have expired.

    The algorithm is that of the key. A token whose header names another one is refused.

    Raises:
        InvalidToken: the algorithm or the signature is wrong.
        Unreadable: the text is not a JWT.
    """
    signed, _, signature = token.rpartition(".")
    header, claims = _unpack(signed.partition(".")[0]), _unpack(signed.partition(".")[2])
    if header.get("alg") != key.algorithm or not key.fits(_decoded(signature), signed.encode()):
        raise InvalidToken("signature")
    return claims


def _pack(value: Claims) -> str:
    return _encode(json.dumps(value, separators=(",", ":")).encode())


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
    return content if _encode(content) == text else b""


def _unpack(text: str) -> dict[str, Any]:
    try:
        value = read_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError) as error:
        raise Unreadable("not a JWT") from error
    if not isinstance(value, dict):
        raise Unreadable("not a JWT")
    return value
