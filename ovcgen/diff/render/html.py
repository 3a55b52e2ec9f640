"""Render reports as one self-contained HTML page: no network, no other file.

Texts of a document can't become markup: Jinja escapes them, and the page's content security policy allows no other
script than the page's own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ovcgen.diff.behaviour_changes import BehaviourChange
from ovcgen.diff.change import Change, Level
from ovcgen.diff.render import report_parts
from ovcgen.diff.report import Report
from ovcgen.diff.sanitize import printable
from ovcgen.resources import resource_folder

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE, STYLE, SCRIPT = "page.html.jinja", "page.css", "page.js"


class Piece(NamedTuple):
    """A part of a sentence: its text, and whether it is printed in code style."""

    text: str
    code: bool


class ChangeRow(NamedTuple):
    """The template data of one change.

    Attributes:
        kind: The kind of the change, such as `parameter.removed`.
        pieces, hint: The message and the hint, in pieces; no pieces if there is no hint.
        breaks_code: Whether it breaks Python code but not HTTP, and the report judges both.
        said, value: What the change's witness shows, and its example value as JSON; "" if there is none.
        fingerprint: The change's fingerprint, for links to it.
    """

    kind: str
    pieces: list[Piece]
    hint: list[Piece]
    breaks_code: bool
    said: str
    value: str
    fingerprint: str


class OperationSection(NamedTuple):
    """The template data of the changes of one level at one operation, or of one change in behaviour.

    Attributes:
        name: The operation, such as `POST /pets`; `the whole API` for changes without one. For a change in behaviour
            its `operations_text`.
        entries: Its changes.
    """

    name: str
    entries: list[ChangeRow]

    @property
    def pieces(self) -> list[str]:
        """Return the parts of the name; see `name_parts`."""
        return name_parts(self.name)


class LevelSection(NamedTuple):
    """The template data of the changes of one level: breaking, warning or info.

    Attributes:
        level: The level's word, for the style.
        title: The heading.
        size: The number of changes.
        groups: The changes, by operation.
    """

    level: str
    title: str
    size: int
    groups: list[OperationSection]


class ReleaseSection(NamedTuple):
    """The template data of all changes from one release to another.

    Attributes:
        title: The heading.
        anchor: The target for links to the section.
        counts: The number of changes of each level, as text.
        bump: The suggested version bump; "" if no document changed.
        bands: The sections of the levels, the worst first, then those of changes in behaviour.
    """

    title: str
    anchor: str
    counts: str
    bump: str
    bands: list[LevelSection]


class OperationHistory(NamedTuple):
    """The template data of a row of the changelog's table: what happened to one operation over a series of releases.

    Attributes:
        name: The operation, such as `POST /pets`.
        marks: `added`, `changed` or `removed` for each release; "" where nothing changed.
    """

    name: str
    marks: list[str]

    @property
    def pieces(self) -> list[str]:
        """Return the parts of the name; see `name_parts`."""
        return name_parts(self.name)


def name_parts(operation: str) -> list[str]:
    """Return the parts of an operation's name, split after each slash. The page allows a line break between them."""
    return re.findall(r"[^/]*/|[^/]+", operation)


def as_html(report: Report) -> str:
    """Return the output of `ovcgen diff --output html`: a self-contained HTML page of one report."""
    return page(f"Changes from {report.old} to {report.new}", [report])


def page(
    title: str, reports: Sequence[Report], heads: Sequence[str] = (), rows: Sequence[OperationHistory] = ()
) -> str:
    """Return one self-contained HTML page of several reports.

    Texts are escaped.

    Args:
        title: The title of the page.
        reports: The reports, each with a section of its own.
        heads: The names of the releases at the head of the table's columns, one for each mark of a row.
        rows: The rows of the table at the top; without any, there is no table.
    """
    script = (_folder() / SCRIPT).read_text("utf-8")
    return self_contained_page(
        PAGE,
        title=printable(title),
        script=_own(script),
        script_hash=_hash(script),
        heads=[printable(head) for head in heads],
        rows=[OperationHistory(printable(name), marks) for name, marks in rows],
        steps=[_step(report, number) for number, report in enumerate(reports, start=1)],
        several=len(reports) > 1,
    )


def self_contained_page(template: str, *, own_style: str = "", **data: object) -> str:
    """Return an HTML page from a template of `templates/report`, with the style sheet of all reports in it.

    Args:
        template: The file name of the template.
        own_style: The file name of a second style sheet, for this template only; "" for none.
        data: The values for the template. Texts are escaped.
    """
    style = "".join((_folder() / name).read_text("utf-8") for name in (STYLE, own_style) if name)
    return _environment(_folder()).get_template(template).render(style=_own(style), style_hash=_hash(style), **data)


def _folder() -> Path:
    return resource_folder("templates") / "report"


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _own(text: str) -> str:
    """Mark our own style sheet or script as safe, so that it is not escaped."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - a file of ours


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _step(report: Report, number: int) -> ReleaseSection:
    title = printable(f"Changes from {report.old} to {report.new}")
    bands = [_band(level, found, report) for level, found in report_parts.by_level(report)]
    bands += [_behaviours(level, found, report) for level, found in report_parts.behaviours_by_level(report)]
    bump = report.bump if report.changes else ""
    return ReleaseSection(title, f"step-{number}", report_parts.counts_text(report), bump, bands)


def _band(level: Level, found: list[Change], report: Report) -> LevelSection:
    groups = [
        OperationSection(printable(operation), [_entry(change, report) for change in group])
        for operation, group in report_parts.by_operation(found)
    ]
    return LevelSection(level.word, report_parts.HEADINGS[level], len(found), groups)


def _behaviours(level: Level, found: list[BehaviourChange], report: Report) -> LevelSection:
    groups = [
        OperationSection(printable(history.operations_text), [_entry(history.change, report)]) for history in found
    ]
    return LevelSection(level.word, f"Behaviour: {report_parts.HEADINGS[level].lower()}", len(found), groups)


def _entry(change: Change, report: Report) -> ChangeRow:
    witness = report.witnesses.get(change.fingerprint)
    said, value = report_parts.witness_texts(witness) if witness else ("", "")
    breaks = report.breaks_code_only(change)
    message, hint = sentence_pieces(change.message), sentence_pieces(change.hint)
    return ChangeRow(change.id, message, hint, breaks, said, value, change.fingerprint)


def sentence_pieces(sentence: str) -> list[Piece]:
    """Return a sentence split into text and code. Code is the text between backticks."""
    return [Piece(text, is_code) for is_code, text in report_parts.sentence_parts(sentence)]
