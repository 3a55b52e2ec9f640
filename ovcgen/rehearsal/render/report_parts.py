"""Make the texts that all formats of a rehearsal share: the summary, the rows about both runs, and requests."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence

from ovcgen.diff.sanitize import printable
from ovcgen.rehearsal.run_comparison import KINDS, Difference, Rehearsal
from ovcgen.rehearsal.run_records import Exchange, Run


def summary(rehearsal: Rehearsal) -> str:
    """Return the first line of a rehearsal's report: `2.2.6 -> 2.4.5: 3 differences` or `...: nothing differs`."""
    count = len(rehearsal.differences)
    said = f"{count} difference{'' if count == 1 else 's'}" if count else "nothing differs"
    return printable(f"{rehearsal.old.release} -> {rehearsal.new.release}: {said}")


def command_text(command: Sequence[str]) -> str:
    """Return the words of the command as one line, quoted for a shell."""
    return printable(shlex.join(command))


def rows(rehearsal: Rehearsal) -> list[tuple[str, str, str]]:
    """Return three rows (name, value of the old run, value of the new run): exit code, requests and refused."""
    old, new = rehearsal.old, rehearsal.new
    return [
        ("exit code", old.exit.text, new.exit.text),
        ("requests", str(old.requests), str(new.requests)),
        ("refused", str(old.refused), str(new.refused)),
    ]


def sections(rehearsal: Rehearsal) -> Iterator[tuple[str, str, tuple[Difference, ...]]]:
    """Yield (kind, heading, differences) for each kind of which there are differences, in the order of `KINDS`.

    The exit code is left out, because `rows` has it.
    """
    for kind in KINDS:
        found = rehearsal.of_kind(kind)
        if found and kind != "exit":
            yield kind, printable(rehearsal.heading(kind)), found


def request_text(exchange: Exchange) -> str:
    """Return the operation and its parameters as `ovcgen call` takes them: `name=value`, or `name:=value` for JSON.

    For repeated requests, the text ends in their number, as in `(3 times)`.
    """
    values = [
        shlex.quote(f"{name}={value}" if isinstance(value, str) else f"{name}:={json.dumps(value)}")
        for name, value in exchange.arguments.items()
    ]
    times = f" ({exchange.times} times)" if exchange.times > 1 else ""
    return printable(" ".join([exchange.operation, *values])) + times


def subject_text(difference: Difference) -> str:
    """Return the request of a difference as text; without a request, return the subject of the difference."""
    return request_text(difference.exchange) if difference.exchange else printable(difference.subject)


def last_error_lines(rehearsal: Rehearsal) -> Iterator[tuple[Run, str]]:
    """Yield (run, last line of its stderr) for each run that printed on stderr and failed (not 0, or killed)."""
    for run in (rehearsal.old, rehearsal.new):
        if run.exit.code != 0 and run.last_error_line:
            yield run, printable(run.last_error_line.strip())
