"""The classes of the fault table: rows, and the expected outcomes of reading and creating calls."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from tests.faults.gate import Fault, Gate
from tests.faults.stage import Stage

BLOCKING, LOOPS = ("runtime", "sdk", "cli"), ("asyncio", "trio", "sdk-asyncio", "sdk-trio")
DRIVERS = (*BLOCKING, *LOOPS)
SOON = 0.6  # seconds: the deadline of rows in which nothing else ends the call
ENOUGH = 8.0  # seconds: a deadline that no healthy call meets
ATTEMPTS = 3  # of a reading call


@dataclass(frozen=True)
class Expected:
    """The expected outcome of a call.

    Attributes:
        error: The class of its error, or one of its bases; "" if it must return the good value.
        code: The exit code of the command.
        requests: How many requests may reach the portal.
    """

    error: str
    code: int
    requests: Container[int]


@dataclass(frozen=True)
class Row:
    """One row of the table: a fault and the expected outcomes.

    Attributes:
        number: Its number among the 42 kinds of faults.
        name: What happens, for the id of the test.
        setup: Prepares the stage and returns the URL to call.
        read, creating: What calls of these classes must come to; None if the row says nothing of them.
        timeout: The deadline of the call, in seconds.
        drivers: Who makes the call.
        waits: The seconds that a call takes at least, if it returns the good value.
    """

    number: int
    name: str
    setup: Callable[[Stage], str]
    read: Expected | None
    creating: Expected | None
    timeout: float = ENOUGH
    drivers: tuple[str, ...] = DRIVERS
    waits: float = 0.0


def good_after(requests: int) -> Expected:
    """Return the expectation that a call returns the good value after this many requests."""
    return Expected("", 0, {requests})


def refused(error: str = "ApiError", code: int = 4, requests: Container[int] = frozenset({1})) -> Expected:
    """Return the expectation that a call ends with this error of the portal and this exit code."""
    return Expected(error, code, requests)


GOOD = good_after(1)
RETRIED = good_after(2)
UNREACHED = Expected("TransportError", 6, {0})
LOST = Expected("TransportError", 6, {ATTEMPTS})
LATE = Expected("TransportError", 6, range(1, ATTEMPTS + 1))
UNKNOWN = Expected("OutcomeUnknown", 7, {1})
UNREADABLE = Expected("DecodeError", 5, {1})


def at_a_portal(*faults: Fault, accepting: tuple[Fault, ...] = ()) -> Callable[[Stage], str]:
    """Return a setup in which the portal itself has these faults."""

    def setup(stage: Stage) -> str:
        return stage.portal(*faults, accepting=accepting).url

    return setup


def at_a_tls_portal(*faults: Fault, accepting: tuple[Fault, ...] = ()) -> Callable[[Stage], str]:
    """Return a setup in which a portal with a valid certificate has these faults."""

    def setup(stage: Stage) -> str:
        return stage.portal(*faults, accepting=accepting, context=stage.tls()).url

    return setup


def through_a_proxy(
    faults: Callable[[Gate], tuple[Fault, ...]], *, tls: bool = False, at_the_portal: Fault
) -> Callable[[Stage], str]:
    """Return a setup with a proxy before the portal; `faults` returns the faults of the proxy."""

    def setup(stage: Stage) -> str:
        portal = stage.portal(at_the_portal, context=stage.tls() if tls else None)
        proxy = stage.gate(*faults(portal))
        stage.proxied(f"someone:{PROXY_PASSWORD}@127.0.0.1:{proxy.port}")
        return portal.url

    return setup


PROXY_PASSWORD = "pr0xy-canary-77aa"
