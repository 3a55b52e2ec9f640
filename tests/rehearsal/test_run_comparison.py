"""Test the comparison of two runs whose exchanges are written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.rehearsal.run_comparison import Rehearsal, compare_runs
from ovcgen.rehearsal.run_records import Exchange, Exit, OutputLine, Run, StoredObject, TaskEnd

LIST = Exchange("cloudapi.machines.list", {"cloudspaceId": "1"}, answer=[], reads=True)


def create(answer: Any = 2, **given: Any) -> Exchange:
    """Return an exchange that creates a machine."""
    return Exchange("cloudapi.machines.create", {"name": "web"}, answer=answer, **given)


def stop(machine: int, **given: Any) -> Exchange:
    """Return an exchange that stops a machine."""
    return Exchange("cloudapi.machines.stop", {"machineId": str(machine)}, answer=True, **given)


def refused(exchange: Exchange, status: int = 403, text: str = "no") -> Exchange:
    """Return an exchange with the same request, refused with that status."""
    return Exchange(exchange.operation, exchange.arguments, status, answer=text)


def compared(old: list[Exchange], new: list[Exchange]) -> Rehearsal:
    """Return the rehearsal of these exchanges."""
    return compare_runs(("nightly",), Run("A", exchanges=tuple(old)), Run("B", exchanges=tuple(new)))


def found(old: list[Exchange], new: list[Exchange]) -> list[tuple[str, str]]:
    """Return kind and operation of each difference."""
    return [(each.kind, each.subject.rpartition(".")[2]) for each in compared(old, new).differences]


TASK = TaskEnd("done", 2)


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        pytest.param([LIST, create()], [LIST, create()], [], id="the same"),
        pytest.param([create()], [refused(create())], [("newly-refused", "create")], id="refused"),
        pytest.param([refused(create())], [create()], [("no-longer-refused", "create")], id="accepted"),
        pytest.param(
            [refused(create(), 404)], [refused(create(), 409)], [("refused-otherwise", "create")], id="other status"
        ),
        pytest.param(
            [refused(create(), text="this")],
            [refused(create(), text="that")],
            [("refused-otherwise", "create")],
            id="other text",
        ),
        pytest.param(
            [refused(create(), text='Number "eco-66-b9e7f5b4-1d6a-4b40-b730-4817b3f14d83"')],
            [refused(create(), text='Number "eco-1-00000000-1d6a-4b40-b730-4817b3f14d83"')],
            [],
            id="other numbers in the text",
        ),
        pytest.param([create(), LIST], [create()], [("only-old", "list")], id="not made"),
        pytest.param([create()], [LIST, create()], [("only-new", "list")], id="made in addition"),
        pytest.param([stop(1, status=202)], [stop(1)], [("status", "stop")], id="another success"),
        pytest.param([create(answer=2)], [create(answer=None)], [("answer", "create")], id="another type"),
        pytest.param([create(answer=2)], [create(answer=7)], [], id="another id"),
        pytest.param([create("guid", task=TASK)], [create("guid2", task=TASK)], [], id="equal tasks"),
        pytest.param([create(2)], [create("guid", task=TASK)], [], id="background or not"),
        pytest.param(
            [create("guid", task=TASK)],
            [create("guid", task=TaskEnd("never", "409 taken"))],
            [("task", "create")],
            id="a task that never ends",
        ),
        pytest.param([create(0, status=0)], [create()], [("no-longer-refused", "create")], id="no response"),
    ],
)
def test_requests_are_compared(old: list[Exchange], new: list[Exchange], kinds: list[tuple[str, str]]) -> None:
    """Each request is compared with the aligned request of the other run."""
    assert found(old, new) == kinds


def test_differences_get_hints() -> None:
    """A request that is newly refused or not made says what to call instead; others have the known reason."""
    renamed = {"cloudapi.machines.create": "Call it otherwise.", "cloudapi.machines.stop": "Not this."}
    known = dict.fromkeys([*renamed, "cloudapi.machines.list"], "Known.")
    old, new = [create(), stop(1, status=202), LIST, create()], [refused(create()), stop(1)]

    found = compared(old, new).with_hints(renamed, known)

    assert [(each.kind, each.hint) for each in found.differences] == [
        ("newly-refused", "Call it otherwise."),
        ("only-old", ""),
        ("only-old", "Call it otherwise."),
        ("status", "Known."),
    ]


def test_ids_that_differ_are_the_same_object() -> None:
    """The ids of an object that both runs create are treated as equal, even if the other run has another such id."""
    old = [create(2), create(3), stop(3), stop(2)]
    new = [create(3), create(4), stop(4), refused(stop(3))]

    [difference] = compared(old, new).differences

    assert (difference.kind, difference.exchange) == ("newly-refused", old[3])


def test_ids_from_lists_are_recognised_by_name() -> None:
    """Objects of lists are matched by name, so a script that looks up a name finds the same object in both runs."""
    old = [Exchange(LIST.operation, answer=[{"id": 5, "name": "a"}, {"id": 6, "name": "b"}]), stop(6), stop(5)]
    new = [Exchange(LIST.operation, answer=[{"id": 7, "name": "b"}, {"id": 9, "name": "a"}]), stop(9), stop(7)]

    assert found(old, new[:1] + new[1:][::-1]) == []
    assert {each for each, _ in found(old, new)} == {"only-old", "only-new"}


def test_times_and_guids_do_not_count() -> None:
    """Requests that differ only in a time or a GUID are equal."""
    old = Exchange("cloudapi.machines.rollbackSnapshot", {"epoch": "1700000000", "machineId": "1"})
    new = Exchange("cloudapi.machines.rollbackSnapshot", {"epoch": "1700000009", "machineId": "1"})

    assert found([stop(1), old, LIST], [stop(1), new, LIST]) == []


def test_a_skipped_request_shifts_no_other() -> None:
    """A missing request is the only difference, because the requests of both runs are aligned."""
    old = [stop(number) for number in range(1, 9)]

    [difference] = compared(old, [*old[:3], *old[4:]]).differences

    assert (difference.kind, difference.exchange) == ("only-old", old[3])


def test_what_an_answer_says_is_shown() -> None:
    """Differences in keys, types, lengths, statuses and booleans of a response are shown; names and numbers are not."""
    old = {"id": 1, "name": "a", "status": "DESTROYED", "locked": False, "iops": 5, "disks": [{"id": 1}]}
    new = {"id": 2, "name": "b", "status": "DELETED", "locked": True, "memory": None, "disks": []}

    [difference] = compared([create(old)], [create(new)]).differences

    assert difference.details == (
        "`disks` has 0 items; it had 1",
        "`iops` is missing",
        "`locked` is true; it was false",
        "`memory` is new",
        "`status` is DELETED; it was DESTROYED",
    )


def test_objects_that_are_left_behind_otherwise_are_shown() -> None:
    """Objects with another final status are shown, unless both portals had them before and the command left them."""
    web, old_disk = StoredObject("machine", 2, "web"), StoredObject("disk", 1, "data")
    old = Run("A", exchanges=(create(2),), before={old_disk: "MODELED"}, after={old_disk: "MODELED", web: "DESTROYED"})
    renumbered = StoredObject("machine", 3, "web")
    new = Run("B", exchanges=(create(3),), before={old_disk: "CREATED"}, after={old_disk: "CREATED"})

    [gone] = compare_runs((), old, new).differences
    [deleted] = compare_runs((), old, Run("B", exchanges=(create(3),), after={renumbered: "DELETED"})).of_kind("object")

    assert (gone.kind, gone.subject, gone.old, gone.new) == ("object", "machine web", "DESTROYED", "not there")
    assert (deleted.subject, deleted.old, deleted.new) == ("machine web", "DESTROYED", "DELETED")


def test_exit_codes_and_signals_are_compared() -> None:
    """The ends of both runs are compared: an exit code, a signal, or the time limit."""
    output = (OutputLine("stderr", "KeyError: 'sizeid'"), OutputLine("stdout", "bye"), OutputLine("stderr", " "))
    old, new = Run("A", Exit(0), (LIST,)), Run("B", Exit(None, "SIGKILL"), (LIST,), output=output)

    [difference] = compare_runs((), old, new).differences

    assert (difference.kind, difference.old, difference.new) == ("exit", "0", "killed by SIGKILL")
    assert new.last_error_line == "KeyError: 'sizeid'"
    assert Exit(None, timed_out=True).text == "timed out"


def test_what_the_rehearsal_can_not_tell_is_said() -> None:
    """The report says if the command calls no portal, fails on the old release already, or sends too many requests."""
    silent = compare_runs((), Run("A"), Run("B"))
    failing = compare_runs((), Run("A", Exit(3), (LIST,)), Run("B", Exit(0), (LIST,), unrecorded=4))

    assert silent.sent_nothing
    assert silent.remarks == ("The command sent no request to the portal of A and B.",)
    assert not failing.sent_nothing
    assert failing.remarks == (
        "The command fails on A already: exit code 3.",
        "4 later requests to B are not compared.",
    )
    assert (failing.old.requests, failing.new.requests) == (1, 5)
