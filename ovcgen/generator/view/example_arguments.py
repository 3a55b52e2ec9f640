"""Find arguments for example calls that the SDK's own checks accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.samples import candidates
from ovcgen.model.schema import Array, File, Json, Scalar
from ovcgen.runtime.arguments import check_values
from ovcgen.runtime.errors import ArgumentError

NUMBERS = (1, 10, -1)
TEXTS = ("web", "R", "a long text", "2030-01-01", "2030-01-01T00:00:00Z")
Samples = Mapping[str, Json]
Proposals = Callable[[Parameter], Iterable[Json]]


def _no_proposals(_parameter: Parameter) -> Iterable[Json]:
    return ()


def example_arguments(
    operation: Operation, samples: Samples, proposals: Proposals = _no_proposals
) -> dict[str, Json] | None:
    """Return the fewest arguments that the operation's checks accept, by Python keyword; None if none are found.

    They are the required parameters and one set of `exactly_one_of`, else of `at_least_one_of`. For a required file
    only `samples` and `proposals` have values.

    Of several sets of parameters that exclude each other, the set with the fewest parameters without a preferred value
    is used.

    Args:
        operation: The operation to call.
        samples: Preferred values, by the wire name of the parameter.
        proposals: Returns further values to try for a parameter.
    """
    choices = operation.exactly_one_of or operation.at_least_one_of or ((),)
    for choice in sorted(choices, key=lambda names: sum(name not in samples for name in names)):
        chosen = [parameter for parameter in operation.parameters if parameter.needed or parameter.name in choice]
        values = {parameter.key: _accepted_value(operation, parameter, samples, proposals) for parameter in chosen}
        if _accepts(operation, values):
            return values
    return None


def _accepted_value(operation: Operation, parameter: Parameter, samples: Samples, proposals: Proposals) -> Json:
    """Return the first candidate that the runtime accepts for this parameter; None if it refuses all."""
    alone = replace(operation, parameters=(parameter,), exactly_one_of=(), at_least_one_of=())
    candidates = _candidates(parameter, samples, proposals)
    return next((value for value in candidates if _accepts(alone, {parameter.key: value})), None)


def _accepts(operation: Operation, values: dict[str, Json]) -> bool:
    """Return whether the runtime would send these values."""
    try:
        check_values(wire_operation(operation), values)
    except ArgumentError:
        return False
    return True


def _candidates(parameter: Parameter, samples: Samples, proposals: Proposals) -> Iterator[Json]:
    """Yield values to try for a parameter, the best first; none for a file."""
    if parameter.name in samples:
        yield samples[parameter.name]
    yield from proposals(parameter)
    if parameter.default:
        yield parameter.default.value
    match parameter.schema:
        case Scalar() as scalar:
            yield from candidates(scalar, texts=TEXTS, numbers=NUMBERS)
        case Array(Scalar() as scalar):
            yield from ([value] for value in candidates(scalar, texts=TEXTS, numbers=NUMBERS))
        case File():
            return
        case _:
            yield {}
