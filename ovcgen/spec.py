"""One pinned catalog: what a portal said, where it came from, and what we know better."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from. `portal` is empty for one that was read from a file or compiled."""

    kind: str  # "downloaded", "compiled", "file"
    sha256: str
    groups: tuple[str, ...] = ()
    portal: str = ""
    date: str = ""  # ISO 8601, UTC
    sdk_version: str = "1.0"
    note: str = ""


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


@dataclass(frozen=True, slots=True)
class Spec:
    """A document with its release, origin and overlay; `dialect` is "" where nobody said which it is."""

    document: Document
    release: str
    origin: Origin
    overlay: Mapping[str, Json] = field(default_factory=dict)
    dialect: str = ""
    problems: tuple[Problem, ...] = ()


def canonical(document: Json) -> str:
    """The one text of a JSON value: keys sorted, two spaces, a closing newline, pure ASCII."""
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=True) + "\n"


def sha256_of(document: Json) -> str:
    """Hex SHA-256 (FIPS 180-4) of the canonical text."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()
