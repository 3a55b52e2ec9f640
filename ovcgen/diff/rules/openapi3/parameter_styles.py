"""Find changes of how a parameter is written (OpenAPI 3): style, content type, and what is announced."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.registry import OPENAPI3, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Parameter
from ovcgen.model.schema import Scalar

rule = OPENAPI3.parameters.rule

FOR_SCALARS = ("matrix", "label")  # styles that write a scalar in another way than the others


@rule("parameter.style-changed", wire=BREAKING, sdk=INFO)
def parameter_style_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A list or object is written in another style, such as `form` or `pipeDelimited`.

    A service that splits it in another way sees other values; the new SDK writes it rightly. Write it as the new
    release reads it.
    """
    had, has = _styles(old, new)
    is_plain = isinstance(old.schema, Scalar) and isinstance(new.schema, Scalar)
    if had != has and not (is_plain and {had, has}.isdisjoint(FOR_SCALARS)):
        yield Finding(
            f"is written in the style {quoted(has)} now; it was {quoted(had)}.",
            before=had,
            after=has,
            hint=f"Write it in the style {quoted(has)}.",
        )


@rule("parameter.explode-changed", wire=BREAKING, sdk=INFO)
def parameter_explode_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The items of a list, or the members of an object, are written as fields of their own, or no longer are.

    A service that splits it in another way sees other values; the new SDK writes it rightly. Write it as the new
    release reads it.
    """
    had, has = _styles(old, new)
    is_plain = isinstance(old.schema, Scalar) and isinstance(new.schema, Scalar)
    if had == has and has and has != "deepObject" and old.explode != new.explode and not is_plain:
        way = "each item as a field of its own" if new.explode else "all items in one field"
        yield Finding(f"is written with {way} now.", before=old.explode, after=new.explode, hint=f"Write {way}.")


@rule("parameter.content-changed", wire=BREAKING, sdk=INFO)
def parameter_content_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter is written as another media type, or as one instead of in a style.

    A service that reads it in another way refuses it or sees another value; the new SDK writes it rightly. Write it
    as the new release reads it.
    """
    had, has = old.content_type, new.content_type
    if had != has:
        says = f"is written as {quoted(has)} now" if has else "is no longer written as a media type"
        yield Finding(
            f"{says}{f'; it was {quoted(had)}' if had else ''}.",
            before=had or None,
            after=has or None,
            hint=f"Write it as {quoted(has)}." if has else f"Write it in the style {quoted(new.style)}.",
        )


@rule("parameter.allow-reserved-changed", wire=WARNING, sdk=INFO)
def parameter_allow_reserved_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """Reserved characters such as `/` are sent as they are in a parameter, or are percent-encoded again.

    Most services read both in the same way; a strict one sees another value. Try values with such characters.
    """
    if old.allow_reserved != new.allow_reserved:
        way = "as they are" if new.allow_reserved else "percent-encoded"
        says = f"has reserved characters {way} now."
        hint = f"Send reserved characters {way}."
        yield Finding(says, before=old.allow_reserved, after=new.allow_reserved, hint=hint)


@rule("parameter.deprecated", wire=INFO, sdk=INFO)
def parameter_deprecated(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter still works, but is announced to go away.

    Nobody breaks today. Stop passing it before the release that removes it.
    """
    if _is_deprecated(new) and not _is_deprecated(old):
        yield Finding("is deprecated: a later release may drop it.", before=False, after=True)


@rule("parameter.undeprecated", wire=INFO, sdk=INFO)
def parameter_undeprecated(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """A parameter is no longer announced to go away.

    Nobody breaks.
    """
    if _is_deprecated(old) and not _is_deprecated(new):
        yield Finding("is no longer deprecated.", before=True, after=False)


def _styles(old: Parameter, new: Parameter) -> tuple[str, str]:
    """Return both styles; "" twice if one has none, or if the parameter moved."""
    if not (old.style and new.style) or old.location != new.location:
        return "", ""
    return old.style, new.style


def _is_deprecated(parameter: Parameter) -> bool:
    return parameter.deprecated or (parameter.location != "body" and parameter.schema.traits.deprecated)
