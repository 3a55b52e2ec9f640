"""Content types: which of them are JSON, and which are texts."""

from __future__ import annotations

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
