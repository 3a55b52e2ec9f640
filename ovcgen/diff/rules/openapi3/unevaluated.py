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
    nothing.
    """

    def enter(asked: Callable[[Shape, Json, Json], str]) -> Check[Shape]:
        checks = [_check(asked, keyword) for keyword in SUBJECTS.values()]
        for kind, check in zip(SUBJECTS, checks, strict=True):
            OPENAPI3.shapes.rule(f"{kind}.{ending}", wire=wire, sdk=INFO)(check)
        return checks[0]

    return enter


def _check(asked: Callable[[Shape, Json, Json], str], keyword: str) -> Check[Shape]:
    what = "members" if keyword == "unevaluatedProperties" else "items"

    def check(old: Shape, new: Shape) -> Iterator[Finding]:
        had, has = (found.get(keyword, True) for found in keywords(old, new))
        says = "" if had == has else asked(new, had, has)
        if says:
            hint = "Compare with what you send." if new.direction is Direction.REQUEST else "Be ready for them."
            yield Finding(says.format(what=what), hint=hint)

    check.__doc__ = asked.__doc__
    return check


@rules("forbidden", wire=NARROWED)
def forbidden(_shape: Shape, had: Json, has: Json) -> str:
    """A value may no longer have members or items that no keyword of its schema describes.

    In a request others are refused now: send only what is described. In an answer nothing unexpected arrives.
    """
    return "may have no other {what} any more." if has is False and had is not False else ""


@rules("allowed", wire=WIDENED)
def allowed(_shape: Shape, had: Json, has: Json) -> str:
    """A value may have members or items that no keyword of its schema describes; they were forbidden before.

    In a request nobody breaks. In an answer they may arrive: ignore what you don't know.
    """
    return "may have other {what} now." if had is False and has is not False else ""


@rules("typed", wire=NARROWED)
def typed(_shape: Shape, had: Json, has: Json) -> str:
    """Members or items that no keyword of the schema describes have to match a schema; they could be anything before.

    In a request those of another type are refused now. In an answer nothing unexpected arrives.
    """
    return "describes all other {what} now." if _is_open(had) and isinstance(has, dict) and has else ""


@rules("untyped", wire=WIDENED)
def untyped(_shape: Shape, had: Json, has: Json) -> str:
    """Members or items that no keyword of the schema describes may be anything; they had to match a schema before.

    In a request nobody breaks. In an answer values of other types may arrive: be ready for them.
    """
    return "no longer describes other {what}." if isinstance(had, dict) and had and _is_open(has) else ""


@rules("changed", wire=WARNING)
def changed(_shape: Shape, had: Json, has: Json) -> str:
    """Members or items that no keyword of the schema describes have to match another schema.

    In a request some may be refused, in an answer some may be new: compare both.
    """
    both = isinstance(had, dict) and isinstance(has, dict)
    return "describes other {what} in another way now." if both and had and has else ""


def _is_open(value: Json) -> bool:
    return value is True or value == {}
