"""Decide how a call is carried out: retries, logins and deadlines, without I/O.

A flow is a generator. It yields what to do next (`Send`, `Sleep`, `RunShared`, `Ask`, `AskAll`, `Emit`) and is given
the outcome. A driver carries the steps out: it sends, sleeps and locks, and knows no rule. A flow reads the time and
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
from .response_decoding import is_framed, no_response_error, proxy_login_error, refusal, unknown_outcome_error

if TYPE_CHECKING:
    from .adapter import Trust

T = TypeVar("T")
ANY_AGE = float("inf")
PROXY_LOGIN = 407


class Send(NamedTuple):
    """A step of a flow: send a request once. Its outcome is a Response of any status, or a Failure.

    Attributes:
        request: The signed request.
        deadline: When to give up, in seconds on the clock of the World.
        patience: The longest wait for a byte, in seconds.
        idle: The longest time that a reused connection may have been idle, in seconds.
        other_service: The address and the TLS settings of another service, such as a login's; None for the driver's
            own.
    """

    request: PreparedRequest
    deadline: float
    patience: float
    idle: float = ANY_AGE
    other_service: tuple[str, Trust] | None = None


class Sleep(NamedTuple):
    """A step of a flow: wait that many seconds. Its outcome is None."""

    seconds: float


class SharedOutcome(NamedTuple):
    """The outcome of a shared flow, which `RunShared` returns.

    Attributes:
        error: The error of the flow; None if it succeeded.
        deadline: The deadline of the caller that carried the flow out, in seconds on the clock of the World.
    """

    error: ClientError | None
    deadline: float


class RunShared(NamedTuple):
    """A step of a flow: carry out another flow, or wait until another caller has carried out the one with that key.

    The outcome of the step is a SharedOutcome.

    Attributes:
        key: Equal keys mean the same flow, in all threads of the process.
        flow: Makes the flow for a World and a deadline.
        deadline: When to give up, in seconds on the clock of the World.
    """

    key: Hashable
    flow: Callable[[World, float], Flow[None]]
    deadline: float


class Ask(NamedTuple):
    """A step of a flow: run a function that makes a whole call, with its own retries and logins.

    The outcome of the step is what the function returns. A ClientError of the function is raised in the flow.

    Attributes:
        call: The function. Its argument is the timeout in seconds. For an AsyncDriver it returns an awaitable.
        seconds: The timeout.
    """

    call: Callable[[float], Any]
    seconds: float


class AskAll(NamedTuple):
    """A step of a flow: make the calls of several `Ask` at the same time.

    The outcome of the step is a list in the order of `asks`: what each call returns, or its ClientError, which is not
    raised. Any other error is raised by the driver.
    """

    asks: tuple[Ask, ...]


class Emit(NamedTuple):
    """A step of a flow: yield an event, such as a Progress, from the driver's method `events`. Its outcome is None."""

    event: Any


Step: TypeAlias = Send | Sleep | RunShared | Ask | AskAll | Emit
Flow: TypeAlias = Generator[Step, Any, T]


class Raised(NamedTuple):
    """The outcome of a step that failed: `advance` raises the error inside the flow."""

    error: Exception


class Ended(NamedTuple):
    """The return value of `advance` for a flow that has ended; `value` is the result of the flow."""

    value: Any


def advance(flow: Flow[Any], outcome: Any) -> Any:
    """Resume a flow with the outcome of its last step, and return its next step, or Ended.

    `outcome` is None at the beginning. If it is a Raised, its error is raised inside the flow. An error that the flow
    does not handle is raised here.
    """
    try:
        return flow.throw(outcome.error) if type(outcome) is Raised else flow.send(outcome)
    except StopIteration as end:
        return Ended(end.value)


def raise_unexpected(results: list[Any]) -> list[Any]:
    """Return the list of results itself, as the outcome of AskAll, unless one is an unexpected error.

    Raises:
        BaseException: the first error among the results that is not a ClientError.
    """
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, ClientError):
            raise result
    return results


class World(NamedTuple):
    """The clock and the random numbers of a flow, which a test can replace.

    Attributes:
        clock: Returns a monotonic time in seconds.
        random: Returns a random number from 0 to 1.
    """

    clock: Callable[[], float]
    random: Callable[[], float]


class Login(Protocol):
    """Protocol of the logins that may have to send requests of their own, such as for a token, before they can sign."""

    def missing(self, request: PreparedRequest) -> Needs:
        """Return the flows to carry out before `request` can be signed; () if it can be signed at once."""
        raise NotImplementedError

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Write the present credentials into a request, without I/O, and return the same request."""
        raise NotImplementedError

    def refuse(self, request: PreparedRequest) -> bool:
        """Note that a signed request was refused; return whether a new login may help."""
        raise NotImplementedError


class Need(NamedTuple):
    """A flow that gets a token or a session key, to be carried out before a request is signed.

    Attributes:
        key, flow: As in RunShared.
    """

    key: Hashable
    flow: Callable[[World, float], Flow[None]]


Needs: TypeAlias = tuple[Need, ...]


class Service(Protocol):
    """Protocol of the called service, as the flow `call` needs it; a Session has these members.

    Attributes:
        root: The root URL of the API.
        quota: The retry tokens that all calls to the service share.
    """

    root: str
    quota: Quota

    def advice(self, operation: OperationSpec) -> str:
        """Return a sentence with what to do after a 401 of that operation; "" if the error's own advice is enough."""
        raise NotImplementedError


class LastAttempt(NamedTuple):
    """The result of `attempts`: the last attempt to send a request, and what to do about it.

    Attributes:
        last: The response to the last attempt, or why it has none.
        decision: What to do now: RETURN for a success, else an entry of `policy.TABLE` other than RETRY.
    """

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

    Args:
        service, operation: The called service and operation.
        request: The unsigned request. A `signer` that can't be renewed signs `request` itself, others sign copies.
        signer: The login, or the combination of several.
        limits, world: The timeout and the largest number of repetitions; the clock and the random numbers.
        read: Returns the decoded value of the successful response, or raises DecodeError or OutcomeUnknown.

    Returns:
        The successful response, and what `read` returns for it. A response without a declared length may have been cut
        off: if `read` raises DecodeError for it, the call, which only reads, is sent once more.

    Raises:
        ApiError: the service refused the call.
        TransportError: no response, and repeating is safe.
        OutcomeUnknown: no readable response, and the call may have been executed.
        DecodeError: the response of a reading call can't be read.
    """
    deadline, kind = world.clock() + limits.timeout, operation.retry
    patience, idle = (READ_PATIENCE, ANY_AGE) if kind == READ else (limits.timeout, IDLE_FOR_WRITES)
    login: Any = signer if hasattr(signer, "missing") else None
    if login and (needs := login.missing(request)):
        yield from log_in(needs, deadline, world)
    renew: Any = login.refuse if login else getattr(signer, "renew", None)
    sign = login.sign if login else signer
    send = Send(sign(request.copy() if renew else request), deadline, patience, idle)
    outcome = yield from attempts(send, kind, limits.retries, service.quota, world)
    if outcome.decision is Decision.LOGIN and renew and renew(send.request):
        yield from log_in(login.missing(request) if login else (), deadline, world)
        send = Send(sign(request), deadline, patience, idle)
        outcome = yield from attempts(send, kind, limits.retries, service.quota, world)
    response = success(service, operation, outcome)
    try:
        return response, read(operation, response)
    except DecodeError:
        if is_framed(response) or not limits.retries:
            raise
    response = success(service, operation, (yield from attempts(send, kind, 0, service.quota, world)))
    return response, read(operation, response)


def success(service: Service, operation: OperationSpec, outcome: LastAttempt) -> Response:
    """Return the response of the last attempt if its decision is RETURN.

    Raises:
        ClientError: the attempt did not succeed; the error is that of `error_of`.
    """
    if outcome.decision is not Decision.RETURN:
        raise error_of(service, operation, outcome)
    return outcome.last  # type: ignore[return-value,unused-ignore]  # a Failure is never returned


def error_of(service: Service, operation: OperationSpec, outcome: LastAttempt) -> ClientError:
    """Return the error for a last attempt that did not succeed.

    The error is returned, not raised: TransportError, OutcomeUnknown, DecodeError, or an ApiError for a response with
    an error status. After a 401, `service.advice` replaces the advice of the error.
    """
    last = outcome.last
    if isinstance(last, Failure):
        return no_response_error(operation, service.root, last)
    if outcome.decision is Decision.UNKNOWN:
        return unknown_outcome_error(operation, last)
    if last.status_code == PROXY_LOGIN:
        return proxy_login_error(operation)
    error = refusal(operation, last)
    if outcome.decision is Decision.LOGIN:
        error.fix = service.advice(operation) or error.fix
    return error


def attempts(send: Send, kind: str, retries: int, quota: Quota, world: World) -> Flow[LastAttempt]:
    """Send a request, and repeat it with pauses while `policy.TABLE` decides RETRY.

    No repetition is made after `retries` of them, after the deadline of `send`, or if the quota has too few tokens: the
    decision RETRY becomes RAISE then.

    Args:
        send: The step that sends the signed request.
        kind: The effect of repeating the call, as in `OperationSpec.retry`.
        retries: The largest number of repetitions.
        quota: The retry tokens that all calls to the service share.
        world: The clock and the random numbers.

    Returns:
        The last response or failure, and the decision about it. No error is raised for either.
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
    """Carry out the flows of logins. Of the callers that need the same login, one carries it out and the others wait.

    A failure is raised in all of them. But if the caller that carried it out had an earlier deadline than this one,
    this one tries again.

    Args:
        needs: What a login's `missing` returned.
        deadline: When to give up, in seconds on the clock of the World.
        world: The clock and the random numbers.

    Raises:
        ClientError: a login failed.
    """
    for key, flow in needs:
        shared = yield RunShared(key, flow, deadline)
        while shared.error is not None and shared.deadline <= world.clock() < deadline:
            shared = yield RunShared(key, flow, deadline)
        if shared.error is not None:
            raise shared.error
