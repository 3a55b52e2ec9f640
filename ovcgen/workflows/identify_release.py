"""Find the pinned release that a document resembles most, and the operations that differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.documents.document import Document
from ovcgen.documents.openapi3_checks import is_openapi3
from ovcgen.errors import UsageError
from ovcgen.normalise import dialect_registry
from ovcgen.releases.release_similarity import Differences, Resemblance, fingerprints
from ovcgen.workflows.resolve import resemblances

KINDS = ("added", "removed", "changed")
MOST_PLACES = 3


class NotPinnedYet(UsageError):
    """An error: the catalog does not equal any pinned release.

    Args:
        said: A sentence that names the most similar release and the differences; see `Identity.sentence`.
    """

    def __init__(self, said: str) -> None:
        super().__init__(f"This catalog is none of the pinned releases. {said}", fix="Name it with --release R.")


class Identity(NamedTuple):
    """A record of the resemblance of a document to pinned releases.

    Attributes:
        groups: The SHA-256 of each group of the document, by the group's name; {} for OpenAPI 3.
        found: The resemblance to each pinned release, best first; empty for a document that is no OpenvCloud catalog.
    """

    groups: dict[str, str]
    found: tuple[Resemblance, ...]

    @property
    def best(self) -> Resemblance | None:
        """Return the resemblance to the most similar release; None if the document resembles none."""
        return self.found[0] if self.found else None

    @property
    def sentence(self) -> str:
        """Return the most similar release, and what differs, as text for `ovcgen identify`, without a line break.

        For a document that resembles no release, the text says that it is not the catalog of a portal.
        """
        best = self.best
        if best is None:
            return "No release: this is not the catalog of an OpenvCloud portal."
        if best.is_exact:
            return f"{best.release}: exactly, in {', '.join(self.groups)}."
        differences = differences_text(best.differences)
        return f"{best.release}: nearest, {best.score:.0%} of the operations are equal; {differences}."

    def as_json(self) -> dict[str, Any]:
        """Return the object that `ovcgen identify --output json` prints.

        The keys are `release` (the best one, or None), `exact`, `score` (0.0 to 1.0), `groups` (see the attribute),
        `differences` (a dict with lists of operations: `added`, `removed` and `changed`) and `releases` (a list of
        dicts with `release` and `score`, best first).
        """
        best = self.best
        differences = best.differences if best else Differences()
        return {
            "release": best.release if best else None,
            "exact": bool(best and best.is_exact),
            "score": round(best.score, 4) if best else 0.0,
            "groups": self.groups,
            "differences": {kind: list(getattr(differences, kind)) for kind in KINDS},
            "releases": [
                {"release": resemblance.release, "score": round(resemblance.score, 4)} for resemblance in self.found
            ],
        }


def identify(document: Document, specs: Path | None = None, dialect: str = "") -> Identity:
    """Compare the document with every pinned release, in the groups that the document has, and return the result.

    The releases are the bundled ones and those of `specs`. `dialect` is the document's dialect; "" recognises it. A
    document of another dialect resembles no release. One of OpenAPI 3 has no groups to compare either: catalogs are
    Swagger 2.0.

    Raises:
        KeyError: there is no dialect of that name.
        NoSuchFolder: `specs` is not a folder.
        SpecRefused: a pinned release can't be used.
    """
    if is_openapi3(document):
        return Identity({}, ())
    found = resemblances(document, specs) if dialect_registry.dialect_of(document, dialect).pinned else ()
    return Identity(fingerprints(document), tuple(found))


def exact_release(document: Document, specs: Path | None = None) -> str:
    """Return the name of the pinned release that the document equals, in the groups that the document has.

    A folder `specs` that does not exist counts as None; see `library_of`.

    Raises:
        NotPinnedYet: the document equals no pinned release.
        SpecRefused: a pinned release can't be used.
    """
    identity = identify(document, specs if specs and specs.is_dir() else None)
    if identity.best is None or not identity.best.is_exact:
        raise NotPinnedYet(identity.sentence)
    return identity.best.release


def differences_text(differences: Differences) -> str:
    """Return the differences as text, such as `1 added: POST /a/b/c; 2 removed: ...`; "" if there are none.

    For each kind (added, removed, changed), it has the number of operations and the first three.
    """
    return "; ".join(_kind(kind, getattr(differences, kind)) for kind in KINDS if getattr(differences, kind))


def _kind(kind: str, places: tuple[str, ...]) -> str:
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return f"{len(places)} {kind}: {', '.join(places[:MOST_PLACES])}{more}"
