"""Pair the operations, parameters and properties of two releases."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Generic, TypeVar

from ovcgen.diff.name_similarity import GROWN, SAME, RenameCandidate, similarity, unambiguous_renames
from ovcgen.diff.rename_detection import has_same_structure, probable_moves
from ovcgen.model.api import Api, Callback, Operation, Parameter
from ovcgen.model.schema import Property

Item = TypeVar("Item")

SLOT = re.compile(r"\{([^{}]*)\}")
MOST = 2_500  # the number of name pairs up to which renames are searched; with more, guesses would be unreliable


@dataclass(frozen=True, slots=True)
class LikelyRename(Generic[Item]):
    """A record of a removed and an added item that are probably one item under two names.

    Attributes:
        old, new: The two items: operations, parameters or properties.
        confidence: From 0 to 1.
    """

    old: Item
    new: Item
    confidence: float


@dataclass(frozen=True, slots=True)
class Pairs(Generic[Item]):
    """A record of the items (operations, parameters or properties) of two releases, in pairs.

    Attributes:
        both: (old, new) pairs of the items that both releases have, also under two names.
        removed: The items that only the old release has.
        added: The items that only the new release has.
        renamed: The pairs of `both` that are probable renames. Path parameters, and paths in which only the names of
            parameters differ, are not among them.
        reached: Pairs of operations with the same path and name but another verb. They are not in `both`.
    """

    both: tuple[tuple[Item, Item], ...]
    removed: tuple[Item, ...]
    added: tuple[Item, ...]
    renamed: tuple[LikelyRename[Item], ...] = ()
    reached: tuple[tuple[Item, Item], ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseOperations:
    """A record of one of two compared releases, for rules about a whole API.

    Attributes:
        api: The API of this release.
        calls: The operations of both releases, in pairs. The records of both releases have the same.
        types: The type names in this release's SDK, by the place of the schema as in names.json; empty if not known.
    """

    api: Api
    calls: Pairs[Operation]
    types: Mapping[str, str] = field(default_factory=dict)


def with_paired_operations(
    old: Api, new: Api, types: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
) -> tuple[ReleaseOperations, ReleaseOperations]:
    """Return the (old, new) subjects of the rules about a whole API: both releases with the pairs of their operations.

    `types` has the type names of the old and of the new SDK, by the place of the schema as in names.json.
    """
    calls = operations(old, new)
    return ReleaseOperations(old, calls, types[0]), ReleaseOperations(new, calls, types[1])


def operations(old: Api, new: Api) -> Pairs[Operation]:
    """Return the pairs of operations of two APIs.

    They are paired by verb and path, where names of path parameters do not count, then by probable renames. Operations
    with the same path and Python name but another verb are in `reached`.
    """
    found = _paired(
        old.operations,
        new.operations,
        lambda operation: (operation.method, operation.path),
        lambda operation: (operation.method, path_without_names(operation.path)),
    )
    verbs = _paired(
        found.removed, found.added, lambda operation: (operation.path, operation.dotted, operation.alternative)
    )
    return replace(_with_renames(verbs, probable_moves(verbs.removed, verbs.added), found.both), reached=verbs.both)


def path_without_names(path: str) -> str:
    """Return a path without the names of its parameters: `/pets/{}` for `/pets/{id}`."""
    return SLOT.sub("{}", path)


def parameters(old: Operation, new: Operation) -> Pairs[Parameter]:
    """Return the pairs of parameters of two versions of an operation.

    They are paired by location and name, then by name alone (moved parameters), then by probable renames. Bodies are
    always paired, path parameters by their position in the path, and names of headers ignore case. In Swagger 2.0,
    headers whose names differ in case are also reported as renamed.

    A rename is probable if the names are similar, and location, type, format, enum and `required` are equal. An added
    or left-out word makes names similar only if the parameters are required. Only the location has to be equal if the
    names differ in spelling alone, or if each release has exactly one required parameter that the other lacks, and
    these two have similar names without an added word. Renames are not searched if there are more than 2,500
    combinations of a removed and an added name.
    """
    found = _paired(
        _named(old, renamed_path_parameters(old, new)),
        _named(new, {}),
        lambda entry: (entry[1].location, "" if entry[1].location == "body" else entry[0]),
        lambda entry: (entry[1].location, entry[0].lower() if entry[1].location == "header" else entry[0]),
        lambda entry: entry[0],
    )
    both = tuple((one, other) for (_, one), (_, other) in found.both)
    cased = tuple(
        LikelyRename(*pair, SAME)
        for pair in both
        if pair[0].location == "header" and pair[0].name != pair[1].name and not (old.openapi and new.openapi)
    )
    rest = Pairs(
        (), tuple(parameter for _, parameter in found.removed), tuple(parameter for _, parameter in found.added)
    )
    likely = _with_renames(rest, _likely(rest.removed, rest.added), both)
    return replace(likely, renamed=cased + likely.renamed)


def paired_callbacks(old: Iterable[Callback], new: Iterable[Callback]) -> list[tuple[Callback, Callback]]:
    """Return the (old, new) pairs of callbacks or webhooks that both releases have: name, URL and method are equal.

    The order is that of `old`. Those that only one release has are left out.
    """
    has = {(request.name, request.expression, request.operation.method): request for request in new}
    keyed = ((request, (request.name, request.expression, request.operation.method)) for request in old)
    return [(request, has[key]) for request, key in keyed if key in has]


def unsendable_parameters(old: Operation, new: Operation) -> list[tuple[Parameter, Parameter]]:
    """Return the (old, new) pairs of declared path parameters that are missing in the path, so that they can't be sent.

    The parameters are paired by name; those that only one operation has are left out.
    """
    has = {parameter.name: parameter for parameter in new.unplaced}
    return [(parameter, has[parameter.name]) for parameter in old.unplaced if parameter.name in has]


def properties(old: Iterable[Property], new: Iterable[Property]) -> Pairs[Property]:
    """Return the pairs of properties of two objects, by name, then by probable renames.

    A rename is probable if the names are similar, and type, format, enum and `required` are equal. An added or left-out
    word makes names similar only if the properties are required. Renames are not searched if there are more than 2,500
    combinations of a removed and an added name.
    """
    found = _paired(old, new, lambda schema: schema.name)
    if not found.removed or not found.added:
        return found
    return _with_renames(found, _alike_properties(found.removed, found.added), found.both)


def renamed_path_parameters(old: Operation, new: Operation) -> dict[str, str]:
    """Return the new names of path parameters by their old names, paired by position; equal names are included.

    If one path has more parameters than the other, the last ones are left out.
    """
    return dict(zip(SLOT.findall(old.path), SLOT.findall(new.path), strict=False))


def is_renamed_by_slots(old: Operation, new: Operation) -> bool:
    """Return whether the Python name changed only because the path names its parameters in another way.

    In OpenAPI 3 an operation without an operationId is named by its path. The result is False for Swagger 2.0, if one
    of the operations has an operationId, or if tags changed.
    """
    if not new.openapi or old.id or new.id or old.dotted == new.dotted:
        return False
    return (
        old.path != new.path
        and path_without_names(old.path) == path_without_names(new.path)
        and set(old.tags) == set(new.tags)
    )


def _with_renames(
    rest: Pairs[Item], likely: Iterable[RenameCandidate], both: tuple[tuple[Item, Item], ...]
) -> Pairs[Item]:
    """Return the pairs with the most probable renames moved from `removed` and `added` to `both`."""
    found = unambiguous_renames(likely)
    renames = tuple(
        LikelyRename(rest.removed[likely.old], rest.added[likely.new], likely.confidence) for likely in found
    )
    gone, come = {likely.old for likely in found}, {likely.new for likely in found}
    return Pairs(
        (*both, *((rename.old, rename.new) for rename in renames)),
        tuple(parameter for index, parameter in enumerate(rest.removed) if index not in gone),
        tuple(parameter for index, parameter in enumerate(rest.added) if index not in come),
        renames,
    )


def _likely(removed: tuple[Parameter, ...], added: tuple[Parameter, ...]) -> Iterator[RenameCandidate]:
    sole = _required(removed) == _required(added) == 1
    for here, there in _candidates(removed, added):
        old, new = removed[here], added[there]
        if old.location == new.location and old.location not in ("path", "body"):
            sure = similarity(old.name, new.name)
            fits = has_same_structure(old.schema, new.schema) and old.required == new.required
            # The only required parameter can be replaced by nothing else, so its type may differ.
            only = sole and old.required and new.required and sure > GROWN
            if sure == SAME or only or (sure and fits and (old.required or sure > GROWN)):
                yield RenameCandidate(here, there, sure)


def _required(parameters: tuple[Parameter, ...]) -> int:
    """Return how many of the parameters are required."""
    return sum(parameter.required for parameter in parameters)


def _alike_properties(removed: tuple[Property, ...], added: tuple[Property, ...]) -> Iterator[RenameCandidate]:
    for here, there in _candidates(removed, added):
        old, new = removed[here], added[there]
        sure = similarity(old.name, new.name)
        fits = has_same_structure(old.schema, new.schema) and old.required == new.required
        if fits and sure and (old.required or sure > GROWN):
            yield RenameCandidate(here, there, sure)


def _candidates(removed: tuple[Item, ...], added: tuple[Item, ...]) -> Iterable[tuple[int, int]]:
    few = len(removed) * len(added) <= MOST
    return product(range(len(removed)), range(len(added))) if few else ()


def _named(operation: Operation, renamed: Mapping[str, str]) -> list[tuple[str, Parameter]]:
    """Return the parameters with their name in the new path, sorted by location and name."""
    return sorted(
        (
            (renamed.get(parameter.name, parameter.name) if parameter.location == "path" else parameter.name, parameter)
            for parameter in operation.parameters
        ),
        key=lambda entry: (entry[1].location, entry[0]),
    )


def _paired(old: Iterable[Item], new: Iterable[Item], *keys: Callable[[Item], Hashable]) -> Pairs[Item]:
    """Pair items by the first key, and the items left over by the next ones."""
    removed, added = tuple(old), tuple(new)
    both: list[tuple[Item, Item]] = []
    for key in keys:
        if not removed or not added:
            break
        had = {key(item): item for item in reversed(removed)}
        has = {key(item): item for item in reversed(added)}
        shared = had.keys() & has.keys()
        both += [(item, has[key(item)]) for item in removed if key(item) in shared and had[key(item)] is item]
        removed = tuple(item for item in removed if key(item) not in shared or had[key(item)] is not item)
        added = tuple(item for item in added if key(item) not in shared or has[key(item)] is not item)
    return Pairs(tuple(both), removed, added)
