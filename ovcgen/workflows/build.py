"""What is made of APIs: SDKs and comparisons, and whether those on disk are still right."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ovcgen import diff
from ovcgen.diff.change import Change
from ovcgen.diff.render.markdown import section
from ovcgen.documents.document import Problem
from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.workflows.comparable import settled
from ovcgen.workflows.previous_names import names_before, type_names_of
from ovcgen.workflows.resolve import LENIENT, Reading, Source, library_of, truth_of

NO_LATER = "none"


class UnknownGroup(UsageError):
    """A group that the catalog does not have."""

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"The catalog has no group {', '.join(unknown)}.", fix=f"Choose from {', '.join(known)}.")


class Sdk(NamedTuple):
    """A generated package: the name of its folder, its files, and how many operations are in them.

    `problems` are the mistakes of the document that it is made of.
    """

    folder: str
    files: dict[str, str]
    operations: int
    problems: tuple[Problem, ...] = ()


def compare(old: Source, new: Source, *, specs: Path | None = None) -> list[Change]:
    """What changes between two releases or files, each compared with its corrections applied."""
    before, after = settled(truth_of(old, specs=specs), truth_of(new, specs=specs))
    return diff.compare(before, after, types=(type_names_of(before), type_names_of(after)))


def generate(
    source: Source,
    *,
    release: str | None = None,
    naming: str = "wire",
    groups: str | Iterable[str] | None = None,
    later: Source | None = None,
    specs: Path | None = None,
    out: Path | None = None,
) -> dict[str, str]:
    """The files of an SDK, by their path below its folder; nothing is written.

    `out` is a folder of SDKs. Calls, arguments and types keep the names that the SDK of this release has there, else
    the newest SDK of an earlier release of the same API. Raises OtherApi if another API's SDK is in its place.

    What `later` does not have any more is marked as deprecated. That is a release or a file, the pinned release that
    follows where it is None, and `"none"` for no marks.
    """
    return sdk_of(source, release=release, naming=naming, groups=groups, later=later, specs=specs, out=out).files


def sdk_of(
    source: Source,
    *,
    release: str | None = None,
    naming: str = "wire",
    groups: str | Iterable[str] | None = None,
    later: Source | None = None,
    specs: Path | None = None,
    out: Path | None = None,
    reading: Reading = LENIENT,
) -> Sdk:
    """As `generate`, with the name of the folder."""
    from ovcgen.generator import distribution, marked, sdk_files
    from ovcgen.workflows.removed_names import vanished_before

    truth = truth_of(source, release=release, specs=specs, reading=reading)
    chosen = _chosen(truth.api, groups)
    following = _following(truth.spec.release, specs) if later is None else later
    files = sdk_files(
        truth.api if following == NO_LATER else marked(truth.api, truth_of(following, specs=specs).api),
        sha256=truth.spec.origin.sha256,
        version=truth.spec.origin.sdk_version,
        changes=_changes_before(truth.spec.release, specs),
        naming=naming,
        groups=chosen,
        vanished=vanished_before(truth.api, naming=naming, groups=chosen, specs=specs),
        given=names_before(truth.api, naming=naming, out=out, specs=specs),
    )
    operations = [
        operation for operation in truth.api.callable_operations if chosen is None or operation.group in chosen
    ]
    return Sdk(distribution(truth.api)[0], files, len(operations), truth.spec.problems)


def _chosen(api: Api, groups: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if groups is None:
        return None
    chosen = (groups,) if isinstance(groups, str) else tuple(dict.fromkeys(groups))
    known = sorted({operation.group for operation in api.operations})
    unknown = [each for each in chosen if each not in known]
    if unknown or not chosen:
        raise UnknownGroup(unknown, known)
    return chosen


def _following(release: str, specs: Path | None) -> str:
    """The pinned release after a pinned one; what a file becomes later is not known."""
    library = library_of(specs)
    return (library.following(release) if release in library.releases() else None) or NO_LATER


def _changes_before(release: str, specs: Path | None) -> str:
    """What changed against the pinned release before, as Markdown; "" for the first and for files."""
    library = library_of(specs)
    before = library.preceding(release) if release in library.releases() else None
    if before is None:
        return ""
    report = diff.reported(before, release, compare(before, release, specs=specs))
    return "".join(f"{line}\n" for line in section(report))
