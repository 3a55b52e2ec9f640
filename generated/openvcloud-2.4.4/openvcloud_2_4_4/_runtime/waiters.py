"""Poll with backoff until an object has a wanted state or a timeout passes.

`Waiter` is data: the operation to poll and what its responses mean. `meaning` classifies one response, and `Waiters`
polls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from .accept_absent_keywords import accept_absent
from .arguments import check_names, check_values
from .errors import ArgumentError, ClientError, NotFound
from .operation import OperationSpec, ParameterSpec
from .policy import CallLimits
from .portal_errors import WaitFailed, WaitTimeout
from .typeguards import is_dict, is_list
from .unknown_names import with_suggestion
from .value_encoding import text_of

if TYPE_CHECKING:
    from .call_flow import Flow, World
    from .client import Client, ClientBase
    from .polling import Progress

TIMEOUT, ON_PROGRESS = "timeout", "on_progress"  # the keywords of every waiter
PATIENCE = 600.0  # seconds; the default timeout
T = TypeVar("T")
SYNONYMS = (  # synonyms of a state
    {"halted", "stopped", "off", "shutdown", "down"},
    {"running", "started", "on", "up", "booted"},
    {"paused", "suspended"},
    {"deleted", "removed", "destroyed", "gone"},
    {"created", "ready", "made", "available"},
    {"deployed", "ready", "built", "available"},
    {"assigned", "attached"},
    {"reachable", "online", "pingable"},
    {"confirmed", "accepted"},
)
ANY = "*"  # in a path: any element
GONE = object()  # stands for a 404 or a missing list entry
ABSENT = "not listed"
WAITING, DONE, FAILED = "waiting", "done", "failed"


class Condition:
    """A condition on one value of a response: it is one of `values`, or with `negated` none of them.

    Attributes:
        at: The path of the value, such as `/status` or `/interfaces/*/ipAddress`; `*` is any element.
        values: The values to compare with.
        negated: Whether the value must differ from all of `values`.
    """

    __slots__ = ("at", "negated", "values")

    def __init__(self, at: str, values: tuple[str, ...], *, negated: bool = False) -> None:
        self.at = at
        self.values = values
        self.negated = negated

    def found(self, answer: Any) -> list[Any]:
        """Return all values at the path in a decoded response, without nulls; [] if there are none.

        A list is searched by position or `*`, a dict by key or `*`.
        """
        return [value for value in _values_at(answer, self.at) if value is not None]

    def holds(self, answer: Any) -> bool:
        """Return whether any non-null value at the path satisfies the condition; False if there are no values.

        Upper and lower case count, and a number or a boolean equals none of `values`, which are texts.
        """
        return any((value in self.values) is not self.negated for value in self.found(answer))


class Waiter:
    """The wanted state and the failure states of an object, read from the responses of `operation`.

    Attributes:
        name: The name of the method, such as `machine_running`: the kind of object and the wanted state.
        operation: The operation to poll.
        until: Conditions that must all hold. The value of the first one is the object's status.
        failed: Statuses from which the wanted state can't be reached any more.
        falling, fallen: The wait fails if the status was in `falling` before and is now in `fallen` (a deployment that
            fell back).
        gone: Whether a missing object (404) is the wanted state (deletions).
        entry: For list operations, the parameter that selects the entry and the path of its value in the entry; None if
            the response is the object.
        method_spec: An operation record with the keywords that the method takes, to check its arguments.
    """

    __slots__ = ("entry", "failed", "fallen", "falling", "gone", "method_spec", "name", "operation", "until")

    def __init__(
        self,
        name: str,
        operation: OperationSpec,
        until: tuple[Condition, ...],
        *,
        failed: tuple[str, ...] = (),
        falling: tuple[str, ...] = (),
        fallen: tuple[str, ...] = (),
        gone: bool = False,
        entry: tuple[ParameterSpec, str] | None = None,
    ) -> None:
        self.name = name
        self.operation = operation
        self.until = until
        self.failed = failed
        self.falling = falling
        self.fallen = fallen
        self.gone = gone
        self.entry = entry
        own = (*operation.parameters, *([entry[0]] if entry else []))
        self.method_spec = OperationSpec(f"wait.{name}", operation.method, operation.path, own)
        self.method_spec.known |= {TIMEOUT, ON_PROGRESS}

    def subject(self, given: Mapping[str, object]) -> str:
        """Return the object's name for an error, such as `Machine 12`; `given` are the arguments of the method.

        The kind comes from the waiter's name, the id from the list's selecting argument, else from the first required
        one. Without a required one, the name is the kind alone.

        Raises:
            KeyError: `given` lacks that argument.
        """
        kind, _, _ = self.name.partition("_")
        named = [self.entry[0].key] if self.entry else list(self.method_spec.required)
        return " ".join([kind.capitalize(), *(text_of(given[key]) for key in named[:1])])

    @property
    def goal(self) -> str:
        """Return the wanted state in words, such as `running`: the waiter's name after its first word."""
        return self.name.partition("_")[2].replace("_", " ")


class Meaning(NamedTuple):
    """What one response means for a wait.

    Attributes:
        state: `done` (the wanted state is reached), `failed` (it can't be reached any more) or `waiting` (neither).
        status: The object's status as text; `gone` for a 404, `not listed` for a missing list entry, "" for none.
        found: The object, or None if it does not exist.
        seen: The status and the values of unmet conditions, for an error.
    """

    state: str
    status: str
    found: Any
    seen: str


UNASKED = Meaning(WAITING, "", None, "no answer")


def meaning(waiter: Waiter, answer: Any, before: Iterable[str] = (), wanted: object = None) -> Meaning:
    """Return what one response means: that the wanted state is reached, that it can't be reached, or neither.

    Args:
        waiter: The wanted state and the failure states.
        answer: The decoded response, or GONE for a 404.
        before: The statuses of earlier responses in the same wait.
        wanted: For list operations, the value that selects the entry. Of several such entries, the one with the highest
            id counts.
    """
    if answer is GONE:
        return Meaning(DONE if waiter.gone else FAILED, "gone", None, "it is gone")
    found = _entry(answer, waiter.entry[1], wanted) if waiter.entry else answer
    if found is GONE:
        return Meaning(DONE if waiter.gone else WAITING, ABSENT, None, ABSENT)
    status = "".join(_text(value) for value in waiter.until[0].found(found)[:1])
    seen = _seen(waiter, found, status)
    if all(condition.holds(found) for condition in waiter.until):
        return Meaning(DONE, status, found, seen)
    if status in waiter.failed:
        return Meaning(FAILED, status, found, f"it is {status}")
    if status in waiter.fallen and set(waiter.falling) & set(before):
        return Meaning(FAILED, status, found, f"it fell back to {status}")
    return Meaning(WAITING, status, found, seen)


def waiter_of(known: Iterable[Waiter], operation: OperationSpec, ids: Mapping[str, object]) -> Waiter | None:
    """Return the first waiter that polls the object of a call; None if there is none.

    The waiter polls an operation of the same actor, such as `machines.get` for a call of `machines.start`, and needs no
    arguments besides those in `ids`.

    Args:
        known: The waiters to choose from.
        operation: The operation of the call.
        ids: The ids among the arguments of the call, by keyword.
    """
    actor = operation.name.rpartition(".")[0]
    for waiter in known:
        is_beside = waiter.operation.name.rpartition(".")[0] == actor
        if (
            is_beside
            and waiter.entry is None
            and waiter.method_spec.required
            and ids.keys() >= set(waiter.method_spec.required)
        ):
            return waiter
    return None


def description(waiter: Waiter, ids: Mapping[str, object], answer: Any) -> str:
    """Return a text with an object's name and status, such as `Machine 12 is HALTED`; "" if it has no status.

    `ids` are the ids in the request, by keyword. `answer` is the decoded response, or GONE for a 404.
    """
    status = meaning(waiter, answer).status
    return f"{waiter.subject(ids)} is {status}" if status else ""


def _values_at(answer: Any, path: str) -> list[Any]:
    """Return all values at a path such as `/interfaces/*/ipAddress`."""
    found = [answer]
    for step in path.strip("/").split("/"):
        found = [inner for value in found for inner in _inside(value, step)]
    return found


def _inside(value: Any, step: str) -> list[Any]:
    if is_dict(value):
        return list(value.values()) if step == ANY else [value[step]] if step in value else []
    if is_list(value) and (step == ANY or step.isdecimal()):
        return value if step == ANY else value[int(step) :][:1]
    return []


def _entry(answer: Any, at: str, wanted: object) -> Any:
    """Return the selected entry of a list, the one with the highest id if there are several; GONE if there is none."""
    fitting = [entry for entry in answer if wanted in _values_at(entry, at)] if is_list(answer) else []
    return max(fitting, key=lambda candidate: _number(candidate.get("id")) if is_dict(candidate) else 0, default=GONE)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _seen(waiter: Waiter, found: Any, status: str) -> str:
    """Return the status and the values of the conditions that do not hold, for an error."""
    others = [condition for condition in waiter.until[1:] if not condition.holds(found)]
    return ", ".join([status or "no status", *(_missing(condition, found) for condition in others)])


def _missing(condition: Condition, found: Any) -> str:
    """Return the values that do not satisfy a condition, for an error: `ipAddress not set`."""
    values = " or ".join(dict.fromkeys(_text(value) for value in condition.found(found)[:5]))
    return f"{condition.at.rpartition('/')[2]} {values or 'not set'}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else text_of(value)


class WaitersBase:
    """The base class of Waiters and AsyncWaiters: checks arguments and timeouts, and suggests names for unknown ones.

    A portal's subclass has one method for each of its waiters. Any other public name raises AttributeError.
    """

    _known: tuple[Waiter, ...] = ()  # the waiters behind the methods

    def __init__(self, portal: Any) -> None:
        self._portal: ClientBase = portal

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._portal!r}>"

    if not TYPE_CHECKING:  # hidden from type checkers, so that they still report missing attributes

        def __init_subclass__(cls, **options: Any) -> None:
            super().__init_subclass__(**options)
            accept_absent(cls)

        def __getattr__(self, name: str) -> NoReturn:
            known = sorted(name for name in dir(type(self)) if name[0] != "_")
            near = _nearest(name, known)
            what = f"This portal has no waiter {name!r}"
            listed = f"{what}. It has: {', '.join(known) or 'none'}."
            raise with_suggestion(what if near else listed, name, self, near)

    def _poll(self, waiter: Waiter, arguments: Mapping[str, object], timeout: float) -> _Poll:
        """Check the arguments and return the polls to make; the errors are those of `_until`."""
        check_names(waiter.method_spec, arguments, given=arguments)
        _check_timeout(waiter, timeout)
        checked = [(parameter.key, value) for parameter, value in check_values(waiter.method_spec, arguments)]
        return _Poll(self._portal, waiter, dict(checked), timeout)


class Waiters(WaitersBase):
    """Waits until objects have a wanted state: `portal.wait.machine_running(machineId=12)`.

    All methods take `timeout`, in seconds (600 by default), and `on_progress`, which is called with a Progress after
    every poll. They return the object, or None if its deletion was awaited. They raise WaitFailed, WaitTimeout,
    NotFound (the first poll found no object), or the error of a poll that does not pass, such as Unauthorized. Wrong
    arguments raise TypeError or ArgumentError, as for a call.
    """

    def __init__(self, portal: Client) -> None:
        from .blocking_driver import Driver  # not needed to describe a waiter

        super().__init__(portal)
        self._driver = Driver()

    def _until(
        self,
        waiter: Waiter,
        arguments: Mapping[str, object],
        *,
        timeout: float = PATIENCE,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> T:  # type: ignore[type-var,unused-ignore] # pyright: ignore[reportInvalidTypeVarUse]
        """Poll until the object has the wanted state and return it; None if the wanted state is its deletion.

        Raises:
            TypeError: an unknown keyword, or a required one is missing.
            ArgumentError: a value can't be sent, or the timeout is not a number.
            WaitFailed: the wanted state can't be reached any more.
            WaitTimeout: the timeout passed first.
            NotFound: the first poll found no such object.
        """
        poll = self._poll(waiter, arguments, timeout)
        for progress in self._driver.events(poll.polling(self._driver.world)):
            if on_progress:
                on_progress(progress)
        outcome: T = poll.outcome()
        return outcome


class _Poll:
    """The polls of one wait, and what the last response means."""

    def __init__(self, portal: ClientBase, waiter: Waiter, given: Mapping[str, object], timeout: float) -> None:
        self._portal: Any = portal
        self._waiter = waiter
        self._given = given
        self._timeout = timeout
        self._sent = [
            (parameter, given[parameter.key]) for parameter in waiter.operation.parameters if parameter.key in given
        ]
        self._wanted = given[waiter.entry[0].key] if waiter.entry else None
        self._before: set[str] = set()
        self.last = UNASKED
        self.failed: ClientError | None = None  # the error of the last poll, if there will be another

    def has_ended(self) -> bool:
        """Return whether the last response was decisive."""
        return self.last.state != WAITING

    def ask(self, seconds: float) -> Any:
        """Poll within that many seconds and return the response; of an asynchronous client an awaitable."""
        return self._portal.exchange(self._waiter.operation, self._sent, limits=CallLimits(seconds, retries=0))

    def take(self, answer: Any) -> str:
        """Take the response of a poll, or its error, and return the status. An error that does not pass is raised.

        A 404 means that the object is gone, except for the first poll of an object that is expected to exist.
        """
        from .polling import is_passing

        is_gone = isinstance(answer, NotFound) and (self._before or self._waiter.gone)
        if isinstance(answer, ClientError) and not is_gone:
            if not is_passing(answer):
                raise answer
            self.failed = answer
            return self.last.status
        self.failed = None
        found = GONE if isinstance(answer, ClientError) else answer.value
        self.last = meaning(self._waiter, found, self._before, self._wanted)
        self._before.add(self.last.status)
        return self.last.status

    def polling(self, world: World) -> Flow[None]:
        """Return the flow that polls until a response is decisive or the timeout passes."""
        from .polling import PolledObject, polling

        return polling([PolledObject(self.ask, self.take, self.has_ended)], self._timeout, world)

    def outcome(self) -> Any:
        """Return the object, or None if its deletion was awaited.

        Raises:
            WaitFailed: the wanted state can't be reached any more.
            WaitTimeout: the timeout passed first.
        """
        waiter, last = self._waiter, self.last
        named = (waiter.name, waiter.subject(self._given), waiter.goal)
        if last.state == FAILED:
            raise WaitFailed(*named, seen=last.seen, status=last.status)
        if last.state == WAITING:
            failed = self.failed
            seen = f"{last.seen}; the last poll failed: {failed.what.rstrip('.')}" if failed else last.seen
            raise WaitTimeout(*named, seen=seen, status=last.status, timeout=self._timeout) from failed
        return None if waiter.gone else last.found


def _check_timeout(waiter: Waiter, timeout: object) -> None:
    """Raise ArgumentError if the timeout is not a number."""
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or math.isnan(timeout):
        raise ArgumentError(
            f"{waiter.method_spec.name}() can't wait that long.", fix="Pass a timeout in seconds, a number."
        )


def _nearest(name: str, known: list[str]) -> str:
    """Return the waiter for a synonym of the same state, else the most similar name, else ""."""
    from difflib import get_close_matches  # only errors need it

    thing, _, state = name.lower().rpartition("_")
    states = set[str]().union(*(words for words in SYNONYMS if state in words))
    same = [state for state in known if state.rpartition("_")[0] == thing and state.rpartition("_")[2] in states]
    return next(iter(same or get_close_matches(name, known, n=1)), "")
