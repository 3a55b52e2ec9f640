"""Compare two runs of a command: find the requests, responses, tasks and objects that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ovcgen.rehearsal.exchange_alignment import Ids, align
from ovcgen.rehearsal.result_comparison import result_differences
from ovcgen.rehearsal.run_records import Exchange, Exit, Run, StoredObject, TaskEnd, same_text

Json = Any
ABSENT = "not there"
REFUSED, ONLY_OLD = "newly-refused", "only-old"
MADE_ONCE, STOPPED = (ONLY_OLD, "only-new"), (REFUSED, ONLY_OLD)


@dataclass(frozen=True, slots=True)
class Difference:
    """A record of one difference between the two runs of a rehearsal.

    Attributes:
        kind: A key of `KINDS`.
        subject: The operation, or the kind and name of an object (`machine web`); "" for the exit code.
        old, new: What happened in each run, as one line: `Exchange.outcome` or `not made` for a request, the status at
            the end or `not there` for an object, `Exit.text` for the exit code.
        exchange: The request and response; the old run's if both runs have them. None for objects and the exit code.
        details: Sentences about the differences of the results.
        hint: A sentence about what to do; "" if that is not known.
    """

    kind: str
    subject: str
    old: str
    new: str
    exchange: Exchange | None = None
    details: tuple[str, ...] = ()
    hint: str = ""


# What differed, in the order of reports: the id and its heading; {old} and {new} are the releases.
KINDS = {
    "exit": "Exit code",
    REFUSED: "Refused by {new} only",
    "refused-otherwise": "Refused otherwise",
    "no-longer-refused": "Refused by {old} only",
    "task": "Tasks that ended otherwise",
    ONLY_OLD: "Requests on {old} only",
    "only-new": "Requests on {new} only",
    "status": "Other statuses",
    "answer": "Different answers",
    "object": "Different state at the end",
}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A record of two runs of a command on two releases, and the differences between them.

    Attributes:
        command: The words of the command.
        old, new: The runs on the old and on the new release.
        differences: The differences in the order of `KINDS`; within a kind, in the order of the requests.
        remarks: Sentences about the rehearsal as a whole.
    """

    command: tuple[str, ...]
    old: Run
    new: Run
    differences: tuple[Difference, ...]
    remarks: tuple[str, ...] = ()

    @property
    def sent_nothing(self) -> bool:
        """Return whether neither run sent a request to its portal, so that nothing was compared."""
        return not self.old.requests and not self.new.requests

    def of_kind(self, kind: str) -> tuple[Difference, ...]:
        """Return the differences of one kind, which is a key of `KINDS`; () for any other word."""
        return tuple(difference for difference in self.differences if difference.kind == kind)

    @property
    def stopped(self) -> tuple[Difference, ...]:
        """Return the differences about requests that only the new release refuses, or that only the old run made."""
        return tuple(difference for difference in self.differences if difference.kind in STOPPED)

    def with_hints(self, renamed: Mapping[str, str], known: Mapping[str, str]) -> Rehearsal:
        """Return a copy of the rehearsal with hints for its differences.

        Differences without a hint get "".

        Args:
            renamed: Hints by operation for the differences of `stopped`. They take precedence.
            known: Hints by operation for other differences, but not for requests that only one run made.
        """

        def hint(difference: Difference) -> str:
            if difference.kind in STOPPED and difference.subject in renamed:
                return renamed[difference.subject]
            return known.get(difference.subject, "") if difference.kind not in MADE_ONCE else ""

        hinted = tuple(replace(difference, hint=hint(difference)) for difference in self.differences)
        return replace(self, differences=hinted)

    def heading(self, kind: str) -> str:
        """Return the heading of a kind of difference, with the names of the releases.

        Raises:
            KeyError: `kind` is no key of `KINDS`.
        """
        return KINDS[kind].format(old=self.old.release, new=self.new.release)


def compare_runs(command: tuple[str, ...], old: Run, new: Run) -> Rehearsal:
    """Return the rehearsal of `command`: its runs on the old and on the new release, and their differences.

    The differences have no hints yet; `Rehearsal.with_hints` adds them.
    """
    pairs, ids = align(old.exchanges, new.exchanges)
    exchanges = (difference for pair in pairs for difference in _exchange(*pair))
    found = [*_exit(old, new), *exchanges, *_objects(old, new, ids)]
    order = list(KINDS)
    differences = sorted(found, key=lambda difference: order.index(difference.kind))
    return Rehearsal(command, old, new, tuple(differences), tuple(_remarks(old, new)))


def _exit(old: Run, new: Run) -> Iterator[Difference]:
    if old.exit != new.exit:
        yield Difference("exit", "", old.exit.text, new.exit.text)


def _exchange(old: Exchange | None, new: Exchange | None) -> Iterator[Difference]:
    if old is None or new is None:
        if made := old or new:
            done = (made.outcome, "not made")
            kind, (before, after) = (ONLY_OLD, done) if new is None else ("only-new", done[::-1])
            yield Difference(kind, made.operation, before, after, made)
        return
    kind = _kind(old, new)
    details = () if old.refused or new.refused else tuple(_details(old, new))
    if kind or details:
        yield Difference(kind or "answer", new.operation, old.outcome, new.outcome, old, details)


def _kind(old: Exchange, new: Exchange) -> str:
    """Return the kind of the difference between two exchanges; "" if nothing but their results can differ."""
    if old.refused != new.refused:
        return REFUSED if new.refused else "no-longer-refused"
    if old.refused:
        is_same = old.status == new.status and same_text(str(old.answer), str(new.answer))
        return "" if is_same else "refused-otherwise"
    if _ending(old.task) != _ending(new.task):
        return "task"
    return "" if old.status == new.status else "status"


def _ending(task: TaskEnd | None) -> str:
    """Return the status of a call's task; `done` for a call without a task."""
    return task.status if task else "done"


def _details(old: Exchange, new: Exchange) -> Iterator[str]:
    if _ending(old.task) != "done" or _ending(new.task) != "done":
        return
    if old.media_type != new.media_type:
        yield f"the answer is {new.media_type or 'empty'}; it was {old.media_type or 'empty'}"
    else:
        yield from result_differences(old.result, new.result)


def _objects(old: Run, new: Run, ids: Ids) -> Iterator[Difference]:
    """Yield the objects whose final status differs between the runs, if the command changed the object in a run."""
    renumbered = {_renumbered(stored, ids): stored for stored in dict.fromkeys((*old.before, *old.after))}
    for stored in dict.fromkeys((*renumbered, *new.before, *new.after)):
        before = renumbered.get(stored, stored)
        first, last = old.before.get(before, ABSENT), old.after.get(before, ABSENT)
        new_first, new_last = new.before.get(stored, ABSENT), new.after.get(stored, ABSENT)
        untouched = first == last and new_first == new_last
        if last != new_last and not untouched and "" not in (last, new_last):
            yield Difference("object", f"{stored.kind} {stored.name}", last, new_last)


def _renumbered(stored: StoredObject, ids: Ids) -> StoredObject:
    number = ids.get((stored.kind, str(stored.id)))
    return StoredObject(stored.kind, int(number), stored.name) if number else stored


def _exit_text(exit_: Exit) -> str:
    return f"exit code {exit_.text}" if exit_.text.isdecimal() else exit_.text


def _remarks(old: Run, new: Run) -> Iterator[str]:
    if not old.requests or not new.requests:
        silent = [run.release for run in (old, new) if not run.requests]
        yield f"The command sent no request to the portal of {' and '.join(silent)}."
    if old.exit == new.exit and old.exit.code != 0:
        yield f"The command fails on both releases: {_exit_text(old.exit)}."
    elif old.exit.code != 0:
        yield f"The command fails on {old.release} already: {_exit_text(old.exit)}."
    for run in (old, new):
        if run.unrecorded:
            yield f"{run.unrecorded} later requests to {run.release} are not compared."
