"""Find renames. A rename is reported once, with its confidence, instead of a removal and an addition."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff import pairing
from ovcgen.diff.change import BREAKING, INFO, Location
from ovcgen.diff.pairing import LikelyRename, ReleaseOperations
from ovcgen.diff.rules.operations import operation_location as at_operation
from ovcgen.diff.rules.parameters import parameter_location
from ovcgen.diff.rules.registry import API_RULES, OPERATION_RULES, SHAPE_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape, properties
from ovcgen.model.api import Operation


@API_RULES.rule("operation.renamed", wire=BREAKING, sdk=BREAKING)
def operation_renamed(old: ReleaseOperations, _new: ReleaseOperations) -> Iterator[Finding]:
    """A call has another name: the old one is gone, and what most likely is the same call came with the new one.

    Requests to the old path are refused, and Python code finds no such method. Call the new name; `confidence` says
    how sure it is that both are the same call.
    """
    for rename in old.calls.renamed:
        if not _stays(rename):
            yield Finding(
                f"is called {quoted(rename.new.place)} now.",
                at_operation(rename.old),
                before=rename.old.place,
                after=rename.new.place,
                hint=f"Call {quoted(rename.new.dotted)} instead of {quoted(rename.old.dotted)}.",
                confidence=rename.confidence,
            )


@API_RULES.rule("operation.moved", wire=BREAKING, sdk=INFO)
def operation_moved(old: ReleaseOperations, _new: ReleaseOperations) -> Iterator[Finding]:
    """A call has another path, but kept its Python name or its operationId.

    Requests to the old path are refused; code that uses an SDK goes on working with the SDK of the new release where
    the Python name is the same. Send requests to the new path.
    """
    for rename in old.calls.renamed:
        if _stays(rename):
            same = rename.old.dotted == rename.new.dotted
            code = "" if same else f" In Python, call {quoted(rename.new.dotted)}."
            yield Finding(
                f"is at {quoted(rename.new.path)} now.",
                at_operation(rename.old),
                before=rename.old.place,
                after=rename.new.place,
                hint=f"Send it to {quoted(rename.new.path)}.{code}",
                sdk=INFO if same else BREAKING,
                confidence=rename.confidence,
            )


@OPERATION_RULES.rule("parameter.renamed", wire=BREAKING, sdk=BREAKING)
def parameter_renamed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A parameter has another name: the old one is gone, and what most likely is the same came with the new one.

    Under the old name its value is ignored or refused, and a Python call that passes it fails with a TypeError. Use the
    new name; `confidence` says how sure it is that both are the same. For HTTP, headers whose names differ only in
    upper and lower case are the same.
    """
    for rename in pairing.parameters(old, new).renamed:
        wire = INFO if rename.old.name.lower() == rename.new.name.lower() and rename.old.location == "header" else None
        yield Finding(
            f"is called {quoted(rename.new.name)} now.",
            parameter_location(rename.old),
            before=rename.old.name,
            after=rename.new.name,
            hint=f"Pass {quoted(rename.new.key)} instead of {quoted(rename.old.key)}.",
            wire=wire,
            sdk=INFO if rename.old.key == rename.new.key else BREAKING,
            confidence=rename.confidence,
        )


@SHAPE_RULES.rule("property.renamed", wire=BREAKING, sdk=BREAKING)
def property_renamed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member of an object has another name: the old one is gone, and most likely the same came with the new one.

    In a request the old name is ignored or refused, in an answer code that reads it finds nothing. Use the new name;
    `confidence` says how sure it is that both are the same.
    """
    for rename in properties(old, new).renamed:
        verb = "Send" if new.direction is Direction.REQUEST else "Read"
        yield Finding(
            f"is called {quoted(rename.new.name)} now.",
            Location(member=rename.old.name),
            before=rename.old.name,
            after=rename.new.name,
            hint=f"{verb} {quoted(rename.new.name)} instead.",
            confidence=rename.confidence,
        )


def _stays(rename: LikelyRename[Operation]) -> bool:
    """Return whether only the path is new: the Python name or the operationId is the same."""
    had, has = rename.old, rename.new
    return had.dotted == has.dotted or bool(had.id and had.id == has.id)
