"""Find changes of unions (`oneOf`, `anyOf`) and of the tags by which their members are told apart."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.diff.union_member_pairs import UnpairedMember
from ovcgen.model.schema import Anything, Record, Union

rule = OPENAPI3.shapes.rule


@rule("union.member-added", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, WARNING))
def union_member_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value may be of one more kind.

    In a request nobody breaks. In an answer a value of that kind may arrive, which code does not know: be ready for
    it. A kind with the same schema as another one changes nothing.
    """
    if _are_unions(old, new) and new.union is not None:
        for member in new.union.added:
            hint = "" if _sent(new) else f"Be ready for {quoted(member.label)}."
            yield _of_member(member, Finding(f"may be {quoted(member.label)} too.", after=member.label, hint=hint))


@rule("union.member-removed", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def union_member_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value may be of one kind less.

    In a request values of that kind are refused now: send another. In an answer they no longer come. A kind with the
    same schema as another one changes nothing.
    """
    if _are_unions(old, new) and old.union is not None:
        for member in old.union.removed:
            hint = "Send another kind of value." if _sent(new) else ""
            says = f"can't be {quoted(member.label)} any more."
            yield _of_member(member, Finding(says, before=member.label, hint=hint))


@rule("union.introduced", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, WARNING))
def union_introduced(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value was of one kind and may be of several now.

    In a request nobody breaks. In an answer values of the other kinds may arrive: look which one it is.
    """
    if _is_one_side(new, old) and new.union is not None and new.union.both:
        others = ", ".join(quoted(member.label) for member in new.union.added)
        hint = "" if _sent(new) else "Look of which kind the value is."
        yield Finding(f"may be {others or 'of several kinds'} too.", hint=hint)


@rule("union.lifted", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def union_lifted(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value could be of several kinds and is of one now.

    In a request the other kinds are refused: send the one that is left. In an answer they no longer come.
    """
    if _is_one_side(old, new) and old.union is not None and old.union.both:
        others = ", ".join(quoted(member.label) for member in old.union.removed)
        hint = "Send the kind that is left." if _sent(new) else ""
        yield Finding(f"can't be {others or 'of another kind'} any more.", hint=hint)


@rule("union.combinator-changed", wire=WARNING, sdk=INFO)
def union_combinator_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has to match exactly one kind (`oneOf`) instead of at least one (`anyOf`), or the reverse.

    That matters only for values that match two kinds: where exactly one is allowed, they are refused. Send values of
    one kind.
    """
    match old.schema, new.schema:
        case Union(exclusive=had), Union(exclusive=has) if had != has and old.union and not old.union.by_type:
            words = {True: "exactly one", False: "at least one"}
            yield Finding(
                f"has to be of {words[has]} of its kinds now; it was {words[had]}.",
                before="oneOf" if had else "anyOf",
                after="oneOf" if has else "anyOf",
                hint="Send values that are of one kind only." if has and _sent(new) else "",
            )


@rule("discriminator.mapping-added", wire=Directed(INFO, WARNING), sdk=INFO)
def discriminator_mapping_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A kind has one more tag.

    In a request nobody breaks. In an answer a tag may come that code does not know: be ready for it.
    """
    had, has = _tags(old, new)
    for tag in sorted(has.keys() - had.keys()):
        yield Finding(f"has the tag {quoted(tag)} for {quoted(has[tag])} now.", after=tag)


@rule("discriminator.mapping-removed", wire=Directed(WARNING, INFO), sdk=INFO)
def discriminator_mapping_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A tag is not known any more.

    In a request that tag may be refused: send another. In an answer it no longer comes.
    """
    had, has = _tags(old, new)
    for tag in sorted(had.keys() - has.keys()):
        hint = "Send another tag." if _sent(new) else ""
        yield Finding(f"no longer has the tag {quoted(tag)} for {quoted(had[tag])}.", before=tag, hint=hint)


@rule("discriminator.mapping-changed", wire=WARNING, sdk=WARNING)
def discriminator_mapping_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A tag means another kind.

    What is sent or read under that tag has another shape. Look at the new one.
    """
    had, has = _tags(old, new)
    for tag in sorted(had.keys() & has.keys()):
        if had[tag] != has[tag]:
            says = f"means {quoted(has[tag])} by the tag {quoted(tag)} now; it was {quoted(had[tag])}."
            yield Finding(says, before=had[tag], after=has[tag], hint=f"Look at {quoted(has[tag])}.")


def _are_unions(old: Shape, new: Shape) -> bool:
    """Return whether both are unions whose members are compared."""
    both = isinstance(old.schema, Union) and isinstance(new.schema, Union)
    return both and old.union is not None and not old.union.by_type


def _is_one_side(union: Shape, other: Shape) -> bool:
    """Return whether only the first is a union, and the other a schema that a member could be."""
    if union.union is None or union.union.by_type or not isinstance(union.schema, Union):
        return False
    return not isinstance(other.schema, Union | Anything)


def _of_member(member: UnpairedMember, finding: Finding) -> Finding:
    if not member.is_known:
        return finding
    says = f"{finding.says.removesuffix('.')}, which has the schema of another kind."
    return Finding(says, before=finding.before, after=finding.after, wire=INFO, sdk=INFO)


def _tags(old: Shape, new: Shape) -> tuple[dict[str, str], dict[str, str]]:
    """Return the tags that both declare, without the implicit ones; none if one has no discriminator."""
    if not _discriminator(old) or not _discriminator(new):
        return {}, {}
    return _declared(old), _declared(new)


def _declared(shape: Shape) -> dict[str, str]:
    found = shape.schema.mapping if isinstance(shape.schema, Record | Union) else ()
    return {tag: name for tag, name in found if tag != name.rpartition("/")[2]}


def _discriminator(shape: Shape) -> str:
    return shape.schema.discriminator if isinstance(shape.schema, Record | Union) else ""


def _sent(shape: Shape) -> bool:
    return shape.direction is Direction.REQUEST
