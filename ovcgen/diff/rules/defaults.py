"""Find changes of default values."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import INFO, WARNING
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape

rule = SHAPE_RULES.rule


@rule("default.added", wire=Directed(WARNING, INFO), sdk=Directed(WARNING, INFO))
def default_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value that can be left out has a default now.

    The same call may do something else. Pass the value if the default is not what you mean.
    """
    if _counts(new) and old.default is None and new.default is not None:
        text = quoted(new.default.text)
        yield Finding(
            f"counts as {text} now when it is left out; there was no default.",
            after=new.default.value,
            hint=f"Pass it in calls that don't mean {text}.",
        )


@rule("default.changed", wire=Directed(WARNING, INFO), sdk=Directed(WARNING, INFO))
def default_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value that can be left out counts as something else.

    The same call does something else. Pass the old default to keep what the call did.
    """
    if _counts(new) and old.default is not None and new.default is not None and old.default != new.default:
        yield Finding(
            f"counts as {quoted(new.default.text)} now when it is left out; it was {quoted(old.default.text)}.",
            before=old.default.value,
            after=new.default.value,
            hint=f"Pass {quoted(old.default.text)} to keep what the call did.",
        )


@rule("default.removed", wire=Directed(WARNING, INFO), sdk=Directed(WARNING, INFO))
def default_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value that can be left out has no default any more.

    The same call may do something else. Pass the old default to keep what the call did.
    """
    if _counts(new) and old.default is not None and new.default is None:
        text = quoted(old.default.text)
        yield Finding(
            f"has no default any more; it counted as {text} when it was left out.",
            before=old.default.value,
            hint=f"Pass {text} to keep what the call did.",
        )


def _counts(shape: Shape) -> bool:
    """Return whether a default is compared: in requests, and in answers of OpenAPI 3."""
    return shape.direction is Direction.REQUEST or bool(shape.openapi)
