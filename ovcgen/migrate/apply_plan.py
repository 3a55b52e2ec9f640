"""Apply a plan to the files of a project, then write them or print a patch."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ovcgen.diff.sanitize import printable
from ovcgen.errors import UnwritableTarget
from ovcgen.files import replace_file
from ovcgen.impact.render.text import where
from ovcgen.migrate.edits import Edit, LeftToDo, NotRewritten, Plan
from ovcgen.migrate.rewrite import rewritten
from ovcgen.usage.source_files import Source
from ovcgen.usage.usages import Unread
from ovcgen.usage.values import SourceSpan


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file with its content before and after the edits.

    Attributes:
        file: Its path as the user writes it.
        path: Its real path.
        before, after: The content, as bytes.
    """

    file: str
    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Migration:
    """The result of applying a plan in memory.

    Attributes:
        files: Files that change.
        left: Positions that a developer has to check.
        unread: Files that could not be read.
        kept: Import name of the old SDK if its import was kept, because something is left to do or a file could not be
            read; else empty.
    """

    files: tuple[Rewritten, ...]
    left: tuple[LeftToDo, ...]
    unread: tuple[Unread, ...]
    kept: str = ""


def migration(sources: Sequence[Source], plan: Plan, unread: Iterable[Unread], *, repin: bool = False) -> Migration:
    """Apply the plan in memory and return the result; nothing is written.

    A file in which an edit can't be made stays unchanged, and its edits are left to the developer.
    The import is changed to the new SDK only if nothing is left to do and every file was read, or with `repin`.
    `unread` are the files that could not be read; they are copied to the result.

    Raises:
        NoLibcst: libcst is not installed.
        OSError: a file can't be read.
    """
    missed = tuple(unread)
    done = _carried_out(sources, plan, missed)
    if repin or not (done.left or missed) or plan.old_package == plan.new_package:
        return done
    done = _carried_out(sources, replace(plan, new_package=plan.old_package), missed)
    return replace(done, kept=plan.old_package if plan.files else "")


def _carried_out(sources: Sequence[Source], plan: Plan, unread: tuple[Unread, ...]) -> Migration:
    """Return the result of applying the plan as it is."""
    changed: list[Rewritten] = []
    left = list(plan.left)
    for source in sources:
        edits = [edit for edit in plan.edits if edit.place.file == source.file]
        if not edits and source.file not in plan.files:
            continue
        before = source.path.read_bytes()
        try:
            after = rewritten(before, edits, plan.old_package, plan.new_package)
        except NotRewritten as reason:
            left += _all_left(source.file, edits, str(reason))
            continue
        if after != before:
            changed.append(Rewritten(source.file, source.path, before, after))
    ordered = sorted(set(left), key=lambda edit: (edit.place, edit.why))
    return Migration(tuple(changed), tuple(ordered), unread)


def _all_left(file: str, edits: Iterable[Edit], reason: str) -> list[LeftToDo]:
    places = {edit.place for edit in edits} or {SourceSpan(file, 1, 0, 1, 0)}
    return [LeftToDo(place, f"the file stays as it is: {reason}.") for place in sorted(places)]


def remarks(migrated: Migration) -> Iterator[str]:
    """Yield the lines of the report of `ovcgen migrate`, without line ends.

    They are the number of changed files, each position left to do, whether the old SDK is still imported, and each file
    that was not read.
    """
    number = len(migrated.files)
    yield f"{number} file{'' if number == 1 else 's'} to change, {len(migrated.left)} left for you."
    for left in migrated.left:
        yield f"  {where(left.place)}: {printable(left.why)}"
    if migrated.kept:
        yield f"  {migrated.kept} is still imported: run this again when nothing is left, or with --repin."
    for unread in migrated.unread:
        yield f"  {printable(unread.file)}: not read: {printable(unread.reason)}"


def patch(files: Iterable[Rewritten]) -> bytes:
    """Return the changes as a unified diff for `patch -p1` or `git apply`, in the encoding of each file.

    The paths are those that the user wrote, behind `a/` and `b/` and without a slash in front. No files give b"".
    """
    return b"".join(_patch(file) for file in files)


def _patch(changed: Rewritten) -> bytes:
    name = changed.file.lstrip("/").encode("utf-8", "surrogateescape")
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(changed.before), _lines(changed.after), b"a/" + name, b"b/" + name
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[bytes]:
    r"""Return lines that end at `\n` only; `splitlines` also splits at other characters."""
    *whole, rest = data.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]


def write(files: Iterable[Rewritten]) -> None:
    """Write the new content of each file atomically, and keep the file's mode.

    Raises:
        UnwritableTarget: a file can't be written, or it was changed since it was read. Earlier files are written.
    """
    for file in files:
        try:
            _write(file)
        except OSError as error:
            raise UnwritableTarget(str(file.path), error.strerror or str(error)) from error


def _write(changed: Rewritten) -> None:
    if changed.path.read_bytes() != changed.before:
        raise UnwritableTarget(str(changed.path), "it was changed by somebody else in the meantime")
    replace_file(changed.path, changed.after)
