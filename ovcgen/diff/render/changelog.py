"""Render a series of reports, with a table of operations and releases at the top."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ovcgen.diff.operation_history import operation_marks
from ovcgen.diff.render import html, json_text, markdown
from ovcgen.diff.report import Report
from ovcgen.documents.document import canonical


def as_markdown(steps: Sequence[Report]) -> str:
    """Return the changelog in Markdown: the table of operations and releases, and a section for each report.

    `steps` are the reports from each release to the next; without any, the text is only the heading `No changes`. The
    table is left out if no operation changed.
    """
    return "".join(f"{line}\n" for line in _lines(steps))


def as_json(steps: Sequence[Report]) -> str:
    """Return the changelog as JSON: the reports as in `diff --output json`, and the marks of the operations.

    `steps` are the reports from each release to the next. The keys are `schema`, `releases`, `steps` and `operations`.
    `operations` has each operation that changed, with its marks by the names of the releases in which it changed.
    """
    rows = {
        operation: {report.new: mark for report, mark in zip(steps, marks, strict=True) if mark}
        for operation, marks in operation_marks(steps).items()
    }
    summary = {"schema": 1, "releases": _releases(steps), "steps": [json_text.report_value(step) for step in steps]}
    return canonical({**summary, "operations": rows})


def as_html(steps: Sequence[Report]) -> str:
    """Return the changelog as one HTML page. `steps` are the reports from each release to the next."""
    rows = [html.OperationHistory(operation, marks) for operation, marks in operation_marks(steps).items()]
    return html.page(_title(steps), steps, [report.new for report in steps], rows)


CHANGELOGS: dict[str, Callable[[Sequence[Report]], str]] = {"markdown": as_markdown, "json": as_json, "html": as_html}


def _releases(steps: Sequence[Report]) -> list[str]:
    return [steps[0].old, *(report.new for report in steps)] if steps else []


def _title(steps: Sequence[Report]) -> str:
    return f"Changes from {steps[0].old} to {steps[-1].new}" if steps else "No changes"


def _lines(steps: Sequence[Report]) -> Iterator[str]:
    yield f"# {markdown.escaped(_title(steps))}"
    rows = operation_marks(steps)
    if rows:
        heads = [markdown.escaped(report.new) for report in steps]
        yield from ("", f"| operation | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}")
        yield from (f"| {_cell(operation)} | {' | '.join(marks)} |" for operation, marks in rows.items())
    for report in steps:
        yield ""
        yield from markdown.report_lines(report, 2)


def _cell(operation: str) -> str:
    """Return a table cell in code style; `|` is escaped, because it ends a cell even in code."""
    return markdown.code(operation).replace("|", "\\|")
