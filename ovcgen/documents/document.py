"""The type of a document, its canonical text and hash, and the problems found in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Any
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake of a document that was taken all the same.

    `pointer` is its place (a JSON pointer, "" for the document), `what` is wrong there, and `done` about it.
    """

    pointer: str
    what: str
    done: str

    @property
    def sentence(self) -> str:
        """For a reader."""
        return f"{self.pointer or '(document)'}: {self.what}; {self.done}."


def canonical(document: Json) -> str:
    """The one text of a JSON value: keys sorted, two spaces, a closing newline, pure ASCII."""
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=True) + "\n"


def sha256_of(document: Json) -> str:
    """Hex SHA-256 (FIPS 180-4) of the canonical text."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()
