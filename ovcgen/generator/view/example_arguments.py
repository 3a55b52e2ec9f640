"""Find arguments for example calls that the SDK's own checks accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.samples import DEPTH, Samples, candidates
from ovcgen.model.schema import Array, File, Json, Property, Scalar, Schema
from ovcgen.runtime.arguments import check_values
from ovcgen.runtime.errors import ArgumentError

NUMBERS = (1, 10, -1)
TEXTS = ("web", "R", "a long text", "2030-01-01", "2030-01-01T00:00:00Z")
Preferred = Mapping[str, Json]
Proposals = Callable[[Parameter], Iterable[Json]]


def _no_proposals(_parameter: Parameter) -> Iterable[Json]:
    return ()


class _Objects(Samples):
    """A maker of objects with no more than what is required, with preferred values by name, and with no empty lists.

    Forms can't have an empty list: it leaves the field out.
    """

    def __init__(self, resolver: Resolver, samples: Preferred) -> None:
        super().__init__(resolver)
        self.anything = {}
        self._samples = samples

    def value(self, schema: Schema, depth: int = 0) -> Json:
        shape = self.resolver.resolved(schema)
        if isinstance(shape, Array) and 0 < depth <= DEPTH:
            return super().value(shape, depth) or [self.value(shape.items, depth + 1)]
        return super().value(shape, depth)

    def member(self, member: Property, depth: int) -> Json:
        if member.name in self._samples:
            return self._samples[member.name]
        return super().member(member, depth)


def example_arguments(
    operation: Operation,
    samples: Preferred,
    proposals: Proposals = _no_proposals,
    *,
    resolver: Resolver | None = None,
) -> dict[str, Json] | None:
    """Return the fewest arguments that the operation's checks accept, by Python keyword; None if none are found.

    They are the required parameters and one set of `exactly_one_of`, else of `at_least_one_of`. For a required file
    only `samples` and `proposals` have values.

    Of several sets of parameters that exclude each other, the set with the fewest parameters without a preferred value
    is used.

    Args:
        operation: The operation to call.
        samples: Preferred values, by the wire name of a parameter or of a member of a body.
        proposals: Returns further values to try for a parameter.
        resolver: Resolves the schemas of the API. Without it, references are followed nowhere.
    """
    search = _Search(operation, samples, proposals, resolver or Resolver({}))
    choices = operation.exactly_one_of or operation.at_least_one_of or ((),)
    for choice in sorted(choices, key=lambda names: sum(name not in samples for name in names)):
        chosen = [parameter for parameter in operation.parameters if parameter.needed or parameter.name in choice]
        values = {parameter.key: search.accepted_value(parameter) for parameter in chosen}
        if search.accepts(operation, values):
            return values
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for values of one operation's parameters; the members are as in `example_arguments`."""

    operation: Operation
    samples: Preferred
    proposals: Proposals
    resolver: Resolver

    def accepted_value(self, parameter: Parameter) -> Json:
        """Return the first candidate that the runtime accepts for this parameter; None if it refuses all."""
        alone = replace(self.operation, parameters=(parameter,), exactly_one_of=(), at_least_one_of=())
        values = self._candidates(parameter)
        return next((value for value in values if self.accepts(alone, {parameter.key: value})), None)

    def accepts(self, operation: Operation, values: dict[str, Json]) -> bool:
        """Return whether the runtime would send these values."""
        try:
            check_values(wire_operation(operation, self.resolver), values)
        except ArgumentError:
            return False
        return True

    def _candidates(self, parameter: Parameter) -> Iterator[Json]:
        """Yield values to try for a parameter, the best first; none for a file."""
        if parameter.name in self.samples:
            yield self.samples[parameter.name]
        yield from self.proposals(parameter)
        if parameter.default:
            yield parameter.default.value
        match self.resolver.resolved(parameter.schema):
            case Scalar() as scalar:
                yield from candidates(scalar, texts=TEXTS, numbers=NUMBERS)
            case Array(Scalar() as scalar):
                yield from ([value] for value in candidates(scalar, texts=TEXTS, numbers=NUMBERS))
            case File():
                return
            case schema:
                yield _Objects(self.resolver, self.samples).value(schema)
                yield {}
