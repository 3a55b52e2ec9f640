"""Find changes of the media types of bodies, and of how forms are written (OpenAPI 3)."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.media_type_pairs import covers, media_key, media_types_only_in, paired_contents
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model import media
from ovcgen.model.api import Content, Encoding, Parameter, Response

SUCCESSES = ("2", "default")
body_rule = OPENAPI3.parameters.rule
rule = OPENAPI3.responses.rule


@body_rule("consumes.added", wire=Directed(INFO, WARNING), sdk=INFO)
def body_consumes_added(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """An operation accepts one more content type for its request body.

    Nobody breaks. A receiver of a callback or webhook has to be ready for it.
    """
    if old.contents and new.contents:
        for kind in media_types_only_in(new.contents, old.contents):
            yield Finding(f"may be {quoted(kind)} too.", after=kind)


@body_rule("consumes.removed", wire=Directed(BREAKING, INFO), sdk=INFO)
def body_consumes_removed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """An operation no longer accepts a content type for its request body.

    Requests of that type are refused; the new SDK sends another. Send one that is left. Where a range such as
    `image/*` includes the type, nobody breaks. Where no type is left, and the value to pass is another one, such as a
    text instead of an object, Python code breaks.
    """
    if old.contents and new.contents:
        sdk = Directed(BREAKING, INFO) if _takes_other_value(old.contents, new.contents) else None
        for kind in media_types_only_in(old.contents, new.contents):
            hint = f"Send it as {_left(new.contents)}."
            wire = INFO if _is_covered(kind, new.contents) else None
            yield Finding(
                f"can't be {quoted(kind)} any more.", before=kind, hint="" if wire else hint, wire=wire, sdk=sdk
            )


@rule("produces.added", wire=INFO, sdk=INFO)
def response_produces_added(old: Response, new: Response) -> Iterator[Finding]:
    """An operation answers in one more content type.

    Callers that say which types they accept do not break. Where the new SDK asks for the new type, and so returns
    another value, such as an object instead of a text, Python code breaks.
    """
    if old.contents and new.contents:
        asked = media_key(media.requested(new.contents)[0].media_type)
        for kind in media_types_only_in(new.contents, old.contents):
            is_asked = media_key(kind) == asked and paired_contents(media.requested(old.contents)[:1], new.contents)
            sdk = BREAKING if is_asked and _returns_other_value(old, new) else None
            yield Finding(f"may be {quoted(kind)} too.", after=kind, sdk=sdk)


@rule("produces.removed", wire=BREAKING, sdk=INFO)
def response_produces_removed(old: Response, new: Response) -> Iterator[Finding]:
    """An operation no longer answers in a content type.

    Callers that accept nothing else are refused, or get what they can't read. Accept a type that is left. Where a range
    such as `image/*` includes the type, nobody breaks. Where it is the type that the old SDK asks for, and the new one
    returns another value, such as a text instead of an object, Python code breaks.
    """
    if old.contents and new.contents:
        asked = media_key(media.requested(old.contents)[0].media_type)
        for kind in media_types_only_in(old.contents, new.contents):
            hint = f"Accept {_left(new.contents)}."
            wire = INFO if _is_covered(kind, new.contents) else None
            sdk = BREAKING if media_key(kind) == asked and _returns_other_value(old, new) else None
            yield Finding(
                f"can't be {quoted(kind)} any more.", before=kind, hint="" if wire else hint, wire=wire, sdk=sdk
            )


@body_rule("encoding.changed", wire=Directed(BREAKING, WARNING), sdk=INFO)
def encoding_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A property of a form is written in another way: as another content type, or in another style.

    A service that reads it in another way refuses it or sees another value; the new SDK writes it rightly. Write it
    as the new release reads it.
    """
    for before, after in paired_contents(old.contents, new.contents):
        had, has = (
            {encoding.name: _written(encoding) for encoding in content.encodings} for content in (before, after)
        )
        for name in sorted(had.keys() | has.keys()):
            one, other = had.get(name, USUAL), has.get(name, USUAL)
            if one != other:
                yield Finding(
                    f"is written as {quoted(_in_words(other))} now; it was {quoted(_in_words(one))}.",
                    Location(member=name),
                    before=_in_words(one),
                    after=_in_words(other),
                    hint="Write it as the new release reads it.",
                )


Written = tuple[tuple[str, ...], str, bool, bool]
USUAL: Written = ((), "form", True, False)


def _written(encoding: Encoding) -> Written:
    """Return how a property is written, with the defaults of the specification."""
    style = encoding.style or "form"
    explode = style == "form" if encoding.explode is None else encoding.explode
    return encoding.content_types, style, explode, bool(encoding.allow_reserved)


def _in_words(written: Written) -> str:
    content_types, style, explode, allow_reserved = written
    words = [", ".join(content_types)] if content_types else []
    words += [f"style {style}"] if style != "form" else []
    words += [] if explode else ["one field for all items"]
    return ", ".join([*words, *(["reserved characters"] if allow_reserved else [])]) or "usual"


def _returns_other_value(old: Response, new: Response) -> bool:
    """Return whether a call returns another Python value: it asks for another media type, which has another schema."""
    before, after = media.requested(old.contents)[0], media.requested(new.contents)[0]
    if not old.status.startswith(SUCCESSES) or paired_contents([before], [after]):
        return False
    return media.response_schema(before) != media.response_schema(after)


def _takes_other_value(old: tuple[Content, ...], new: tuple[Content, ...]) -> bool:
    """Return whether a call takes another Python value as the body, because no media type is left."""
    values = {media.value_schema(content) for content in new}
    return not paired_contents(old, new) and media.value_schema(old[0]) not in values


def _is_covered(kind: str, contents: tuple[Content, ...]) -> bool:
    return any(covers(content.media_type, kind) for content in contents if "*" in content.media_type)


def _left(contents: tuple[Content, ...]) -> str:
    return " or ".join(quoted(content.media_type) for content in contents)
