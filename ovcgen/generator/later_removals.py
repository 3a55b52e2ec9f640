"""Mark what a later release does not have any more in the API of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ovcgen.model.api import Api, Operation


@dataclass(frozen=True, slots=True)
class Removals:
    """A record of the operations and parameters of one release that a later release no longer has.

    Attributes:
        release: The later release.
        operations: Dotted names of the operations that it lacks.
        replacements: Dotted names that these operations name as their replacement, and that it has.
        parameters: Wire names of the parameters that it lacks, by the dotted name of an operation that it has.
    """

    release: str
    operations: tuple[str, ...] = ()
    replacements: tuple[str, ...] = ()
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def removals(api: Api, later: Api) -> Removals:
    """Return the operations and parameters that `api` has and `later`, the API of a later release, lacks.

    Operations are compared by dotted name, parameters by wire name. A renamed operation is one that `later` lacks, and
    so is one that has no Python method there (`alternative`).
    """
    kept = {
        operation.dotted: {parameter.name for parameter in operation.parameters}
        for operation in later.callable_operations
    }
    gone = [operation for operation in api.operations if operation.dotted not in kept]
    lacking: dict[str, set[str]] = {}
    for operation in api.operations:
        names = {parameter.name for parameter in operation.parameters} - kept.get(operation.dotted, set())
        if names and operation.dotted in kept:
            lacking.setdefault(operation.dotted, set()).update(names)
    return Removals(
        later.release,
        operations=tuple(sorted({operation.dotted for operation in gone})),
        replacements=tuple(sorted({operation.use_instead for operation in gone} & kept.keys())),
        parameters={dotted: tuple(sorted(names)) for dotted, names in sorted(lacking.items())},
    )


def with_removals_since(api: Api, later: Api) -> Api:
    """Return a copy of `api` with `removed_in` set on the operations and parameters that a later release lacks.

    `with_removals` says more.
    """
    return with_removals(api, removals(api, later))


def with_removals(api: Api, removed: Removals) -> Api:
    """Return a copy of the API with `removed_in` set on the operations and parameters of `removed`.

    `use_instead` of a removed operation is kept only if the later release has that operation, otherwise it becomes "".
    """
    return replace(api, operations=tuple(_marked(operation, removed) for operation in api.operations))


def _marked(operation: Operation, removed: Removals) -> Operation:
    if operation.dotted in removed.operations:
        instead = operation.use_instead if operation.use_instead in removed.replacements else ""
        return replace(operation, removed_in=removed.release, use_instead=instead)
    lacking = removed.parameters.get(operation.dotted, ())
    return replace(
        operation,
        parameters=tuple(
            replace(parameter, removed_in=removed.release) if parameter.name in lacking else parameter
            for parameter in operation.parameters
        ),
    )
