"""Find changes of `writeOnly`, `deprecated`, `patternProperties` and `dependentRequired`, and of undeclared members."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape, pattern_properties, properties
from ovcgen.model.schema import Anything, Record

rule = OPENAPI3.shapes.rule


@rule("write-only.set", wire=Directed(INFO, WARNING), sdk=Directed(INFO, BREAKING))
def write_only_set(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member is only sent by callers.

    In a request nothing is different. In an answer it no longer comes: code that reads it finds nothing.
    """
    for before, after in properties(old, new).both if old.openapi else ():
        if after.schema.traits.write_only and not before.schema.traits.write_only:
            place, hint = Location(member=before.name), "" if _sent(new) else "Don't read it."
            yield Finding("is only sent by callers now.", place, before=False, after=True, hint=hint)


@rule("write-only.unset", wire=INFO, sdk=INFO)
def write_only_unset(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member is no longer sent by callers alone.

    Nobody breaks: it may come in answers now.
    """
    for before, after in properties(old, new).both if old.openapi else ():
        if before.schema.traits.write_only and not after.schema.traits.write_only:
            place = Location(member=before.name)
            yield Finding("is no longer sent by callers alone.", place, before=True, after=False)


@rule("property.deprecated", wire=INFO, sdk=INFO)
def property_deprecated(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member is announced to go away.

    Nobody breaks today. Stop using it before the release that removes it.
    """
    for before, after in properties(old, new).both if old.openapi else ():
        if after.schema.traits.deprecated and not before.schema.traits.deprecated:
            place = Location(member=before.name)
            yield Finding("is deprecated: a later release may drop it.", place, before=False, after=True)


@rule("property.undeprecated", wire=INFO, sdk=INFO)
def property_undeprecated(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member is no longer announced to go away.

    Nobody breaks.
    """
    for before, after in properties(old, new).both if old.openapi else ():
        if before.schema.traits.deprecated and not after.schema.traits.deprecated:
            yield Finding("is no longer deprecated.", Location(member=before.name), before=True, after=False)


@rule("pattern-property.added", wire=Directed(BREAKING, INFO), sdk=INFO)
def pattern_property_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """Members with a matching name have to be of a type.

    In a request members of that name and another type are refused now: send them in that type. In an answer nothing
    unexpected arrives.
    """
    for pattern in _lacking_patterns(old, new):
        hint = f"Keep members that match {quoted(pattern)} to their new type." if _sent(new) else ""
        yield Finding(f"describes members that match {quoted(pattern)} now.", Location(field=pattern), hint=hint)


@rule("pattern-property.removed", wire=Directed(INFO, WARNING), sdk=INFO)
def pattern_property_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """Members with a matching name may be of any type.

    In a request nobody breaks. In an answer values of other types may arrive: be ready for them.
    """
    for pattern in _lacking_patterns(new, old):
        hint = "" if _sent(new) else "Be ready for other types."
        says = f"no longer describes members that match {quoted(pattern)}."
        yield Finding(says, Location(field=pattern), hint=hint)


@rule("dependent-required.added", wire=Directed(BREAKING, INFO), sdk=INFO)
def dependent_required_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member has to be there if another one is.

    In a request one without the other is refused now: send both. In an answer nothing unexpected arrives.
    """
    for name, needed in _lacking_dependents(old, new):
        listed = ", ".join(map(quoted, needed))
        hint = f"Send {listed} where you send {quoted(name)}." if _sent(new) else ""
        yield Finding(f"needs {listed} where it has {quoted(name)} now.", after=needed, hint=hint)


@rule("dependent-required.removed", wire=Directed(INFO, WARNING), sdk=INFO)
def dependent_required_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A member may be missing where another one is there.

    In a request nobody breaks. In an answer one may come without the other: be ready for it.
    """
    for name, needed in _lacking_dependents(new, old):
        listed = ", ".join(map(quoted, needed))
        hint = "" if _sent(new) else f"Be ready for {quoted(name)} without {listed}."
        yield Finding(f"no longer needs {listed} where it has {quoted(name)}.", before=needed, hint=hint)


@rule("additional-properties.typed", wire=Directed(BREAKING, INFO), sdk=INFO)
def additional_properties_typed(old: Shape, new: Shape) -> Iterator[Finding]:
    """Members that are not named have to be of a type.

    In a request members of another type are refused now: send them in that type. In an answer nothing unexpected
    arrives.
    """
    if _may_be_anything(old) and new.undeclared_schema is not None and not _may_be_anything(new):
        hint = "Keep other members to their new type." if _sent(new) else ""
        yield Finding("describes members that are not named now.", hint=hint)


@rule("additional-properties.untyped", wire=Directed(INFO, WARNING), sdk=INFO)
def additional_properties_untyped(old: Shape, new: Shape) -> Iterator[Finding]:
    """Members that are not named may be of any type.

    In a request nobody breaks. In an answer values of other types may arrive: be ready for them.
    """
    if old.undeclared_schema is not None and not _may_be_anything(old) and _may_be_anything(new):
        hint = "" if _sent(new) else "Be ready for other types."
        yield Finding("no longer describes members that are not named.", hint=hint)


def _may_be_anything(shape: Shape) -> bool:
    """Return whether undeclared members of an object may have any value; only OpenAPI 3 is judged so."""
    return (
        bool(shape.openapi)
        and isinstance(shape.undeclared_schema, Anything)
        and not shape.undeclared_schema.traits.enum
    )


def _lacking_patterns(old: Shape, new: Shape) -> list[str]:
    """Return the patterns that only `new` has."""
    return (
        sorted(pattern_properties(new).keys() - pattern_properties(old).keys())
        if {old.kind, new.kind} <= {"object", None}
        else []
    )


def _lacking_dependents(old: Shape, new: Shape) -> Iterator[tuple[str, list[str]]]:
    """Yield (member, members that it requires) as far as only `new` has them."""
    had, has = (
        {name: set(needed) for name, needed in shape.schema.dependent_required}
        if isinstance(shape.schema, Record)
        else {}
        for shape in (old, new)
    )
    for name in sorted(has):
        needed = sorted(has[name] - had.get(name, set()))
        if needed:
            yield name, needed


def _sent(shape: Shape) -> bool:
    return shape.direction is Direction.REQUEST
