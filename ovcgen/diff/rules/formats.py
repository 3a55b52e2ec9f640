"""Find changes of formats: `int64`, `date-time`, `uuid`."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Shape

rule = SHAPE_RULES.rule

WIDER = {"int32": ("int64",), "float": ("double",)}  # formats that include all values of the key's format
REMARKS = ("password",)  # formats that do not restrict values
# The formats that say how a text encodes bytes (`contentEncoding`).
ENCODINGS = ("byte", "base64url", "base16", "base32", "quoted-printable", "7bit", "8bit")


@rule("format.added", wire=Directed(BREAKING, INFO), sdk=WARNING)
def format_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has a format that it did not have.

    In a request, other values are refused now: send it in that format. In an answer nothing unexpected arrives, but
    clients that convert by format give another class.
    """
    had, has = _formats(old, new)
    if has and not had:
        wire = INFO if has in REMARKS else None
        yield Finding(f"has the format {quoted(has)} now.", after=has, hint=f"Write it as {quoted(has)}.", wire=wire)


@rule("format.narrowed", wire=Directed(BREAKING, INFO), sdk=WARNING)
def format_narrowed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has another format, which does not hold all values of the old one.

    In a request those are refused now: send it in the new format. In an answer nothing unexpected arrives where the new
    format holds fewer values. For Swagger 2.0 this is also reported where neither format holds the values of the other
    (`date`, `date-time`): read it as the new one.
    """
    had, has = _formats(old, new)
    if had and has and had != has and has not in WIDER.get(had, ()):
        stranger = had not in WIDER.get(has, ())
        if stranger and old.openapi:
            return
        yield Finding(
            f"has the format {quoted(has)} now; it was {quoted(had)}.",
            before=had,
            after=has,
            hint=f"Write and read it as {quoted(has)}.",
            wire=Directed(BREAKING, WARNING) if stranger else None,
        )


@rule("format.changed", wire=WARNING, sdk=WARNING)
def format_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has another format, and neither format holds the values of the other (`date` became `date-time`).

    In a request the old form may be refused, in an answer the new one comes: write and read it as the new one. For
    Swagger 2.0, `format.narrowed` is reported instead.
    """
    had, has = _formats(old, new)
    if old.openapi and had and has and had != has and not (has in WIDER.get(had, ()) or had in WIDER.get(has, ())):
        yield Finding(
            f"has the format {quoted(has)} now; it was {quoted(had)}.",
            before=had,
            after=has,
            hint=f"Write and read it as {quoted(has)}.",
        )


@rule("format.removed", wire=Directed(INFO, WARNING), sdk=WARNING)
def format_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has no format any more.

    In a request nobody breaks. In an answer other values may arrive, and clients that convert by format give another
    class: read it as what its type says.
    """
    had, has = _formats(old, new)
    if had and not has:
        wire = INFO if had in REMARKS else None
        yield Finding(f"no longer has the format {quoted(had)}.", before=had, wire=wire)


@rule("format.widened", wire=Directed(INFO, WARNING), sdk=INFO)
def format_widened(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has a format that holds more values than the old one (`int32` became `int64`).

    In a request nobody breaks. In an answer larger values may arrive: give them room.
    """
    had, has = _formats(old, new)
    if has in WIDER.get(had, ()):
        says = f"has the format {quoted(has)} now; it was {quoted(had)}."
        yield Finding(says, before=had, after=has, hint="Be ready for larger values.")


def changes_encoding(old: Shape, new: Shape) -> bool:
    """Return whether the encoding of bytes in a text changed, such as `byte`. Always False before OpenAPI 3.1.

    It changed if the types are equal, the formats differ, and each format is an encoding or missing.
    """
    formats = (old.traits.format, new.traits.format)
    if old.openapi < "3.1" or old.kind != new.kind or formats[0] == formats[1]:
        return False
    return any(format_ in ENCODINGS for format_ in formats) and all(
        not format_ or format_ in ENCODINGS for format_ in formats
    )


def _formats(old: Shape, new: Shape) -> tuple[str, str]:
    """Return the old and the new format; ("", "") if the type or an encoding changed, which other rules report.

    In OpenAPI 3, a number that became an integer keeps its format as a change of its own.
    """
    if changes_encoding(old, new):
        return "", ""
    is_number = bool(old.openapi) and {old.kind, new.kind} == {"integer", "number"}
    return (old.traits.format, new.traits.format) if old.kind == new.kind or is_number else ("", "")
