"""Define the records for a loaded document: Spec and Origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ovcgen.documents.document import Document, Json, Problem
from ovcgen.model.api import Api


@dataclass(frozen=True, slots=True)
class Origin:
    """A record of where a document came from, as in origin.json.

    Attributes:
        kind: `downloaded`, `compiled` or `file`.
        sha256: The SHA-256 of the document's canonical text, in hex.
        groups: The groups that it contains.
        portal: The URL of the portal; "" for a document from a file or a compiled one.
        date: When it was fetched, in ISO 8601 and UTC; "" if not known.
        sdk_version: The version of the SDK generated from it; raised when the document of its release changes.
        note: A remark for readers, such as actors that the portal could not load; "" for none.
    """

    kind: str
    sha256: str
    groups: tuple[str, ...] = ()
    portal: str = ""
    date: str = ""
    sdk_version: str = "1.0"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A record of a document with its release, its origin and its corrections.

    Attributes:
        document: The document, before corrections are applied.
        release: The name of the release.
        origin: Where the document came from.
        overlay: The corrections of its release, with the common overlay under the key `common`; empty if it has none.
        dialect: The name of the dialect; "" if it is to be recognised.
        problems: Mistakes that were found when the document was read.
        url: Where it was downloaded from; "" for a file, and for the catalog of a portal.
        api: The API, for an OpenAPI 3 document: reading it finds the problems. None for a Swagger 2.0 document.
    """

    document: Document
    release: str
    origin: Origin
    overlay: Mapping[str, Json] = field(default_factory=dict)
    dialect: str = ""
    problems: tuple[Problem, ...] = ()
    url: str = field(default="", compare=False, repr=False)
    api: Api | None = field(default=None, compare=False, repr=False)
