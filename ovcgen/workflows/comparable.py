"""Two truths, ready to be compared: that only one of them is corrected is no change."""

from __future__ import annotations

from ovcgen.diff import one_sided_corrections
from ovcgen.model.api import Api
from ovcgen.workflows.resolve import Truth, declared_of


def settled(old: Truth, new: Truth) -> tuple[Api, Api]:
    """Both APIs; what is as declared in neither, or has no corrections at all, stays as it is."""
    if not (old.corrected or new.corrected):
        return old.api, new.api
    before, after = (one_sided_corrections.Release(truth.api, declared_of(truth.spec).api) for truth in (old, new))
    return one_sided_corrections.settled(before, after)
