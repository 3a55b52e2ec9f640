"""Arguments of example calls."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.generator.python_names import pep8
from ovcgen.generator.view.example_arguments import example_arguments
from ovcgen.model.api import Api, Parameter
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.schema import Constant, File, Scalar, Traits
from ovcgen.releases.library import Library, bundled
from ovcgen.runtime.arguments import check_values, missing_names
from ovcgen.runtime.portal_validators import RULES
from ovcgen.workflows.resolve import resolve
from tests.build import BOOLEAN, INTEGER, NAME, NUMBER, STRING, listed, machines, must, one_of, parameter

MEMORY, VCPUS, SIZE = (parameter(name, INTEGER) for name in ("memory", "vcpus", "sizeId"))
SIZES = (("sizeId",), ("memory", "vcpus"))
SCALARS = (STRING, INTEGER, NUMBER, BOOLEAN, one_of("tcp", "udp"), Scalar("string", Traits(format="date")))


def bounded(kind: str, **bounds: float) -> Scalar:
    """Return a number with these bounds."""
    return Scalar(kind, Traits(constraints=tuple((key, Constant.of(value)) for key, value in sorted(bounds.items()))))


@st.composite
def parameters(draw: st.DrawFn, name: str) -> Parameter:
    """A parameter of a portal's call: any type, bounds, a rule for its values, required or not."""
    least, step = draw(st.integers(-50, 5000)), draw(st.integers(1, 7))
    numbers = bounded(draw(st.sampled_from(["integer", "number"])), minimum=least, multipleOf=step)
    shape = draw(st.sampled_from([*SCALARS, numbers, listed(STRING), listed(INTEGER)]))
    texts = ["name", "username", "groupname", "password", "accesstype"]
    rules = texts if shape == STRING else ["limit", "disk limit", "address limit"] if shape == INTEGER else []
    rule = draw(st.sampled_from(["", *rules]))
    return replace(parameter(name, shape), required=draw(st.booleans()), validator=rule)


@given(st.data())
def test_arguments_are_found_for_any_call(data: st.DataObject) -> None:
    """Whatever a call requires, the runtime accepts the example, and only what is required is in it."""
    given_parameters = [data.draw(parameters(name)) for name in ("a", "b", "c", "d")]
    choice = data.draw(st.sampled_from([(), (("a",), ("b", "c")), (("c",), ("d",))]))
    optional = {name for names in choice for name in names}
    declared = [
        replace(parameter, required=parameter.required and parameter.name not in optional)
        for parameter in given_parameters
    ]
    rule = data.draw(st.sampled_from(["exactly_one_of", "at_least_one_of"]))
    operation = replace(machines(*declared), **{rule: choice})

    found = example_arguments(operation, {})

    assert found is not None
    check_values(wire_operation(operation), found)
    assert found.keys() <= {parameter.key for parameter in declared if parameter.required} | optional


def test_rules_of_every_kind_are_tried() -> None:
    """A new rule for values has to come into the test above."""
    tried = {"name", "username", "groupname", "password", "accesstype", "limit", "disk limit", "address limit"}

    assert tried == set(RULES)


@pytest.mark.parametrize("spelled", [pytest.param(lambda api: api, id="wire"), pytest.param(pep8, id="pep8")])
@pytest.mark.parametrize("release", Library(bundled()).releases())
def test_arguments_are_found_for_every_call_of_a_release(release: str, spelled: object) -> None:
    """For every operation that sends no file an example is found, and the SDK accepts it."""
    assert callable(spelled)
    api: Api = spelled(resolve(release).api)
    for operation in api.callable_operations:
        if any(isinstance(parameter.schema, File) for parameter in operation.parameters):
            continue
        found = example_arguments(operation, {})
        assert found is not None, operation.dotted
        check_values(wire_operation(operation), found)
        assert missing_names(wire_operation(operation), found) == ""


def test_preferred_values_choose_between_sets() -> None:
    """The set of parameters with more preferred values is shown, with these values."""
    create = replace(machines(must(NAME), SIZE, MEMORY, VCPUS), exactly_one_of=SIZES)

    assert example_arguments(create, {"memory": 2048, "vcpus": 2}) == {"name": "web", "memory": 2048, "vcpus": 2}
    assert example_arguments(create, {}) == {"name": "web", "sizeId": 1}


def test_a_file_has_no_example() -> None:
    """No value can be shown for a file, so the call is not shown."""
    assert example_arguments(machines(must(parameter("data", File()))), {}) is None
