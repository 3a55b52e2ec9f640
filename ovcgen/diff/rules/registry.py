"""Define rules and their tables. A new rule is one function; this module does not change for it."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from ovcgen.diff.change import HERE, Level, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.errors import UsageError
from ovcgen.model.api import Header, Operation, Parameter, Response
from ovcgen.model.schema import Json

Subject = TypeVar("Subject")


class UnknownKind(UsageError):
    """An error: no rule reports changes of that kind.

    Args:
        kind: The unknown kind.
        known: The known kinds; the message names the most similar one of them.
    """

    def __init__(self, kind: str, known: Iterable[str]) -> None:
        kinds = sorted(known)
        near = difflib.get_close_matches(kind, kinds, n=1, cutoff=0)
        super().__init__(
            f"No change is of the kind {kind!r}.",
            fix=f"The nearest is {near[0]}; the `id` of each change is its kind." if near else "No rule is known.",
        )


@dataclass(frozen=True, slots=True)
class Directed:
    """A verdict with two levels: `request` if the caller sends the value, `response` if the service sends it.

    For parameters and bodies, `response` is the level in a callback or webhook, whose request the service sends.
    """

    request: Level
    response: Level


Verdict = Level | Directed


@dataclass(frozen=True, slots=True)
class Finding:
    """A record of one finding of a rule, from which a Change is made.

    Attributes:
        says: The predicate of the message, which follows the subject (``Form parameter `size` ...``).
        at: The location, relative to the subject of the rule.
        pointer: A text to append to the JSON pointer of that location, such as `/schemes`; "" for none.
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
    """A record of a kind of change: the function that finds it, and its verdicts.

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
        """Return the docstring of `check` without indentation: what happened, who breaks, what to do; "" for none."""
        return inspect.cleandoc(self.check.__doc__ or "")


class Rules(list[Rule[Subject]]):
    """A list of the rules about one kind of subject (such as parameters), in the order of their definition."""

    def rule(self, kind: str, *, wire: Verdict, sdk: Verdict) -> Callable[[Check[Subject]], Check[Subject]]:
        """Return a decorator that adds a function to the table as a rule, and returns the function unchanged.

        Args:
            kind: The kind of change that the function finds, such as `parameter.removed`.
            wire, sdk: The verdicts on HTTP and on Python code.
        """

        def enter(check: Check[Subject]) -> Check[Subject]:
            self.append(Rule(kind, wire, sdk, check))
            return check

        return enter


class RuleTables:
    """The rules of a family of documents, by what they compare.

    New tables are empty: `Rules.rule` adds to one of them. `+` returns new tables with the rules of both operands.

    Attributes:
        api: Whole releases.
        operations, parameters, responses, headers: Those that both releases have.
        shapes: Schemas of requests and responses, and everything inside of them.
    """

    def __init__(self) -> None:
        self.api: Rules[ReleaseOperations] = Rules()
        self.operations: Rules[Operation] = Rules()
        self.parameters: Rules[Parameter] = Rules()
        self.responses: Rules[Response] = Rules()
        self.headers: Rules[Header] = Rules()
        self.shapes: Rules[Shape] = Rules()

    def every(self) -> list[Rule[Any]]:
        """Return all rules in the order of the tables: rules about whole APIs first, rules about schemas last."""
        return [*self.api, *self.operations, *self.parameters, *self.responses, *self.headers, *self.shapes]

    def __add__(self, other: RuleTables) -> RuleTables:
        """Return new tables with the rules of both operands."""
        both = RuleTables()
        for tables in (self, other):
            for name, table in vars(tables).items():
                getattr(both, name).extend(table)
        return both

    def with_checks(self, wrap: Callable[[Check[Any]], Check[Any]]) -> RuleTables:
        """Return new tables with the same rules. The function `check` of each rule is replaced by `wrap(check)`."""
        others = RuleTables()
        for name, table in vars(self).items():
            getattr(others, name).extend(replace(rule, check=wrap(rule.check)) for rule in table)
        return others


COMMON = RuleTables()  # rules for all documents
OPENAPI3 = RuleTables()  # rules about what only OpenAPI 3 has
API_RULES = COMMON.api
OPERATION_RULES = COMMON.operations
PARAMETER_RULES = COMMON.parameters
RESPONSE_RULES = COMMON.responses
SHAPE_RULES = COMMON.shapes


def level_for(verdict: Verdict, direction: Direction) -> Level:
    """Return the level of a verdict for a value that is sent in that direction. A verdict may be a level itself."""
    match verdict:
        case Directed(request, response):
            return request if direction is Direction.REQUEST else response
        case _:
            return verdict
