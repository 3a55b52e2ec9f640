"""Check pinned releases: hashes, corrections and generated SDKs, and count how many response types are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.documents.document import Document, Json
from ovcgen.documents.overlay_validation import overlay_mistakes
from ovcgen.errors import SpecRefused
from ovcgen.normalise.corrected_responses import corrected_responses
from ovcgen.normalise.reference_resolution import operations
from ovcgen.workflows.build_sdk import sdk_of
from ovcgen.workflows.release_history import PinnedReleases, is_outdated
from ovcgen.workflows.resolve import pinned

MISSING = object()
OLD_HISTORY = "specs/history.json is out of date for it; `ovcgen generate --all` writes it anew."


class ReleaseCheck(NamedTuple):
    """A record of the result of `verify` for one release.

    Attributes:
        release: The name of the release.
        operations: Number of operations; 0 if the release could not be loaded.
        declared: Number of operations whose declared response type is correct.
        corrected: Number of operations whose response type a correction sets.
        unknown: Operations whose response type is not known, as `POST /path`; they may return anything.
        carried_over: Operations whose corrected response type equals that of the newest pinned release.
        newest: The newest pinned release; empty for that release itself.
        problems: Sentences about what is wrong; empty if all is well.
        sdk: Path of the SDK that was checked; empty if there is none.
    """

    release: str
    operations: int = 0
    declared: int = 0
    corrected: int = 0
    unknown: tuple[str, ...] = ()
    carried_over: tuple[str, ...] = ()
    newest: str = ""
    problems: tuple[str, ...] = ()
    sdk: str = ""

    @property
    def sentence(self) -> str:
        """Return the check of this release as text for the terminal: the counts, then the problems or "ok".

        Each of them is a line.
        """
        carried = f" ({len(self.carried_over)} carried over from {self.newest})" if self.newest else ""
        known = f"{self.declared} declared truly, {self.corrected} corrected{carried}, {len(self.unknown)} unknown"
        state = "ok" if self.sdk else "ok, no SDK is generated"
        return "\n".join([*([known] if self.operations else []), *(self.problems or [state])])

    def as_json(self) -> dict[str, Any]:
        """Return the object that `ovcgen verify --output json` prints for this release.

        It has the attributes of this record as keys, but `unknown` is a number, and `unknown_operations` has the names.
        """
        lists = {"problems": list(self.problems), "carried_over": list(self.carried_over)}
        return {
            **self._asdict(),
            **lists,
            "unknown": len(self.unknown),
            "unknown_operations": list(self.unknown),
        }


def verify(specs: Path | None = None, generated: Path | None = None) -> list[ReleaseCheck]:
    """Check every pinned release: its hash, the targets of its corrections, and that its SDK is up to date.

    Only SDKs that exist in the folder `generated` are checked; None checks none. Nothing is written. The result has one
    entry for each release, oldest first; a release that can't be loaded has that as its problem.

    Raises:
        NoSuchFolder: `specs` is not a folder.
        NothingPinned: there is no pinned release.
        UsageError: an SDK in `generated` is of another API, or its names can't be read.
    """
    names, releases = pinned(specs), PinnedReleases(specs)
    try:
        answers = corrected_responses(releases.corrected(names[-1]).document)
    except SpecRefused:  # said in the check of that release
        answers = {}
    *older, newest = [_verdict(release, releases, generated, answers) for release in names]
    return [*(check._replace(newest=names[-1]) for check in older), newest._replace(carried_over=())]


def _verdict(
    release: str, releases: PinnedReleases, generated: Path | None, newest: Mapping[str, Json]
) -> ReleaseCheck:
    """Return the result of the check of a release. `newest` has the newest release's corrected response schemas."""
    from ovcgen.generator.write import check

    try:
        resolved = releases.corrected(release)
        sdk = sdk_of(release, out=generated, pinned=releases)
        old_history = is_outdated(release, releases)  # reads the releases before and after, too
    except SpecRefused as error:
        return ReleaseCheck(release, problems=(error.what,))
    own = corrected_responses(resolved.document)
    carried = tuple(sorted(place for place, answer in own.items() if newest.get(place, MISSING) == answer))
    known = _coverage(release, resolved.document)._replace(
        carried_over=carried,
        problems=(*overlay_mistakes(resolved.spec.overlay), *([OLD_HISTORY] if old_history else [])),
    )
    target = generated / sdk.folder if generated else None
    if target is None or not target.is_dir():
        return known
    stale = tuple(f"{target / name} is out of date." for name in check(sdk.files, target))
    return known._replace(problems=(*known.problems, *stale), sdk=str(target))


def _coverage(release: str, document: Document) -> ReleaseCheck:
    """Count the operations by how their response type is known (`x-answer` of the normalised document)."""
    known = {f"{verb.upper()} {path}": body.get("x-answer", "") for path, verb, body in operations(document)}
    counts = Counter(known.values())
    unknown = tuple(sorted(place for place, word in known.items() if not word))
    return ReleaseCheck(release, len(known), counts["declared"], counts["corrected"], unknown)
