"""Find values that became, or no longer are, one constant (`const` of OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.enums import constants
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape

rule = OPENAPI3.shapes.rule


@rule("const.introduced", wire=Directed(BREAKING, INFO), sdk=Directed(WARNING, INFO))
def const_introduced(old: Shape, new: Shape) -> Iterator[Finding]:
    """A free value has to be one constant now.

    In a request every other value is refused: send the constant. In an answer nothing unexpected arrives.
    """
    had, has = constants(old, new)
    if had is None and has is not None and not old.traits.enum:
        hint = f"Send {quoted(has.text)}." if _sent(new) else ""
        yield Finding(f"can only be {quoted(has.text)} now.", after=has.value, hint=hint)


@rule("const.lifted", wire=Directed(INFO, WARNING), sdk=Directed(INFO, WARNING))
def const_lifted(old: Shape, new: Shape) -> Iterator[Finding]:
    """A constant became a free value.

    In a request nobody breaks. In an answer values may arrive that code does not know: treat them as unknown.
    """
    had, has = constants(old, new)
    if had is not None and has is None and not new.traits.enum:
        hint = "" if _sent(new) else "Be ready for other values."
        yield Finding(f"can be anything now; it was {quoted(had.text)}.", before=had.value, hint=hint)


@rule("const.changed", wire=BREAKING, sdk=BREAKING)
def const_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A constant has another value.

    In a request the old value is refused: send the new one. In an answer the new one comes, which code does not know.
    """
    had, has = constants(old, new)
    if had is not None and has is not None and had != has:
        verb = "Send" if _sent(new) else "Expect"
        yield Finding(
            f"is {quoted(has.text)} now; it was {quoted(had.text)}.",
            before=had.value,
            after=has.value,
            hint=f"{verb} {quoted(has.text)}.",
        )


def _sent(shape: Shape) -> bool:
    return shape.direction is Direction.REQUEST
