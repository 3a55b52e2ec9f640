"""Find the operations and parameters that earlier releases had and a release no longer has, with their replacements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ovcgen.diff import pairing
from ovcgen.generator import SPELLINGS
from ovcgen.generator.removed_name import RemovedName
from ovcgen.model.api import Api

Found = Mapping[tuple[str, str], RemovedName]


def removed_before(
    api: Api, earlier: Sequence[Api], *, naming: str = "wire", groups: Collection[str] | None = None
) -> tuple[RemovedName, ...]:
    """Return the operations and parameters that one of the `earlier` APIs had and `api` lacks, sorted; () for none.

    A parameter counts only if its operation still exists. See `removed_names` for replacements.

    Args:
        api: The API of the release.
        earlier: The APIs of earlier releases, the oldest first.
        naming: The spelling of Python names: a key of `SPELLINGS`.
        groups: The groups whose operations count; None means all.

    Raises:
        KeyError: there is no such spelling.
    """
    return removed_names([SPELLINGS[naming](other.limited_to(groups)) for other in (*earlier, api)])


def removed_names(apis: Sequence[Api]) -> tuple[RemovedName, ...]:
    """Return the operations and parameters that an earlier API had and the last API lacks, sorted by name; () for none.

    `apis` start with the oldest and have at least one item. A parameter counts only if its operation still exists. A
    replacement that was itself replaced later is followed; one that the last API lacks is left out ("").
    """
    found: dict[tuple[str, str], RemovedName] = {}
    for before, after in pairwise(apis):
        found.update({(removed.dotted, removed.key): removed for removed in _between(before, after)})
    has = {
        operation.dotted: {parameter.key for parameter in operation.parameters}
        for operation in apis[-1].callable_operations
    }
    gone = [
        name
        for (dotted, key), name in sorted(found.items(), key=lambda pair: (pair[1].dotted, pair[1].key))
        if (dotted not in has if not key else dotted in has and key not in has[dotted])
    ]
    return tuple(replace(removed, instead=_today(removed, found, has)) for removed in gone)


def _between(before: Api, after: Api) -> Iterator[RemovedName]:
    """Yield the operations and parameters that are removed from one release to the next."""
    calls = pairing.operations(before, after)
    moved = {rename.old.dotted: rename.new.dotted for rename in calls.renamed if not rename.old.alternative}
    kept = {operation.dotted: operation for operation in after.callable_operations}
    for old in before.callable_operations:
        new = kept.get(old.dotted)
        if new is None:
            yield RemovedName(old.dotted, "", after.release, old.use_instead or moved.get(old.dotted, ""))
            continue
        parameters = pairing.parameters(old, new)
        taken = {parameter.key for parameter in new.parameters}
        yield from (
            RemovedName(old.dotted, parameter.key, after.release)
            for parameter in parameters.removed
            if parameter.key not in taken
        )
        for rename in parameters.renamed:
            if rename.old.key not in taken:
                yield RemovedName(old.dotted, rename.old.key, after.release, rename.new.key)


def _today(removed: RemovedName, found: Found, has: Mapping[str, Collection[str]]) -> str:
    """Return the replacement in the last release, or "". A replacement may have been renamed or removed later, too."""
    instead, seen = removed.instead, {removed.dotted if not removed.key else removed.key}
    known = has.get(removed.dotted, ()) if removed.key else has
    while instead and instead not in known and instead not in seen:
        seen.add(instead)
        after = found.get((removed.dotted, instead) if removed.key else (instead, ""))
        instead = after.instead if after else ""
    return instead if instead in known else ""
