"""Find changes of the declared members of objects, in requests and responses."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding
from ovcgen.diff.schema_pairs import Direction, Shape, properties
from ovcgen.model.schema import Property

rule = SHAPE_RULES.rule


@rule("property.added-required", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def property_added_required(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object has a new member that is always there.

    In a request it must be sent: pass it. In an answer it can be ignored, unless the old release promised that no other
    member ever comes.
    """
    for member in properties(old, new).added:
        if member.required:
            yield _added(old, new, member, "is new and always there.", "is new and must be sent.")


@rule("property.added-optional", wire=INFO, sdk=INFO)
def property_added_optional(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object has a new member that may be missing.

    Nobody breaks, unless it comes in an answer for which the old release promised that no other member ever comes.
    """
    for member in properties(old, new).added:
        if not member.required:
            yield _added(old, new, member, "is new and may be there.", "is new and may be sent.")


@rule("property.removed", wire=WARNING, sdk=BREAKING)
def property_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member of an object is gone.

    In a request it is ignored, or refused where no other members are allowed: stop sending it. In an answer code that
    reads it finds nothing: breaking where it was always there.
    """
    for member in properties(old, new).removed:
        sent = new.direction is Direction.REQUEST
        traits = member.schema.traits
        never = traits.read_only if sent else traits.write_only
        is_needed = bool(new.openapi) and member.name in new.traits.required
        strict = new.closed or is_needed if sent else member.required
        yield Finding(
            "is gone.",
            Location(member=member.name),
            hint="Stop sending it." if sent else "Don't read it.",
            wire=INFO if never else BREAKING if strict else WARNING,
        )


@rule("property.became-required", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def property_became_required(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member that could be missing is always there.

    In a request it must be sent now: pass it. In an answer nobody breaks.
    """
    for name, before, after in _both(old, new):
        if after.required and not before.required:
            place = Location(member=name)
            if _sent(new, after):
                says = "must be sent now; it could be left out."
                yield Finding(says, place, before=False, after=True, hint="Send it.")
            else:
                yield Finding("is always there now.", place, before=False, after=True, wire=INFO, sdk=INFO)


@rule("property.became-optional", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, BREAKING))
def property_became_optional(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member that was always there may be missing.

    In a request nobody breaks. In an answer code that reads it must be ready to find nothing.
    """
    for name, before, after in _both(old, new):
        if before.required and not after.required:
            sent = new.direction is Direction.REQUEST
            says = "may be left out now." if sent else "may be missing now; it was always there."
            hint = "" if sent else "Be ready to find nothing."
            yield Finding(says, Location(member=name), before=True, after=False, hint=hint)


def _added(old: Shape, new: Shape, member: Property, answered: str, sent: str) -> Finding:
    place = Location(member=member.name)
    if _sent(new, member):
        return Finding(sent, place, hint="Send it." if member.required else "")
    closed = old.closed and new.direction is Direction.RESPONSE
    return Finding(answered, place, wire=BREAKING if closed else INFO, sdk=INFO)


def _sent(shape: Shape, member: Property) -> bool:
    """Return whether callers send the member: it is in a request and not `readOnly`."""
    return shape.direction is Direction.REQUEST and not member.schema.traits.read_only


def _both(old: Shape, new: Shape) -> Iterator[tuple[str, Property, Property]]:
    for before, after in properties(old, new).both:
        yield before.name, before, after
