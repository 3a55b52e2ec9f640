"""Format the help of an operation: its description, parameters and response, and an example."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli.terminal import columns_of, is_terminal, printable
from ovcgen.cli.text_wrapping import fold_command

if TYPE_CHECKING:
    from ovcgen.cli.operation_lookup import CalledOperation

NARROWEST = 40  # columns of the help of an operation
WIDEST = 100
USUAL = 80  # columns of what is no terminal
LONGEST_SHAPE = 60  # lines of the shape of an answer, and members of an argument
Record = Mapping[str, Any]


def operation_help(record: Record, called: CalledOperation) -> str:
    """Return the help text of one operation for the terminal, wrapped to the terminal's width (40 to 100 columns).

    Control characters of the document are escaped.

    Args:
        record: The operation's entry in the index, made by `build_operation_index.record_of`.
        called: The operation as the command line names it, for the example.
    """
    width = max(NARROWEST, min((columns_of(sys.stdout) or USUAL) - 2, WIDEST))
    formatter = click.HelpFormatter(width=width)
    formatter.write_text(f"{record['operation']}  ({record['method']} {record['path']})")
    with formatter.indentation():
        for text in _paragraphs(record):
            formatter.write_paragraph()
            formatter.write_text(printable(text))
    _write_parameters(formatter, record)
    _write_answer(formatter, record["answer"])
    with formatter.section("Example"):
        command = example(record, called)
        room = width - formatter.current_indent
        for line in fold_command(command, room) if is_terminal(sys.stdout) else [command]:
            formatter.write(f"{' ' * formatter.current_indent}{line}\n")
    return formatter.getvalue()


def _paragraphs(record: Record) -> Iterator[str]:
    """Yield the paragraphs about the operation as a whole."""
    if record["deprecated"]:
        yield record["deprecated"]
    yield record["description"] or "The document does not describe it."
    if record["task"]:
        kind = "Long-running" if record["long_running"] else "Can run as a task"
        yield f"{kind}: --async prints the guid of a task at once, and --wait waits for its result."
    if record["rights"]:
        yield f"Login: {record['rights']}."
    for title, sets in (("exactly", record["exactly_one_of"]), ("at least", record["at_least_one_of"])):
        if sets:
            yield f"Give {title} one of: {', or '.join(' and '.join(names) for names in sets)}."
    if record["content_types"]:
        yield f"_content_type= chooses the type of the body: {', '.join(record['content_types'])}."


def _write_parameters(formatter: click.HelpFormatter, record: Record) -> None:
    rows = [(_term(parameter), printable(_definition(parameter))) for parameter in record["arguments"]]
    if not rows:
        formatter.write_paragraph()
        formatter.write_text("It takes no arguments.")
        return
    with formatter.section("Arguments (* is required)"):
        formatter.write_dl(rows, col_max=28)
    for parameter in record["arguments"]:
        _write_members(formatter, parameter)


def _write_members(formatter: click.HelpFormatter, parameter: Record) -> None:
    """Write the members of the objects in an argument; nothing if it has none."""
    members = parameter["members"]
    if not members:
        return
    rows = [(_term(member), printable(_definition(member))) for member in members[:LONGEST_SHAPE]]
    with formatter.section(f"Members of {printable(parameter['name'])} (* is required)"):
        formatter.write_dl(rows, col_max=28)
        if len(members) > LONGEST_SHAPE:
            formatter.write_text(f"... and {len(members) - LONGEST_SHAPE} more; -o json prints them.")


def _term(parameter: Record) -> str:
    mark = "*" if parameter["required"] else " "
    return printable(f"{mark} {parameter['name']}")


def _definition(parameter: Record) -> str:
    """Return a text with the type, unit, limits, default and description of a parameter or a member."""
    kind = ", ".join(filter(None, [parameter["type"], parameter["format"], parameter["unit"]]))
    facts = [kind, *parameter["limits"]]
    if parameter["values"]:
        facts.append(f"one of {', '.join(map(_value, parameter['values']))}")
    if parameter["default"] is not None:
        facts.append(f"default {_value(parameter['default'])}")
    if parameter.get("login"):
        facts.append("may be set by the login")
    if parameter["deprecated"]:
        facts.append("deprecated")
    if parameter.get("removed_in"):
        facts.append(f"not in release {parameter['removed_in']}")
    if parameter.get("secret"):
        facts.append(f"{parameter['name']}=- reads it from standard input")
    return f"{'; '.join(facts)}. {parameter['description']}".strip()


def _value(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def _write_answer(formatter: click.HelpFormatter, answer: Record) -> None:
    shape = answer["shape"]
    lines = [shape] if isinstance(shape, str) else json.dumps(shape, indent=2).replace('"', "").splitlines()
    with formatter.section("Answer"):
        if answer["description"]:
            formatter.write_text(printable(answer["description"]))
        for line in lines[:LONGEST_SHAPE]:
            formatter.write(f"{' ' * formatter.current_indent}{printable(line)}\n")
        if len(lines) > LONGEST_SHAPE:
            formatter.write_text(f"... and {len(lines) - LONGEST_SHAPE} more lines; -o json prints them.")
        if answer["most"]:
            formatter.write_text(f"At most {answer['most']} items.")


def example(record: Record, called: CalledOperation) -> str:
    """Return an example command line for a call of the operation that `record` describes, quoted for a shell.

    The arguments are invented, but pass the checks of ovcgen. Portal or document, `--release` and `--spec` are those
    that `called` was named by.
    """
    words = ["ovcgen", "call", called.target.name or str(called.document), record["operation"]]
    if called.target.is_given("release"):
        words += ["--release", str(called.document)]
    elif called.document not in (None, called.target.document, called.target.profile.value("release")):
        words += ["--spec", str(called.document)]
    return " ".join([*map(shlex.quote, words), *map(printable, record["example"])])
