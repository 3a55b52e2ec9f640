"""Generate SDKs and compare two releases, starting from release names, files or specs."""

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
    """The requested group does not exist in the catalog, or no group was requested at all."""

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"The catalog has no group {', '.join(unknown)}.", fix=f"Choose from {', '.join(known)}.")


class Sdk(NamedTuple):
    """A generated SDK, in memory.

    Attributes:
        folder: Name of the folder to write it to, such as `openvcloud-2.4.5`.
        files: Text of each file, by its path below the folder.
        operations: Number of operations in it.
        problems: Mistakes found in the document that it was generated from.
    """

    folder: str
    files: dict[str, str]
    operations: int
    problems: tuple[Problem, ...] = ()


def compare(old: Source, new: Source, *, specs: Path | None = None) -> list[Change]:
    """Return the changes from `old` to `new`, both with their corrections applied.

    A source is a release name, a file, an address or a spec; see `load` for the errors.
    """
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
    """Return the files of an SDK, by their path below its folder. Nothing is written.

    Args:
        release: The release of a document that is read from a file; see `load`.
        naming: How Python names are spelled: a key of `SPELLINGS`, such as "wire" (as in the document).
        groups: The groups to generate; None means all.
        later: A release or a file. What it no longer has is marked as deprecated. None means the pinned release that
            follows, and "none" marks nothing.
        specs: Folder of pinned catalogs; see `library_of`.
        out: Folder of SDKs. Operations, parameters and types keep the names of the SDK of this release in `out`, else
            those of the newest SDK of an earlier release of the same API.

    Raises:
        UnknownGroup: the API has no such group, or `groups` is empty.
        OtherApi: the SDK of another API is in its folder.
        DamagedNames: the names of the SDK in its folder can't be read.
        UsageError, SpecRefused: the source can't be loaded; see `load`.
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
    """Return the SDK that `generate` describes, with its folder name and counts. `reading` says how files are read."""
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
    """Return the requested groups without duplicates; None means all. Raises UnknownGroup."""
    if groups is None:
        return None
    chosen = (groups,) if isinstance(groups, str) else tuple(dict.fromkeys(groups))
    known = sorted({operation.group for operation in api.operations})
    unknown = [each for each in chosen if each not in known]
    if unknown or not chosen:
        raise UnknownGroup(unknown, known)
    return chosen


def _following(release: str, specs: Path | None) -> str:
    """Return the pinned release after `release`, or "none" if there is none or `release` is not pinned."""
    library = library_of(specs)
    return (library.following(release) if release in library.releases() else None) or NO_LATER


def _changes_before(release: str, specs: Path | None) -> str:
    """Return the changes since the preceding pinned release, as Markdown.

    Empty for the first pinned release and for a document that is not pinned.
    """
    library = library_of(specs)
    before = library.preceding(release) if release in library.releases() else None
    if before is None:
        return ""
    report = diff.reported(before, release, compare(before, release, specs=specs))
    return "".join(f"{line}\n" for line in section(report))
