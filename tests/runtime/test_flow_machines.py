"""Calls and waits at the same time, in any order and with any failures, keep their promises.

Hypothesis chooses which flow goes on, what it is answered and how much time passes. Flows of other threads and a laptop
that sleeps make a flow go on later than it asked for.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import requests
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ovcgen.runtime import call_flow, errors, policy, tasks
from ovcgen.runtime.auth import NoAuth
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.policy import QUOTA, CallLimits, Failure, Moment, Quota
from ovcgen.runtime.polling import LAST_POLL, TOGETHER, PolledObject, polling
from tests.runtime.test_call_flow import EXAMPLES, Renewable
from tests.runtime.test_polling import BUSY, DONE, LOST, PASSING

MAYBE_EXECUTED = (Moment.SENT, Moment.CUT_OFF, Moment.UNREADABLE, Moment.GATEWAY, Moment.SUCCEEDED)
TOO_LATE = Failure("no answer in time", Moment.NOT_SENT, timed_out=True)
SECONDS = st.floats(0, 50)
ROUNDING = 1e-6  # seconds; sums of pauses are not exact


class OneCall:
    """A call that is being made.

    Attributes:
        step: What its flow wants next; None once it has ended.
        answered: How far each attempt came, as the service knows it.
        error: What it raised, or None.
    """

    def __init__(self, machine: Calls, kind: str, limits: CallLimits, signer: Any) -> None:
        self.kind = kind
        self.limits = limits
        self.deadline = machine.now + limits.timeout
        self.answered: list[Moment] = []
        self.error: errors.ClientError | None = None
        operation = OperationSpec("cloudapi.machines.act", "POST", "/act", retry=kind)
        service: Any = SimpleNamespace(root="http://portal.example", quota=machine.quota, advice=lambda _: "")
        world = call_flow.World(lambda: machine.now, lambda: machine.jitter)
        request = requests.Request("POST", "http://portal.example/act").prepare()
        self._flow = call_flow.call(service, operation, request, signer, limits, world, lambda _, response: response)
        self.step: Any = next(self._flow)

    def go_on(self, outcome: Any) -> None:
        """Give the flow the outcome of its step."""
        try:
            self.step = self._flow.send(outcome)
        except StopIteration:
            self.step = None
        except errors.ClientError as error:
            self.step, self.error = None, error


class Calls(RuleBasedStateMachine):
    """Calls of one client: they share retry tokens and, with a slow machine, the time."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.jitter = 0.0, 1.0
        self.quota = Quota()
        self.calls: list[OneCall] = []

    def waiting(self, kind: type[Any]) -> list[OneCall]:
        """Return the calls whose next step is of that kind."""
        return [call for call in self.calls if isinstance(call.step, kind)]

    @rule(
        kind=st.sampled_from(policy.CLASSES),
        retries=st.integers(0, 4),
        timeout=st.floats(0.1, 200),
        renewable=st.booleans(),
        jitter=st.floats(0, 1),
    )
    def begin(self, kind: str, retries: int, timeout: float, renewable: bool, jitter: float) -> None:
        """Begin a call."""
        self.jitter = jitter
        self.calls.append(OneCall(self, kind, CallLimits(timeout, retries), Renewable() if renewable else NoAuth()))

    @precondition(lambda self: self.waiting(call_flow.Send))
    @rule(data=st.data(), moment=st.sampled_from(list(EXAMPLES)), takes=SECONDS)
    def answer(self, data: Any, moment: Moment, takes: float) -> None:
        """Let an attempt end; one that begins after the deadline is not sent, and none ends after it."""
        call = data.draw(st.sampled_from(self.waiting(call_flow.Send)))
        assert call.step.deadline == call.deadline
        if self.now >= call.deadline:
            call.go_on(TOO_LATE)
            return
        assert call.kind == policy.READ or not set(call.answered) & set(MAYBE_EXECUTED)
        self.now = min(self.now + takes, call.deadline)
        call.answered.append(moment)
        call.go_on(EXAMPLES[moment])

    @precondition(lambda self: self.waiting(call_flow.Sleep))
    @rule(data=st.data(), longer=SECONDS)
    def wake(self, data: Any, longer: float) -> None:
        """End a pause, possibly later than wanted."""
        call = data.draw(st.sampled_from(self.waiting(call_flow.Sleep)))
        assert 0 <= call.step.seconds <= policy.LONGEST_RETRY_AFTER
        self.now += call.step.seconds + longer
        call.go_on(None)

    @precondition(lambda self: self.waiting(call_flow.RunShared))
    @rule(data=st.data(), takes=SECONDS, fails=st.booleans())
    def log_in(self, data: Any, takes: float, fails: bool) -> None:
        """End a login, which runs under the deadline of its call."""
        call = data.draw(st.sampled_from(self.waiting(call_flow.RunShared)))
        assert call.step.deadline == call.deadline
        self.now = max(self.now, min(self.now + takes, call.deadline))
        error = errors.TransportError("no login", fix="wait") if fails else None
        call.go_on(call_flow.SharedOutcome(error, call.deadline))

    @invariant()
    def promises_are_kept(self) -> None:
        """No changing call is sent after it may have been executed, and then its outcome is said to be unknown."""
        assert 0 <= self.quota.left <= QUOTA
        for call in self.calls:
            assert len(call.answered) <= 2 * (call.limits.retries + 1) + 1
            maybe = [moment for moment in call.answered if moment in MAYBE_EXECUTED]
            if call.kind == policy.READ or not maybe:
                continue
            assert maybe == call.answered[-1:]
            assert call.step is None
            assert isinstance(call.error, errors.OutcomeUnknown) == (maybe != [Moment.SUCCEEDED])


class Waits(RuleBasedStateMachine):
    """One polling loop over many tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.step: Any = None
        self.asked: list[float] = []
        self.slept_late = False  # whether a pause took longer, so that nothing can be in time
        self.tasks = []
        self.refused: errors.ClientError | None = None

    @initialize(number=st.integers(1, 30), timeout=st.floats(0.1, 600))
    def begin(self, number: int, timeout: float) -> None:
        """Begin to wait for some tasks."""
        portal: Any = SimpleNamespace()
        self.tasks: list[Any] = [tasks.Task(portal, f"guid-{each}") for each in range(number)]
        for task in self.tasks:
            task._driver = SimpleNamespace(world=call_flow.World(lambda: self.now, lambda: 0.0))
        self.done: set[str] = set()
        self.missed: dict[str, int] = {}
        self.wait_for_all(timeout)

    @precondition(lambda self: self.step is None)
    @rule(number=st.integers(1, 30), timeout=st.floats(0.1, 600))
    def begin_again(self, number: int, timeout: float) -> None:
        """Wait again for the tasks that have not ended in time; for others if all have ended."""
        if any(task.last_status == "running" for task in self.tasks):
            self.wait_for_all(timeout)
        else:
            self.begin(number, timeout)

    def wait_for_all(self, timeout: float) -> None:
        """Begin a polling loop."""
        self.ends, self.slept_late = self.now + timeout, False
        self.asked.clear()
        subjects = [PolledObject(self._ask_of(task), task._take, task.has_ended) for task in self.tasks]
        self._flow = polling(subjects, timeout, call_flow.World(lambda: self.now, lambda: 0.0))
        self.step = next(self._flow)

    @staticmethod
    def _ask_of(task: Any) -> Any:
        return lambda _seconds: task.guid

    def go_on(self, outcome: Any) -> None:
        """Give the flow the outcome of its step, and take its events."""
        try:
            self.step = self._flow.throw(outcome) if isinstance(outcome, Exception) else self._flow.send(outcome)
            while isinstance(self.step, call_flow.Emit):
                self.step = self._flow.send(None)
        except StopIteration:
            self.step = None
        except errors.ClientError as error:
            self.step, self.refused = None, error

    @precondition(lambda self: isinstance(self.step, (call_flow.Ask, call_flow.AskAll)))
    @rule(data=st.data(), takes=SECONDS)
    def answer(self, data: Any, takes: float) -> None:
        """Answer the polls of a moment: none is late, and no task is polled that has ended."""
        asks = self.step.asks if isinstance(self.step, call_flow.AskAll) else (self.step,)
        assert 1 <= len(asks) <= TOGETHER
        assert self.now <= self.ends + ROUNDING or self.slept_late
        self.asked += [self.now] * len(asks)
        outcomes = []
        for ask in asks:
            guid = ask.call(ask.seconds)
            assert guid not in self.done
            outcome = data.draw(st.sampled_from([*PASSING, BUSY, BUSY, LOST, DONE]))
            self.missed[guid] = self.missed.get(guid, 0) + (outcome is LOST)
            self.done |= {guid} if outcome is DONE else set()
            outcomes.append(outcome)
        self.now += min(takes, asks[0].seconds)
        self.go_on(outcomes if isinstance(self.step, call_flow.AskAll) else outcomes[0])

    @precondition(lambda self: isinstance(self.step, call_flow.Sleep))
    @rule(longer=st.just(0.0) | st.just(0.0) | SECONDS)
    def wake(self, longer: float) -> None:
        """End a pause, possibly later than wanted."""
        assert 0 < self.step.seconds <= policy.LONGEST_RETRY_AFTER
        self.slept_late = self.slept_late or longer > 0
        self.now += self.step.seconds + longer
        self.go_on(None)

    @invariant()
    def promises_are_kept(self) -> None:
        """The pace and the timeout hold, and no task is lost or gets the result of another one."""
        assert self.refused is None
        late = [later - earlier for earlier, later in zip(self.asked, self.asked[120:], strict=False)]
        assert min(late, default=1.0) >= 0.99, self.asked
        for task in self.tasks:
            assert (task.last_status == "done") == (task.guid in self.done)
            assert task.last_status != "lost" or self.missed[task.guid] >= tasks.MISSES
        if self.step is None:
            assert self.now >= self.ends or all(task.last_status != "running" for task in self.tasks)
            assert self.slept_late or self.now <= self.ends + LAST_POLL + 0.01


Calls.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
Waits.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestCalls = Calls.TestCase
TestWaits = Waits.TestCase
