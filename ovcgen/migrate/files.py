"""The files of a project before and after: as a patch, or written, each whole or not at all."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ovcgen.diff.sanitize import printable
from ovcgen.errors import UnwritableTarget
from ovcgen.impact.render.text import where
from ovcgen.migrate.edits import Edit, Left, Plan
from ovcgen.migrate.rewrite import NotRewritten, rewritten
from ovcgen.usage.sources import Source
from ovcgen.usage.usages import Unread
from ovcgen.usage.values import SourceSpan


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file that changes."""

    file: str
    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Migration:
    """All files that change, and what is left for somebody to look at.

    `kept` is the SDK whose import stays because something is left; "" where none is kept.
    """

    files: tuple[Rewritten, ...]
    left: tuple[Left, ...]
    unread: tuple[Unread, ...]
    kept: str = ""


def migration(sources: Sequence[Source], plan: Plan, unread: Iterable[Unread], *, repin: bool = False) -> Migration:
    """Carry the plan out in memory; a file of which one edit can't be made stays as it is.

    The new SDK is only imported when nothing is left and every file was read, or with `repin`.
    """
    missed = tuple(unread)
    done = _carried_out(sources, plan, missed)
    if repin or not (done.left or missed) or plan.package == plan.becomes:
        return done
    done = _carried_out(sources, replace(plan, becomes=plan.package), missed)
    return replace(done, kept=plan.package if plan.files else "")


def _carried_out(sources: Sequence[Source], plan: Plan, unread: tuple[Unread, ...]) -> Migration:
    changed: list[Rewritten] = []
    left = list(plan.left)
    for source in sources:
        edits = [edit for edit in plan.edits if edit.place.file == source.file]
        if not edits and source.file not in plan.files:
            continue
        before = source.path.read_bytes()
        try:
            after = rewritten(before, edits, plan.package, plan.becomes)
        except NotRewritten as reason:
            left += _all_left(source.file, edits, str(reason))
            continue
        if after != before:
            changed.append(Rewritten(source.file, source.path, before, after))
    ordered = sorted(set(left), key=lambda each: (each.place, each.why))
    return Migration(tuple(changed), tuple(ordered), unread)


def _all_left(file: str, edits: Iterable[Edit], reason: str) -> list[Left]:
    places = {edit.place for edit in edits} or {SourceSpan(file, 1, 0, 1, 0)}
    return [Left(place, f"the file stays as it is: {reason}.") for place in sorted(places)]


def remarks(migrated: Migration) -> Iterator[str]:
    """What to say beside the result: how much was changed, and each place that is left."""
    number = len(migrated.files)
    yield f"{number} file{'' if number == 1 else 's'} to change, {len(migrated.left)} left for you."
    for left in migrated.left:
        yield f"  {where(left.place)}: {printable(left.why)}"
    if migrated.kept:
        yield f"  {migrated.kept} is still imported: run this again when nothing is left, or with --repin."
    for unread in migrated.unread:
        yield f"  {printable(unread.file)}: not read: {printable(unread.reason)}"


def patch(files: Iterable[Rewritten]) -> bytes:
    """What changes, as `patch -p1` and `git apply` take it, in the encoding of each file."""
    return b"".join(_patch(file) for file in files)


def _patch(changed: Rewritten) -> bytes:
    name = changed.file.lstrip("/").encode("utf-8", "surrogateescape")
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(changed.before), _lines(changed.after), b"a/" + name, b"b/" + name
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[bytes]:
    """Lines that end where `\\n` stands; `splitlines` would also end them elsewhere."""
    *whole, rest = data.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]


def write(files: Iterable[Rewritten]) -> None:
    """Put each file in place as a whole, with the mode that it has. Raises UnwritableTarget."""
    for file in files:
        try:
            _write(file)
        except OSError as error:
            raise UnwritableTarget(str(file.path), error.strerror or str(error)) from error


def _write(changed: Rewritten) -> None:
    if changed.path.read_bytes() != changed.before:
        raise UnwritableTarget(str(changed.path), "it was changed by somebody else in the meantime")
    handle, name = tempfile.mkstemp(dir=changed.path.parent, prefix=".ovcgen-", suffix=".py")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(changed.after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(changed.path, name)
        os.replace(name, changed.path)
    except BaseException:
        os.unlink(name)
        raise
