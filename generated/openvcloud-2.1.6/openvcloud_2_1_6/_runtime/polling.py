"""Poll with backoff until something has ended or a timeout passes, as a flow.

A poll is a reading call. While the service is down, restarts or answers for its proxy, polling goes on until the
timeout: only errors that a later poll can't put right end it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .call_flow import Ask, AskAll, Emit, Flow, Sleep, World
from .errors import ApiError, ClientError, DecodeError, RateLimited, ServerError, TransportError
from .policy import LONGEST_RETRY_AFTER

SHORTEST, LONGEST = 0.2, 15.0  # seconds between two polls
FRACTION = 0.1  # of the time already waited
TOGETHER, APART = 20, 0.2  # polls at the same time, and the seconds between two such groups: at most 100 a second
ONE_POLL = 60.0  # seconds that one poll may take
LAST_POLL = 0.4  # seconds that the last poll may take beyond the timeout
PASSING = (TransportError, RateLimited, DecodeError)
PASSING_STATUSES = (502, 503, 504)


class Progress(NamedTuple):
    """The state of a wait after one poll, which is passed to the caller's `on_progress`.

    Attributes:
        elapsed: Seconds since the wait began.
        polls: The number of polls so far, of all objects of the wait.
        status: The status of the object or task that this poll showed; "" before the first one is known.
    """

    elapsed: float
    polls: int
    status: str


class PolledObject(NamedTuple):
    """An object or task to poll, as three functions.

    Attributes:
        ask: Makes one poll within that many seconds and returns the decoded response.
        take: Takes the response of a poll, or its ClientError, and returns the status of the object. Raises the error
            if a later poll can't succeed either.
        ended: Returns whether no further poll is needed.
    """

    ask: Callable[[float], Any]
    take: Callable[[Any], str]
    ended: Callable[[], bool]


def pause(elapsed: float, left: float) -> float:
    """Return the seconds to sleep before the next poll.

    The interval is 10 % of the time already waited (`elapsed`), at least 0.2 s and at most 15 s, and never more than
    `left`, the seconds until the timeout.
    """
    return min(max(SHORTEST, elapsed * FRACTION), LONGEST, left)


def is_passing(error: ClientError) -> bool:
    """Return whether a later poll may succeed although this one raised `error`.

    True for TransportError, DecodeError, 429, and the statuses 502, 503 and 504, which proxies answer. False for
    OutcomeUnknown and all other statuses.
    """
    return isinstance(error, PASSING) or (isinstance(error, ServerError) and error.status in PASSING_STATUSES)


def polling(subjects: list[PolledObject], timeout: float, world: World) -> Flow[None]:
    """Poll all objects in rounds until all have ended or the timeout passes; yield a Progress after every poll.

    Each round polls the objects that have not ended, up to 20 at the same time. `pause` says how long to sleep between
    two rounds; with several objects, the time that the round took is subtracted. A timeout raises nothing: the caller
    asks the objects whether they have ended.

    Args:
        subjects: The objects to poll.
        timeout: The seconds after which polling ends.
        world: The clock.

    Raises:
        ClientError: `take` of an object raised it. The responses that were received at the same time are still taken.
    """
    begun, polls = world.clock(), 0
    ends, next_group = begun + timeout, begun
    while True:
        round_begun = world.clock()
        running = [subject for subject in subjects if not subject.ended()]
        for number in range(0, len(running), TOGETHER):
            early = min(next_group, ends) - world.clock()
            if early > 0:
                yield Sleep(early)
            next_group = world.clock() + APART
            left = ends - world.clock()
            if number and left <= 0:
                break
            group = running[number : number + TOGETHER]
            statuses = yield from _poll(group, max(left, LAST_POLL), world)
            for status in statuses:
                polls += 1
                yield Emit(Progress(world.clock() - begun, polls, status))
        now = world.clock()
        if now >= ends or all(subject.ended() for subject in subjects):
            return
        waited = now - round_begun if len(subjects) > 1 else 0.0
        seconds = pause(now - begun, ends - now) - waited
        if seconds > 0:
            yield Sleep(seconds)


def _poll(group: list[PolledObject], left: float, world: World) -> Flow[list[str]]:
    """Poll some subjects at the same time and return their statuses.

    If the service asks to wait, do so within the time that is left.
    """
    ends = world.clock() + left
    answers = yield from _answers([Ask(subject.ask, min(left, ONE_POLL)) for subject in group])
    statuses: list[str] = []
    refused: list[ClientError] = []
    for subject, answer in zip(group, answers, strict=True):
        try:
            statuses.append(subject.take(answer))
        except ClientError as error:
            refused.append(error)
    if refused:
        raise refused[0]
    waits = [answer.retry_after or 0.0 for answer in answers if isinstance(answer, ApiError) and is_passing(answer)]
    wanted = min(max(waits, default=0.0), LONGEST_RETRY_AFTER, ends - world.clock())
    if wanted > 0:
        yield Sleep(wanted)
    return statuses


def _answers(asks: list[Ask]) -> Flow[list[Any]]:
    """Make calls at the same time; return for each what it returns, or its ClientError."""
    if len(asks) > 1:
        answers: list[Any] = yield AskAll(tuple(asks))
        return answers
    try:
        answer = yield asks[0]
    except ClientError as error:
        return [error]
    return [answer]
