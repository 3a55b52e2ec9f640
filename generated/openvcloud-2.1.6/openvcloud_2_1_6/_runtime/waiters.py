"""Waiting until an object is as wanted: one question again and again, ever rarer, and patience that ends.

Which question, and what its answers mean, is data (`Waiter`); `meaning` reads one answer, and `Waiters` asks.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from .arguments import check_names, check_values
from .encoding import text_of
from .errors import ArgumentError, NotFound, TransportError, WaitFailed, WaitTimeout
from .operation import OperationSpec, ParameterSpec
from .required import accept_absent
from .tasks import Progress, pause
from .typeguards import is_dict, is_list

if TYPE_CHECKING:
    from .client import Client

TIMEOUT, ON_PROGRESS = "timeout", "on_progress"  # what every waiter takes
PATIENCE = 600.0  # seconds
NONE: Mapping[str, object] = {}
SYNONYMS = (  # words for one and the same state
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
GONE = object()  # instead of an answer, where the portal knows no such object
ABSENT = "not listed"
WAITING, DONE, FAILED = "waiting", "done", "failed"


class Condition:
    """What has to stand somewhere in an answer: one of `values`, or with `negated` something else than those.

    `at` leads there, as `/status` or `/interfaces/*/ipAddress`, where `*` is any element.
    """

    __slots__ = ("at", "negated", "values")

    def __init__(self, at: str, values: tuple[str, ...], *, negated: bool = False) -> None:
        self.at = at
        self.values = values
        self.negated = negated

    def found(self, answer: Any) -> list[Any]:
        """All that stands there, null left out."""
        return [each for each in _values_at(answer, self.at) if each is not None]

    def holds(self, answer: Any) -> bool:
        """Whether any of it is as wanted."""
        return any((each in self.values) is not self.negated for each in self.found(answer))


class Waiter:
    """When an object is as wanted, as the answers of `operation` tell.

    All of `until` has to hold; what its first condition looks at is the object's status. It can't come to that any
    more at a status of `failed`, or at one of `fallen` after one of `falling`. With `gone` an object that the portal
    does not know is as wanted. `entry` picks one entry of a list: a parameter, and where its value stands.
    """

    __slots__ = ("entry", "failed", "fallen", "falling", "gone", "name", "operation", "takes", "until")

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
        self.takes = OperationSpec(f"wait.{name}", operation.method, operation.path, own)
        self.takes.known |= {TIMEOUT, ON_PROGRESS}

    def subject(self, given: Mapping[str, object]) -> str:
        """`Machine 12`: the object as an error names it."""
        kind, _, _ = self.name.partition("_")
        named = [self.entry[0].key] if self.entry else list(self.takes.required)
        return " ".join([kind.capitalize(), *(text_of(given[key]) for key in named[:1])])

    @property
    def goal(self) -> str:
        """`running`: the word for how it is wanted."""
        return self.name.partition("_")[2].replace("_", " ")


class Meaning(NamedTuple):
    """What one answer says: `waiting`, `done` or `failed`, the status as text, the object, and all that was seen."""

    state: str
    status: str
    found: Any
    seen: str


UNASKED = Meaning(WAITING, "", None, "no answer")


def meaning(waiter: Waiter, answer: Any, before: Iterable[str] = (), wanted: object = None) -> Meaning:
    """What an answer means after statuses seen before; `wanted` is the entry of a list that is meant."""
    if answer is GONE:
        return Meaning(DONE if waiter.gone else FAILED, "gone", None, "it is gone")
    found = _entry(answer, waiter.entry[1], wanted) if waiter.entry else answer
    if found is GONE:
        return Meaning(DONE if waiter.gone else WAITING, ABSENT, None, ABSENT)
    status = "".join(_text(each) for each in waiter.until[0].found(found)[:1])
    seen = _seen(waiter, found, status)
    if all(condition.holds(found) for condition in waiter.until):
        return Meaning(DONE, status, found, seen)
    if status in waiter.failed:
        return Meaning(FAILED, status, found, f"it is {status}")
    if status in waiter.fallen and set(waiter.falling) & set(before):
        return Meaning(FAILED, status, found, f"it fell back to {status}")
    return Meaning(WAITING, status, found, seen)


def _values_at(answer: Any, path: str) -> list[Any]:
    found = [answer]
    for step in path.strip("/").split("/"):
        found = [inner for each in found for inner in _inside(each, step)]
    return found


def _inside(value: Any, step: str) -> list[Any]:
    if is_dict(value):
        return list(value.values()) if step == ANY else [value[step]] if step in value else []
    if is_list(value) and (step == ANY or step.isdecimal()):
        return value if step == ANY else value[int(step) :][:1]
    return []


def _entry(answer: Any, at: str, wanted: object) -> Any:
    """The entry of the list that is meant; of several the newest, which has the highest id."""
    fitting = [each for each in answer if wanted in _values_at(each, at)] if is_list(answer) else []
    return max(fitting, key=lambda each: _number(each.get("id")) if is_dict(each) else 0, default=GONE)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _seen(waiter: Waiter, found: Any, status: str) -> str:
    """The status, and what else keeps it from being as wanted."""
    others = [condition for condition in waiter.until[1:] if not condition.holds(found)]
    return ", ".join([status or "no status", *(_missing(condition, found) for condition in others)])


def _missing(condition: Condition, found: Any) -> str:
    values = " or ".join(dict.fromkeys(_text(each) for each in condition.found(found)[:5]))
    return f"{condition.at.rpartition('/')[2]} {values or 'not set'}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else text_of(value)


class Waiters:
    """Waits until objects are as wanted: `portal.wait.machine_running(machineId=12)`.

    All take `timeout`, in seconds, and `on_progress`, which is called after every question to the portal.
    """

    def __init__(
        self,
        portal: Client,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._portal = portal
        self._clock = clock
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._portal!r}>"

    if not TYPE_CHECKING:  # type checkers know by themselves what is there

        def __init_subclass__(cls, **options: Any) -> None:
            super().__init_subclass__(**options)
            accept_absent(cls)

        def __getattr__(self, name: str) -> NoReturn:
            known = sorted(each for each in dir(type(self)) if each[0] != "_")
            near = _nearest(name, known)
            hint = f"Did you mean {near!r}?" if near else f"It has: {', '.join(known) or 'none'}."
            raise AttributeError(f"This portal has no waiter {name!r}. {hint}", name=name, obj=self)

    def _until(
        self,
        waiter: Waiter,
        arguments: Mapping[str, object],
        unknown: Mapping[str, object] = NONE,
        *,
        timeout: float = PATIENCE,
        on_progress: Callable[[Progress], object] | None = None,
    ) -> Any:
        """The object, once it is as wanted; None for one that is gone.

        Raises WaitFailed where it can't come to that any more, WaitTimeout, and NotFound where there never was one.
        """
        check_names(waiter.takes, unknown, given=arguments)
        _check_timeout(waiter, timeout)
        checked = [(parameter.key, value) for parameter, value in check_values(waiter.takes, arguments)]
        return self._last(waiter, dict(checked), timeout, on_progress or _nobody)

    def _last(
        self, waiter: Waiter, given: Mapping[str, object], timeout: float, tell: Callable[[Progress], object]
    ) -> Any:
        last = UNASKED
        for progress, found in self._questions(waiter, given, timeout):
            tell(progress)
            last = found
        if last.state == FAILED:
            raise WaitFailed(waiter.name, waiter.subject(given), waiter.goal, seen=last.seen, status=last.status)
        if last.state == WAITING:
            raise WaitTimeout(
                waiter.name, waiter.subject(given), waiter.goal, seen=last.seen, status=last.status, timeout=timeout
            )
        return None if waiter.gone else last.found

    def _questions(
        self, waiter: Waiter, given: Mapping[str, object], timeout: float
    ) -> Iterator[tuple[Progress, Meaning]]:
        """Ask until the answer says enough, or the time is up."""
        sent = [
            (parameter, given[parameter.key]) for parameter in waiter.operation.parameters if parameter.key in given
        ]
        wanted = given[waiter.entry[0].key] if waiter.entry else None
        begun, polls, last = self._clock(), 0, UNASKED
        before: set[str] = set()
        while True:
            try:
                last = meaning(waiter, self._answer(waiter, sent, is_first=not before), before, wanted)
                before.add(last.status)
            except TransportError:  # the portal may be restarting; the deadline is the limit
                if self._clock() - begun >= timeout:
                    raise
            polls += 1
            elapsed = self._clock() - begun
            yield Progress(elapsed, polls, last.status), last
            if last.state != WAITING or elapsed >= timeout:
                return
            self._sleep(pause(elapsed, timeout - elapsed))

    def _answer(self, waiter: Waiter, sent: list[tuple[ParameterSpec, Any]], *, is_first: bool) -> Any:
        try:
            return self._portal.exchange(waiter.operation, sent).value
        except NotFound:
            if is_first and not waiter.gone:
                raise
            return GONE


def _check_timeout(waiter: Waiter, timeout: object) -> None:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or math.isnan(timeout):
        raise ArgumentError(f"{waiter.takes.name}() can't wait that long.", fix="Pass a timeout in seconds, a number.")


def _nobody(_progress: Progress) -> None:
    """Nobody wants to know."""


def _nearest(name: str, known: list[str]) -> str:
    """Return the waiter for the same state of the same kind of object, else the one spelled most alike, else ""."""
    thing, _, state = name.lower().rpartition("_")
    states = set().union(*(words for words in SYNONYMS if state in words))
    same = [each for each in known if each.rpartition("_")[0] == thing and each.rpartition("_")[2] in states]
    return next(iter(same or get_close_matches(name, known, n=1)), "")
