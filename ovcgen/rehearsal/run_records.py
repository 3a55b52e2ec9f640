"""Define the records of a rehearsal: an exchange (a request and its response) and a run of the command."""

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
    """A record of how a background task ended.

    Attributes:
        status: `done`, `failed` (the task reports an error) or `never` (the portal responds 202 for ever).
        answer: The result (`done`), the error (`failed`), or the refusal that the portal never reports (`never`).
    """

    status: str
    answer: Json = None

    @property
    def text(self) -> str:
        """Return how the task ended as one line: `done`, `failed: ERROR` or `never ends: REFUSAL`."""
        said = f": {one_line(str(self.answer))}" if self.status != "done" and self.answer else ""
        return {"done": "done", "failed": "failed", "never": "never ends"}[self.status] + said


@dataclass(frozen=True, slots=True)
class Exchange:
    """A record of a request to the portal or its identity provider and the response. Secrets are replaced.

    Attributes:
        operation: The name, such as `cloudapi.machines.create`; the path if the request is no operation.
        arguments: The parameters by name, without logins. A value of more than 200 characters is cut.
        status: The HTTP status; 0 if the connection ended without a response.
        media_type: The media type of the response; "" if it has no body.
        answer: The JSON value of the response, or its text; None for a file, a catalog, an empty body, and one
            of more than 1 MB.
        task: The end of the call's task; None if the call has no task.
        reads: Whether the operation changes nothing.
        times: The number of equal requests in a row that got the same status.
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
        """Return whether the response has a status of 400 or more, or there was no response."""
        return self.status == 0 or self.status >= 400

    @property
    def result(self) -> Json:
        """Return the result or the error of the call's task; for a call without a task, the value of its response."""
        return self.task.answer if self.task else self.answer

    @property
    def outcome(self) -> str:
        """Return the result as one line: the HTTP status, followed by the text of a refusal or the end of the task.

        Without a response it is `no response`.
        """
        if self.task:
            return f"{self.status}, task {self.task.text}"
        if self.status == 0:
            return "no response"
        said = one_line(str(self.answer)) if self.refused and self.answer is not None else ""
        return f"{self.status} {said}".rstrip()


@dataclass(frozen=True, slots=True)
class Exit:
    """A record of how the command of a rehearsal ended.

    Attributes:
        code: The exit code; None if a signal ended it, or if it took too long.
        signal: The name of the signal that ended it, such as `SIGKILL`; "" for none, and if it took too long.
        timed_out: Whether the command was killed because it took too long.
    """

    code: int | None = 0
    signal: str = ""
    timed_out: bool = False

    @property
    def text(self) -> str:
        """Return the exit code as text, or `timed out` or `killed by SIGKILL` if there is none."""
        if self.timed_out:
            return "timed out"
        return f"killed by {self.signal}" if self.code is None else str(self.code)


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A record of a line that the command printed, without the line break. `stream` is `stdout` or `stderr`."""

    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A record that identifies an object of the simulated portal, such as a machine or a disk.

    Attributes:
        kind: A noun in the singular, such as `machine`.
        id: Its number in the portal.
        name: Its name.
    """

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """A record of one run of the command on one release.

    Attributes:
        release: The release of the portal.
        exit: How the command ended.
        exchanges: The requests with their responses, in order.
        before, after: The status of each object of the portal before and after the run; see `stored_objects`.
        output: The last lines that the command printed, with secrets replaced.
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
        """Return the number of requests. Polls of tasks that the run started count only if they were not recorded."""
        return sum(exchange.times for exchange in self.exchanges) + self.unrecorded

    @property
    def refused(self) -> int:
        """Return the number of recorded requests that were refused or got no response. Repetitions are counted."""
        return sum(exchange.times for exchange in self.exchanges if exchange.refused)

    @property
    def last_error_line(self) -> str:
        """Return the last line with text that the command printed on stderr; "" if there is none."""
        return next((line.text for line in reversed(self.output) if line.stream == "stderr" and line.text.strip()), "")


def one_line(text: str) -> str:
    """Return a text with every run of whitespace replaced by one space, and without whitespace at both ends."""
    return " ".join(text.split())


def same_text(old: str, new: str) -> bool:
    """Return whether two texts are equal if numbers and GUIDs count as equal. Upper and lower case count.

    It is for messages of two runs, which name the same objects by other ids.
    """
    return _without_numbers(old) == _without_numbers(new)


def _without_numbers(text: str) -> str:
    return NUMBERS.sub("#", GUID.sub("#", text))
