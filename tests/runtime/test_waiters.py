"""Waiting until an object is as wanted; the clock is ours, so nothing here waits."""

import itertools
from types import SimpleNamespace

import pytest

UNKNOWN = "unknown"
REFUSED = "refused"
BROKEN = "broken"


class Clock:
    """Moves when somebody sleeps."""

    now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


class Answers:
    """A portal that answers from a list, the last one again and again."""

    def __init__(self, runtime, script, clock):
        self.errors, self.script, self.clock = runtime.errors, list(script), clock
        self.asked, self.sent = [], []

    def exchange(self, operation, sent, limits=None):
        self.asked.append(self.clock.now)
        self.sent.append([(parameter.name, value) for parameter, value in sent])
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if said == UNKNOWN:
            raise self.errors.NotFound(404, "no such object", operation=operation.place)
        if said == BROKEN:
            raise self.errors.ServerError(500, "crash", operation=operation.place)
        if said == REFUSED:
            raise self.errors.TransportError("It is down.", fix="Start it.")
        return SimpleNamespace(value=said)


def status(word, **more):
    """An object in that status."""
    return {"id": 7, "status": word, **more}


@pytest.fixture
def clock():
    """Time as we want it."""
    return Clock()


@pytest.fixture
def kinds(runtime):
    """Waiters of every kind."""
    a, w = runtime.operation, runtime.waiters
    get = a.OperationSpec(
        "cloudapi.things.get", "POST", "/things/get", (a.ParameterSpec("thingId", "integer", required=True),)
    )
    listing = a.OperationSpec(
        "cloudapi.things.list", "POST", "/things/list", (a.ParameterSpec("accountId", "integer"),)
    )
    running = w.Condition("/status", ("RUNNING",))
    address = w.Condition("/interfaces/*/ipAddress", ("", "Undefined"), negated=True)
    deleted = w.Condition("/status", ("DELETED", "DESTROYED"))
    name = a.ParameterSpec("name", "string", required=True)
    return SimpleNamespace(
        running=w.Waiter("thing_running", get, (running,), failed=("ERROR",)),
        deployed=w.Waiter("thing_deployed", get, (running,), falling=("DEPLOYING",), fallen=("VIRTUAL",)),
        reachable=w.Waiter("thing_reachable", get, (running, address), failed=("ERROR",)),
        deleted=w.Waiter("thing_deleted", get, (deleted,), gone=True),
        listed=w.Waiter("thing_listed", listing, (running,), failed=("ERROR",), entry=(name, "/name")),
    )


@pytest.fixture
def portal(runtime, clock):
    """Makes a portal from what it will answer."""
    return lambda *script: Answers(runtime, script, clock)


@pytest.fixture
def until(runtime, clock):
    """Waits for something on such a portal."""

    def until(portal, waiter, given=None, unknown=(), **options):
        waiters = runtime.waiters.Waiters(portal)
        waiters._driver = runtime.blocking_driver.Driver(sleep=clock.sleep, clock=clock)
        return waiters._until(waiter, {**({"thingId": 7} if given is None else given), **dict(unknown)}, **options)

    return until


def test_it_gives_the_object_as_it_was_last_seen(until, portal, kinds):
    """With all it holds, so that nobody has to ask again."""
    asked = portal(status(""), status("HALTED"), status("RUNNING", name="web"))

    assert until(asked, kinds.running) == status("RUNNING", name="web")
    assert asked.sent == [[("thingId", 7)]] * 3


def test_what_is_as_wanted_already_is_asked_for_once(until, portal, kinds):
    """And nobody sleeps."""
    asked = portal(status("RUNNING"))
    assert until(asked, kinds.running, timeout=0) == status("RUNNING")
    assert asked.asked == [0]


def test_questions_grow_rarer(runtime, until, portal, kinds):
    """A tenth of the time already waited, at most 15 seconds apart, and one at the very end."""
    asked = portal(status("HALTED"))

    with pytest.raises(runtime.portal_errors.WaitTimeout):
        until(asked, kinds.running)

    pauses = [round(after - before, 6) for before, after in itertools.pairwise(asked.asked)]
    assert (pauses[0], max(pauses), asked.asked[-1]) == (0.2, 15, pytest.approx(600))
    assert pauses[:-1] == sorted(pauses[:-1])
    assert len(pauses) < 90


def test_patience_ends_and_says_what_was_last_seen(runtime, until, portal, kinds):
    """The object, how it should have been, for how long, and how it is."""
    with pytest.raises(runtime.portal_errors.WaitTimeout) as caught:
        until(portal(status("HALTED"), status("PAUSED")), kinds.running, timeout=30)

    assert caught.value.what == "Thing 7 is not running after 30 s; last seen: PAUSED."
    assert (caught.value.waiter, caught.value.status, caught.value.timeout) == ("thing_running", "PAUSED", 30)


def test_a_failure_sign_ends_it_at_once(runtime, until, portal, kinds):
    """It would never get there."""
    asked = portal(status(""), status("ERROR"))

    with pytest.raises(runtime.portal_errors.WaitFailed) as caught:
        until(asked, kinds.running)

    assert caught.value.what == "Thing 7 does not become running: it is ERROR."
    assert (caught.value.status, len(asked.asked)) == ("ERROR", 2)


def test_to_fall_back_is_a_failure_sign(runtime, until, portal, kinds):
    """Only after it had begun: before, it is just where it comes from."""
    virtual, deploying = status("VIRTUAL"), status("DEPLOYING")

    with pytest.raises(
        runtime.portal_errors.WaitFailed, match=r"Thing 7 does not become deployed: it fell back to VIRTUAL\."
    ):
        until(portal(virtual, deploying, deploying, virtual), kinds.deployed)
    assert until(portal(virtual, virtual, deploying, status("RUNNING")), kinds.deployed) == status("RUNNING")


@pytest.mark.parametrize(
    ("interfaces", "seen"),
    [
        ([], "RUNNING, ipAddress not set"),
        ([{"ipAddress": "Undefined"}], "RUNNING, ipAddress Undefined"),
        ([{"ipAddress": ""}], "RUNNING, ipAddress not set"),
        ([{"ipAddress": None}, {}], "RUNNING, ipAddress not set"),
        (None, "RUNNING, ipAddress not set"),
        ("odd", "RUNNING, ipAddress not set"),
    ],
)
def test_all_conditions_have_to_hold(runtime, until, portal, kinds, interfaces, seen):
    """The error names the one that does not."""
    with pytest.raises(runtime.portal_errors.WaitTimeout) as caught:
        until(portal(status("RUNNING", interfaces=interfaces)), kinds.reachable, timeout=1)

    assert caught.value.what == f"Thing 7 is not reachable after 1 s; last seen: {seen}."
    assert caught.value.status == "RUNNING"


def test_one_element_is_enough(until, portal, kinds):
    """One interface with an address."""
    ready = status("RUNNING", interfaces=[{"ipAddress": "Undefined"}, {"ipAddress": "192.168.103.2"}])

    assert until(portal(status("RUNNING", interfaces=[]), ready), kinds.reachable) == ready


@pytest.mark.parametrize("last", [UNKNOWN, status("DELETED"), status("DESTROYED")])
def test_what_is_deleted_may_be_gone_or_in_the_bin(until, portal, kinds, last):
    """An ordinary user gets 404, an administrator a record; either way there is nothing to give."""
    assert until(portal(status("RUNNING"), last), kinds.deleted) is None
    assert until(portal(last), kinds.deleted) is None


def test_what_never_was_is_not_found(runtime, until, portal, kinds):
    """A wrong id is the portal's own 404."""
    with pytest.raises(runtime.errors.NotFound):
        until(portal(UNKNOWN), kinds.running)


def test_what_goes_away_meanwhile_has_failed(runtime, until, portal, kinds):
    """It had been there."""
    with pytest.raises(runtime.portal_errors.WaitFailed, match="Thing 7 does not become running: it is gone"):
        until(portal(status("HALTED"), UNKNOWN), kinds.running)


def test_an_entry_of_a_list_is_waited_for(until, portal, kinds):
    """The one that the caller names; until it is listed there is nothing to see."""
    done = {"id": 2, "name": "gold", "status": "RUNNING"}
    asked = portal([], [{"id": 1, "name": "other", "status": "RUNNING"}], [{**done, "status": "CREATING"}], [done])
    told = []

    given = {"name": "gold", "accountId": 3}
    assert until(asked, kinds.listed, given, on_progress=told.append) == done
    assert asked.sent[0] == [("accountId", 3)]
    assert [each.status for each in told] == ["not listed", "not listed", "CREATING", "RUNNING"]


def test_of_several_entries_the_newest_is_meant(runtime, until, portal, kinds):
    """An older one of the same name may be finished since long."""
    old, new = ({"id": number, "name": "gold", "status": word} for number, word in ((1, "RUNNING"), (2, "ERROR")))

    for listed in ([old, new], [new, old]):
        with pytest.raises(runtime.portal_errors.WaitFailed, match="Thing gold does not become listed: it is ERROR"):
            until(portal(listed), kinds.listed, {"name": "gold"})


def test_a_portal_that_restarts_is_waited_for(runtime, until, portal, kinds, clock):
    """Refused connections are retried until the timeout; then WaitTimeout has the last error as its cause."""
    assert until(portal(REFUSED, status("HALTED"), REFUSED, status("RUNNING")), kinds.running)
    begun = clock.now

    with pytest.raises(runtime.portal_errors.WaitTimeout) as caught:
        until(portal(REFUSED), kinds.running, timeout=30)

    assert clock.now - begun == pytest.approx(30)
    assert caught.value.what.endswith("last seen: no answer; the last poll failed: It is down.")
    assert isinstance(caught.value.__cause__, runtime.errors.TransportError)


def test_other_errors_are_not_ridden_out(runtime, until, portal, kinds):
    """They would hide what is wrong."""
    with pytest.raises(runtime.errors.ServerError):
        until(portal(status("HALTED"), BROKEN, status("RUNNING")), kinds.running)


def test_progress_is_told_after_each_question(until, portal, kinds):
    """Seconds, questions and the status last seen."""
    told = []

    until(portal(REFUSED, status("HALTED"), status("RUNNING")), kinds.running, on_progress=told.append)

    assert [(round(each.elapsed, 2), each.polls, each.status) for each in told] == [
        (0, 1, ""),
        (0.2, 2, "HALTED"),
        (0.4, 3, "RUNNING"),
    ]


@pytest.mark.parametrize("odd", [None, [], "text", 5, {}, {"status": None}, {"status": ["RUNNING"]}, {"status": 5}])
def test_an_odd_answer_is_not_what_is_wanted(runtime, until, portal, kinds, odd):
    """Nothing is guessed, and nothing breaks."""
    for waiter, given in ((kinds.reachable, {"thingId": 7}), (kinds.listed, {"name": "gold"})):
        with pytest.raises(runtime.portal_errors.WaitTimeout, match=r"last seen: \S+"):
            until(portal(odd), waiter, given, timeout=0)


def test_a_hostile_status_is_shown_harmlessly(runtime, until, portal, kinds):
    """One line, whatever the portal says."""
    with pytest.raises(runtime.portal_errors.WaitTimeout) as caught:
        until(portal(status("\x1b[2J\nHALTED")), kinds.running, timeout=0)

    assert str(caught.value).isprintable()


def test_nothing_is_asked_with_a_wrong_argument(runtime, until, portal, kinds):
    """As of every call: names are TypeErrors, values ArgumentErrors."""
    asked = portal(status("RUNNING"))

    with pytest.raises(TypeError, match=r"wait.thing_running\(\) got .* 'thingID'. Did you mean 'thingId'"):
        until(asked, kinds.running, unknown={"thingID": 7})
    with pytest.raises(TypeError, match="Did you mean 'timeout'"):
        until(asked, kinds.running, unknown={"time_out": 7})
    with pytest.raises(runtime.errors.ArgumentError, match=r"wait.thing_running\(\) can't send 'x' for 'thingId'"):
        until(asked, kinds.running, {"thingId": "x"})
    with pytest.raises(runtime.errors.ArgumentError, match="needs a value for 'name'"):
        until(asked, kinds.listed, {"name": None})
    for timeout in (float("nan"), "10", None, True):
        with pytest.raises(runtime.errors.ArgumentError, match="can't wait that long"):
            until(asked, kinds.running, timeout=timeout)
    assert asked.asked == []


def test_an_unknown_waiter_is_an_attribute_error(runtime, portal):
    """Which names those that are there."""
    kind = type("Waiters", (runtime.waiters.Waiters,), {"thing_running": None, "thing_deleted": None})

    with pytest.raises(AttributeError, match=r"no waiter 'thing_runing'\. Did you mean 'thing_running'"):
        kind(portal(None)).thing_runing  # noqa: B018
    with pytest.raises(AttributeError, match=r"no waiter 'x'\. It has: thing_deleted, thing_running"):
        kind(portal(None)).x  # noqa: B018


def test_what_an_answer_means_needs_no_portal(runtime, kinds):
    """A function of the waiter, the answer, and what was seen before."""
    meaning = runtime.waiters.meaning

    assert meaning(kinds.running, status("HALTED")) == ("waiting", "HALTED", status("HALTED"), "HALTED")
    assert meaning(kinds.deployed, status("VIRTUAL"), ["DEPLOYING"])[:2] == ("failed", "VIRTUAL")
    assert meaning(kinds.deleted, runtime.waiters.GONE)[:2] == ("done", "gone")
