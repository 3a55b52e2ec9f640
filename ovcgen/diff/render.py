"""How changes are shown: for a terminal, for a page, for a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from ovcgen.diff.change import BREAKING, INFO, WARNING, Change, Level, Location
from ovcgen.diff.wording import printable
from ovcgen.spec import canonical

HEADINGS = {BREAKING: "Breaking", WARNING: "Warnings", INFO: "Other changes"}
WHOLE_API = "the whole API"
MARKUP = re.compile(r"([\\`*_\[\]<>#!|~&])")


def as_text(old_release: str, new_release: str, changes: Iterable[Change]) -> str:
    """For people: what breaks first, grouped by operation."""
    listed = list(changes)
    lines = [_summary(old_release, new_release, listed)]
    if any(_code_breaks(change) for change in listed):
        lines.append(printable(f"[!] breaks Python code written for the SDK of {old_release}, though HTTP may go on"))
    for level, found in _levels(listed):
        lines += ["", f"{HEADINGS[level].upper()} ({len(found)})"]
        for operation, group in _operations(found):
            lines += _operation_lines(printable(operation), group)
    return "\n".join(lines) + "\n"


def as_markdown(old_release: str, new_release: str, changes: Iterable[Change]) -> str:
    """For a page or a merge request; nothing that a document says becomes markup."""
    listed = list(changes)
    lines = [f"# Changes from {_escaped(old_release)} to {_escaped(new_release)}", "", f"{_counted(listed)}."]
    for level, found in _levels(listed):
        lines += ["", f"## {HEADINGS[level]} ({len(found)})"]
        for operation, group in _operations(found):
            lines += ["", f"### {_code(operation) if operation != WHOLE_API else WHOLE_API.capitalize()}", ""]
            for change in group:
                code = " **Breaks Python code.**" if _code_breaks(change) else ""
                hint = f" *{_marked(change.hint)}*" if change.hint else ""
                lines.append(f"- {_marked(change.message)}{code}{hint} ({_code(change.id)})")
    return "\n".join(lines) + "\n"


def as_json(old_release: str, new_release: str, changes: Iterable[Change]) -> str:
    """For programs: one canonical text, the same for the same two releases."""
    listed = sorted(changes, key=lambda change: change.order)
    counts = {level.word: _count(listed, level) for level in (BREAKING, WARNING, INFO)}
    return canonical(
        {
            "schema": 1,
            "old": old_release,
            "new": new_release,
            "summary": counts,
            "changes": [change.as_json() for change in listed],
        }
    )


RENDERERS: dict[str, Callable[[str, str, Iterable[Change]], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}


def _summary(old_release: str, new_release: str, changes: list[Change]) -> str:
    return printable(f"{old_release} -> {new_release}: {_counted(changes)}")


def _counted(changes: list[Change]) -> str:
    if not changes:
        return "nothing changed"
    warnings = _count(changes, WARNING)
    plural = "" if warnings == 1 else "s"
    return f"{_count(changes, BREAKING)} breaking, {warnings} warning{plural}, {_count(changes, INFO)} other"


def _count(changes: list[Change], level: Level) -> int:
    return sum(change.level is level for change in changes)


def _levels(changes: list[Change]) -> Iterator[tuple[Level, list[Change]]]:
    """The worst level first; levels without a change are left out."""
    for level in sorted(HEADINGS, reverse=True):
        found = sorted((change for change in changes if change.level is level), key=lambda change: change.order)
        if found:
            yield level, found


def _operation_lines(operation: str, group: list[Change]) -> Iterator[str]:
    """One line for a call that came or went, else a line for the call and one or two for each change."""
    whole = f"{Location(path=operation).subject} "
    if len(group) == 1 and group[0].message.startswith(whole) and not group[0].hint:
        yield f"  {operation} {_told(group[0]).removeprefix(whole)}"
        return
    yield f"  {operation}"
    for change in group:
        yield f"    {_marker(change)}{_told(change)}"
        if change.hint and (change.level is not INFO or _code_breaks(change)):
            yield f"      -> {printable(change.hint)}"


def _told(change: Change) -> str:
    return f"{printable(change.message)}  ({change.id})"


def _operations(changes: list[Change]) -> Iterator[tuple[str, list[Change]]]:
    for operation, group in groupby(changes, key=lambda change: change.operation or WHOLE_API):
        yield operation, list(group)


def _code_breaks(change: Change) -> bool:
    """Does it hurt Python code more than HTTP?"""
    return change.sdk is BREAKING and change.wire is not BREAKING


def _marker(change: Change) -> str:
    return "[!] " if _code_breaks(change) else ""


def _marked(sentence: str) -> str:
    """A sentence as markdown: what stands between backticks stays code, the rest is plain text."""
    parts = printable(sentence).split("`")
    return "".join(_code(part) if index % 2 else _escaped(part) for index, part in enumerate(parts))


def _escaped(text: str) -> str:
    return MARKUP.sub(r"\\\1", printable(text))


def _code(text: str) -> str:
    return "`" + printable(text).replace("`", "'") + "`"
