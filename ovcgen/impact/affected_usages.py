"""Match the API usage of a project with the changes between two releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from ovcgen.diff.behaviour_changes import BehaviourChange
from ovcgen.diff.change import INFO, Change
from ovcgen.diff.sanitize import quoted
from ovcgen.impact import call_verdicts
from ovcgen.impact.call_verdicts import GONE, OperationChange
from ovcgen.impact.impact_result import AffectedCalls, Broken, Impact, Unresolved
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.model.api import Operation
from ovcgen.usage.api_index import ApiIndex
from ovcgen.usage.usages import DynamicLookup, Escape, Lookup, Mention, OperationCall, Read, Usage, Use
from ovcgen.usage.values import ConstantValue

BY_VARIABLE = "its name is only known when the program runs"
MAY_BE_ANSWER = "what is read here may be an answer of it, whose key changes; that can't be told from reading"
HANDED_ON = "it is handed to something that calls it with what can't be seen"


def impact(usage: Usage, releases: ReleasePair, *, runs_on: tuple[str, ...] = ()) -> Impact:
    """Return the places of a project that the changes between two releases break, and those that could not be decided.

    `usage` is the project's use of the old release. `runs_on` are the releases on which nothing breaks; they are copied
    to the result. A place that breaks by the same change several times is in the result once.
    """
    cases = _cases(releases)
    broken: dict[Broken, None] = {}
    unresolved: dict[tuple[object, ...], list[Unresolved]] = {}
    for use in usage.uses:
        for result in _met(use, cases, releases):
            if isinstance(result, Broken):
                broken[result] = None
            else:
                unresolved.setdefault((result.place, result.why), []).append(result)
    broken.update(dict.fromkeys(_positions(usage, releases)))
    for other in (*_mentioned(usage, cases), *_absent(usage, releases), *_unknown_reads(usage, cases)):
        if other.kinds or other.place not in {known.place for known in broken}:
            unresolved.setdefault((other.place, other.why), []).append(other)
    merged = [_merged(group) for group in unresolved.values()]
    return Impact(
        releases.old,
        releases.new,
        releases.changes,
        tuple(sorted(_once(broken), key=lambda usage: (usage.place, usage.dotted, usage.change.order))),
        tuple(sorted(merged, key=lambda usage: (usage.place, usage.dotted, usage.why))),
        usage.unread,
        usage.files,
        len({use.place for use in usage.uses if isinstance(use, OperationCall) and not use.doubt}),
        runs_on,
        len({absent.place for absent in usage.absent}),
        tuple(_behaviours(usage, releases)),
    )


def _behaviours(usage: Usage, releases: ReleasePair) -> Iterator[AffectedCalls]:
    """Yield differences in behaviour of called operations, with the calls whose arguments do not rule them out.

    Differences of most operations are left out.
    """
    called: dict[str, list[OperationCall]] = {}
    for use in usage.uses:
        if isinstance(use, OperationCall) and not use.doubt:
            called.setdefault(releases.api_index.operations[use.dotted].place, []).append(use)
    for behaviour in releases.behaviours:
        calls = [call for operation in behaviour.operations for call in called.get(operation, ())]
        places = {call.place for call in calls if _may_meet(call, behaviour, releases)}
        if places and not behaviour.common:
            yield AffectedCalls(behaviour, tuple(sorted(places)))


def _may_meet(call: OperationCall, behaviour: BehaviourChange, releases: ReleasePair) -> bool:
    """Return whether the arguments of a call, as far as they are known, allow it to meet a behaviour."""
    condition = behaviour.condition
    if condition is None:
        return True
    old = releases.api_index.operations[call.dotted]
    operations = filter(None, (old, releases.successors.get(old.place)))
    named = [own for operation in operations for own in operation.parameters if own.name == condition.parameter]
    if not named:
        return True
    given = call.given.keyword(named[0].key)
    if given is None:
        return call.given.open or call.given.more or condition.matches(None)
    return not given or any(not isinstance(atom, ConstantValue) or condition.matches(atom.value) for atom in given)


def breaks(usage: Usage, releases: ReleasePair) -> bool:
    """Return whether the step to the new release certainly breaks at least one place of the project.

    Places that can't be decided do not count.
    """
    cases = _cases(releases)
    if any(isinstance(position, Broken) for position in _positions(usage, releases)):
        return True
    return any(isinstance(broken, Broken) for use in usage.uses for broken in _met(use, cases, releases))


def _mentioned(usage: Usage, cases: Cases) -> Iterator[Unresolved]:
    """Yield the places that name a changed operation in a way that the analysis does not follow."""
    for mention in usage.mentions:
        for dotted in mention.operations:
            gone = any(case_.change.id in GONE for case_ in cases.get(dotted, ()))
            if mention.looked_up and gone:
                continue  # the lookup itself is reported
            felt = [case_ for case_ in cases.get(dotted, ()) if _concerns(case_.change, mention)]
            if felt:
                yield Unresolved(mention.place, dotted, tuple(sorted({case.change.id for case in felt})), mention.why)


def _concerns(change: Change, mention: Mention) -> bool:
    """Return whether the change may affect the mentioned operation."""
    if mention.looked_up:
        return call_verdicts.on_call(change) not in (None, call_verdicts.answer_used)
    return change.id in GONE or call_verdicts.on_call(change) is not None or call_verdicts.on_read(change) is not None


def _unknown_reads(usage: Usage, cases: Cases) -> Iterator[Unresolved]:
    """Yield the reads of an unknown value whose key changes in a response that the project uses."""
    answers = {use.dotted for use in usage.uses if _gives_answer(use)}
    changed = [case for dotted in answers for case in cases.get(dotted, ()) if call_verdicts.on_read(case.change)]
    read = {use.place for use in usage.uses if isinstance(use, Read) and not use.doubt}
    for unknown in usage.unknown_reads:
        for case in changed if unknown.place not in read else ():
            if f".{case.change.location.member.rstrip('[]')}".endswith(f".{unknown.key}"):
                yield Unresolved(unknown.place, case.old.dotted, (case.change.id,), MAY_BE_ANSWER)


def _gives_answer(use: Use) -> TypeGuard[OperationCall | Escape]:
    return isinstance(use, Escape) or (isinstance(use, OperationCall) and use.used)


def _absent(usage: Usage, releases: ReleasePair) -> Iterator[Unresolved]:
    """Yield the operations and keywords that exist in neither release."""
    api_index = ApiIndex(releases.new_api)
    for absent in usage.absent:
        new = releases.successors.get(releases.api_index.operations[absent.dotted].place) if absent.keyword else None
        if (new and api_index.takes(new.dotted, absent.keyword)) or (
            absent.dotted in api_index.operations and not absent.keyword
        ):
            continue
        what = f"takes {quoted(absent.keyword)}" if absent.keyword else "has it"
        why = f"neither {releases.old} nor {releases.new} {what}"
        if tuple(absent.dotted.split(".")) in api_index.parts:
            why = f"{releases.old} does not have it, so calls of it are not checked"
        yield Unresolved(absent.place, absent.dotted, (), why)


def _positions(usage: Usage, releases: ReleasePair) -> Iterator[Broken]:
    """Yield calls that pass a value by position where the new release has another parameter."""
    new_index = ApiIndex(releases.new_api)
    for use in usage.uses:
        if not isinstance(use, OperationCall) or use.doubt or not use.given.positional:
            continue
        old = releases.api_index.operations[use.dotted]
        new = releases.successors.get(old.place)
        if new is None or new.dotted != old.dotted:
            continue
        keys = zip(
            releases.api_index.in_order(old.dotted)[: use.given.positional],
            new_index.in_order(new.dotted),
            strict=False,
        )
        moved = next(((was, now) for was, now in keys if releases.renamed_keys.get((old.place, was), was) != now), None)
        change = _change_of_order(releases, old) if moved else None
        if moved and change:
            taken = f"where {releases.new} takes {quoted(moved[1])}"
            reason = f"{old.dotted}() is passed {quoted(moved[0])} by its position, {taken}."
            yield Broken(use.place, use.dotted, change, reason, "Pass every value by its name.")


def _change_of_order(releases: ReleasePair, old: Operation) -> Change | None:
    """Return the change of the operation that moves its parameters, or None."""
    of_it = [
        change for change in releases.changes if change.operation == old.place and change.id.startswith("parameter.")
    ]
    moving = ("parameter.removed", "parameter.added-required", "parameter.added-optional", "parameter.renamed")
    return next((change for kind in moving for change in of_it if change.id == kind), None)


Cases = dict[str, list[OperationChange]]


def _cases(releases: ReleasePair) -> Cases:
    """Return the changes that may break calls, by the operation's dotted name."""
    found: Cases = {}
    for change in releases.changes:
        operation = releases.old_api.operation(change.location.method, change.location.path)
        if operation is None or operation.alternative or change.id == "operation.deprecated":
            continue
        if change.id in GONE and change.sdk is INFO:
            continue  # another path under the same Python name
        found.setdefault(operation.dotted, []).append(
            OperationChange(change, operation, releases.successors.get(operation.place), releases)
        )
    return found


def _met(use: Use, cases: Cases, releases: ReleasePair) -> Iterator[Broken | Unresolved]:
    """Yield the results for one use of the API."""
    if isinstance(use, DynamicLookup):
        yield from _dynamic(use, cases)
        return
    for case in cases.get(use.dotted, ()):
        yield from _case(use, case, cases[use.dotted], releases)


def _case(
    use: Lookup | OperationCall | Read | Escape,
    case: OperationChange,
    beside: list[OperationChange],
    releases: ReleasePair,
) -> Iterator[Broken | Unresolved]:
    """Yield the result of one change for one use. `beside` are all changes of the operation."""
    gone = any(case.change.id in GONE for case in beside)
    verdict: call_verdicts.CallVerdict | None = None
    match use:
        case Lookup() if case.change.id in GONE or call_verdicts.has_new_name(case):
            verdict = call_verdicts.CallVerdict(_gone(case, releases))
        case OperationCall() if not gone and (ask := call_verdicts.on_call(case.change)):
            verdict = ask(case, use)
        case Read() if not gone and (question := call_verdicts.on_read(case.change)):
            verdict = question(case, use)
        case Escape() if not gone and call_verdicts.on_call(case.change) not in (None, call_verdicts.answer_used):
            verdict = call_verdicts.CallVerdict(HANDED_ON, sure=False)
    if verdict is None:
        return
    if use.doubt or not verdict.sure:
        yield Unresolved(use.place, use.dotted, (case.change.id,), use.doubt or verdict.reason)
    else:
        fix = verdict.fix or _fix(case, beside, releases)
        yield Broken(use.place, use.dotted, case.change, verdict.reason, fix)


def _gone(case: OperationChange, releases: ReleasePair) -> str:
    """Return the sentence for an operation that was removed or renamed."""
    if case.new is not None and case.new.dotted != case.old.dotted:
        return f"{case.called} is {case.new.dotted}() in {releases.new}."
    return f"{releases.new} has no {case.called}."


def _fix(case: OperationChange, beside: list[OperationChange], releases: ReleasePair) -> str:
    """Return what to write instead. For a renamed operation this includes its renamed keywords."""
    if case.change.id not in GONE:
        return case.change.hint or "Look at what the new release says of it."
    if case.new is None or case.new.dotted == case.old.dotted:
        return case.change.hint or f"Nothing in {releases.new} takes its place: do without it."
    others = [case for case in beside if case.change.id in call_verdicts.KEYWORDS_GONE | call_verdicts.KEYWORDS_MISSING]
    hints = [case.change.hint or f"Call {quoted(case.new.dotted)}.", *(other.change.hint for other in others)]
    return " ".join(hint for hint in hints if hint)


def _dynamic(use: DynamicLookup, cases: Cases) -> Iterator[Unresolved]:
    """Yield the result for a call whose operation is chosen at run time."""
    below = [dotted for dotted in sorted(cases) if tuple(dotted.split(".")[: len(use.path)]) == use.path]
    felt = [case for dotted in below for case in cases[dotted] if _felt(case.change)]
    if felt:
        kinds = tuple(sorted({case.change.id for case in felt}))
        names = sorted({case.old.dotted for case in felt})
        listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        yield Unresolved(use.place, ".".join(use.path), kinds, f"{BY_VARIABLE}; what it may meet: {listed}")


def _felt(change: Change) -> bool:
    """Return whether the change may affect calls."""
    ask = call_verdicts.on_call(change)
    return change.id in GONE or ask not in (None, call_verdicts.answer_used)


def _once(broken: Iterable[Broken]) -> list[Broken]:
    """Return the results without repetitions of the same change at the same place."""
    first: dict[tuple[object, ...], Broken] = {}
    for other in broken:
        first.setdefault((other.place, other.dotted, other.change.fingerprint), other)
    return list(first.values())


def _merged(group: list[Unresolved]) -> Unresolved:
    """Return one entry for results with the same place and reason."""
    names = sorted({name for unresolved in group for name in unresolved.dotted.split(", ")})
    kinds = tuple(sorted({kind for unresolved in group for kind in unresolved.kinds}))
    return Unresolved(group[0].place, ", ".join(names), kinds, group[0].why)
