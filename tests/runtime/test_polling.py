"""Polling continues after passing failures, for any number of tasks, on a clock that the test sets."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.runtime import errors, portal_errors, tasks
from ovcgen.runtime.driver import Driver

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
        task._driver = Driver(sleep=self.sleep, clock=self.clock)
        return task


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


def test_a_thousand_tasks_are_polled_in_one_loop() -> None:
    """At most 100 polls a second are sent, and each result is returned within 20 s of the task's end."""
    ends = {f"{number:04}-{GUID}": number * 0.6 for number in range(1000)}
    seen: dict[str, float] = {}
    world = World(lambda guid, now: DONE if now >= ends[guid] else BUSY)
    for task in tasks.as_completed([world.task(guid) for guid in ends], timeout=3600):
        seen[task.guid] = world.now
    assert max(seen[guid] - end for guid, end in ends.items()) <= 20
    assert len(seen) == 1000
    assert all(later - earlier >= 0.99 for earlier, later in zip(world.asked, world.asked[100:], strict=False))


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
