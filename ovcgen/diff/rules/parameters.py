"""Find parameters that were added, removed or moved, or became required or optional; not bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovcgen.diff import pairing
from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.rules.registry import OPERATION_RULES, PARAMETER_RULES, Directed, Finding
from ovcgen.diff.rules.task_support import TASK, async_parameter_location
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation, Parameter

operation_rule = OPERATION_RULES.rule
rule = PARAMETER_RULES.rule


@operation_rule("parameter.added-required", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def parameter_added_required(old: Operation, new: Operation) -> Iterator[Finding]:
    """There is a new parameter, and it must be sent.

    Every call written for the old release leaves it out and is refused, over HTTP and through an SDK. Pass it.
    """
    for parameter in _added(old, new):
        if parameter.required:
            yield Finding(
                "is new and must be sent.",
                parameter_location(parameter),
                hint=f"Pass {quoted(parameter.key)} in every call.",
            )


@operation_rule("parameter.added-optional", wire=INFO, sdk=INFO)
def parameter_added_optional(old: Operation, new: Operation) -> Iterator[Finding]:
    """There is a new parameter, which may be left out.

    Nobody breaks.
    """
    for parameter in _added(old, new):
        if not parameter.required:
            yield Finding("is new and may be sent.", parameter_location(parameter))
    if new.tasks and not old.tasks:
        yield Finding("is new and may be sent: the call can run as a task.", async_parameter_location(new))


@operation_rule("parameter.removed", wire=WARNING, sdk=BREAKING)
def parameter_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A parameter is gone.

    Most services ignore what they don't know, so a request that still sends it works but the value has no effect; a
    Python call that passes it fails with a TypeError. Stop passing it, and see what took its place.
    """
    for parameter in _reported(pairing.parameters(old, new).removed, pairing.renamed_path_parameters(old, new).keys()):
        yield Finding(
            f"is gone{' (it had to be sent)' if parameter.required else ''}.",
            parameter_location(parameter),
            hint=f"Stop passing {quoted(parameter.key)}: its value has no effect any more.",
        )
    if old.tasks and not new.tasks:
        hint = f"Stop passing {quoted(TASK)}, and take the answer for the value that it is."
        yield Finding("is gone: the call can't run as a task any more.", async_parameter_location(old), hint=hint)


@rule("parameter.became-required", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def parameter_became_required(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter that could be left out must be sent now.

    A call that leaves it out is refused, over HTTP and through an SDK. Pass it in every call.
    """
    if new.required and not old.required and new.location != "body":
        default = f" (it was {quoted(old.default.text)} when left out)" if old.default else ""
        yield Finding(
            f"must be sent now; it could be left out{default}.",
            before=False,
            after=True,
            hint=f"Pass {quoted(new.key)} in every call.",
        )


@rule("parameter.became-optional", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, BREAKING))
def parameter_became_optional(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter that had to be sent may be left out now.

    Nobody breaks. A receiver of a callback or webhook must be ready to find nothing.
    """
    if old.required and not new.required and new.location != "body":
        yield Finding("may be left out now; it had to be sent.", before=True, after=False)


@rule("parameter.location-changed", wire=BREAKING, sdk=INFO)
def parameter_location_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter is sent in another part of the request.

    Requests that put it in the old place are refused or misread; a Python call is the same with the new SDK. Send it
    where the new release reads it.
    """
    if old.location != new.location:
        yield Finding(
            f"is sent as {quoted(new.location)} now; it was {quoted(old.location)}.",
            before=old.location,
            after=new.location,
            hint=f"Send it as {quoted(new.location)}.",
        )


@rule("allow-empty.added", wire=INFO, sdk=INFO)
def allow_empty_added(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter may be sent without a value.

    Nobody breaks.
    """
    if new.allow_empty and not old.allow_empty:
        yield Finding("may be sent without a value now.", before=False, after=True)


@rule("allow-empty.removed", wire=BREAKING, sdk=INFO)
def allow_empty_removed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter may not be sent without a value any more.

    A request with `?name=` is refused. Leave the parameter out, or give it a value.
    """
    if old.allow_empty and not new.allow_empty:
        hint = f"Leave {quoted(new.key)} out where there is no value."
        yield Finding("can't be sent without a value any more.", before=True, after=False, hint=hint)


@operation_rule("path-parameter.renamed", wire=INFO, sdk=BREAKING)
def path_parameter_renamed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A slot of the path has another name.

    The name is not on the wire, so requests stay the same; a Python call passes it as a keyword and fails. Use the new
    keyword.
    """
    renamed = pairing.is_renamed_by_slots(old, new)
    code = f" In Python, call {quoted(new.dotted)} instead of {quoted(old.dotted)}." if renamed else ""
    had, has = (
        {parameter.name: parameter.key for parameter in side.parameters if parameter.location == "path"}
        for side in (old, new)
    )
    for before, after in pairing.renamed_path_parameters(old, new).items():
        if before != after and (renamed or had.get(before) != has.get(after)):
            yield Finding(
                f"is called {quoted(after)} now.",
                Location(place="path", name=before),
                before=before,
                after=after,
                hint=f"Pass {quoted(after)} instead of {quoted(before)}.{code}",
            )


def parameter_location(parameter: Parameter) -> Location:
    """Return the location of a parameter, relative to its operation."""
    return Location(place=parameter.location, name=parameter.name)


def _added(old: Operation, new: Operation) -> Iterator[Parameter]:
    return _reported(pairing.parameters(old, new).added, pairing.renamed_path_parameters(old, new).values())


def _reported(parameters: Iterable[Parameter], slots: Iterable[str]) -> Iterator[Parameter]:
    """Return the parameters without bodies, and without path parameters that both paths have."""
    kept = {("path", name) for name in slots}
    return (
        parameter
        for parameter in parameters
        if parameter.location != "body" and (parameter.location, parameter.name) not in kept
    )
