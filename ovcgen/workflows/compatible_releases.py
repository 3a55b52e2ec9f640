"""Compare pairs of releases for code that uses one of them, and find the pinned releases on which that code runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ovcgen.generator import SPELLINGS
from ovcgen.impact.affected_usages import breaks
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.usage.usages import Usage
from ovcgen.workflows.compare_releases import behaviours_between, changes_between
from ovcgen.workflows.resolve import Release, resolve

Pair = Callable[[str, str], ReleasePair]


def release_pairs(naming: str, specs: Path | None = None, *, package_name: str = "") -> Pair:
    """Return a function that takes the old and the new release (names or files) and returns their `ReleasePair`.

    Each release is loaded once, however often the function is called. The function raises the errors of `resolve`.

    Args:
        naming: The spelling of Python names: a key of `SPELLINGS`; the function raises KeyError for another one.
        specs: Folder of pinned catalogs; see `library_of`.
        package_name: Name of the SDK's distribution for both releases; "" takes the default name of each release.
    """

    @cache
    def load(source: str) -> Release:
        return resolve(source, specs=specs)

    def pair(old: str, new: str) -> ReleasePair:
        before, after = load(old), load(new)
        old_api, new_api = (
            SPELLINGS[naming](replace(release.api, package=package_name)) for release in (before, after)
        )
        return ReleasePair(old_api, new_api, tuple(changes_between(before, after)), behaviours_between(before, after))

    return pair


def runs_on(used: Usage, between: ReleasePair, pair: Pair, pinned: Sequence[str]) -> tuple[str, ...]:
    """Return the pinned releases on which the code runs: those around the old release, up to the first that breaks it.

    Empty if the code uses names that the old release does not have. If the old release is not pinned, the result is
    both compared releases, or empty if the new one breaks the code.

    Args:
        used: What the code uses of the old release.
        between: The old and the new release.
        pair: Compares two releases; see `release_pairs`.
        pinned: All pinned releases, oldest first.
    """
    if used.absent:  # it does not run on the old release
        return ()
    old = between.old
    if old not in pinned:
        return () if breaks(used, between) else (old, between.new)

    def runs(release: str) -> bool:
        return not breaks(used, between if release == between.new else pair(old, release))

    start = end = pinned.index(old)
    while start > 0 and runs(pinned[start - 1]):
        start -= 1
    while end + 1 < len(pinned) and runs(pinned[end + 1]):
        end += 1
    return tuple(pinned[start : end + 1])
