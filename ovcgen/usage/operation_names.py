"""Recognise the operations of a release by their names in code and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from ovcgen.model.api import Operation
from ovcgen.usage.api_index import Surface

IDENTIFIER = re.compile(r"[^\W\d]\w*")
PARTS_OF_A_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
BEFORE = re.compile(r"([^\W\d]\w*)\s*[./]+\s*$")


class OperationNames:
    """The names of all operations of a release, as written in Python and in URLs."""

    def __init__(self, surface: Surface) -> None:
        self._operations = surface.operations
        self._methods: dict[str, set[str]] = {}
        for dotted, operation in surface.operations.items():
            for name in (operation.name, operation.path.rstrip("/").rpartition("/")[2]):
                self._methods.setdefault(name, set()).add(dotted)

    @cached_property
    def _any(self) -> re.Pattern[str]:
        names = "|".join(re.escape(method) for method in sorted(self._methods, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)")

    def called(self, name: str) -> frozenset[str]:
        """Return the operations whose method has that name, in Python or in the URL."""
        return frozenset(self._methods.get(name, ()))

    def spelled(self, text: str) -> frozenset[str]:
        """Return the operations that a text certainly names.

        These are a method after its actor (`machines.create`, `/machines/create`), and a method with a distinctive name
        (`convertToTemplate`; see `is_distinctive`).
        """
        if not self._methods:
            return frozenset()
        found: set[str] = set()
        for match in self._any.finditer(text):
            candidates = self._methods[match[0]]
            before = BEFORE.search(text, 0, match.start())
            behind = {candidate for candidate in candidates if before and before[1] in self._owners(candidate)}
            if behind:
                found |= behind
            elif is_distinctive(match[0]):
                found |= candidates
        return frozenset(found)

    def in_code(self, text: str) -> frozenset[str]:
        """Return the dotted names of all operations whose method follows a dot in a text.

        `x.create(` gives every `create`, whatever `x` is. The method's name is the one in Python or in the URL.
        """
        found = (match for match in self._any.finditer(text) if text[: match.start()].rstrip().endswith("."))
        return frozenset(dotted for match in found for dotted in self._methods[match[0]])

    def alone(self, text: str) -> frozenset[str]:
        """Return the operations whose method is the whole text, apart from separators."""
        return self.called(text.strip("/. \t\n"))

    def beside(self, operations: Iterable[str], words: Iterable[str]) -> frozenset[str]:
        """Return those of the operations whose actor occurs in the words (`image`, `self._images`, `ImageApi`)."""
        parts = {part for word in words for part in _parts(word)}
        return frozenset(
            operation for operation in operations if any(_parts(owner) <= parts for owner in self._owners(operation))
        )

    def takes(self, dotted: str, positional: int, keywords: Iterable[str]) -> bool:
        """Return whether a call with these arguments can be a call of that operation.

        False if it passes too many values, if no keyword belongs to the operation, or if some do not and a required one
        is missing.
        """
        passed = set(keywords)
        parameters = self._operations[dotted].parameters
        known = {name for parameter in parameters for name in (parameter.key, parameter.name)}
        if positional > len(parameters):
            return False
        if passed:
            return passed <= known | {"_async", "_to"} or (
                bool(passed & known) and self._has_all(dotted, positional, passed)
            )
        return self._has_all(dotted, positional, passed)

    def _has_all(self, dotted: str, positional: int, passed: set[str]) -> bool:
        parameters = self._operations[dotted].parameters
        rest = parameters[positional:]
        return all(parameter.key in passed or parameter.name in passed for parameter in rest if parameter.required)

    def _owners(self, dotted: str) -> Iterator[str]:
        operation: Operation = self._operations[dotted]
        yield operation.actor or operation.group
        yield operation.path.rstrip("/").rpartition("/")[0].rpartition("/")[2]


def is_distinctive(name: str) -> bool:
    """Return whether a name has several words (`convertToTemplate`), so that other code hardly uses the same name."""
    return name != name.lower() or "_" in name.strip("_")


def _parts(word: str) -> frozenset[str]:
    """Return the words in a name, in lower case and singular: `imageApi`, `_images` and `IMAGE` contain `image`."""
    return frozenset(each.lower().removesuffix("s") for each in PARTS_OF_A_NAME.findall(word))
