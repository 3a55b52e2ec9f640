"""What a later release does not have any more, marked in the API of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ovcgen.model.api import Api, Operation


def marked(api: Api, later: Api) -> Api:
    """The same API, where calls and parameters say which release removes them.

    What counts is how callers spell a call. A replacement is named only if the later release has it.
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
