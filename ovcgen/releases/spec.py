"""A document with its release, its origin and our corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ovcgen.documents.document import Document, Json, Problem


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
class Spec:
    """A document with its release, origin and overlay; `dialect` is "" where nobody said which it is."""

    document: Document
    release: str
    origin: Origin
    overlay: Mapping[str, Json] = field(default_factory=dict)
    dialect: str = ""
    problems: tuple[Problem, ...] = ()
