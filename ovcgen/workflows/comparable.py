"""Prepare two specs for a comparison: ignore differences caused by a correction that exists for one of them only."""

from __future__ import annotations

from ovcgen.diff import one_sided_corrections
from ovcgen.model.api import Api
from ovcgen.workflows.resolve import Truth, declared_of


def settled(old: Truth, new: Truth) -> tuple[Api, Api]:
    """Return both APIs with one-sided corrections removed; unchanged if neither spec is corrected."""
    if not (old.corrected or new.corrected):
        return old.api, new.api
    before, after = (one_sided_corrections.Release(truth.api, declared_of(truth.spec).api) for truth in (old, new))
    return one_sided_corrections.settled(before, after)
