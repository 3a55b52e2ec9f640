"""Content types: which of them are JSON, which are texts, and how the bytes of both are decoded."""

from __future__ import annotations

import codecs
import re

JSON_TYPE = re.compile(r"[^/]+/([^/]*[+.-])?json5?")
TEXT_TYPE = re.compile(r"text/.*|[^/]+/([^/]*[+.-])?(xml|ya?ml|javascript|x-www-form-urlencoded|x-ndjson|json-seq)")


def plain_type(kind: str) -> str:
    """`text/plain` of `Text/Plain; charset=utf-8`: the type without its parameters."""
    return kind.partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Whether what has that type is JSON."""
    return JSON_TYPE.fullmatch(plain_type(kind)) is not None


def is_text(kind: str) -> bool:
    """Whether what has that type is a text, and no JSON."""
    return TEXT_TYPE.fullmatch(plain_type(kind)) is not None and not is_json(kind)


def json_text(content: bytes) -> str:
    """Return the text of a JSON body, without a byte order mark (RFC 8259, section 8.1 lets readers skip it).

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    return content.decode("utf-8-sig")


def text_in(content: bytes, kind: str = "") -> str:
    """Return the text of any body: a byte order mark decides, then the charset that `kind` declares, then UTF-8."""
    _, _, declared = kind.lower().partition("charset=")
    try:
        charset = codecs.lookup(declared.partition(";")[0].strip("\"' ")).name
    except (LookupError, ValueError):
        charset = "utf-8"
    return content.decode(
        "utf-8-sig" if charset == "utf-8" or content.startswith(codecs.BOM_UTF8) else charset, "replace"
    )
