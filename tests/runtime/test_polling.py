"""Polling continues after passing failures, for any number of tasks, on a clock that the test sets."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]

from ovcgen.runtime import errors, portal_errors, tasks
from ovcgen.runtime.blocking_driver import Driver
from ovcgen.runtime.call_flow import AskAll
from ovcgen.runtime.portal import Portal
from tests.runtime.conftest import Listener, Seen, answer

PLACE = "POST /system/task/get"
GUID = "0e1f9e5a-6c1d-4b6b-8b1f-2f4e7f0d9a11"
PASSING = [
    errors.TransportError("refused", fix="wait"),
    errors.RateLimited(429, "slow down", operation=PLACE),
    errors.ServerError(502, "bad gateway", operation=PLACE),
    errors.ServerError(503, "upgrading", operation=PLACE),
    errors.ServerError(504, "late", operation=PLACE),
    errors.DecodeError("a page of HTML", fix="look"),
]
BUSY, DONE = SimpleNamespace(status=202, value=None), SimpleNamespace(status=200, value=[True, 42])
LOST = errors.NotFound(404, "Task is not found", operation=PLACE)


class World:
    """A simulated portal with its own clock.

    Attributes:
        now: The simulated time, in seconds.
        asked: The times at which polls arrived.
    """

    def __init__(self, answer: Any, takes: float = 0.002) -> None:
        self.now = 0.0
        self.asked: list[float] = []
        self._answer = answer
        self._takes = takes

    def clock(self) -> float:
        """Return the simulated time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move the simulated time forward."""
        assert seconds >= 0
        self.now += seconds

    def exchange(self, _operation: Any, sent: Any, limits: Any = None) -> Any:
        """Answer one poll; the answer takes at most the timeout of the poll."""
        [(_, guid)] = sent
        self.asked.append(self.now)
        self.now += min(self._takes, limits.timeout)
        answer = self._answer(guid, self.now)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def task(self, guid: str = GUID) -> Any:
        """Return a task of this portal."""
        portal: Any = self
        task: Any = tasks.Task(portal, guid)
        task._driver = Simulated(self)
        return task


class Simulated(Driver):
    """Carries out flows on the clock of a World; calls that are made at the same time begin at the same time."""

    def __init__(self, portal: World) -> None:
        super().__init__(sleep=portal.sleep, clock=portal.clock)
        self._portal = portal

    def _next(self, flow: Any, step: Any) -> Any:
        if not isinstance(step, AskAll):
            return super()._next(flow, step)
        begun, outcomes, ends = self._portal.now, [], []
        for ask in step.asks:
            self._portal.now = begun
            try:
                outcomes.append(ask.call(ask.seconds))
            except errors.ClientError as error:
                outcomes.append(error)
            ends.append(self._portal.now)
        self._portal.now = max(ends)
        return flow.send(outcomes)


@pytest.mark.parametrize("error", PASSING, ids=lambda error: f"{type(error).__name__} {getattr(error, 'status', '')}")
def test_what_passes_is_ridden_out(error: errors.ClientError) -> None:
    """Polling continues after errors of a restarting portal, of its proxy or of a rate limit."""
    world = World(lambda _guid, now: error if now < 30 else DONE)
    assert world.task().result() == 42
    world = World(lambda _guid, _now: error)
    with pytest.raises(portal_errors.TaskTimeout) as caught:
        world.task().result(timeout=60)
    assert (caught.value.guid, caught.value.__cause__, round(world.now)) == (GUID, error, 60)


def test_a_poll_waits_as_long_as_it_is_asked_to() -> None:
    """The next poll waits as long as the Retry-After of the last answer says."""
    limited = errors.RateLimited(429, "slow down", operation=PLACE)
    limited.retry_after = 7.0
    world = World(lambda _guid, now: limited if now < 1 else DONE)
    assert world.task().result() == 42
    assert world.asked[1] >= 7


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_what_does_not_pass_ends_the_wait(status: int) -> None:
    """An error that will not pass ends the wait at once."""
    world = World(lambda _guid, _now: errors.api_error(status, "no", operation=PLACE))
    with pytest.raises(errors.ApiError):
        world.task().result()
    assert len(world.asked) == 1


def test_a_hanging_portal_does_not_stretch_the_wait() -> None:
    """The timeout of a poll is at most the time that is left for the wait."""
    world = World(lambda _guid, _now: PASSING[0], takes=1e9)
    with pytest.raises(portal_errors.TaskTimeout):
        world.task().result(timeout=100)
    assert world.now <= 100.5


def test_a_second_group_does_not_stretch_the_wait() -> None:
    """After the timeout no further tasks are polled, even if a first group of 20 tasks has used all of the time."""
    world = World(lambda _guid, _now: PASSING[0], takes=1e9)
    waited = tasks.wait([world.task(f"{number:04}-{GUID}") for number in range(41)], timeout=0.25)
    assert (len(waited.running), len(world.asked)) == (41, 20)
    assert world.now <= 0.25 + 0.5


@pytest.mark.parametrize("takes", [0.002, 0.05, 0.2])
def test_a_thousand_tasks_are_polled_in_one_loop(takes: float) -> None:
    """At most 100 polls a second are sent, and each result is returned within 20 s of the task's end.

    This does not depend on the time that a poll takes, in seconds: up to 20 are made at the same time.
    """
    ends = {f"{number:04}-{GUID}": number * 0.6 for number in range(1000)}
    seen: dict[str, float] = {}
    world = World(lambda guid, now: DONE if now >= ends[guid] else BUSY, takes)
    for task in tasks.as_completed([world.task(guid) for guid in ends], timeout=3600):
        seen[task.guid] = world.now
    assert max(seen[guid] - end for guid, end in ends.items()) <= 20
    assert len(seen) == 1000
    assert all(later - earlier >= 0.99 for earlier, later in zip(world.asked, world.asked[100:], strict=False))


def test_a_refused_poll_loses_no_result_of_the_others() -> None:
    """The results of the polls that are made at the same time are kept when one of them is refused."""
    forbidden = errors.Forbidden(403, "no", operation=PLACE)
    world = World(lambda guid, _now: forbidden if guid.startswith("0") else DONE)
    together = [world.task(f"{number}-{GUID}") for number in range(3)]
    with pytest.raises(errors.Forbidden):
        tasks.wait(together)
    assert [task.last_status for task in together] == ["running", "done", "done"]
    assert together[2].result() == 42


def test_polls_at_the_same_time_wait_as_long_as_one_is_asked_to() -> None:
    """The longest Retry-After of some polls holds for the next ones."""
    limited = errors.RateLimited(429, "slow down", operation=PLACE)
    limited.retry_after = 7.0
    world = World(lambda guid, now: limited if now < 1 and guid.startswith("1") else DONE if now > 1 else BUSY)
    assert tasks.wait([world.task(f"{number}-{GUID}") for number in range(3)], timeout=60).running == []
    assert len(world.asked) == 6
    assert world.asked[3] >= 7


def test_polls_are_made_at_the_same_time(portal: Listener) -> None:
    """Over a line of 50 ms 200 tasks take less time than one after the other, and never more than 20 connections."""

    def react(_seen: Seen) -> bytes:
        time.sleep(0.05)
        return answer([True, 42])

    portal.react = react
    with Portal(portal.url) as client:
        given = [client.task(f"{number:04}-{GUID}") for number in range(200)]
        started = time.monotonic()
        assert tasks.wait(given, timeout=60).ended == given
        elapsed = time.monotonic() - started
    assert 9 * 0.2 <= elapsed < 200 * 0.05
    assert len({seen.connection for seen in portal.seen}) <= 20
    assert {task.result() for task in given} == {42}


def test_an_error_of_another_kind_ends_the_wait(portal: Listener) -> None:
    """An error that a login of the user raises in one of several polls is raised as it is."""

    class Broken(AuthBase):  # type: ignore[misc,unused-ignore]
        def __call__(self, request: Any) -> Any:
            raise LookupError("no key")

    with Portal(portal.url, auth=Broken()) as client, pytest.raises(LookupError, match="no key"):
        tasks.wait([client.task(f"{number}-{GUID}") for number in range(3)])


ANSWERS = st.sampled_from([*PASSING, BUSY, BUSY, BUSY, LOST, DONE])


@settings(max_examples=300)
@given(answers=st.lists(ANSWERS, min_size=1, max_size=40), takes=st.floats(0, 90), timeout=st.floats(0.1, 1000))
def test_no_guid_is_lost(answers: list[Any], takes: float, timeout: float) -> None:
    """Whatever a portal answers, the wait ends in time with the result or with an error that has the guid."""
    script = list(answers)
    world = World(lambda _guid, _now: script.pop(0) if len(script) > 1 else script[0], takes)
    task = world.task()
    try:
        value, error = task.result(timeout), None
    except portal_errors.TaskError as caught:
        value, error = None, caught
    is_lost = answers.count(LOST) >= 3 or answers[-1] is LOST
    assert value == 42 or (error is not None and error.guid == GUID)
    assert is_lost or not isinstance(error, portal_errors.TaskLost)
    assert world.now <= timeout + 0.5
