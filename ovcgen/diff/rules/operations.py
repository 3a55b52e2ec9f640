"""Find operations that were added or removed, have a new verb, or are deprecated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import API_RULES, OPERATION_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation

api_rule = API_RULES.rule
rule = OPERATION_RULES.rule


@api_rule("operation.added", wire=INFO, sdk=INFO)
def operation_added(_old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The new release answers a call that the old one did not have.

    Nobody breaks. A path that comes with both verbs is one addition: the call is the same whichever verb is used.
    """
    for operation, verbs in _each_once(new.calls.added):
        yield Finding(f"is new{verbs}.", operation_location(operation), after=operation.method)


@api_rule("operation.removed", wire=BREAKING, sdk=BREAKING)
def operation_removed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """The new release no longer answers a call that the old one had.

    Whoever uses it breaks, over HTTP and through an SDK; where it had been deprecated this was announced, so for HTTP
    it counts as a warning. A path that goes with both verbs is one removal; where one verb stays, the Python name stays
    too.
    """
    survivors = {operation.dotted: operation for operation in new.api.callable_operations}
    for operation, verbs in _each_once(old.calls.removed):
        survivor = survivors.get(operation.dotted)
        same_path = survivor is not None and survivor.path == operation.path
        instead = f"Use {quoted(operation.use_instead)} instead." if operation.use_instead in survivors else ""
        yield Finding(
            f"is gone{verbs}{', as announced' if operation.deprecated else ''}.",
            operation_location(operation),
            before=operation.method,
            hint=f"Send it by {quoted(survivor.method)}." if survivor and same_path else instead,
            wire=WARNING if operation.deprecated else BREAKING,
            sdk=INFO if same_path else BREAKING,
        )


@api_rule("operation.method-changed", wire=BREAKING, sdk=INFO)
def operation_method_changed(old: ReleaseOperations, _new: ReleaseOperations) -> Iterator[Finding]:
    """A call kept its path and its Python name, but wants another HTTP verb.

    Requests with the old verb are refused; code that uses an SDK goes on working with the SDK of the new release.
    Send the new verb.
    """
    for before, after in old.calls.reached:
        yield Finding(
            f"wants {quoted(after.method)} instead of {quoted(before.method)}.",
            operation_location(before),
            before=before.method,
            after=after.method,
            hint=f"Send it by {quoted(after.method)}.",
        )


@rule("operation.deprecated", wire=INFO, sdk=WARNING)
def operation_deprecated(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call still works, but is announced to go away.

    Nobody breaks today; an SDK warns. Move to what replaces it before the release that removes it.
    """
    if new.deprecated and not old.deprecated:
        hint = f"Use {quoted(new.use_instead)} instead." if new.use_instead else ""
        yield Finding("is deprecated: a later release may drop it.", before=False, after=True, hint=hint)


@rule("operation.undeprecated", wire=INFO, sdk=INFO)
def operation_undeprecated(old: Operation, new: Operation) -> Iterator[Finding]:
    """The call is no longer announced to go away.

    Nobody breaks; it can be used without a warning again.
    """
    if old.deprecated and not new.deprecated:
        yield Finding("is no longer deprecated.", before=True, after=False)


@rule("operation.sunset-changed", wire=INFO, sdk=INFO)
def operation_sunset_changed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The day on which a call is to go away is another one (`x-sunset`).

    Nobody breaks today. If it is earlier than before, there is less time: move to what replaces it by then. The first
    such day comes with `operation.deprecated`, and it goes with `operation.undeprecated`.
    """
    had, has = old.sunset, new.sunset
    stays = old.deprecated and not new.deprecated
    if had and had != has and not (stays and not has):
        says = f"is to go away on {quoted(has)} now" if has else "has no day any more on which it is to go away"
        earlier = bool(has) and has < had
        yield Finding(
            f"{says}; it was {quoted(had)}.",
            before=had,
            after=has or None,
            hint="Stop calling it by then." if earlier else "",
            wire=WARNING if earlier else INFO,
        )


def _each_once(operations: Iterable[Operation]) -> Iterator[tuple[Operation, str]]:
    """Yield each operation with the text for its verbs; two verbs of a path that changed together are one change."""
    listed = list(operations)
    callables = {operation.path for operation in listed if not operation.alternative}
    seconds = {operation.path: operation for operation in listed if operation.alternative}
    for operation in listed:
        if not operation.alternative:
            second = seconds.get(operation.path)
            yield operation, f", by {operation.method} and by {second.method} alike" if second else ""
        elif operation.path not in callables:
            yield operation, ""


def operation_location(operation: Operation) -> Location:
    """Return the location of an operation, for the findings of rules about a whole API."""
    return Location(path=operation.path, method=operation.method)
