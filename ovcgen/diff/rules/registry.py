"""The tables of rules, and how a rule gets into one. A new rule is one function; nothing here changes for it."""

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
    """A verdict that depends on who sends the value: callers in a request, the service in an answer."""

    request: Level
    response: Level


Verdict = Level | Directed


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw. `says` goes on after the subject (``Form parameter `size` ...``); `at` and `pointer` are told
    relative to what the rule was asked about; `wire` and `sdk` are only given where this finding differs from its rule;
    `confidence` where it is a guess."""

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
    """What decides that something is a change of that kind, and whom such a change hurts."""

    kind: str
    wire: Verdict
    sdk: Verdict
    check: Check[Subject]

    @property
    def doc(self) -> str:
        """What happened, who breaks, what to do."""
        return inspect.cleandoc(self.check.__doc__ or "")


class Rules(list[Rule[Subject]]):
    """The rules about one kind of subject, in the order in which they are written."""

    def rule(self, kind: str, *, wire: Verdict, sdk: Verdict) -> Callable[[Check[Subject]], Check[Subject]]:
        """Make the function below a rule."""

        def enter(check: Check[Subject]) -> Check[Subject]:
            self.append(Rule(kind, wire, sdk, check))
            return check

        return enter


API_RULES: Rules[ReleaseOperations] = Rules()  # releases as a whole, and which calls both have
OPERATION_RULES: Rules[Operation] = Rules()  # operations that both releases have
PARAMETER_RULES: Rules[Parameter] = Rules()  # parameters that both operations have
RESPONSE_RULES: Rules[Response] = Rules()  # answers that both operations have
SHAPE_RULES: Rules[Shape] = Rules()  # whatever is sent or answered, and everything inside it


def judged(verdict: Verdict, direction: Direction) -> Level:
    """The level of a verdict in that direction."""
    match verdict:
        case Directed(request, response):
            return request if direction is Direction.REQUEST else response
        case _:
            return verdict
