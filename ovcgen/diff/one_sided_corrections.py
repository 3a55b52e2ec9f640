"""Ignore differences caused by a correction that exists for one release only.

Such a correction is not a change of the API, because both documents declare the same. Differences remain if both
releases have a correction, or if the documents themselves differ.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from ovcgen.diff import pairing
from ovcgen.model.api import Api, Definition, Operation, Parameter, Response

Item = TypeVar("Item")
Key = Callable[[Any], Hashable]

NAMES = ("group", "actor", "name", "method", "path", "id", "tags", "plain", "alternative", "use_instead")
APART = ("parameters", "responses")
FACETS = tuple(field.name for field in fields(Operation) if field.name not in (*NAMES, *APART))


@dataclass(frozen=True, slots=True)
class CorrectedApi:
    """A record of the API of one release in two forms.

    Attributes:
        corrected: With the corrections of the release's overlay.
        declared: As the document declares it, without corrections.
    """

    corrected: Api
    declared: Api


def without_one_sided(old: CorrectedApi, new: CorrectedApi) -> tuple[Api, Api]:
    """Return (old, new): both corrected APIs without the differences that only one release's corrections cause.

    There, both APIs are as their documents declare it. An operation that only one corrected API has, and no document,
    is left out; a definition that no document has is given to both. The given APIs are not changed.
    """
    had, has = ({_place(operation): operation for operation in side.declared.operations} for side in (old, new))
    pairs = pairing.operations(old.corrected, new.corrected)
    both = [
        _operations(before, after, had.get(_place(before)), has.get(_place(after)))
        for before, after in (*pairs.both, *pairs.reached)
    ]
    gone = [operation for operation in pairs.removed if _place(operation) in had or _place(operation) in has]
    come = [operation for operation in pairs.added if _place(operation) in had or _place(operation) in has]
    named = _levelled(*(api.definitions for api in _four(old, new)), key=lambda definition: definition.name, keep=True)
    return (
        _with(old.corrected, [*(operation for operation, _ in both), *gone], named[0]),
        _with(new.corrected, [*(operation for _, operation in both), *come], named[1]),
    )


def _four(old: CorrectedApi, new: CorrectedApi) -> tuple[Api, Api, Api, Api]:
    return old.corrected, new.corrected, old.declared, new.declared


def _with(api: Api, operations: list[Operation], definitions: Iterable[Definition]) -> Api:
    return replace(
        api,
        operations=tuple(sorted(operations, key=lambda operation: (operation.path, operation.method))),
        definitions=tuple(sorted(definitions, key=lambda definition: definition.name)),
    )


def _place(operation: Operation) -> tuple[str, str]:
    return operation.method, operation.path


def _operations(
    old: Operation, new: Operation, had: Operation | None, has: Operation | None
) -> tuple[Operation, Operation]:
    """Return a pair of operations without such differences; unchanged if a document does not declare the operation."""
    if had is None or has is None:
        return old, new
    level = {
        name: getattr(had, name)
        for name in FACETS
        if getattr(had, name) == getattr(has, name)
        and (getattr(old, name) != getattr(had, name)) != (getattr(new, name) != getattr(has, name))
    }
    parameters = _levelled(old.parameters, new.parameters, had.parameters, has.parameters, key=_parameter)
    responses = _levelled(old.responses, new.responses, had.responses, has.responses, key=_status)
    return (
        _with_facets(old, {**level, "parameters": tuple(parameters[0]), "responses": tuple(responses[0])}),
        _with_facets(new, {**level, "parameters": tuple(parameters[1]), "responses": tuple(responses[1])}),
    )


def _with_facets(operation: Operation, facets: dict[str, Any]) -> Operation:
    """Return the operation with these values; the operation itself if it has them."""
    changed = {name: value for name, value in facets.items() if getattr(operation, name) != value}
    return replace(operation, **changed) if changed else operation


def _parameter(parameter: Parameter) -> tuple[str, str]:
    return parameter.location, parameter.name


def _status(response: Response) -> str:
    return response.status


def _levelled(
    old: Iterable[Item],
    new: Iterable[Item],
    had: Iterable[Item],
    has: Iterable[Item],
    *,
    key: Key,
    keep: bool = False,
) -> tuple[list[Item], list[Item]]:
    """Return two lists of items without such differences: an item that one correction added or removed is as declared.

    With `keep`, an item that no document declares is given to both.
    """
    sides = [{key(item): item for item in side} for side in (old, new, had, has)]
    names = dict.fromkeys(name for side in sides for name in side)
    levelled = [_one(*(side.get(name) for side in sides), keep=keep) for name in names]
    return [item for item, _ in levelled if item is not None], [item for _, item in levelled if item is not None]


def _one(
    old: Item | None, new: Item | None, had: Item | None, has: Item | None, *, keep: bool
) -> tuple[Item | None, Item | None]:
    if (had != has and _bare(had) != _bare(has)) or (old != had) == (new != has):
        return old, new
    if had is None and keep:
        return old or new, new or old
    return had, has


def _bare(item: Any) -> Any:
    """Return a parameter or response without its description."""
    return replace(item, doc="") if isinstance(item, (Parameter, Response)) else item
