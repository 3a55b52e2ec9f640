"""Find changes of `unevaluatedProperties` and `unevaluatedItems`: what no other keyword of a schema describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ovcgen.diff.change import INFO, WARNING
from ovcgen.diff.rules.openapi3.validation_keywords import NARROWED, WIDENED, keywords
from ovcgen.diff.rules.registry import OPENAPI3, Check, Finding, Verdict
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.model.schema import Json

SUBJECTS = {"unevaluated-properties": "unevaluatedProperties", "unevaluated-items": "unevaluatedItems"}


def rules(ending: str, *, wire: Verdict) -> Callable[[Callable[[Shape, Json, Json], str]], Check[Shape]]:
    """Return a decorator that adds two rules: `unevaluated-properties.ENDING` and `unevaluated-items.ENDING`.

    The decorated function gets the new schema and the old and the new value of the keyword (True if it is missing). It
    returns the predicate of the message, in which `{what}` is `members` or `items`; "" means that the rule finds
    nothing. The decorator returns the check of the first rule instead of the function. The verdict on Python code is
    INFO.
    """

    def enter(find: Callable[[Shape, Json, Json], str]) -> Check[Shape]:
        checks = [_check(find, keyword) for keyword in SUBJECTS.values()]
        for kind, check in zip(SUBJECTS, checks, strict=True):
            OPENAPI3.shapes.rule(f"{kind}.{ending}", wire=wire, sdk=INFO)(check)
        return checks[0]

    return enter


def _check(find: Callable[[Shape, Json, Json], str], keyword: str) -> Check[Shape]:
    what = "members" if keyword == "unevaluatedProperties" else "items"

    def check(old: Shape, new: Shape) -> Iterator[Finding]:
        before, after = (values.get(keyword, True) for values in keywords(old, new))
        says = "" if before == after else find(new, before, after)
        if says:
            hint = "Compare with what you send." if new.direction is Direction.REQUEST else "Be ready for them."
            yield Finding(says.format(what=what), hint=hint)

    check.__doc__ = find.__doc__
    return check


@rules("forbidden", wire=NARROWED)
def unevaluated_forbidden(_shape: Shape, before: Json, after: Json) -> str:
    """A value may no longer have members or items that no keyword of its schema describes.

    In a request others are refused now: send only what is described. In an answer nothing unexpected arrives.
    """
    return "may have no other {what} any more." if after is False and before is not False else ""


@rules("allowed", wire=WIDENED)
def unevaluated_allowed(_shape: Shape, before: Json, after: Json) -> str:
    """A value may have members or items that no keyword of its schema describes; they were forbidden before.

    In a request nobody breaks. In an answer they may arrive: ignore what you don't know.
    """
    return "may have other {what} now." if before is False and after is not False else ""


@rules("typed", wire=NARROWED)
def unevaluated_typed(_shape: Shape, before: Json, after: Json) -> str:
    """Members or items that no keyword of the schema describes have to match a schema; they could be anything before.

    In a request those of another type are refused now. In an answer nothing unexpected arrives.
    """
    return "describes all other {what} now." if _is_open(before) and isinstance(after, dict) and after else ""


@rules("untyped", wire=WIDENED)
def unevaluated_untyped(_shape: Shape, before: Json, after: Json) -> str:
    """Members or items that no keyword of the schema describes may be anything; they had to match a schema before.

    In a request nobody breaks. In an answer values of other types may arrive: be ready for them.
    """
    return "no longer describes other {what}." if isinstance(before, dict) and before and _is_open(after) else ""


@rules("changed", wire=WARNING)
def unevaluated_changed(_shape: Shape, before: Json, after: Json) -> str:
    """Members or items that no keyword of the schema describes have to match another schema.

    In a request some may be refused, in an answer some may be new: compare both.
    """
    both = isinstance(before, dict) and isinstance(after, dict)
    return "describes other {what} in another way now." if both and before and after else ""


def _is_open(value: Json) -> bool:
    return value is True or value == {}
