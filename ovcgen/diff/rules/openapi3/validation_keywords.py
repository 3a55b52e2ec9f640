"""Find changes of keywords of JSON Schema that no type expresses: `contains`, `if`, `not`, `unevaluatedItems`, ...

The values of such keywords are compared as they are written, without their descriptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.formats import changes_encoding
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.model.schema import Json

rule = OPENAPI3.shapes.rule

PROSE = ("title", "description", "examples", "$comment")
BRANCHES = ("if", "then", "else")
NARROWED, WIDENED = Directed(BREAKING, INFO), Directed(INFO, WARNING)


@rule("property-names.added", wire=NARROWED, sdk=INFO)
def property_names_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """The names of an object's members have to match a schema.

    In a request other names are refused now: keep to it. In an answer nothing unexpected arrives.
    """
    yield from _appeared(old, new, "propertyNames", "has to have member names of a form now.")


@rule("property-names.removed", wire=WIDENED, sdk=INFO)
def property_names_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """The names of an object's members are free.

    In a request nobody breaks. In an answer other names may arrive: be ready for them.
    """
    yield from _disappeared(old, new, "propertyNames", "may have members of any name now.")


@rule("property-names.changed", wire=WARNING, sdk=INFO)
def property_names_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """The names of an object's members have to match another schema.

    Whether it holds all names of the old one can't be said in general: compare both.
    """
    yield from _became(old, new, "propertyNames", "has to have member names of another form now.")


@rule("contains.added", wire=NARROWED, sdk=INFO)
def contains_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A list has to have an item that matches a schema.

    In a request lists without one are refused now: send one. In an answer nothing unexpected arrives.
    """
    yield from _appeared(old, new, "contains", "has to have a certain item now.")


@rule("contains.removed", wire=WIDENED, sdk=INFO)
def contains_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A list need not have an item that matches a schema any more.

    In a request nobody breaks. In an answer lists without one may arrive: be ready for them.
    """
    yield from _disappeared(old, new, "contains", "need not have a certain item any more.")


@rule("contains.changed", wire=WARNING, sdk=INFO)
def contains_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A list has to have an item that matches another schema.

    In a request lists without one may be refused; in an answer others may arrive: compare both.
    """
    yield from _became(old, new, "contains", "has to have another certain item now.")


@rule("dependent-schema.added", wire=NARROWED, sdk=INFO)
def dependent_schema_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object has to match one more schema if it has a certain member.

    In a request other objects are refused now: keep to it. In an answer nothing unexpected arrives.
    """
    had, has = _dependent_schemas(old, new)
    for name in sorted(has.keys() - had.keys()):
        yield _finding(new, f"has to match a schema where it has {quoted(name)} now.", after=name)


@rule("dependent-schema.removed", wire=WIDENED, sdk=INFO)
def dependent_schema_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object need not match a schema any more if it has a certain member.

    In a request nobody breaks. In an answer other objects may arrive: be ready for them.
    """
    had, has = _dependent_schemas(old, new)
    for name in sorted(had.keys() - has.keys()):
        yield _finding(new, f"need not match a schema where it has {quoted(name)} any more.", before=name)


@rule("dependent-schema.changed", wire=WARNING, sdk=INFO)
def dependent_schema_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """An object has to match another schema if it has a certain member.

    In a request some may be refused, in an answer some may be new: compare both.
    """
    had, has = _dependent_schemas(old, new)
    for name in sorted(had.keys() & has.keys()):
        if had[name] != has[name]:
            yield _finding(new, f"has to match another schema where it has {quoted(name)} now.", name, name)


@rule("conditional.added", wire=NARROWED, sdk=INFO)
def conditional_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has to match a schema under a condition (`if`, `then`, `else`).

    In a request other values are refused now: keep to it. In an answer nothing unexpected arrives.
    """
    had, has = _condition(old), _condition(new)
    if has and not had:
        yield _finding(new, "has to meet a condition now.")


@rule("conditional.removed", wire=WIDENED, sdk=INFO)
def conditional_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value need not match a schema under a condition any more.

    In a request nobody breaks. In an answer other values may arrive: be ready for them.
    """
    had, has = _condition(old), _condition(new)
    if had and not has:
        yield _finding(new, "need not meet a condition any more.")


@rule("conditional.changed", wire=WARNING, sdk=INFO)
def conditional_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has to match another schema under a condition, or the condition is another one.

    In a request some values may be refused, in an answer some may be new: compare both.
    """
    had, has = _condition(old), _condition(new)
    if had and has and had != has:
        yield _finding(new, "has to meet another condition now.")


@rule("not.added", wire=NARROWED, sdk=INFO)
def not_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """Some values are excluded (`not`).

    In a request they are refused now: send others. In an answer nothing unexpected arrives.
    """
    yield from _appeared(old, new, "not", "excludes some values now.")


@rule("not.removed", wire=WIDENED, sdk=INFO)
def not_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """No values are excluded any more.

    In a request nobody breaks. In an answer they may arrive: be ready for them.
    """
    yield from _disappeared(old, new, "not", "no longer excludes values.")


@rule("not.changed", wire=WARNING, sdk=INFO)
def not_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """Other values are excluded.

    In a request some may be refused, in an answer some may be new: compare both.
    """
    yield from _became(old, new, "not", "excludes other values now.")


@rule("content-encoding.changed", wire=BREAKING, sdk=WARNING)
def content_encoding_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A text encodes bytes in another way, or no longer encodes any.

    In a request it is decoded wrongly or refused, in an answer code decodes it wrongly: encode and decode it as the
    new release does.
    """
    if changes_encoding(old, new):
        had, has = _encoding(old), _encoding(new)
        says = f"is encoded as {quoted(has)} now" if has else "is not encoded any more"
        hint = "Encode and decode it as the new release does."
        yield Finding(f"{says}{f'; it was {quoted(had)}' if had else ''}.", before=had, after=has, hint=hint)


@rule("content-media-type.changed", wire=WARNING, sdk=INFO)
def content_media_type_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """The text in a value is of another media type.

    Most services and clients take it for a remark. Look what is inside of the text.
    """
    had, has = keywords(old, new)
    if had.get("contentMediaType") != has.get("contentMediaType"):
        before, after = had.get("contentMediaType"), has.get("contentMediaType")
        says = f"holds {quoted(str(after))} now." if after else "no longer says what its text holds."
        yield Finding(says, before=before, after=after, hint="Look what is inside of the text.")


@rule("content-schema.changed", wire=WARNING, sdk=INFO)
def content_schema_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """The text in a value is described by another schema.

    Most services and clients take it for a remark. Look what is inside of the text.
    """
    had, has = keywords(old, new)
    if had.get("contentSchema") != has.get("contentSchema"):
        yield Finding("holds something else in its text now.", hint="Look what is inside of the text.")


def _encoding(shape: Shape) -> str | None:
    return {"byte": "base64"}.get(shape.traits.format, shape.traits.format) or None


@lru_cache(maxsize=4)
def keywords(old: Shape, new: Shape) -> tuple[dict[str, Json], dict[str, Json]]:
    """Return (old, new): the keywords that no type expresses, such as `not`, by name, without descriptions.

    Both are {} if these keywords are equal in both schemas. The result is cached.
    """
    if old.traits.unchecked == new.traits.unchecked:
        return {}, {}
    had, has = ({key: _bare(value.value) for key, value in shape.traits.unchecked} for shape in (old, new))
    return had, has


def _bare(value: Json) -> Json:
    """Return a schema without its descriptions."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _bare(inner) for key, inner in value.items() if key not in PROSE or isinstance(inner, dict)}


def _appeared(old: Shape, new: Shape, key: str, says: str) -> Iterator[Finding]:
    had, has = keywords(old, new)
    if key in has and key not in had:
        yield _finding(new, says)


def _disappeared(old: Shape, new: Shape, key: str, says: str) -> Iterator[Finding]:
    had, has = keywords(old, new)
    if key in had and key not in has:
        yield _finding(new, says)


def _became(old: Shape, new: Shape, key: str, says: str) -> Iterator[Finding]:
    had, has = keywords(old, new)
    if key in had and key in has and had[key] != has[key]:
        yield _finding(new, says)


def _finding(shape: Shape, says: str, before: Json = None, after: Json = None) -> Finding:
    hint = "Compare with what you send." if shape.direction is Direction.REQUEST else "Compare with what you read."
    return Finding(says, before=before, after=after, hint=hint)


def _dependent_schemas(old: Shape, new: Shape) -> tuple[dict[str, Json], dict[str, Json]]:
    had, has = (found.get("dependentSchemas") for found in keywords(old, new))
    return had if isinstance(had, dict) else {}, has if isinstance(has, dict) else {}


def _condition(shape: Shape) -> dict[str, Json]:
    """Return `if`, `then` and `else`; {} if they have no effect."""
    found = {key: _bare(value.value) for key, value in shape.traits.unchecked if key in BRANCHES}
    return found if "if" in found and len(found) > 1 else {}
