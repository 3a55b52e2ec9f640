"""Print the result of a command in the form that `--output`, `--query` and `--fields` ask for."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import click

from ovcgen.cli import terminal
from ovcgen.errors import UsageError

TABLE, TEXT, JSON = "table", "text", "json"


class BadQuery(UsageError):
    """An error: the value of --query is no valid JMESPath expression. Nothing was done.

    Args:
        query: The value.
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, query: str, reason: str) -> None:
        super().__init__(
            f"--query {query[:100]!a} is no JMESPath: {reason}.",
            fix="Correct it, such as --query '[].name'; https://jmespath.org shows how.",
        )


class QueryFailed(UsageError):
    """An error: the expression of --query can't be applied to the result. The whole result was printed.

    Args:
        query: The expression.
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, query: str, reason: str) -> None:
        super().__init__(
            f"--query {query[:100]!a} does not fit the result: {reason}.",
            fix="The command was carried out, and its whole result was printed; correct the query for the next time.",
        )


@dataclass(frozen=True)
class Output:
    """The form in which the result of a command is printed, from the options -o/--output, --query and --fields.

    Attributes:
        form: `table`, or one of FORMS; "" for a table on a terminal and JSON elsewhere.
        query: A JMESPath expression that selects a part of the result; "" for the whole result.
        fields: The fields of each record to keep, in this order; () for all.
    """

    form: str = ""
    query: str = ""
    fields: tuple[str, ...] = ()

    def write(self, value: Any, *, text: str | None = None, columns: Sequence[str] = ()) -> None:
        """Print a result on stdout. Bytes are printed unchanged, whatever the form is.

        The query is applied first, then the fields. A field that no record has is null. With fields, a result that is
        no record is printed whole. Both cause a warning on stderr.

        Args:
            value: A JSON value, or bytes.
            text: A sentence that says the same as `value`. It is printed for `-o text`, and by default on a terminal,
                if there is neither a query nor fields.
            columns: The fields that a table shows, if there is neither a query nor fields; () for all.

        Raises:
            QueryFailed: the query can't be applied to the result, which is printed whole.
            BadQuery: the query is no valid JMESPath expression.
        """
        if isinstance(value, bytes):
            terminal.print_json_or_bytes(value)
            return
        if self.query:
            try:
                value = compiled(self.query).search(value)
            except ValueError as error:
                replace(self, query="", fields=()).write(value)
                raise QueryFailed(self.query, _reason(error)) from None
        if self.fields:
            value = _with_fields(value, self.fields)
        is_whole = not self.query and not self.fields
        form = self.form or (
            JSON if not terminal.is_terminal(sys.stdout) else TEXT if text is not None and is_whole else TABLE
        )
        if form == TABLE:
            _write_table(value, columns if is_whole else ())
        elif form == TEXT and text is not None and is_whole:
            terminal.print_wrapped(f"{text}\n", indent=terminal.INDENT)
        else:
            terminal.print_text(FORMS[form](value))


def compiled(query: str) -> Any:
    """Return a compiled JMESPath expression, an object of the library jmespath with a method `search(value)`.

    Raises:
        BadQuery: the text is no valid JMESPath expression.
    """
    import jmespath

    try:
        return jmespath.compile(query)
    except ValueError as error:
        raise BadQuery(query, _reason(error)) from None


def _reason(error: ValueError) -> str:
    """Return the first line of a message of jmespath, without a full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".: ")


def _with_fields(value: Any, fields: Sequence[str]) -> Any:
    """Return a record, or a list of records, with only these fields. Any other value is returned unchanged.

    A field that no record has becomes null, with a warning. This is no error, because the call was already made.
    """
    records = value if isinstance(value, list) else [value]
    if not all(isinstance(record, dict) for record in records):
        terminal.warning("--fields is for records; the result is printed whole.")
        return value
    known = list(dict.fromkeys(name for record in records for name in record))
    for field in fields if records else ():
        if field not in known:
            near = get_close_matches(field, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It has {', '.join(known)}."
            terminal.warning(f"The result has no field {field[:60]!a}. {hint}")
    kept = [{field: record.get(field) for field in fields} for record in records]
    return kept if isinstance(value, list) else kept[0]


def _write_table(value: Any, columns: Sequence[str]) -> None:
    from ovcgen.cli.table import table

    def bold(text: str) -> str:
        return click.style(text, bold=True)

    if value in ([], {}):
        terminal.note("The result is empty.")
    heading = bold if terminal.has_colours() else str
    terminal.print_colored(table(value, terminal.columns_of(sys.stdout), heading=heading, columns=columns))


def as_json(value: Any) -> str:
    """Return a value as JSON in ASCII, indented by two spaces, with a line break at its end."""
    return json.dumps(value, indent=2) + "\n"


def _as_json_lines(value: Any) -> str:
    return "".join(f"{json.dumps(item)}\n" for item in (value if isinstance(value, list) else [value]))


def _as_yaml(value: Any) -> str:
    import yaml

    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    if terminal.printable(text) != text:
        text = yaml.safe_dump(value, sort_keys=False)
    return text.removesuffix("...\n")


def _as_csv(value: Any) -> str:
    """Return records as CSV with a header line. Values that are no records are in a column `value`."""
    items = value if isinstance(value, list) else [value]
    records = [item if isinstance(item, dict) else {"value": item} for item in items]
    names = list(dict.fromkeys(name for record in records for name in record))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([names, *([_word(record.get(name)) for name in names] for record in records)] if names else [])
    return text.getvalue()


def _as_text(value: Any) -> str:
    """Return one line per item: a string without quotes, or the values of a record separated by tabs."""
    items = value if isinstance(value, list) else [value]
    return "".join(f"{_text_line(item)}\n" for item in items)


def _text_line(item: Any) -> str:
    if isinstance(item, dict):
        return "\t".join(_word(value).replace("\t", "\\t").replace("\n", "\\n") for value in item.values())
    return "null" if item is None else _word(item)


def _word(value: Any) -> str:
    """Return a string unchanged, "" for null, and any other value as JSON without \\u escapes."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


FORMS: dict[str, Callable[[Any], str]] = {
    JSON: as_json,
    "jsonl": _as_json_lines,
    "yaml": _as_yaml,
    "csv": _as_csv,
    TEXT: _as_text,
}
