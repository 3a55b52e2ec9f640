"""Find changes of `additionalProperties`, `discriminator` and `readOnly`, and of whether null is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape, properties
from ovcgen.model.schema import Record, Union

rule = SHAPE_RULES.rule


@rule("additional-properties.allowed", wire=Directed(INFO, WARNING), sdk=INFO)
def additional_properties_allowed(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object may have members that are not named.

    In a request nobody breaks. In an answer such members may come, and clients that check answers refuse them: ignore
    what you don't know.
    """
    if old.closed and not new.closed and new.kind == "object":
        hint = "" if _sent(new) else "Let code that reads it ignore what it does not know."
        yield Finding("may have other members now.", before=False, after=True, hint=hint)


@rule("additional-properties.forbidden", wire=Directed(BREAKING, INFO), sdk=INFO)
def additional_properties_forbidden(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object may have no members but those that are named.

    In a request with others is refused now: send only the named ones. In an answer nothing unexpected arrives.
    """
    if new.closed and not old.closed and old.kind == "object":
        hint = "Send only what is named." if _sent(new) else ""
        yield Finding("may have no other members any more.", before=True, after=False, hint=hint)


@rule("discriminator.changed", wire=WARNING, sdk=WARNING)
def discriminator_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """Another member names the variant of an object (`discriminator`).

    Code that chooses a class by the old member chooses the wrong one. Use the new member.
    """
    had, has = _discriminator(old), _discriminator(new)
    if had != has and {old.kind, new.kind} <= {"object", None} and _are_alike(old, new):
        discriminator = f"is told apart by {quoted(has)} now" if has else "is no longer told apart by a member"
        yield Finding(
            f"{discriminator}{f'; it was {quoted(had)}' if had else ''}.",
            before=had or None,
            after=has or None,
            hint=f"Look at {quoted(has)}." if has else "",
        )


@rule("nullable.added", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, BREAKING))
def nullable_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value may be null.

    In a request nobody breaks. In an answer code that reads it must be ready for None.
    """
    if new.traits.nullable and not old.traits.nullable and _has_type(old):
        yield Finding("may be null now.", before=False, after=True, hint="" if _sent(new) else "Be ready for None.")


@rule("nullable.removed", wire=Directed(BREAKING, INFO), sdk=Directed(WARNING, INFO))
def nullable_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value may not be null any more.

    In a request null is refused now: send a value, or leave it out. In an answer it no longer comes.
    """
    if old.traits.nullable and not new.traits.nullable and _has_type(new):
        hint = "Send a value, or leave it out." if _sent(new) else ""
        yield Finding("can't be null any more.", before=True, after=False, hint=hint)


@rule("read-only.set", wire=Directed(WARNING, INFO), sdk=Directed(WARNING, INFO))
def read_only_set(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member is only written by the service.

    In a request it is ignored, or refused: stop sending it. In an answer nothing is different.
    """
    for before, after in properties(old, new).both:
        if after.schema.traits.read_only and not before.schema.traits.read_only:
            place, hint = Location(member=before.name), "Stop sending it." if _sent(new) else ""
            yield Finding("is only written by the service now.", place, before=False, after=True, hint=hint)


@rule("read-only.unset", wire=INFO, sdk=INFO)
def read_only_unset(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member is no longer written by the service alone.

    Nobody breaks, unless it has to be sent from now on: then send it.
    """
    for before, after in properties(old, new).both:
        if before.schema.traits.read_only and not after.schema.traits.read_only:
            must = _sent(new) and after.required and before.required
            says = f"is no longer written by the service alone{', and must be sent' if must else ''}."
            level, hint = (BREAKING, "Send it.") if must else (INFO, "")
            place = Location(member=before.name)
            yield Finding(says, place, before=True, after=False, hint=hint, wire=level, sdk=level)


def _sent(shape: Shape) -> bool:
    return shape.direction is Direction.REQUEST


def _has_type(shape: Shape) -> bool:
    """Return whether the schema has a type. Without a type, it allows null in any case."""
    return shape.kind is not None or isinstance(shape.schema, Union)


def _are_alike(old: Shape, new: Shape) -> bool:
    """Return whether both schemas are unions or neither is. Another rule reports a union that was added or removed."""
    return isinstance(old.schema, Union) == isinstance(new.schema, Union)


def _discriminator(shape: Shape) -> str:
    return shape.schema.discriminator if isinstance(shape.schema, Record | Union) else ""
