"""Find changes of enums."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding
from ovcgen.diff.rules.types import TypeRelation, type_relation
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Shape
from ovcgen.model.schema import Constant

rule = SHAPE_RULES.rule


@rule("enum.value-added", wire=Directed(INFO, WARNING), sdk=Directed(INFO, WARNING))
def enum_value_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A closed set of values has one more.

    In a request nobody breaks. In an answer a value may arrive that code does not know: treat it as unknown.
    """
    for value in _missing(new, old, old, new):
        yield Finding(f"may be {quoted(value.text)} too.", after=value.value, hint="Let code that reads it expect it.")


@rule("enum.value-removed", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, INFO))
def enum_value_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A closed set of values has one less.

    In a request that value is refused now: send another. In an answer it no longer comes.
    """
    for value in _missing(old, new, old, new):
        yield Finding(f"can't be {quoted(value.text)} any more.", before=value.value, hint="Use another value.")


@rule("enum.introduced", wire=Directed(BREAKING, INFO), sdk=Directed(WARNING, INFO))
def enum_introduced(old: Shape, new: Shape) -> Iterator[Finding]:
    """Free values became a closed set.

    In a request every other value is refused now: send one of the set. In an answer nothing unexpected arrives.
    """
    is_constant = constants(old, new)[1] is not None
    if new.traits.enum and not old.traits.enum and _comparable(old, new) and not is_constant:
        values = _listed(new)
        yield Finding(
            f"can only be one of {values} now.",
            after=[constant.value for constant in new.traits.enum],
            hint=f"Use one of {values}.",
        )


@rule("enum.lifted", wire=Directed(INFO, WARNING), sdk=Directed(INFO, WARNING))
def enum_lifted(old: Shape, new: Shape) -> Iterator[Finding]:
    """A closed set of values became free.

    In a request nobody breaks. In an answer values may arrive that code does not know: treat them as unknown.
    """
    is_constant = constants(old, new)[0] is not None
    if old.traits.enum and not new.traits.enum and _comparable(old, new) and not is_constant:
        yield Finding(
            f"can be anything now; it was one of {_listed(old)}.",
            before=[constant.value for constant in old.traits.enum],
        )


def constants(old: Shape, new: Shape) -> tuple[Constant | None, Constant | None]:
    """Return (old, new): the only value that each of the two schemas allows; None for one that allows several.

    Both are None if one of the releases is older than OpenAPI 3.1, in which an enum with one value is no constant; from
    3.1 on, which has `const`, it is one. Both are None, too, if one of the schemas is a list, object, file or union.
    """
    if old.openapi < "3.1" or {"array", "object", "file"} & {old.kind, new.kind} or old.union is not None:
        return None, None
    had, has = (shape.traits.enum[0] if len(shape.traits.enum) == 1 else None for shape in (old, new))
    return had, has


def _comparable(old: Shape, new: Shape) -> bool:
    """Return whether both schemas are scalars, so that their enums can be compared.

    Otherwise, the difference is a change of type. In OpenAPI 3, this includes a change to an unrelated scalar type.
    """
    if {"array", "object", "file"} & {old.kind, new.kind} or old.union is not None:
        return False
    return not old.openapi or type_relation(old, new) is not TypeRelation.OTHER


def _missing(has: Shape, lacks: Shape, old: Shape, new: Shape) -> list[Constant]:
    """Return the values of `has` that `lacks` does not have; [] if one of them has no enum, or both are constants."""
    if not has.traits.enum or not lacks.traits.enum or None not in constants(old, new):
        return []
    return [constant for constant in has.traits.enum if constant not in lacks.traits.enum]


def _listed(shape: Shape) -> str:
    return ", ".join(quoted(constant.text) for constant in shape.traits.enum)
