"""Define the records of a rehearsal: one exchange with the portal, and one run of the command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Json = Any
GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """How a background call ended.

    Attributes:
        status: `done`, `failed` (the task reports an error) or `never` (a portal answers 202 for ever).
        answer: The result, the error, or the refusal that the caller never learns.
    """

    status: str
    answer: Json = None

    @property
    def text(self) -> str:
        """Return one line: how it ended."""
        said = f": {one_line(str(self.answer))}" if self.status != "done" and self.answer else ""
        return {"done": "done", "failed": "failed", "never": "never ends"}[self.status] + said


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request to the portal or its identity provider, and the response. It contains no secrets.

    Attributes:
        operation: As in `cloudapi.machines.create`; the path of a request that is no operation.
        arguments: The parameters by name, without logins.
        status: The HTTP status; 0 if the connection ended without a response.
        media_type: Of the response; "" without a body.
        answer: The JSON value of the response, or its text; None for a file.
        task: How the background call ended, if it was one.
        reads: Whether the operation changes nothing.
        times: How often in a row the same request was sent and got the same status.
    """

    operation: str
    arguments: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    status: int = 200
    media_type: str = "application/json"
    answer: Json = None
    task: TaskEnd | None = None
    reads: bool = False
    times: int = 1

    @property
    def refused(self) -> bool:
        """Return whether the request was refused, or got no response."""
        return self.status == 0 or self.status >= 400

    @property
    def result(self) -> Json:
        """Return the value that the call gives its caller: that of its task if it ran in the background."""
        return self.task.answer if self.task else self.answer

    @property
    def outcome(self) -> str:
        """Return one line: the status, and the text of a refusal or the end of a task."""
        if self.task:
            return f"{self.status}, task {self.task.text}"
        if self.status == 0:
            return "no response"
        said = one_line(str(self.answer)) if self.refused and self.answer is not None else ""
        return f"{self.status} {said}".rstrip()


@dataclass(frozen=True, slots=True)
class Exit:
    """How the command ended.

    Attributes:
        code: The exit code; None if a signal ended it.
        signal: The name of that signal, as in `SIGKILL`; else "".
        timed_out: Whether it was ended because it took too long.
    """

    code: int | None = 0
    signal: str = ""
    timed_out: bool = False

    @property
    def text(self) -> str:
        """Return the exit code, or why there is none."""
        if self.timed_out:
            return "timed out"
        return f"killed by {self.signal}" if self.code is None else str(self.code)


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A line that the command printed, without its end. `stream` is `stdout` or `stderr`."""

    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the portal. `kind` is a singular, such as `machine`."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command did.

    Attributes:
        release: The release of the portal.
        exchanges: The requests in their order, and what they got.
        before, after: The statuses of the portal's objects when the command began and ended. What is removed is absent.
        output: The last lines that the command printed.
        unrecorded: The number of later requests that were not recorded.
    """

    release: str
    exit: Exit = Exit()
    exchanges: tuple[Exchange, ...] = ()
    before: Mapping[StoredObject, str] = field(default_factory=lambda: MappingProxyType({}))
    after: Mapping[StoredObject, str] = field(default_factory=lambda: MappingProxyType({}))
    output: tuple[OutputLine, ...] = ()
    unrecorded: int = 0

    @property
    def requests(self) -> int:
        """Return the number of requests, without the polls of tasks."""
        return sum(exchange.times for exchange in self.exchanges) + self.unrecorded

    @property
    def refused(self) -> int:
        """Return the number of requests that were refused."""
        return sum(exchange.times for exchange in self.exchanges if exchange.refused)

    @property
    def last_words(self) -> str:
        """Return the last line that the command printed on stderr, or ""."""
        return next((line.text for line in reversed(self.output) if line.stream == "stderr" and line.text.strip()), "")


def one_line(text: str) -> str:
    """Return a text as one line."""
    return " ".join(text.split())


def same_text(old: str, new: str) -> bool:
    """Return whether two texts are equal apart from numbers and GUIDs."""
    return _without_numbers(old) == _without_numbers(new)


def _without_numbers(text: str) -> str:
    return NUMBERS.sub("#", GUID.sub("#", text))
