"""Recognise JSON and text content types, and decode the bytes of both."""

from __future__ import annotations

import codecs
import json
import math
import re
from typing import Any

# Patterns of this package are compiled at their first use, so that the import stays fast.
JSON_TYPE = r"[^/]+/([^/]*[+.-])?json5?"
TEXT_TYPE = r"text/.*|[^/]+/([^/]*[+.-])?(xml|ya?ml|javascript|x-www-form-urlencoded|x-ndjson|json-seq)"
# Python's text codecs that no content type names; decoding them is slow, or escapes in them cause warnings.
NO_CHARSETS = frozenset({"punycode", "raw-unicode-escape", "unicode-escape"})


def plain_type(kind: str) -> str:
    """Return a content type in lower case without parameters and spaces: `text/plain` for `Text/Plain; charset=utf-8`.

    "" stays "".
    """
    return kind.partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Return whether a content type is JSON, such as `text/json` or `application/problem+json; charset=utf-8`.

    JSON5 counts as well, but no sequence of JSON texts (`x-ndjson`, `json-seq`), and no range such as `*/*`. Case does
    not matter.
    """
    return re.fullmatch(JSON_TYPE, plain_type(kind)) is not None


def is_text(kind: str) -> bool:
    """Return whether a content type is text, but not JSON; case and parameters do not matter.

    Text is `text/*`, XML, YAML, JavaScript, a URL-encoded form, `x-ndjson` and `json-seq`.
    """
    return re.fullmatch(TEXT_TYPE, plain_type(kind)) is not None and not is_json(kind)


def json_text(content: bytes) -> str:
    """Return the text of a JSON body, without a byte order mark (RFC 8259, section 8.1 allows readers to skip it).

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    return content.removeprefix(codecs.BOM_UTF8).decode()


def known_charset(name: str) -> str:
    """Return Python's name of a charset, whose decoder can replace undecodable bytes; `utf-8` for an unknown charset.

    Names of Python's codecs that are no charsets, such as `hex`, `zip`, `idna` and `unicode_escape`, are unknown.
    """
    try:
        b"?".decode(name, "replace")
        charset = codecs.lookup(name).name
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if charset in NO_CHARSETS else charset


def text_in(content: bytes, kind: str = "") -> str:
    """Return the text of any body, without its byte order mark; undecodable bytes are replaced.

    A byte order mark of UTF-8 or UTF-16 takes precedence, then the charset in the content type `kind`, then UTF-8, also
    for an unknown charset (see `known_charset`).
    """
    if len(content) > 2 and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    _, _, declared = kind.lower().partition("charset=")
    charset = known_charset(declared.partition(";")[0].strip("\"' "))
    return content.decode(
        "utf-8-sig" if charset == "utf-8" or content.startswith(codecs.BOM_UTF8) else charset, "replace"
    )


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(digits)
    return value


def _distinct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a name occurs twice")
    return found


# What the JSON module reads and JSON does not mean is refused: NaN, Infinity, 1e999, names that occur twice.
JSON = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_distinct)
