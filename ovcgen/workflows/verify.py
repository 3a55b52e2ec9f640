"""Whether what is pinned still fits together, and how much of it is known to be true."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.documents.document import Document
from ovcgen.documents.overlay_schema import misspellings
from ovcgen.errors import SpecRefused
from ovcgen.normalise.places import operations
from ovcgen.workflows.build import sdk_of
from ovcgen.workflows.resolve import pinned, truth_of


class ReleaseCheck(NamedTuple):
    """What `verify` found of one release; `problems` is empty where all fits, `sdk` where none was generated.

    Of its `operations` so many declare truly what they answer, so many were corrected; of the `unknown` ones nobody
    has said, and they may answer anything.
    """

    release: str
    operations: int = 0
    declared: int = 0
    corrected: int = 0
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    sdk: str = ""

    @property
    def sentence(self) -> str:
        """For a reader: how much is known, and the problems or that there are none."""
        known = f"{self.declared} declared truly, {self.corrected} corrected, {len(self.unknown)} unknown"
        state = "ok" if self.sdk else "ok, no SDK is generated"
        return "\n".join([*([known] if self.operations else []), *(self.problems or [state])])

    def as_json(self) -> dict[str, Any]:
        """For --output json: counts, and the unknown ones by name beside them."""
        counts = {**self._asdict(), "problems": list(self.problems), "unknown": len(self.unknown)}
        return {**counts, "unknown_operations": list(self.unknown)}


def verify(specs: Path | None = None, generated: Path | None = None) -> list[ReleaseCheck]:
    """Whether every pinned release has its hash, every correction its target, every SDK on disk today's text."""
    return [_verdict(release, specs, generated) for release in pinned(specs)]


def _verdict(release: str, specs: Path | None, generated: Path | None) -> ReleaseCheck:
    from ovcgen.generator.write import check

    try:
        truth = truth_of(release, specs=specs)
        sdk = sdk_of(release, specs=specs, out=generated)  # reads the release before, too
    except SpecRefused as error:
        return ReleaseCheck(release, problems=(error.what,))
    known = _coverage(release, truth.document)._replace(problems=misspellings(truth.spec.overlay))
    target = generated / sdk.folder if generated else None
    if target is None or not target.is_dir():
        return known
    stale = tuple(f"{target / name} is out of date." for name in check(sdk.files, target))
    return known._replace(problems=(*known.problems, *stale), sdk=str(target))


def _coverage(release: str, document: Document) -> ReleaseCheck:
    """How the answers of each operation are known."""
    known = {f"{verb.upper()} {path}": body.get("x-answer", "") for path, verb, body in operations(document)}
    counts = Counter(known.values())
    unknown = tuple(sorted(place for place, word in known.items() if not word))
    return ReleaseCheck(release, len(known), counts["declared"], counts["corrected"], unknown)
