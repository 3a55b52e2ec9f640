"""Render a rehearsal as one HTML page that needs no network, no script and no other file."""

from __future__ import annotations

from typing import NamedTuple

from ovcgen.diff.render.html import Piece, self_contained_page, sentence_pieces
from ovcgen.diff.sanitize import printable
from ovcgen.rehearsal.render import report_parts
from ovcgen.rehearsal.run_comparison import Difference, Rehearsal

TEMPLATE, OWN_STYLE = "rehearsal.html.jinja", "rehearsal.css"
BREAKING = ("newly-refused", "refused-otherwise", "task", "only-old")


class DifferenceRow(NamedTuple):
    """The template data of one difference.

    Attributes:
        subject: The request, or the object.
        old, new: What happened in each run.
        details: Sentences about the differences of the results.
        hint: The parts of a sentence about what to do; empty if that is not known.
    """

    subject: str
    old: str
    new: str
    details: list[str]
    hint: list[Piece]


class DifferenceSection(NamedTuple):
    """The template data of all differences of one kind.

    Attributes:
        level: A class of the style sheet: `breaking` or `info`.
        title: The heading.
        rows: The differences.
    """

    level: str
    title: str
    rows: list[DifferenceRow]


class OutputSection(NamedTuple):
    """The template data of the output of the command on one release.

    Attributes:
        release: The release.
        text: The last lines that the command printed.
    """

    release: str
    text: str


def as_html(rehearsal: Rehearsal) -> str:
    """Return the page of `ovcgen rehearse --output html`, without references to other files.

    All texts are escaped, and control characters are made visible. All differences are listed.
    """
    runs = (rehearsal.old, rehearsal.new)
    return self_contained_page(
        TEMPLATE,
        own_style=OWN_STYLE,
        title=report_parts.summary(rehearsal),
        command=report_parts.command_text(rehearsal.command),
        heads=[printable(run.release) for run in runs],
        runs=report_parts.rows(rehearsal),
        sections=[
            DifferenceSection(_level(kind), heading, [_row(difference) for difference in found])
            for kind, heading, found in report_parts.sections(rehearsal)
        ],
        outputs=[
            OutputSection(printable(run.release), "\n".join(printable(line.text) for line in run.output))
            for run in runs
            if run.output
        ],
        remarks=[printable(remark) for remark in rehearsal.remarks],
    )


def _level(kind: str) -> str:
    return "breaking" if kind in BREAKING else "info"


def _row(difference: Difference) -> DifferenceRow:
    details = [printable(detail) for detail in difference.details]
    texts = (report_parts.subject_text(difference), printable(difference.old), printable(difference.new))
    return DifferenceRow(*texts, details, sentence_pieces(difference.hint))
