"""Test what the help says of an argument."""

from __future__ import annotations

from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Composed, Constant, Scalar, Traits
from ovcgen.workflows.argument_descriptions import facts_of


def test_each_pattern_is_a_limit_of_its_own() -> None:
    """The patterns of all members of an `allOf` are named, and not as a Python list."""
    members = tuple(Scalar("string", Traits(constraints=(("pattern", Constant.of(text)),))) for text in ("^a", "b$"))

    facts = facts_of(Composed(members), "", Resolver({}))

    assert facts["limits"] == ["matches ^a", "matches b$"]
