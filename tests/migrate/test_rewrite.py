"""Test edits of a file that are made one by one."""

from __future__ import annotations

import pytest

from ovcgen.migrate.edits import NotRewritten, RenameAttribute
from ovcgen.migrate.rewrite import rewritten
from ovcgen.usage.values import SourceSpan


def renamed(code: str, old: str, new: str) -> str:
    """Return the code, one expression, after its attribute chain was renamed."""
    lines, outside = code.splitlines(), code.startswith("(")  # parentheses are no part of the chain
    place = SourceSpan("code.py", 1, int(outside), len(lines), len(lines[-1]) - outside)
    edit = RenameAttribute(place, tuple(old.split(".")), tuple(new.split(".")))
    return rewritten(code.encode(), [edit], "old_sdk", "new_sdk").decode()


@pytest.mark.parametrize(
    ("code", "old", "new", "after"),
    [
        pytest.param("c.pets.get", "pets.get", "pets.cats.get", "c.pets.cats.get", id="to an actor"),
        pytest.param("c.pets.cats.get", "pets.cats.get", "pets.get", "c.pets.get", id="from an actor"),
        pytest.param("c.pets.get", "pets.get", "zoo.cats.find", "c.zoo.cats.find", id="to an actor of another group"),
        pytest.param("c.pets.cats.get", "pets.cats.get", "zoo.find", "c.zoo.find", id="to another group"),
        pytest.param("pets.get", "pets.get", "pets.cats.get", "pets.cats.get", id="the group is a variable"),
        pytest.param(
            "(c.pets  # a\n.get)", "pets.get", "pets.cats.get", "(c.pets.cats  # a\n.get)", id="with a comment"
        ),
    ],
)
def test_a_method_moves_between_a_group_and_an_actor(code: str, old: str, new: str, after: str) -> None:
    """The old and the new name may have different numbers of parts."""
    assert renamed(code, old, new) == after


def test_a_method_of_an_actor_in_a_variable_does_not_move() -> None:
    """The name of the actor is not in the chain, so it can't be removed."""
    with pytest.raises(NotRewritten, match="held in a variable"):
        renamed("cats.get", "pets.cats.get", "pets.get")
