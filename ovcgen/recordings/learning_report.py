"""Define the result of learning from recordings, and print it as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ovcgen.documents.document import Json
from ovcgen.documents.errors import printable
from ovcgen.recordings.value_schema_comparison import Agreement

LONGEST = 600  # characters of a line
LEVELS = {Agreement.NEW: "new", Agreement.UNKNOWN: "unknown"}  # all others: "wrong"


@dataclass(frozen=True, slots=True)
class LearnedFact:
    """A record of one difference between the declared and the recorded type, at one path of an operation's responses.

    Attributes:
        verdict: The kind of difference.
        path: The path in the response, such as `[].nics[].ipAddress`; "" for the whole response.
        declared: The declared type, as text; for an undeclared key that of the object that has the key.
        seen: The recorded type, as text, `absent` for a missing key, or `file`. If the key or its type is not declared,
            the whole inferred schema (see `schema_text`).
    """

    verdict: Agreement
    path: str
    declared: str
    seen: str

    @property
    def level(self) -> str:
        """Return `new` (the key is not declared), `unknown` (no type is declared), else `wrong`."""
        return LEVELS.get(self.verdict, "wrong")

    @property
    def text(self) -> str:
        """Return the difference as a phrase: `[].publicipaddress is declared string, seen null`."""
        place = self.path or "the answer"
        match self.verdict:
            case Agreement.ABSENT:
                return f"{place} is declared required, seen absent"
            case Agreement.NEW:
                return f"{place} is not declared, seen {self.seen}"
            case Agreement.UNKNOWN:
                return f"{place} is unknown so far, seen {self.seen}"
        return f"{place} is declared {self.declared}, seen {self.seen}"


@dataclass(frozen=True, slots=True)
class OperationFindings:
    """A record of the differences that were found in the responses of one operation.

    Attributes:
        operation: The operation, such as `GET /pets`.
        answers: The number of compared responses.
        findings: The differences, sorted by path; () if all responses are as declared.
    """

    operation: str
    answers: int
    findings: tuple[LearnedFact, ...]

    @property
    def contradictions(self) -> tuple[LearnedFact, ...]:
        """Return the findings that show that the declaration is wrong, and not only incomplete."""
        return tuple(finding for finding in self.findings if finding.verdict.contradicts)


@dataclass(frozen=True, slots=True)
class LearnedShapes:
    """A record of what recordings say about the declared response types of a release.

    Attributes:
        release: The name of the release.
        operations: The findings of each operation that has compared responses, also if it has no differences; sorted.
        actions: The proposed corrections, as actions of an overlay.
        skipped: The number of calls that could not be compared, by reason.
    """

    release: str
    operations: tuple[OperationFindings, ...]
    actions: tuple[Mapping[str, Json], ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)

    @property
    def contradictions(self) -> tuple[tuple[str, LearnedFact], ...]:
        """Return (operation, finding) pairs, such as `("GET /pets", ...)`, for every wrong declaration."""
        return tuple(
            (operation.operation, finding) for operation in self.operations for finding in operation.contradictions
        )


def as_text(learned: LearnedShapes, *, check: bool = False) -> str:
    """Return the findings and the targets of the proposed corrections as text, or with `check` only the contradictions.

    This is the text of `ovcgen learn`. A contradiction is one line (`GET /pets: [].id is declared string, seen
    integer`). The text is "" if there is nothing to report. Lines are cut to 600 characters, and control characters are
    escaped.
    """
    lines = _contradictions(learned) if check else _paragraphs(learned)
    return "".join(f"{printable(line, LONGEST)}\n" for line in lines)


def _contradictions(learned: LearnedShapes) -> Iterator[str]:
    for operation, finding in learned.contradictions:
        yield f"{operation}: {finding.text}"


def _paragraphs(learned: LearnedShapes) -> Iterator[str]:
    for operation in learned.operations:
        verdict = "" if operation.findings else ", as declared"
        yield f"{operation.operation}: {_counted(operation.answers, 'answer')}{verdict}"
        yield from (f"  {finding.level:8} {finding.text}" for finding in operation.findings)
    if learned.actions:
        yield f"{_counted(len(learned.actions), 'correction')} proposed; --output json shows them in full:"
        yield from (f"  {action['target']}" for action in learned.actions)


def as_json(learned: LearnedShapes, *, check: bool = False) -> str:
    """Return the findings and proposed corrections as the text of a JSON object.

    This is the text of `ovcgen learn --output json`. With `check`, the corrections (`actions`) are left out; all
    findings remain.
    """
    document = {
        "schema": 1,
        "release": learned.release,
        "answers": sum(operation.answers for operation in learned.operations),
        "contradictions": len(learned.contradictions),
        "skipped": dict(learned.skipped),
        "operations": [_operation(operation) for operation in learned.operations],
        **({} if check else {"actions": list(learned.actions)}),
    }
    return json.dumps(document, indent=2) + "\n"


def _operation(studied: OperationFindings) -> Json:
    findings = [
        {
            "level": finding.level,
            "path": finding.path,
            "declared": finding.declared,
            "seen": finding.seen,
            "message": finding.text,
        }
        for finding in studied.findings
    ]
    return {"operation": studied.operation, "answers": studied.answers, "findings": findings}


def summary(learned: LearnedShapes) -> str:
    """Return a sentence with the number of compared responses, and the number and reason of those that were skipped.

    For example: `3 answers of 2 operations compared with 2.4.5; left out: 1 (no success).`
    """
    compared = sum(operation.answers for operation in learned.operations)
    left = ", ".join(f"{count} ({reason})" for reason, count in learned.skipped.items())
    operations = f"{_counted(compared, 'answer')} of {_counted(len(learned.operations), 'operation')} compared"
    return f"{operations} with {learned.release}{f'; left out: {left}' if left else ''}."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


RENDERERS: Mapping[str, Callable[..., str]] = {"text": as_text, "json": as_json}
