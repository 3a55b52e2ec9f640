"""Mark what a later release does not have any more in the API of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ovcgen.model.api import Api, Operation


def marked(api: Api, later: Api) -> Api:
    """Return the API with `removed_in` set on operations and parameters that `later` does not have.

    Operations are compared by dotted name, parameters by wire name. `use_instead` of a removed operation is kept only
    if
    `later` has that operation.
    """
    kept = {operation.dotted: operation for operation in later.callable_operations}
    return replace(api, operations=tuple(_marked(operation, kept, later.release) for operation in api.operations))


def _marked(operation: Operation, kept: Mapping[str, Operation], release: str) -> Operation:
    after = kept.get(operation.dotted)
    if after is None:
        instead = operation.use_instead if operation.use_instead in kept else ""
        return replace(operation, removed_in=release, use_instead=instead)
    taken = {parameter.name for parameter in after.parameters}
    return replace(
        operation,
        parameters=tuple(
            parameter if parameter.name in taken else replace(parameter, removed_in=release)
            for parameter in operation.parameters
        ),
    )
