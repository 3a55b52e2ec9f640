"""Two truths, ready to be compared: that only one of them is corrected is no change."""

from __future__ import annotations

from ovcgen.diff import settling
from ovcgen.model.api import Api
from ovcgen.pipeline.sources import Truth, declared_of


def settled(old: Truth, new: Truth) -> tuple[Api, Api]:
    """Both APIs; what is as declared in neither, or has no corrections at all, stays as it is."""
    if not (old.corrected or new.corrected):
        return old.api, new.api
    before, after = (settling.Release(each.api, declared_of(each.spec).api) for each in (old, new))
    return settling.settled(before, after)
