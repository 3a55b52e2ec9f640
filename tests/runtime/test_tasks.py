"""Long calls as tasks, with the portal's real quirks; the clock is ours, so nothing here waits."""

import itertools
from types import SimpleNamespace

import pytest

GUID = "0e1f9e5a-6c1d-4b6b-8b1f-2f4e7f0d9a11"
BUSY = (202, None)
UNKNOWN = 404
GONE = "refused"


class Clock:
    """Moves when somebody sleeps."""

    now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


class Answers:
    """A portal that answers questions about tasks from lists, the last one again and again."""

    def __init__(self, runtime, scripts, clock):
        self.runtime, self.scripts, self.clock = runtime, scripts, clock
        self.asked, self.kills = [], []
        self.objects = {}  # what it answers to other operations

    def exchange(self, operation, sent, limits=None):
        if operation.name in self.objects:
            return self.answer(operation, self.objects[operation.name])
        [(_, guid)] = sent
        self.asked.append((self.clock.now, guid))
        script = self.scripts[guid]
        return self.answer(operation, script.pop(0) if len(script) > 1 else script[0])

    def answer(self, operation, said):
        if said == UNKNOWN:
            raise self.runtime.errors.NotFound(404, "Task is not found", operation=operation.place)
        if said == GONE:
            raise self.runtime.errors.TransportError("gone", fix="repeat")
        status, value = said if isinstance(said, tuple) else (200, said)
        return SimpleNamespace(status=status, value=value)

    def call(self, operation, arguments):
        self.kills.append((operation.name, arguments["taskguid"]))
        if self.scripts[arguments["taskguid"]] == [UNKNOWN]:
            raise self.runtime.errors.NotFound(404, "Task is not found", operation=operation.place)


@pytest.fixture
def clock():
    """Time as we want it."""
    return Clock()


@pytest.fixture
def tasks(runtime, clock):
    """Makes tasks of one portal, each from what it will answer."""

    def tasks(*scripts):
        named = {f"{number}-{GUID}": list(script) for number, script in enumerate(scripts)}
        portal = Answers(runtime, named, clock)
        made = [runtime.tasks.Task(portal, guid) for guid in named]
        for task in made:
            task._driver = runtime.blocking_driver.Driver(sleep=clock.sleep, clock=clock)
        return made

    return tasks


@pytest.fixture
def task(tasks):
    """Makes one task."""
    return lambda *script: tasks(script)[0]


def times(task):
    """When it was asked for."""
    return [when for when, guid in task._portal.asked if guid == task.guid]


def test_a_task_returns_what_the_call_returned(task):
    """The second element of the pair is the value."""
    assert task(BUSY, BUSY, (200, [True, 42])).result() == 42


@pytest.mark.parametrize("value", [None, False, [], "text", {"a": 1}])
def test_a_task_returns_any_value(task, value):
    """Null and false are values."""
    assert task((200, [True, value])).result() == value


def test_a_failed_task_raises_the_portals_words(runtime, task):
    """The portal's own text reaches the user; asking again does not change it, and asks nobody."""
    failed = task((200, [False, "no capacity"]))
    for _ in range(2):
        with pytest.raises(runtime.portal_errors.TaskFailed, match="no capacity") as caught:
            failed.result()
        assert (caught.value.guid, caught.value.message) == (failed.guid, "no capacity")
    assert len(times(failed)) == 1


def test_patience_ends(runtime, task, clock):
    """A task may answer 202 for ever; we do not wait for ever."""
    endless = task(BUSY)
    with pytest.raises(runtime.portal_errors.TaskTimeout, match="is still running after 30 s"):
        endless.result(timeout=30)
    assert (clock.now, times(endless)[-1]) == (30, 30)


def machine(runtime):
    """Waiters of a machine, as a portal's `wait` has them, and the call that has started a task on it."""
    w, a = runtime.waiters, runtime.operation
    get = a.OperationSpec(
        "cloudapi.machines.get", "POST", "/machines/get", (a.ParameterSpec("machineId", "integer", required=True),)
    )
    start = a.OperationSpec("cloudapi.machines.start", "POST", "/machines/start", get.parameters)
    running = w.Waiter("machine_running", get, (w.Condition("/status", ("RUNNING",)),))
    return SimpleNamespace(_known=(running,)), start


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        pytest.param({"status": "HALTED"}, "Machine 12 is HALTED", id="its status"),
        pytest.param(UNKNOWN, "Machine 12 is gone", id="no such object"),
        pytest.param(GONE, "", id="no answer"),
        pytest.param("nonsense", "", id="no status"),
    ],
)
def test_the_end_of_patience_says_what_the_object_looks_like(runtime, task, clock, answer, seen):
    """The error of a task that is still running describes the object whose id was an argument of its call."""
    endless = task(BUSY)
    endless._portal.wait, start = machine(runtime)
    endless._portal.objects["cloudapi.machines.get"] = answer
    endless._call = (start, {"machineId": 12})
    with pytest.raises(runtime.portal_errors.TaskTimeout) as caught:
        endless.result(timeout=30)
    assert (caught.value.seen, clock.now) == (seen, 30)
    assert caught.value.what == f"Task {endless.guid} is still running after 30 s.{seen and f' {seen}.'}"
    with pytest.raises(runtime.portal_errors.TaskTimeout) as late:
        next(runtime.tasks.as_completed([endless], timeout=3))
    assert late.value.seen == seen


@pytest.mark.parametrize(
    ("name", "ids"), [("cloudapi.machines.create", {"cloudspaceId": 1}), ("cloudapi.disks.move", {"machineId": 12})]
)
def test_a_call_about_another_object_is_not_looked_at(runtime, task, name, ids):
    """No object is described if the call was not given its id, or belongs to another actor."""
    endless = task(BUSY)
    endless._portal.wait, _ = machine(runtime)
    endless._call = (runtime.operation.OperationSpec(name, "POST", "/act"), ids)
    with pytest.raises(runtime.portal_errors.TaskTimeout) as caught:
        endless.result(timeout=0)
    assert caught.value.seen == ""


@pytest.mark.parametrize(
    ("answer", "said"), [(GONE, "gone"), (UNKNOWN, "POST /system/task/get answered 404: Task is not found")]
)
def test_the_end_of_patience_says_how_the_last_question_failed(runtime, task, answer, said):
    """The error of a task that is still running has the error of the last poll in its text and as its cause."""
    with pytest.raises(runtime.portal_errors.TaskTimeout) as caught:
        task(answer).result(timeout=0.1)
    assert caught.value.what.endswith(f"is still running after 0.1 s; the last poll failed: {said}.")
    assert caught.value.__cause__ is not None


def test_after_patience_has_ended_it_can_be_asked_again(runtime, task):
    """It may have been slow only."""
    slow = task(BUSY, BUSY, BUSY, (200, [True, "done"]))
    with pytest.raises(runtime.portal_errors.TaskTimeout):
        slow.result(timeout=0.3)
    assert (slow.status(), slow.result()) == ("done", "done")


def test_no_patience_is_one_question(runtime, task):
    """Zero seconds: as it stands now."""
    endless = task(BUSY)
    with pytest.raises(runtime.portal_errors.TaskTimeout):
        endless.result(timeout=0)
    assert times(endless) == [0]
    assert task((200, [True, 1])).result(timeout=0) == 1


def test_questions_grow_rarer(runtime, task):
    """Quick at first, then a tenth of the time already waited, at most 15 seconds apart."""
    endless = task(BUSY)
    with pytest.raises(runtime.portal_errors.TaskTimeout):
        endless.result(timeout=600)
    pauses = [round(after - before, 6) for before, after in itertools.pairwise(times(endless))]
    assert pauses[0] == pytest.approx(0.2)
    assert max(pauses) == pytest.approx(15)
    assert pauses[:-1] == sorted(pauses[:-1])
    assert len(pauses) < 90


def test_a_task_is_lost_when_it_is_unknown_three_times(runtime, task):
    """At least a second apart: the result may be on its way to the store."""
    lost = task(BUSY, UNKNOWN)
    with pytest.raises(runtime.portal_errors.TaskLost, match="does not know task"):
        lost.result()
    assert times(lost)[-1] - times(lost)[1] >= 2
    assert lost.status() == "lost"


def test_one_unknown_proves_nothing(task):
    """Nor do two."""
    assert task(UNKNOWN, UNKNOWN, (200, [True, 1])).result() == 1


def test_running_after_all_forgets_the_misses(task):
    """Behind a balancer one portal knows the task and the other does not."""
    assert task(*[UNKNOWN, BUSY] * 20, (200, [True, 1])).result() == 1


def test_asking_in_a_hurry_loses_no_task(task):
    """Three misses within a moment are one."""
    hurried = task(UNKNOWN)
    assert [hurried.status() for _ in range(10)] == ["running"] * 10


def test_a_portal_that_restarts_is_waited_for(runtime, task, clock):
    """Refused connections are retried until the timeout; then TaskTimeout has the last error as its cause."""
    assert task(BUSY, GONE, GONE, GONE, (200, [True, 1])).result() == 1
    begun = clock.now
    with pytest.raises(runtime.portal_errors.TaskTimeout) as caught:
        task(GONE).result(timeout=30)
    assert clock.now - begun == 30
    assert isinstance(caught.value.__cause__, runtime.errors.TransportError)


@pytest.mark.parametrize(
    "value", [None, True, [True], [False], [], [True, 1, 2], [1, 2], ["true", 1], [False, None], {"a": 1}, "202", 202]
)
def test_an_answer_of_another_shape_is_no_result(runtime, task, value):
    """Nothing is guessed."""
    with pytest.raises(runtime.errors.DecodeError, match="something else than a result"):
        task((200, value)).result()


def test_progress_is_told_after_each_question(task):
    """Seconds, questions and status."""
    told = []
    value = task(BUSY, BUSY, (200, [True, 7])).wait(on_progress=told.append)
    assert value == 7
    assert [(round(each.elapsed, 2), each.polls, each.status) for each in told] == [
        (0, 1, "running"),
        (0.2, 2, "running"),
        (0.4, 3, "done"),
    ]


def test_done_asks_once(task):
    """And not at all when it is known."""
    soon = task(BUSY, (200, [False, "no"]))
    assert [soon.done(), soon.done(), soon.done()] == [False, True, True]
    assert len(times(soon)) == 2


def test_an_exception_is_given_instead_of_raised(runtime, task):
    """As a future does it; a timeout still raises."""
    assert isinstance(task((200, [False, "no"])).exception(), runtime.portal_errors.TaskFailed)
    assert isinstance(task(UNKNOWN).exception(), runtime.portal_errors.TaskLost)
    assert task((200, [True, 1])).exception() is None
    with pytest.raises(runtime.portal_errors.TaskTimeout):
        task(BUSY).exception(timeout=1)


def test_a_killed_task_is_over(runtime, task):
    """The portal answers 202 for ever; we know better, and ask no more."""
    victim = task(BUSY)
    assert (victim.kill(), victim.kill(), victim.status()) == (True, True, "killed")
    with pytest.raises(runtime.portal_errors.TaskFailed, match="it was killed"):
        victim.result()
    assert victim._portal.kills == [("system.task.kill", victim.guid)]
    assert times(victim) == []


def test_what_does_not_run_is_not_killed(task):
    """Unknown to the portal, or ended long ago."""
    assert task(UNKNOWN).kill() is False
    ended = task((200, [True, 1]))
    ended.result()
    assert (ended.kill(), ended._portal.kills, ended.result()) == (False, [], 1)


def test_a_call_that_was_carried_out_at_once_is_a_task_that_has_ended(runtime, tasks):
    """Releases before 2.2 ignore `_async`."""
    [other] = tasks([BUSY])
    ended = runtime.tasks.Task.ended(other._portal, [1, 2])
    assert (ended.done(), ended.status(), ended.result(timeout=0), ended.kill()) == (True, "done", [1, 2], False)
    assert other._portal.asked == []


def test_many_are_waited_for_in_one_loop(runtime, tasks, clock):
    """Each is asked once a round; those that have ended are not asked again."""
    first, second, third = tasks([(200, [True, 1])], [BUSY, BUSY, (200, [False, "no"])], [BUSY])
    ended, running = runtime.tasks.wait([third, first, second], timeout=10)
    assert (ended, running) == ([first, second], [third])
    assert (len(times(first)), len(times(second))) == (1, 3)
    assert clock.now == 10


def test_they_come_as_they_end(runtime, tasks):
    """Not in the order they were given; the first that never ends is named."""
    slow, quick, endless = tasks([BUSY, BUSY, (200, [True, 1])], [(200, [True, 2])], [BUSY])
    coming = runtime.tasks.as_completed([slow, quick, endless], timeout=10)
    assert [next(coming), next(coming)] == [quick, slow]
    with pytest.raises(runtime.portal_errors.TaskTimeout) as caught:
        next(coming)
    assert caught.value.guid == endless.guid


def test_the_same_task_twice_is_asked_once(runtime, tasks):
    """It is one task."""
    [same] = tasks([BUSY, (200, [True, 1])])
    assert runtime.tasks.wait([same, same]) == ([same, same], [])
    assert len(times(same)) == 2


def test_nothing_to_wait_for_is_over_at_once(runtime, tasks):
    """No task, or only ended ones."""
    assert runtime.tasks.wait([]) == ([], [])
    assert list(runtime.tasks.as_completed([])) == []
    [ended] = tasks([(200, [True, 1])])
    ended.result()
    assert list(runtime.tasks.as_completed([ended], timeout=0)) == [ended]
    assert len(times(ended)) == 1
