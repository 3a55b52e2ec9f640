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
    return vanished([SPELLINGS[naming](_only(each, groups)) for each in apis])


def vanished(apis: Sequence[Api]) -> tuple[Vanished, ...]:
    """What the last of these releases lacks of what the others had, sorted; they come oldest first."""
    found: dict[tuple[str, str], Vanished] = {}
    for before, after in pairwise(apis):
        found.update({(each.dotted, each.key): each for each in _between(before, after)})
    has = {each.dotted: {parameter.key for parameter in each.parameters} for each in apis[-1].callable_operations}
    gone = [
        each
        for (dotted, key), each in sorted(found.items(), key=lambda pair: (pair[1].dotted, pair[1].key))
        if (dotted not in has if not key else dotted in has and key not in has[dotted])
    ]
    return tuple(replace(each, instead=_today(each, found, has)) for each in gone)


def _between(before: Api, after: Api) -> Iterator[Vanished]:
    """What went in one step."""
    calls = pairing.operations(before, after)
    moved = {each.old.dotted: each.new.dotted for each in calls.renamed if not each.old.alternative}
    kept = {each.dotted: each for each in after.callable_operations}
    for old in before.callable_operations:
        new = kept.get(old.dotted)
        if new is None:
            yield Vanished(old.dotted, "", after.release, old.use_instead or moved.get(old.dotted, ""))
            continue
        parameters = pairing.parameters(old, new)
        taken = {each.key for each in new.parameters}
        yield from (
            Vanished(old.dotted, each.key, after.release) for each in parameters.removed if each.key not in taken
        )
        for each in parameters.renamed:
            if each.old.key not in taken:
                yield Vanished(old.dotted, each.old.key, after.release, each.new.key)


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
    return replace(api, operations=tuple(each for each in api.operations if groups is None or each.group in groups))
