"""Read which response a client asks for: the headers `Accept` and `Prefer` (RFC 7240)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ovcgen.runtime.content_type_choice import fits
from ovcgen.runtime.media_types import plain_type
from ovcgen.simulator.mock.problem_details import RequestRefused
from ovcgen.simulator.request import HttpRequest

CONCRETE = {"*": "application/json", "application": "application/json", "text": "text/plain", "image": "image/png"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """A record of the preferences in the header `Prefer`, which are named as in the mock server Prism.

    Attributes:
        code: The status of the response; "" for the first success.
        example: The name of the example to send; "" for the first valid one.
        dynamic: Whether the body is made of the schema alone, without the document's examples.
    """

    code: str = ""
    example: str = ""
    dynamic: bool = False


def preferences(request: HttpRequest) -> Preferences:
    """Return the preferences of a request in the header `Prefer`, such as `code=404, example=missing`.

    Unknown preferences are ignored. Names have no case, `,` and `;` separate preferences, and the first one of a name
    counts. `dynamic` is on only for the value `true`.

    Raises:
        RequestRefused: `code` is not a status from 200 to 599 (the response is 400).
    """
    found: dict[str, str] = {}
    for part in (request.header("prefer") or "").replace(";", ",").split(","):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    code = found.get("code", "")
    if code and not (code.isascii() and code.isdecimal() and len(code) == 3 and "200" <= code <= "599"):
        raise RequestRefused(400, "The header Prefer has a code that is no status from 200 to 599.")
    return Preferences(code, found.get("example", ""), found.get("dynamic", "").lower() == "true")


def negotiated_media_type(kinds: Sequence[str], accept: str | None) -> str:
    """Return the media type that the header `Accept` prefers, and the first one of several equally preferred ones.

    Return "" if `kinds` is empty, or if the client accepts none of them. Of the ranges that match a type, the most
    specific one decides its quality; quality 0 or a malformed one refuses it. Case, and parameters such as `charset`,
    do not count.

    Args:
        kinds: The declared media types or ranges.
        accept: The value of the header; None or "" if it was not sent, so that any type is accepted.
    """
    wanted = _ranges(accept or "*/*")
    best, chosen = 0.0, ""
    for kind in kinds:
        qualities = [(kind_range.count("*"), quality) for kind_range, quality in wanted if _meets(kind, kind_range)]
        quality = min(qualities, default=(0, 0.0))[1]  # the most specific range counts (RFC 9110, section 12.5.1)
        if quality > best:
            best, chosen = quality, kind
    return chosen


def concrete_media_type(kind: str, accept: str | None) -> str:
    """Return the media type to send for a declared one.

    For a range such as `image/*`, that is the first type in the range that the header `accept` names, else a usual one:
    `application/json` for `*/*`, `text/plain` for `text/*`, `image/png` for `image/*`, `video/octet-stream` for
    `video/*`. Other types than ranges are returned unchanged. `accept` is None if the header was not sent.
    """
    if "*" not in kind:
        return kind
    asked = [wanted for wanted, _ in _ranges(accept or "") if "*" not in wanted and fits(wanted, kind)]
    family = plain_type(kind).partition("/")[0]
    return asked[0] if asked else CONCRETE.get(family, f"{family}/octet-stream")


def _meets(kind: str, wanted: str) -> bool:
    return fits(kind, wanted) or ("*" in kind and fits(wanted, kind))


def _ranges(accept: str) -> list[tuple[str, float]]:
    """Return the (media range, quality) pairs of an `Accept` header."""
    found = []
    for part in accept.split(","):
        kind, *parameters = (word.strip() for word in part.split(";"))
        quality = next((word[2:] for word in parameters if word[:2].lower() == "q="), "1")
        try:
            found.append((kind.lower(), max(0.0, min(1.0, float(quality)))))
        except ValueError:
            found.append((kind.lower(), 0.0))
    return [pair for pair in found if "/" in pair[0]]
