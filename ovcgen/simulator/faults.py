"""Inject faults: choose the requests, how often, and the response that replaces the portal's own."""

from __future__ import annotations

import dataclasses
import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError
from ovcgen.simulator import responses
from ovcgen.simulator.http_errors import LoggedOut
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import RawResponse, status_line, whole_response

Json = Any
CARRY_OUT = Callable[[], HttpResponse]
HTML, JSON = "text/html", "application/json"
UNREADABLE = b'{"id": 1, "name": "we'
LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Login</title></head><body><form method=post>Log in</form></body></html>"
)


class WrongFault(UsageError):
    """An error: a fault has an unknown kind, an unknown attribute or an invalid value.

    `what` names what is wrong, as in `status 99`; it is not the whole message.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"No such fault: {what}.",
            fix=f"Kinds are {', '.join(KINDS)}; what else can be said of one: {', '.join(NAMES[1:])}.",
        )


class NoSuchOperation(UsageError):
    """An error: the pattern of a fault matches no operation, so it could never happen. `fix` has the nearest names.

    Args:
        pattern: The pattern, such as `cloudapi.machine.*`.
        known: The names of all operations, among which the nearest are looked for.
    """

    def __init__(self, pattern: str, known: Collection[str]) -> None:
        near = get_close_matches(pattern.lower(), {name.lower(): name for name in known}, n=3, cutoff=0.6)
        by_lower = {name.lower(): name for name in known}
        names = ", ".join(by_lower[name] for name in near)
        super().__init__(
            f"No operation of this portal or of its identity provider is {pattern!r}.",
            fix=f"The nearest: {names}." if names else "Write group.actor.method, as in *.*.list; * is anything.",
        )


class UnusedFaults(ClientError, AssertionError):
    """An error, also an AssertionError: planned faults did not happen, or happened less often than planned.

    `unused` has a phrase for each of these faults, for the message.
    """

    def __init__(self, unused: Iterable[str]) -> None:
        super().__init__(
            f"Planned faults were not used: {'; '.join(unused)}.",
            fix="Check that the code under test makes these calls; `.seen` of the simulator lists what came in.",
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """A record of a failure to inject into the next requests that match.

    Attributes:
        kind: One of `KINDS`: status, delay, drop, reset, half, drip, wrong-type, bad-json, html or raw.
        operation: Pattern for `group.actor.method`. Those of the identity provider are `itsyouonline.access_token`,
            `itsyouonline.jwt`, `itsyouonline.refresh` and `itsyouonline.other`. By default all calls of the portal.
        method: Pattern for the HTTP method.
        times: For how many requests; None for every request. Of a waiting fault, for how many more.
        status: Status code of kind `status`, from 200 to 999.
        body: Replaces the usual body of kinds `status`, `bad-json`, `html` and `raw`.
        content_type: Replaces the usual content type of kinds `status` and `wrong-type`.
        headers, retry_after: Headers to add, with kinds `status`, `delay`, `bad-json` and `html`.
        seconds: Delay before the response; for `drip`, the delay after each byte.
        executed: Whether the call is executed although the client does not get its response. Calls with the kinds
            `delay`, `half`, `drip` and `wrong-type` are always executed.

    Raises:
        WrongFault: the kind is unknown, or a value is invalid.
    """

    kind: str
    operation: str = "*.*.*"  # the portal's calls; two dots, so none of the identity provider's
    method: str = "*"
    times: int | None = 1
    status: int = 500
    body: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: str | int | None = None
    seconds: float = 0.0
    executed: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise WrongFault(repr(self.kind))
        for name, kinds in TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
                raise WrongFault(f"{name} {value!r}")
        never = self.times is not None and self.times < 1
        if never or not 200 <= self.status <= 999 or not 0 <= self.seconds < 1e6:
            raise WrongFault(f"status {self.status}, seconds {self.seconds}, times {self.times}")
        lines = [self.content_type or "", *(f"{name}{value}" for name, value in self.sent_headers)]
        if any(not line.isprintable() for line in lines):
            raise WrongFault("a header with control characters")

    @property
    def sent_headers(self) -> tuple[tuple[str, str], ...]:
        """Return the (name, value) pairs of headers to add to the response, with `Retry-After` if that is set."""
        after = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        return tuple((name, str(value)) for name, value in {**self.headers, **after}.items())

    def fits(self, operation: str, method: str) -> bool:
        """Return whether the patterns match the operation (`group.actor.method`) and the HTTP method of a request.

        `*`, `?` and `[...]` are wildcards. Upper and lower case count, except in the pattern for the method, which is
        taken in upper case.
        """
        return fnmatchcase(operation, self.operation) and fnmatchcase(method, self.method.upper())


NONE = type(None)
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "operation": str,
    "method": str,
    "times": (int, NONE),
    "status": int,
    "body": (str, NONE),
    "content_type": (str, NONE),
    "headers": Mapping,
    "retry_after": (str, int, NONE),
    "seconds": (int, float),
    "executed": bool,
}


class Faults:
    """A thread-safe collection of the faults that wait for requests. Iteration yields (number, fault) pairs.

    Args:
        known: The names of all operations; a fault that matches none of them is refused. If it is empty, every pattern
            is accepted.
        usual_operation: The pattern of a fault that names no operation; "" means that of `Fault`.
    """

    def __init__(self, known: Collection[str] = (), *, usual_operation: str = "") -> None:
        self._known = known
        self._usual = {"operation": usual_operation} if usual_operation else {}
        self._waiting: dict[int, Fault] = {}
        self._used: Counter[int] = Counter()
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, kind: str, **what: Json) -> int:
        """Add a fault and return its number. `what` takes the attributes of `Fault`.

        Raises:
            WrongFault: the kind or a name is unknown, or a value is invalid.
            NoSuchOperation: `operation` matches none of the known operations. Upper and lower case count.
        """
        fault = fault_of({"kind": kind, **self._usual, **what})
        if self._known and not any(fnmatchcase(name, fault.operation) for name in self._known):
            raise NoSuchOperation(fault.operation, self._known)
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = fault
        return number

    def remove(self, number: int) -> bool:
        """Remove the fault with that number and return True; return False if no such fault is waiting."""
        with self._lock:
            return self._waiting.pop(number, None) is not None

    def clear(self) -> None:
        """Remove all waiting faults. The counts of `used` stay."""
        with self._lock:
            self._waiting.clear()

    @contextmanager
    def planned(self, kind: str, **what: Json) -> Iterator[int]:
        """Add a fault for the duration of the block and yield its number. It is removed after the block, used or not.

        Raises:
            UnusedFaults: the block ended without an exception, and the fault was not used as often as planned.
            WrongFault, NoSuchOperation: as for `add`.
        """
        number = self.add(kind, **what)
        try:
            yield number
            self._check({number})
        finally:
            self.remove(number)

    def used(self, number: int) -> int:
        """Return how often the fault with that number has happened, also after its removal; 0 for an unknown number."""
        return self._used[number]

    def check_used(self) -> None:
        """Check that every fault that was added, and not removed, has happened as planned.

        A fault with `times=None` must have happened at least once.

        Raises:
            UnusedFaults: a fault did not happen as often as planned.
        """
        self._check({number for number, _ in self})

    def _check(self, numbers: Collection[int]) -> None:
        left = [(number, fault) for number, fault in self if number in numbers]
        unused = [
            f"{fault.kind} for {fault.operation} (used {self._used[number]} of {_planned(fault, self._used[number])})"
            for number, fault in left
            if fault.times is not None or not self._used[number]
        ]
        if unused:
            raise UnusedFaults(unused)

    def take(self, operation: str, method: str) -> Fault | None:
        """Return the oldest waiting fault that matches a request, and count one use of it; None if none matches.

        A fault that has been used `times` times stops waiting. `operation` is `group.actor.method`.
        """
        with self._lock:
            number, fault = next((item for item in self._waiting.items() if item[1].fits(operation, method)), (0, None))
            if fault is None:
                return None
            self._used[number] += 1
            if fault.times is None:
                return fault
            if fault.times == 1:
                del self._waiting[number]
            else:
                self._waiting[number] = replace(fault, times=fault.times - 1)
            return fault

    def __iter__(self) -> Iterator[tuple[int, Fault]]:
        with self._lock:
            return iter(list(self._waiting.items()))

    def __len__(self) -> int:
        return len(self._waiting)


def _planned(fault: Fault, used: int) -> int:
    """Return how often a fault was planned to happen: `used` times so far and `fault.times` more."""
    return used + (1 if fault.times is None else fault.times)


def fault_of(said: Mapping[str, Json]) -> Fault:
    """Return the fault that a mapping of `Fault`'s attributes describes.

    Raises:
        WrongFault: a name is unknown, the kind is missing, or a value is invalid.
    """
    unknown = sorted(map(str, said.keys() - set(NAMES)))
    if unknown or "kind" not in said:
        raise WrongFault(", ".join(unknown) or "one without a kind")
    return Fault(**said)


def usual_response(status: int) -> HttpResponse:
    """Return the response that a portal or its proxy usually sends with a status.

    These are known: 401, 419, 500, 502 and 504. For any other status, the body is the status's phrase as JSON.
    """
    if status in USUAL:
        return USUAL[status]()
    return HttpResponse(status, json.dumps(status_line(status)[4:]).encode(), JSON)


def faulty_response(
    fault: Fault, carry_out: CARRY_OUT, usual: Callable[[int], HttpResponse] = usual_response
) -> HttpResponse | RawResponse:
    """Return the response or the raw bytes that a fault sends.

    `carry_out` executes the call; it is called if the fault needs the real response, or if `fault.executed`. `usual`
    returns the response for a status; it is called for faults of kind `status`. This function does not wait: the caller
    delays a response by `fault.seconds`, except `drip`, whose RawResponse has the delay.
    """
    play, needs_answer = KINDS[fault.kind]
    answer = carry_out() if needs_answer or fault.executed else HttpResponse(200)
    return play(fault, usual(fault.status) if fault.kind == "status" else answer)


def _status(fault: Fault, usual: HttpResponse) -> HttpResponse:
    """Return the usual response of a status, with the body, Content-Type and headers that the fault sets."""
    body = usual.body if fault.body is None else fault.body.encode()
    return HttpResponse(fault.status, body, fault.content_type or usual.kind, (*usual.headers, *fault.sent_headers))


def _crash() -> HttpResponse:
    from ovcgen.simulator.seed import GID  # a mock needs no objects of a portal

    return responses.crash_response(GID)


def _page(status: int) -> Callable[[], HttpResponse]:
    words = status_line(status)
    page = f"<html>\r\n<head><title>{words}</title></head>\r\n<body><center><h1>{words}</h1></center></body>\r\n</html>"
    return lambda: HttpResponse(status, page.encode(), HTML)


def _delay(fault: Fault, answer: HttpResponse) -> HttpResponse:
    return replace(answer, headers=(*answer.headers, *fault.sent_headers))


def _half(_fault: Fault, answer: HttpResponse) -> RawResponse:
    content = whole_response(answer)
    return RawResponse(content[: len(content) - (len(answer.body) + 1) // 2])


def _wrong_type(fault: Fault, answer: HttpResponse) -> HttpResponse:
    return replace(answer, kind=fault.content_type or HTML)


def _bad_json(fault: Fault, _answer: HttpResponse) -> HttpResponse:
    return HttpResponse(200, UNREADABLE if fault.body is None else fault.body.encode(), JSON, fault.sent_headers)


def _html(fault: Fault, _answer: HttpResponse) -> HttpResponse:
    return HttpResponse(200, LOGIN_PAGE if fault.body is None else fault.body.encode(), HTML, fault.sent_headers)


def _raw(fault: Fault, _answer: HttpResponse) -> RawResponse:
    return RawResponse((fault.body or "").encode("latin-1", "replace"))


USUAL: Mapping[int, Callable[[], HttpResponse]] = {
    401: responses.bad_token,
    419: lambda: responses.refusal_response(LoggedOut()),
    500: _crash,
    502: _page(502),
    504: _page(504),
}
KINDS: Mapping[
    str, tuple[Callable[[Fault, HttpResponse], HttpResponse | RawResponse], bool]
] = {  # and whether it needs the portal's own response
    "status": (_status, False),
    "delay": (_delay, True),
    "drop": (lambda _fault, _answer: RawResponse(), False),
    "reset": (lambda _fault, _answer: RawResponse(reset=True), False),
    "half": (_half, True),
    "drip": (lambda fault, answer: RawResponse(whole_response(answer), step=1, pause=fault.seconds), True),
    "wrong-type": (_wrong_type, True),
    "bad-json": (_bad_json, False),
    "html": (_html, False),
    "raw": (_raw, False),
}
NAMES = tuple(field.name for field in dataclasses.fields(Fault))
