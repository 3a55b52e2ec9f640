"""What a later release does not have any more, marked in the API of an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ovcgen.model.api import Api, Operation


def marked(api: Api, later: Api) -> Api:
    """The same API, where calls and parameters say which release removes them.

    What counts is how callers spell a call. A replacement is named only if the later release has it.
    """
    kept = {each.dotted: each for each in later.callable_operations}
    return replace(api, operations=tuple(_marked(each, kept, later.release) for each in api.operations))


def _marked(operation: Operation, kept: Mapping[str, Operation], release: str) -> Operation:
    after = kept.get(operation.dotted)
    if after is None:
        instead = operation.use_instead if operation.use_instead in kept else ""
        return replace(operation, removed_in=release, use_instead=instead)
    taken = {each.name for each in after.parameters}
    return replace(
        operation,
        parameters=tuple(
            each if each.name in taken else replace(each, removed_in=release) for each in operation.parameters
        ),
    )
