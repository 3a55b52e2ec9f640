"""Read a policy from TOML, and report mistakes with their line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from ovcgen.diff.behaviour_changes import is_behaviour
from ovcgen.diff.change import Level
from ovcgen.diff.policy import IGNORE, PLACES, Ignore, Policy
from ovcgen.diff.rules import rule_of
from ovcgen.diff.sanitize import printable
from ovcgen.documents.document import Json
from ovcgen.errors import UsageError
from ovcgen.model.release_names import is_release

WORDS = (*(level.word for level in sorted(Level, reverse=True)), IGNORE)
KEYS = ("kind", "operation", *PLACES, "fingerprint")
HEADER = re.compile(r"\s*\[\[\s*diff\s*\.\s*ignore\s*\]\]")
TABLE = re.compile(r"\s*\[")
PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class BadPolicy(UsageError):
    """An error: the policy file is invalid. The message names the file, the line and the mistake.

    Args:
        source: The name of the file.
        line: The number of the line, counted from 1.
        reason: The mistake, as a clause such as `name is no text`.
    """

    def __init__(self, source: str, line: int, reason: str) -> None:
        super().__init__(
            f"{printable(source)}, line {line}: {printable(reason)}.",
            fix="An entry is [[diff.ignore]] with kind, operation, ... and reason; `ovcgen diff --write-ignores` writes"
            " them.",
        )


def policy_of(text: str, source: str) -> Policy:
    """Return the policy of a TOML text; `source` is the file's name for messages.

    Only the table `diff` is read. A text without it gives an empty policy. Whether a pattern (a kind with `*`) matches
    a kind is not checked.

    Raises:
        BadPolicy: the text is not TOML, has an unknown key or a wrong value in `diff`, or has an entry without reason
            or with neither kind nor fingerprint.
        UnknownKind: no rule has the kind of an entry or of a level.
        BrokenPlugin: a plugin with rules can't be used.
    """
    file = _File(text, source)
    settings = file.table(file.read(), "diff", ("ignore", "severity"))
    entries = settings.get("ignore", [])
    if not isinstance(entries, list):
        raise BadPolicy(source, file.line("diff.ignore"), "diff.ignore is no list; write it as [[diff.ignore]]")
    ignores = tuple(file.ignore(entry, number) for number, entry in enumerate(entries))
    return Policy(ignores, tuple(file.severity(settings.get("severity", {}))), source)


class _File:
    """A policy file, with the lines of its entries."""

    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source
        self._lines = text.splitlines()
        self._headers = [number for number, line in enumerate(self._lines, start=1) if HEADER.match(line)]

    def read(self) -> dict[str, Json]:
        import tomllib  # most projects have no policy

        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            said = str(error)
            place = PLACE.search(said)
            line = int(place[1]) if place and place[1] else max(len(self._lines), 1)
            raise BadPolicy(self._source, line, f"it is no TOML: {PLACE.sub('', said)}") from None

    def table(self, values: Mapping[str, Json], name: str, known: tuple[str, ...]) -> Mapping[str, Json]:
        """Return the table `name`; BadPolicy if it is no table or has a key that is not in `known`."""
        table: Mapping[str, Json] = values.get(name, {})
        unknown = [key for key in table if key not in known] if isinstance(table, dict) else [name]
        if unknown:
            raise BadPolicy(self._source, self.line(unknown[0]), f"{unknown[0]} means nothing in [{name}]")
        return table

    def ignore(self, entry: Json, number: int) -> Ignore:
        """Return the entry with that number (from 0)."""
        start = self._headers[number] if number < len(self._headers) else self.line("ignore")
        if not isinstance(entry, dict):
            raise BadPolicy(self._source, start, "an entry of diff.ignore is no table")
        for key, value in entry.items():
            if key not in (*KEYS, "reason", "until"):
                raise BadPolicy(
                    self._source, self.line(key, start), f"{key} is none of {', '.join(KEYS)}, reason, until"
                )
            if key != "until" and not isinstance(value, str):
                raise BadPolicy(self._source, self.line(key, start), f"{key} is no text")
        if not (entry.get("kind") or entry.get("fingerprint")) or not entry.get("reason", "").strip():
            raise BadPolicy(self._source, start, "the entry has no kind or no reason")
        if "*" not in entry.get("kind", "*"):
            _check_kind(entry["kind"])
        wanted = tuple((key, entry[key]) for key in KEYS if key in entry)
        return Ignore(wanted, entry["reason"], self._until(entry.get("until", ""), start), start)

    def _until(self, value: Json, start: int) -> str | date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                if not value or is_release(value):
                    return value
        if isinstance(value, date):
            return value
        raise BadPolicy(self._source, self.line("until", start), "until is neither a release nor a day")

    def severity(self, levels: Json) -> list[tuple[str, str]]:
        """Return the (kind, level) pairs, sorted."""
        if not isinstance(levels, dict):
            raise BadPolicy(self._source, self.line("severity"), "diff.severity is no table")
        for kind, word in levels.items():
            _check_kind(kind)
            if word not in WORDS:
                raise BadPolicy(self._source, self.line(kind), f"{word!r} is none of {', '.join(WORDS)}")
        return sorted(levels.items())

    def line(self, key: str, start: int = 0) -> int:
        """Return the line of a key in the table that starts at line `start`; `start`, or 1, if it is not found."""
        for number, line in enumerate(self._lines[start:], start=start + 1):
            if re.match(rf"""\s*\[*\s*["']?[\w.]*\b{re.escape(key)}\b""", line):
                return number
            if start and TABLE.match(line):
                break
        return start or 1


def _check_kind(kind: str) -> None:
    """Raise UnknownKind if no change is of that kind."""
    if not is_behaviour(kind):
        rule_of(kind)
