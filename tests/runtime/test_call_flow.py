"""A call decides correctly what to do after each failure; its flow is driven without sockets or sleeping."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.runtime import call_flow, errors, policy, portal_errors
from ovcgen.runtime.auth import NoAuth
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.policy import TABLE, CallLimits, Decision, Failure, Moment, Quota

DATE = "Mon, 30 Nov 2026 10:00:00 GMT"


def answered(status: int = 200, body: bytes = b'"words"', **headers: str) -> requests.Response:
    """Return a complete response."""
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    response.request = requests.Request("POST", "http://portal.example/act").prepare()
    response.url = "http://portal.example/act"
    response._content = body
    return response


EXAMPLES = {
    Moment.UNSENDABLE: Failure("invalid", Moment.UNSENDABLE),
    Moment.NOT_SENT: Failure("refused", Moment.NOT_SENT),
    Moment.NOT_TRUSTED: Failure("TLS", Moment.NOT_TRUSTED),
    Moment.SENT: Failure("reset", Moment.SENT),
    Moment.CUT_OFF: Failure("reset", Moment.CUT_OFF, status=200),
    Moment.UNREADABLE: Failure("too large", Moment.UNREADABLE, status=200),
    Moment.LIMITED: answered(429),
    Moment.PROXY_LOGIN: answered(407),
    Moment.UNAVAILABLE: answered(503, Content_Type="application/json"),
    Moment.UNAVAILABLE_UNTIL: answered(503, Retry_After="1"),
    Moment.GATEWAY: answered(504),
    Moment.LOGIN_ENDED: answered(401),
    Moment.ANSWERED: answered(409),
    Moment.SUCCEEDED: answered(),
}


class Driven:
    """Drives one call without I/O: outcomes are given in order, and sleeping only moves the clock.

    Attributes:
        now: The time.
        sends: The Send steps of the call.
        sleeps: The seconds of its Sleep steps.
    """

    def __init__(
        self, *outcomes: Any, retry: str = "read", takes: float = 0.0, jitter: float = 1.0, **given: Any
    ) -> None:
        self.now = 0.0
        self.sends: list[call_flow.Send] = []
        self.sleeps: list[float] = []
        self.shares: list[call_flow.RunShared] = []
        self.quota = given.pop("quota", Quota())
        self._outcomes = list(outcomes)
        self._takes = takes
        self._signer = given.pop("signer", NoAuth())
        operation = OperationSpec("cloudapi.machines.act", "POST", "/act", retry=retry)
        service: Any = SimpleNamespace(root="http://portal.example", quota=self.quota, advice=lambda _: "")
        world = call_flow.World(lambda: self.now, lambda: jitter)
        request = requests.Request("POST", "http://portal.example/act").prepare()
        self._flow = call_flow.call(service, operation, request, self._signer, CallLimits(**given), world, self.read)

    def read(self, _operation: OperationSpec, response: requests.Response) -> requests.Response:
        """Return every response unchanged, and raise DecodeError for one that is cut off."""
        if response.content == b"cut o":
            raise errors.DecodeError("no JSON", fix="look")
        return response

    def run(self) -> Any:
        """Carry out the call and return its result; the last outcome is repeated."""
        step: Any = next(self._flow)
        while True:
            outcome = None
            if isinstance(step, call_flow.Send):
                self.sends.append(step)
                self.now = max(self.now, min(self.now + self._takes, step.deadline))
                outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
            elif isinstance(step, call_flow.Sleep):
                self.sleeps.append(step.seconds)
                self.now += step.seconds
            else:
                self.shares.append(step)
                outcome = call_flow.SharedOutcome(None, step.deadline)
            try:
                step = self._flow.send(outcome)
            except StopIteration as end:
                return end.value[1]


@pytest.mark.parametrize("kind", policy.CLASSES)
@pytest.mark.parametrize("moment", Moment)
def test_a_call_does_what_the_table_says(moment: Moment, kind: str) -> None:
    """Each failure is followed by a retry, OutcomeUnknown or another error, as TABLE says."""
    driven = Driven(EXAMPLES[moment], retry=kind)
    decision = TABLE[moment][kind]
    if decision is Decision.RETURN:
        assert driven.run().status_code == 200
    else:
        with pytest.raises(errors.ClientError) as caught:
            driven.run()
        assert isinstance(caught.value, errors.OutcomeUnknown) == (decision is Decision.UNKNOWN)
    assert len(driven.sends) == (3 if decision is Decision.RETRY else 1)


def test_a_creating_call_is_never_sent_after_it_may_have_been() -> None:
    """TABLE never repeats a creating or converging call that the service may have carried out."""
    maybe = (Moment.SENT, Moment.CUT_OFF, Moment.UNREADABLE, Moment.GATEWAY)
    assert {TABLE[moment][kind] for moment in maybe for kind in ("creating", "converging")} == {Decision.UNKNOWN}


def test_pauses_double_and_are_shuffled() -> None:
    """The pauses are 0.5 s, 1 s, 2 s and so on up to 20 s, each times a random number."""
    driven = Driven(EXAMPLES[Moment.SENT], retries=8, jitter=1.0)
    with pytest.raises(errors.TransportError):
        driven.run()
    assert driven.sleeps == [0.5, 1, 2, 4, 8, 16, 20, 20]
    assert policy.backoff(3, 0.25) == 1.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"Retry_After": "7"}, 7, id="seconds"),
        pytest.param({"Retry_After": "3600"}, 30, id="capped"),
        pytest.param({"Retry_After": "9" * 400}, 0.5, id="absurd"),
        pytest.param({"Retry_After": "-5"}, 0.5, id="negative"),
        pytest.param({"Retry_After": "soon"}, 0.5, id="garbage"),
        pytest.param({"Retry_After": "Mon, 30 Nov 2026 10:00:12 GMT", "Date": DATE}, 12, id="a date"),
        pytest.param({"Retry_After": "Mon, 30 Nov 2026 09:00:00 GMT", "Date": DATE}, 0, id="a date in the past"),
        pytest.param({"Retry_After": "Mon, 30 Nov 2026 10:00:12 GMT"}, 0.5, id="a date without the server's time"),
    ],
)
def test_retry_after_is_followed_within_reason(headers: dict[str, str], seconds: float) -> None:
    """Retry-After is followed for at most 30 s, as seconds or as a date; invalid values are ignored."""
    driven = Driven(answered(429, **headers), answered(), retry="creating")
    assert driven.run().status_code == 200
    assert driven.sleeps == [seconds]


def test_rate_limited_says_how_long() -> None:
    """`RateLimited.retry_after` has the full time that the service asked for, without the cap of 30 s."""
    with pytest.raises(errors.RateLimited) as caught:
        Driven(answered(429, Retry_After="3600"), retries=0).run()
    assert caught.value.retry_after == 3600


def test_nothing_is_sent_after_the_deadline() -> None:
    """No request is sent after the deadline, and no pause starts that would end after it."""
    driven = Driven(EXAMPLES[Moment.SENT], takes=4.0, timeout=10.0, retries=50)
    with pytest.raises(errors.TransportError):
        driven.run()
    assert (len(driven.sends), driven.now) == (3, 10.0)


def test_retries_take_from_a_quota() -> None:
    """A retry takes 5 of 500 tokens, or 10 after a timeout, and needs them; a success gives tokens back."""
    quota = Quota()
    Driven(Failure("late", Moment.SENT, timed_out=True), EXAMPLES[Moment.SENT], answered(), quota=quota).run()
    assert quota.left == 490
    Driven(answered(), quota=quota).run()
    assert quota.left == 491
    quota.left = 4
    driven = Driven(EXAMPLES[Moment.SENT], quota=quota)
    with pytest.raises(errors.TransportError):
        driven.run()
    assert (len(driven.sends), quota.left) == (1, 4)


def test_calls_that_are_no_reads_want_a_fresh_connection() -> None:
    """A call that is no read uses no connection that was idle for over 1 s, because the peer may have closed it."""
    by_kind = {}
    for kind in policy.CLASSES:
        driven = Driven(answered(), retry=kind)
        driven.run()
        by_kind[kind] = (driven.sends[0].idle, driven.sends[0].patience)
    assert by_kind == {"read": (float("inf"), 60.0), "converging": (1.0, 300.0), "creating": (1.0, 300.0)}


def test_a_read_that_may_be_cut_off_is_sent_once_more() -> None:
    """A read whose answer can't be decoded is repeated once if no Content-Length shows that it is complete."""
    assert Driven(answered(body=b"cut o"), answered()).run().content == b'"words"'
    for cut, sends in ((answered(body=b"cut o"), 2), (answered(body=b"cut o", Content_Length="5"), 1)):
        driven = Driven(cut)
        with pytest.raises(errors.DecodeError):
            driven.run()
        assert len(driven.sends) == sends


class Renewable(NoAuth):
    """A login with a key that can be renewed; it counts the keys that were wanted."""

    def __init__(self) -> None:
        self.key = 0
        self.wanted = 1

    def missing(self, _request: Any) -> tuple[call_flow.Need, ...]:
        """Return the need to log in, unless the newest key is there."""
        return () if self.key >= self.wanted else (call_flow.Need(self, self.log_in),)

    def log_in(self, _world: Any, _deadline: float) -> Any:
        """Raise NotImplementedError: these tests never carry out a login."""
        raise NotImplementedError

    def sign(self, request: Any) -> Any:
        """Put the number of the key into the Authorization header."""
        request.headers["Authorization"] = str(self.key)
        return request

    def refuse(self, _request: Any) -> bool:
        """Want another key, and return True so that the call is repeated."""
        self.wanted += 1
        return True


@pytest.mark.parametrize(("status", "refusal"), [(401, errors.Unauthorized), (419, portal_errors.AuthExpired)])
@pytest.mark.parametrize("kind", policy.CLASSES)
def test_a_call_logs_in_again_once(status: int, refusal: type[errors.ApiError], kind: str) -> None:
    """Every call is repeated once after a refused login, because the service did not carry it out."""
    driven = Driven(answered(status), retry=kind, signer=Renewable())
    with pytest.raises(refusal) as caught:
        driven.run()
    assert (caught.value.status, len(driven.sends), len(driven.shares)) == (status, 2, 2)
    driven = Driven(answered(status), answered(), retry=kind, signer=Renewable())
    assert driven.run().status_code == 200


def test_a_login_of_somebody_with_less_time_is_tried_again() -> None:
    """A shared login failure is raised, unless its login had an earlier deadline than the waiting call."""
    world = call_flow.World(lambda: 5.0, lambda: 0.0)
    failed = errors.TransportError("late", fix="wait")
    flow = call_flow.log_in((call_flow.Need("key", Renewable().log_in),), 10.0, world)
    assert next(flow) == flow.send(call_flow.SharedOutcome(failed, 5.0))
    with pytest.raises(errors.TransportError):
        flow.send(call_flow.SharedOutcome(failed, 9.0))


OUTCOMES = st.sampled_from(list(EXAMPLES.values()))


@settings(max_examples=500)
@given(
    outcomes=st.lists(OUTCOMES, min_size=1, max_size=12),
    kind=st.sampled_from(policy.CLASSES),
    takes=st.floats(0, 40),
    jitter=st.floats(0, 1),
    retries=st.integers(0, 6),
    timeout=st.floats(0.1, 400),
    renewable=st.booleans(),
)
def test_whatever_fails_whenever(
    outcomes: list[Any], kind: str, takes: float, jitter: float, retries: int, timeout: float, renewable: bool
) -> None:
    """Whatever fails, a changing call that may have been carried out is not repeated, and no timeout is exceeded."""
    driven = Driven(
        *outcomes,
        retry=kind,
        takes=takes,
        jitter=jitter,
        retries=retries,
        timeout=timeout,
        signer=Renewable() if renewable else NoAuth(),
    )
    error = None
    try:
        driven.run()
    except errors.ClientError as caught:
        error = caught
    given = [*outcomes, *[outcomes[-1]] * 20][: len(driven.sends)]
    maybe = [
        any(each is EXAMPLES[moment] for moment in (Moment.SENT, Moment.CUT_OFF, Moment.GATEWAY)) for each in given
    ]
    if kind != "read":
        assert not any(maybe[:-1])
        assert isinstance(error, errors.OutcomeUnknown) == (maybe[-1] or given[-1] is EXAMPLES[Moment.UNREADABLE])
    assert driven.now <= timeout
    assert len(driven.sends) <= 2 * (retries + 1)
    assert all(send.deadline == timeout for send in driven.sends)
