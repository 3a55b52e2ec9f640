"""What the releases before one had, and what became of it since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from ovcgen.diff import pairing
from ovcgen.generator import SPELLINGS
from ovcgen.generator.removed_names import Vanished
from ovcgen.model.api import Api
from ovcgen.workflows.resolve import api_of, library_of

Found = Mapping[tuple[str, str], Vanished]


def vanished_before(
    api: Api, *, naming: str = "wire", groups: Collection[str] | None = None, specs: Path | None = None
) -> tuple[Vanished, ...]:
    """All calls and keywords that a pinned release before had and this one has not; nothing for files."""
    releases = library_of(specs).releases()
    if api.release not in releases:
        return ()
    earlier = releases[: releases.index(api.release)]
    apis = [*(api_of(each, specs=specs) for each in earlier), api]
    return vanished([SPELLINGS[naming](_only(api, groups)) for api in apis])


def vanished(apis: Sequence[Api]) -> tuple[Vanished, ...]:
    """What the last of these releases lacks of what the others had, sorted; they come oldest first."""
    found: dict[tuple[str, str], Vanished] = {}
    for before, after in pairwise(apis):
        found.update({(vanished.dotted, vanished.key): vanished for vanished in _between(before, after)})
    has = {
        operation.dotted: {parameter.key for parameter in operation.parameters}
        for operation in apis[-1].callable_operations
    }
    gone = [
        each
        for (dotted, key), each in sorted(found.items(), key=lambda pair: (pair[1].dotted, pair[1].key))
        if (dotted not in has if not key else dotted in has and key not in has[dotted])
    ]
    return tuple(replace(vanished, instead=_today(vanished, found, has)) for vanished in gone)


def _between(before: Api, after: Api) -> Iterator[Vanished]:
    """What went in one step."""
    calls = pairing.operations(before, after)
    moved = {rename.old.dotted: rename.new.dotted for rename in calls.renamed if not rename.old.alternative}
    kept = {operation.dotted: operation for operation in after.callable_operations}
    for old in before.callable_operations:
        new = kept.get(old.dotted)
        if new is None:
            yield Vanished(old.dotted, "", after.release, old.use_instead or moved.get(old.dotted, ""))
            continue
        parameters = pairing.parameters(old, new)
        taken = {parameter.key for parameter in new.parameters}
        yield from (
            Vanished(old.dotted, parameter.key, after.release)
            for parameter in parameters.removed
            if parameter.key not in taken
        )
        for rename in parameters.renamed:
            if rename.old.key not in taken:
                yield Vanished(old.dotted, rename.old.key, after.release, rename.new.key)


def _today(each: Vanished, found: Found, has: Mapping[str, Collection[str]]) -> str:
    """What takes its place in the last release: what took its place may itself be gone by then."""
    instead, seen = each.instead, {each.dotted if not each.key else each.key}
    known = has.get(each.dotted, ()) if each.key else has
    while instead and instead not in known and instead not in seen:
        seen.add(instead)
        after = found.get((each.dotted, instead) if each.key else (instead, ""))
        instead = after.instead if after else ""
    return instead if instead in known else ""


def _only(api: Api, groups: Collection[str] | None) -> Api:
    return replace(
        api, operations=tuple(operation for operation in api.operations if groups is None or operation.group in groups)
    )
