"""Background calls, with the portal's quirks."""

import json
import uuid

import pytest

from ovcgen.simulator import DEMO, LOGINS, Simulator
from ovcgen.simulator.operation_call import Outcome
from ovcgen.simulator.state_records import TaskRecord
from ovcgen.simulator.tasks import KEPT, NEVER, UnknownTasks, submit

NEW = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": 1, "disksize": 10}
CREATE, LOOK, KILL = "/cloudapi/machines/create", "/system/task/get", "/system/task/kill"


def start(visitor, path, **values):
    """The guid of a background call."""
    return visitor.value(path, **values, _async="1")


def test_a_task_runs_and_ends(alice, clock):
    """202 without a body or content type, then the pair."""
    guid = start(alice, CREATE, **NEW)
    running = alice.post(LOOK, taskguid=guid)
    clock.sleep(DEMO.create)

    assert uuid.UUID(guid).version == 4
    assert (running.status, running.kind, running.text) == (202, "", "")
    assert alice.value(LOOK, taskguid=guid) == [True, 2]


def test_without_a_task_the_call_blocks(alice, clock):
    """By our clock."""
    before = clock()

    assert alice.value(CREATE, **NEW) == 2
    assert clock() - before == DEMO.create


@pytest.mark.parametrize("value", ["1", "0", "False", "", "True"])
def test_the_presence_of_async_decides(alice, value):
    """Whatever its value is, on reads too."""
    guid = alice.value("/cloudapi/cloudspaces/list", _async=value)

    assert alice.value(LOOK, taskguid=guid)[0] is True


def test_parameters_and_login_are_checked_at_once(alice, guest):
    """Before the call becomes a task."""
    assert alice.post(CREATE, _async="1").status == 400
    assert guest.post(CREATE, _async="1").status == 401


def test_a_refused_task_never_ends(alice, clock):
    """A portal exception escapes the wrapper that notes the end."""
    guid = start(alice, CREATE, **{**NEW, "name": "web1"})
    clock.sleep(100_000)

    assert alice.post(CREATE, **{**NEW, "name": "web1"}).status == 409
    assert alice.post(LOOK, taskguid=guid).status == 202


def test_an_unknown_object_ends_a_task_badly(alice):
    """With a long text."""
    ok, text = alice.value(LOOK, taskguid=start(alice, "/cloudapi/machines/get", machineId=99))

    assert ok is False
    assert "Could not find 99 of type vmachine" in text


def test_a_crash_ends_a_task_badly(alice):
    """What would have been a 500."""
    guid = start(alice, CREATE, **{**NEW, "name": "  "})

    assert alice.value(LOOK, taskguid=guid) == [False, "Crash: empty name"]


def test_a_file_can_not_be_the_result_of_a_task(alice):
    """It is no text."""
    guid = start(alice, "/cloudapi/cloudspaces/getOpenvpnConfig", cloudspaceId=1)

    assert alice.value(LOOK, taskguid=guid)[0] is False


def test_a_result_is_kept_for_ten_minutes(alice, clock):
    """From the end, not from the start."""
    guid = start(alice, CREATE, **NEW)
    clock.sleep(DEMO.create + 600)
    assert alice.value(LOOK, taskguid=guid) == [True, 2]

    clock.sleep(1)
    reply = alice.post(LOOK, taskguid=guid)
    assert (reply.status, reply.value) == (404, "Task is not found")


def test_a_killed_task_never_ends(alice, clock):
    """And can be killed again."""
    guid = start(alice, CREATE, **NEW)

    assert alice.post(KILL, taskguid=guid).text == "null"
    clock.sleep(100)
    assert alice.post(LOOK, taskguid=guid).status == 202
    assert alice.post(KILL, taskguid=guid).text == "null"


def test_an_ended_or_unknown_task_can_not_be_killed(alice):
    """404."""
    guid = start(alice, "/cloudapi/accounts/list")

    assert alice.post(KILL, taskguid=guid).status == 404
    assert alice.post(KILL, taskguid="x").status == 404


def test_anybody_may_look_at_a_task(alice, bob):
    """A guid is all it takes."""
    guid = start(alice, "/cloudapi/accounts/list")

    assert bob.value(LOOK, taskguid=guid)[0] is True


def test_old_tasks_are_forgotten(alice, simulator, clock):
    """A portal that runs for long does not grow."""
    for _ in range(300):
        start(alice, "/cloudapi/accounts/list")
    clock.sleep(1000)
    for _ in range(300):
        start(alice, "/cloudapi/accounts/list")

    assert len(simulator.state.tasks) < 512


def test_a_release_without_tasks_ignores_async(pinned, clock):
    """The call runs at once and answers its result."""
    from ovcgen.simulator.parameters import FORM
    from ovcgen.simulator.request import HttpRequest

    simulator = Simulator(*pinned("2.1.6"), clock=clock, sleep=clock.sleep)
    body = f"_async=1&authkey={simulator.auth_secrets.portal}".encode()
    headers = (("accept", "application/json"), ("content-type", FORM))

    answer = simulator.answer(HttpRequest("POST", "/restmachine/cloudapi/accounts/list", "", headers, body))
    assert isinstance(json.loads(answer.body), list)
    assert simulator.answer(HttpRequest("POST", "/restmachine/system/task/get", "", headers, body)).status == 404


@pytest.fixture
def fixed(pinned, clock, visitor):
    """Alice at a portal whose tasks tell how they failed."""
    simulator = Simulator(*pinned("2.4.5"), clock=clock, sleep=clock.sleep, pace=DEMO, tasks="fixed")
    return visitor(simulator, LOGINS.username)


def test_a_fixed_portal_tells_what_a_task_was_refused_with(fixed):
    """As the synchronous call would have."""
    refused = {**NEW, "name": "web1"}

    assert fixed.value(LOOK, taskguid=start(fixed, CREATE, **refused)) == [False, fixed.post(CREATE, **refused).value]


def test_a_fixed_portal_tells_that_a_task_was_killed(fixed):
    """It has ended, so it can't be killed again."""
    guid = start(fixed, CREATE, **NEW)

    assert fixed.post(KILL, taskguid=guid).text == "null"
    assert fixed.value(LOOK, taskguid=guid) == [False, "The task was killed"]
    assert fixed.post(KILL, taskguid=guid).status == 404


def test_there_are_two_task_modes(pinned):
    """It names both."""
    with pytest.raises(UnknownTasks) as refused:
        Simulator(*pinned("2.4.5"), tasks="broken")
    assert refused.value.what == "There is no task mode named broken."
    assert "faithful or fixed" in refused.value.fix


def test_tasks_that_never_end_are_forgotten_at_last(simulator):
    """Thousands later: a portal that runs for long does not grow by them, either."""
    simulator.state.tasks.update({f"old {number}": TaskRecord(None, NEVER) for number in range(KEPT + 255)})
    guid = submit(simulator.state, lambda: Outcome(1), now=0.0)

    assert len(simulator.state.tasks) == KEPT + 1
    assert "old 254" not in simulator.state.tasks
    assert simulator.state.tasks.keys() >= {"old 255", guid}
