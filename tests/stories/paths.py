"""Three ways to call a portal behind one face: a workflow is told once, and has to come true on each of them.

    alice("cloudapi.machines.stop", machineId=1)                     what it answers, or a Refusal
    alice.later("cloudapi.machines.stop", machineId=1).result()      the same as a task
    alice.wait("machine_halted", machineId=1)                        asked again and again until it is so

Time is the test's own: whoever waits turns the clock that the portal looks at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol

import pytest
import requests

NEVER_SENT = 0  # instead of a status, where a typed client sees by itself that a value is wrong
GETS = ("cloudapi.accounts.getConsumption",)
PATIENCE, PAUSE = 600.0, 0.5  # seconds


@dataclass
class Clock:
    """A clock that only moves when somebody waits."""

    now: float = 1_540_000_800.0  # on the hour

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Refusal(Exception):
    """The portal said no."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text}")
        self.status, self.text = status, text


class Later(Protocol):
    """A call that runs as a task."""

    def result(self, timeout: float = PATIENCE) -> Any: ...


class Unfinished(Exception):
    """Somebody ran out of patience: over a task that never ends, or an object that never becomes as wanted."""


class Caller:
    """Somebody who is logged in, and how he calls."""

    typed = False

    def __call__(self, name: str, /, **arguments: Any) -> Any:
        """Call `cloudapi.machines.create` and give what it answers."""
        raise NotImplementedError

    def later(self, name: str, /, **arguments: Any) -> Later:
        """The same call in the background."""
        raise NotImplementedError

    def wait(self, until: str, /, **arguments: Any) -> Any:
        """Wait until an object is as wanted."""
        raise NotImplementedError

    @contextmanager
    def refused(self, status: int, text: str = "", *, early: bool = False) -> Iterator[None]:
        """The call in this block is refused with this status and text; `early` ones typed clients don't even send."""
        with pytest.raises(Refusal) as caught:
            yield
        if early and self.typed:
            assert caught.value.status == NEVER_SENT
            return
        assert caught.value.status == status, caught.value
        assert text in caught.value.text


class Typed(Caller):
    """A client that knows the calls: the runtime client over bravado, or a generated SDK."""

    typed = True

    def __init__(self, package: Any, portal: Any, clock: Clock) -> None:
        self._package, self._portal, self._clock = package, portal, clock
        self._waits = portal.wait
        self._waits._driver = type(self._waits._driver)(clock=clock, sleep=clock.sleep)

    def __call__(self, name: str, /, **arguments: Any) -> Any:
        try:
            return attrgetter(name)(self._portal)(**arguments)
        except self._package.ApiError as error:
            raise Refusal(error.status, error.message) from error
        except self._package.ArgumentError as error:
            raise Refusal(NEVER_SENT, str(error)) from error

    def later(self, name: str, /, **arguments: Any) -> Later:
        task = self(name, **arguments, _async=True)
        task._driver = self._waits._driver
        return _Task(self._package, task)

    def wait(self, until: str, /, **arguments: Any) -> Any:
        try:
            return getattr(self._waits, until)(**arguments)
        except self._package.WaitTimeout as error:
            raise Unfinished(str(error)) from error


@dataclass
class _Task:
    package: Any
    task: Any

    def result(self, timeout: float = PATIENCE) -> Any:
        try:
            return self.task.result(timeout)
        except self.package.TaskTimeout as error:
            raise Unfinished(str(error)) from error


class Plain(Caller):
    """A script of its own: `requests`, and everything in the query string of a POST."""

    def __init__(self, url: str, token: str, clock: Clock) -> None:
        self._url, self._clock = url, clock
        self._headers = {"Authorization": f"bearer {token}", "Accept": "application/json"}

    def __call__(self, name: str, /, **arguments: Any) -> Any:
        answer = self.send(name, **arguments)
        if answer.status_code == 202:  # applied, but the machine has to be stopped and started
            return answer.json()
        assert answer.headers["Content-Type"] in ("application/json", "application/octet-stream")
        return answer.json() if answer.headers["Content-Type"] == "application/json" else answer.content

    def send(self, name: str, /, **arguments: Any) -> requests.Response:
        """The whole answer, if it is no refusal."""
        texts = {key: json.dumps(value) if isinstance(value, dict) else value for key, value in arguments.items()}
        verb, address = "GET" if name in GETS else "POST", f"{self._url}/restmachine/{name.replace('.', '/')}"
        answer = requests.request(verb, address, params=texts, headers=self._headers, timeout=30)
        if answer.status_code not in (200, 202):
            raise Refusal(answer.status_code, _message(answer))
        return answer

    def later(self, name: str, /, **arguments: Any) -> Later:
        return _Polled(self, self(name, **arguments, _async=1), self._clock)

    def wait(self, until: str, /, timeout: float = PATIENCE, **arguments: Any) -> Any:
        operation, reached = UNTIL[until]
        named = arguments.pop("name", None)
        for _ in _turns(self._clock, timeout):
            found = self._looked(operation, arguments)
            if isinstance(found, list) and named is not None:
                found = next((each for each in found if each["name"] == named), None)
            if reached(found):
                return found
        raise Unfinished(f"not {until}: {found}")

    def _looked(self, operation: str, arguments: Any) -> Any:
        try:
            return self(operation, **arguments)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            return None


@dataclass
class _Polled:
    caller: Plain
    guid: str
    clock: Clock

    def result(self, timeout: float = PATIENCE) -> Any:
        for _ in _turns(self.clock, timeout):
            answer = self.caller.send("system.task.get", taskguid=self.guid)
            if answer.status_code == 200:
                ok, value = answer.json()
                assert ok, value
                return value
            assert answer.content == b""
        raise Unfinished(f"task {self.guid}")


def _turns(clock: Clock, timeout: float) -> Iterator[None]:
    deadline = clock() + timeout
    while clock() <= deadline:
        yield
        clock.sleep(PAUSE)


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json())
    except ValueError:
        return answer.text


def _is(status: str) -> Callable[[Any], bool]:
    return lambda found: found is not None and found["status"] == status


def _addressed(found: Any) -> bool:
    return _is("RUNNING")(found) and found["interfaces"][0]["ipAddress"] != "Undefined"


UNTIL: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "cloudspace_deployed": ("cloudapi.cloudspaces.get", _is("DEPLOYED")),
    "machine_running": ("cloudapi.machines.get", _is("RUNNING")),
    "machine_reachable": ("cloudapi.machines.get", _addressed),
    "machine_halted": ("cloudapi.machines.get", _is("HALTED")),
    "machine_deleted": ("cloudapi.machines.get", lambda found: found is None),
    "disk_created": ("cloudapi.disks.get", _is("CREATED")),
    "disk_assigned": ("cloudapi.disks.get", _is("ASSIGNED")),
    "template_created": ("cloudapi.accounts.listTemplates", _is("CREATED")),
}
