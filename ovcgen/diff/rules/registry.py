"""Define rules and their tables. A new rule is one function; this module does not change for it."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ovcgen.diff.change import HERE, Level, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.errors import UsageError
from ovcgen.model.api import Operation, Parameter, Response
from ovcgen.model.schema import Json

Subject = TypeVar("Subject")


class UnknownKind(UsageError):
    """No rule reports changes of that kind."""

    def __init__(self, kind: str, known: Iterable[str]) -> None:
        kinds = sorted(known)
        near = difflib.get_close_matches(kind, kinds, n=1, cutoff=0)
        super().__init__(
            f"No change is of the kind {kind!r}.",
            fix=f"The nearest is {near[0]}; the `id` of each change is its kind." if near else "No rule is known.",
        )


@dataclass(frozen=True, slots=True)
class Directed:
    """A verdict that depends on who sends the value: `request` for callers, `response` for the service."""

    request: Level
    response: Level


Verdict = Level | Directed


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a rule.

    Attributes:
        says: The predicate of the message, which follows the subject (``Form parameter `size` ...``).
        at, pointer: The place, relative to the subject of the rule.
        before, after: The value in the old and in the new release; None if there is none.
        hint: What to do, as a sentence; "" for none.
        wire, sdk: The verdicts, if they differ from the rule's.
        confidence: From 0 to 1, if the finding is a guess.
    """

    says: str
    at: Location = HERE
    before: Json = None
    after: Json = None
    hint: str = ""
    wire: Verdict | None = None
    sdk: Verdict | None = None
    pointer: str = ""
    confidence: float | None = None


Check = Callable[[Subject, Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A kind of change: the function that finds it, and its verdicts.

    Attributes:
        kind: The kind, such as `parameter.removed`.
        wire: The verdict on HTTP: whether requests that worked still work.
        sdk: The verdict on Python code that was written for the old release's SDK.
        check: Yields the findings for two versions of one subject.
    """

    kind: str
    wire: Verdict
    sdk: Verdict
    check: Check[Subject]

    @property
    def doc(self) -> str:
        """Return the function's docstring: what happened, who breaks, what to do."""
        return inspect.cleandoc(self.check.__doc__ or "")


class Rules(list[Rule[Subject]]):
    """A table of the rules about one kind of subject, in the order of their definition."""

    def rule(self, kind: str, *, wire: Verdict, sdk: Verdict) -> Callable[[Check[Subject]], Check[Subject]]:
        """Return a decorator that adds a function to the table as a rule."""

        def enter(check: Check[Subject]) -> Check[Subject]:
            self.append(Rule(kind, wire, sdk, check))
            return check

        return enter


API_RULES: Rules[ReleaseOperations] = Rules()  # whole releases
OPERATION_RULES: Rules[Operation] = Rules()  # operations that both releases have
PARAMETER_RULES: Rules[Parameter] = Rules()  # parameters that both operations have
RESPONSE_RULES: Rules[Response] = Rules()  # responses that both operations have
SHAPE_RULES: Rules[Shape] = Rules()  # schemas of requests and responses, and everything inside of them


def judged(verdict: Verdict, direction: Direction) -> Level:
    """Return the level of a verdict for that direction."""
    match verdict:
        case Directed(request, response):
            return request if direction is Direction.REQUEST else response
        case _:
            return verdict
