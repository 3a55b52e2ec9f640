"""Decide how a call is carried out: retries, logins and deadlines, without I/O.

A flow is a generator. It yields what to do next (`Send`, `Sleep`, `Share`, `Ask`, `AskAll`, `Tell`) and is given the
outcome. A driver carries the steps out: it sends, sleeps and locks, and knows no rule. A flow reads the time and
random numbers from its `World`, so that a test can drive it by hand in no time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

from requests import PreparedRequest, Response  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]

from .errors import ClientError, DecodeError
from .media_types import is_json
from .operation import OperationSpec
from .policy import (
    COST,
    COST_OF_TIMEOUT,
    IDLE_FOR_WRITES,
    LONGEST_RETRY_AFTER,
    QUOTA,
    READ,
    READ_PATIENCE,
    TABLE,
    CallLimits,
    Decision,
    Failure,
    Moment,
    Quota,
    backoff,
    moment_of_status,
    retry_after,
)
from .responses import asked_by_proxy, is_framed, lost, refusal, unknown_after

if TYPE_CHECKING:
    from .adapter import Trust

T = TypeVar("T")
ANY_AGE = float("inf")
PROXY_LOGIN = 407


class Send(NamedTuple):
    """Send a request once. The outcome is a Response of any status, or a Failure.

    Attributes:
        request: The signed request.
        deadline: When to give up, on the clock of the World.
        patience: The longest wait for a byte, in seconds.
        idle: The longest time that a reused connection may have been idle, in seconds.
        elsewhere: The address and the TLS settings of another service, such as a login's; None for the driver's own.
    """

    request: PreparedRequest
    deadline: float
    patience: float
    idle: float = ANY_AGE
    elsewhere: tuple[str, Trust] | None = None


class Sleep(NamedTuple):
    """Wait that many seconds. The outcome is None."""

    seconds: float


class SharedOutcome(NamedTuple):
    """The outcome of `Share`.

    Attributes:
        error: The error of the flow, or None.
        deadline: The deadline that the flow was carried out under.
    """

    error: ClientError | None
    deadline: float


class Share(NamedTuple):
    """Carry out a flow, or wait for the one with that key that is being carried out. The outcome is SharedOutcome.

    Attributes:
        key: Equal keys mean the same flow, in all threads of the process.
        flow: Makes the flow for a World and a deadline.
        deadline: When to give up, on the clock of the World.
    """

    key: Hashable
    flow: Callable[[World, float], Flow[None]]
    deadline: float


class Ask(NamedTuple):
    """Make a whole call. The outcome is what `call` returns, or its ClientError is raised in the flow.

    Attributes:
        call: Makes the call within that many seconds.
        seconds: The timeout of the call.
    """

    call: Callable[[float], Any]
    seconds: float


class AskAll(NamedTuple):
    """Make several whole calls at the same time. The outcome lists what each returns, or its ClientError."""

    asks: tuple[Ask, ...]


class Tell(NamedTuple):
    """Hand an event to the user of the flow. The outcome is None."""

    event: Any


Step: TypeAlias = Send | Sleep | Share | Ask | AskAll | Tell
Flow: TypeAlias = Generator[Step, Any, T]


class Raised(NamedTuple):
    """The outcome of a step that failed: the error is raised in the flow."""

    error: Exception


class Ended(NamedTuple):
    """The end of a flow, and its result."""

    value: Any


def advance(flow: Flow[Any], outcome: Any) -> Any:
    """Hand the outcome of the last step to a flow (None at its beginning); return the next step, or Ended."""
    try:
        return flow.throw(outcome.error) if type(outcome) is Raised else flow.send(outcome)
    except StopIteration as end:
        return Ended(end.value)


def answers_of(results: list[Any]) -> list[Any]:
    """Return the outcome of AskAll; an error among the results that is no ClientError is raised."""
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, ClientError):
            raise result
    return results


class World(NamedTuple):
    """Where a flow gets the time and random numbers from.

    Attributes:
        clock: Returns a monotonic time in seconds.
        random: Returns a random number from 0 to 1.
    """

    clock: Callable[[], float]
    random: Callable[[], float]


class Login(Protocol):
    """A login that may need requests of its own before it can sign."""

    def missing(self, request: PreparedRequest) -> Needs:
        """Return the logins to carry out before `request` can be signed; () if there are none."""
        raise NotImplementedError

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Write the present credentials into a request, without I/O, and return the same request."""
        raise NotImplementedError

    def refuse(self, request: PreparedRequest) -> bool:
        """Note that a signed request was refused; return whether a new login may help."""
        raise NotImplementedError


class Need(NamedTuple):
    """A login to carry out; `key` and `flow` as in Share."""

    key: Hashable
    flow: Callable[[World, float], Flow[None]]


Needs: TypeAlias = tuple[Need, ...]


class Service(Protocol):
    """What a call flow knows about the service that it calls.

    Attributes:
        root: The root URL of the API.
        quota: The retry tokens of its clients.
    """

    root: str
    quota: Quota

    def advice(self, operation: OperationSpec) -> str:
        """Return what to do after a refused login; "" if the error's own advice is enough."""
        raise NotImplementedError


class LastAttempt(NamedTuple):
    """The last outcome of several attempts, and what the table decides about it."""

    last: Response | Failure
    decision: Decision


def call(
    service: Service,
    operation: OperationSpec,
    request: Any,
    signer: AuthBase,
    limits: CallLimits,
    world: World,
    read: Callable[[OperationSpec, Response], T],
) -> Flow[tuple[Response, T]]:
    """Carry out one call: sign and send it, with retries and one new login.

    Returns:
        The successful response, and what `read` makes of it. A response that can't be read and has no declared end may
        have been cut off: a reading call is sent once more.

    Raises:
        ApiError: the service refused the call.
        TransportError: no response, and repeating is safe.
        OutcomeUnknown: no readable response, and the call may have been executed.
        DecodeError: the response of a reading call can't be read.
    """
    deadline = world.clock() + limits.timeout
    kind = operation.retry
    patience, idle = (READ_PATIENCE, ANY_AGE) if kind == READ else (limits.timeout, IDLE_FOR_WRITES)
    login: Any = signer if hasattr(signer, "missing") else None
    sign = login.sign if login else signer
    if login and (needs := login.missing(request)):
        yield from log_in(needs, deadline, world)
    renewable = login is not None or hasattr(signer, "renew")
    send = Send(sign(request.copy() if renewable else request), deadline, patience, idle)
    outcome = yield from attempts(send, kind, limits.retries, service.quota, world)
    if outcome.decision is Decision.LOGIN and renewable:
        again = login.refuse(send.request) if login else signer.renew(send.request)  # type: ignore[attr-defined,unused-ignore]
        if again:
            yield from log_in(login.missing(request) if login else (), deadline, world)
            send = Send(sign(request), deadline, patience, idle)
            outcome = yield from attempts(send, kind, limits.retries, service.quota, world)
    response = success(service, operation, outcome)
    try:
        return response, read(operation, response)
    except DecodeError:
        if is_framed(response) or not limits.retries:
            raise
    outcome = yield from attempts(send, kind, 0, service.quota, world)
    response = success(service, operation, outcome)
    return response, read(operation, response)


def success(service: Service, operation: OperationSpec, outcome: LastAttempt) -> Response:
    """Return the successful response.

    Raises:
        ClientError: there is none.
    """
    if outcome.decision is not Decision.RETURN:
        raise error_of(service, operation, outcome)
    return outcome.last  # type: ignore[return-value,unused-ignore]  # a Failure is never returned


def error_of(service: Service, operation: OperationSpec, outcome: LastAttempt) -> ClientError:
    """Return the error for an outcome that is not a success."""
    last = outcome.last
    if isinstance(last, Failure):
        return lost(operation, service.root, last)
    if outcome.decision is Decision.UNKNOWN:
        return unknown_after(operation, last)
    if last.status_code == PROXY_LOGIN:
        return asked_by_proxy(operation)
    error = refusal(operation, last)
    if outcome.decision is Decision.LOGIN:
        error.fix = service.advice(operation) or error.fix
    return error


def attempts(send: Send, kind: str, retries: int, quota: Quota, world: World) -> Flow[LastAttempt]:
    """Send a request until the table says something else than RETRY, or retries, time or quota have run out.

    A decision RETRY that can't be followed any more becomes RAISE.
    """
    retry, taken = 0, 0
    while True:
        last = yield send
        if type(last) is not Failure and last.status_code < 300:
            if taken or quota.left < QUOTA:
                quota.give(taken)
            return LastAttempt(last, Decision.RETURN)
        moment, wanted = _moment(last)
        decision = TABLE[moment][kind]
        if decision is not Decision.RETRY:
            return LastAttempt(last, decision)
        pause = backoff(retry, world.random()) if wanted is None else min(wanted, LONGEST_RETRY_AFTER)
        cost = COST_OF_TIMEOUT if isinstance(last, Failure) and last.timed_out else COST
        if retry >= retries or world.clock() + pause >= send.deadline or not quota.take(cost):
            return LastAttempt(last, Decision.RAISE)
        retry, taken = retry + 1, cost
        yield Sleep(pause)


def _moment(last: Response | Failure) -> tuple[Moment, float | None]:
    """Return how far an attempt came, and the seconds that the service asks to wait (None if it does not)."""
    if isinstance(last, Failure):
        return last.moment, None
    wanted = retry_after(last.headers)
    json_type = is_json(last.headers.get("Content-Type", ""))
    return moment_of_status(last.status_code, retry_after=wanted is not None, is_json=json_type), wanted


def log_in(needs: Needs, deadline: float, world: World) -> Flow[None]:
    """Carry out logins, each by one caller only. A failure is shared by all that wait for the same login.

    If the caller that logged in had less time than this one, this one tries again.

    Raises:
        ClientError: a login failed.
    """
    for key, flow in needs:
        shared = yield Share(key, flow, deadline)
        while shared.error is not None and shared.deadline <= world.clock() < deadline:
            shared = yield Share(key, flow, deadline)
        if shared.error is not None:
            raise shared.error
