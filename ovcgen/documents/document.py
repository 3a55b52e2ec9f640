"""Define `Json`, `Document` and `Problem` (a mistake in an accepted document), with canonical text and hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
Document = Mapping[str, Any]
VERBS = ("delete", "get", "head", "options", "patch", "post", "put")  # of a path item in Swagger 2.0
PRECEDENCE = (
    "get",
    "head",
    "options",
    "post",
    "put",
    "patch",
    "delete",
)  # when they want one name


@dataclass(frozen=True, slots=True)
class Problem:
    """A record of one mistake in a document that was accepted in spite of the mistake.

    Attributes:
        pointer: The place, as a JSON pointer; "" for the whole document.
        what: What is wrong, as a phrase such as `'name' is a required property`.
        done: What was done about the mistake, as a phrase such as `it is left out`.
    """

    pointer: str
    what: str
    done: str

    @property
    def sentence(self) -> str:
        """Return the problem as a sentence for users: `<pointer>: <what>; <done>.`, with `(document)` instead of ""."""
        return f"{self.pointer or '(document)'}: {self.what}; {self.done}."


def canonical(document: Json) -> str:
    """Return the canonical text of a JSON value: JSON with sorted keys, two spaces, a final newline, ASCII only.

    Lists keep their order. Objects that differ only in the order of keys have the same text; 1 and 1.0 have different
    ones.
    """
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=True) + "\n"


def line_for_each_key(value: Mapping[str, Json]) -> str:
    """Return the JSON text of an object, with its keys sorted and each key and its value on one line of its own.

    The keys of objects inside are sorted, too. The braces stand on lines of their own; there is no final newline.
    """
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value[key], sort_keys=True)}" for key in sorted(value))
    return f"{{\n{lines}\n}}"


def sha256_of(document: Json) -> str:
    """Return the SHA-256 (FIPS 180-4) of the canonical text of a JSON value (see `canonical`), as 64 hex digits."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()
