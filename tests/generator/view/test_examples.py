"""Arguments of example calls."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.generator.python_names import pep8
from ovcgen.generator.view.example_arguments import example_arguments
from ovcgen.generator.view.readme import first_task
from ovcgen.model.api import Api, Content, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.schema import Constant, File, Scalar, Traits
from ovcgen.normalise.dialect_registry import DIALECTS
from ovcgen.releases.library import Library, bundled
from ovcgen.runtime.arguments import check_values, missing_names
from ovcgen.runtime.portal_validators import RULES
from ovcgen.workflows.resolve import resolve
from tests.build import (
    BOOLEAN,
    INTEGER,
    NAME,
    NUMBER,
    STRING,
    api,
    body,
    listed,
    machines,
    must,
    must_have,
    named,
    one_of,
    parameter,
    record,
)

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


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"])
def test_a_body_has_its_required_members(kind: str) -> None:
    """A body is shown with the members that it needs, preferred values among them, and with no others."""
    schema = record(name=must_have(STRING), size=must_have(INTEGER), tags=must_have(listed(STRING)), note=STRING)
    form = replace(must(body(named("Form"))), contents=(Content(kind, named("Form")),))
    create = machines(form, openapi="3.1", tasks=True)
    resolver = Resolver({"Form": schema})

    found = example_arguments(create, {"size": 10}, resolver=resolver)

    assert found == {"body": {"name": "a", "size": 10, "tags": ["a"]}}
    check_values(wire_operation(create, resolver), found)
    assert "task = portal.cloudapi.machines.create(body={" in first_task(
        api(create, Form=schema), DIALECTS["openvcloud"].wording
    )
    assert "body={}" not in first_task(api(create, Form=schema), DIALECTS["openvcloud"].wording)


def test_a_body_with_a_required_file_has_no_example() -> None:
    """No value can be shown for a file in a form, so the call is not shown."""
    form = replace(
        must(body(named("Form"))), contents=(Content("multipart/form-data", record(data=must_have(File()))),)
    )
    resolver = Resolver({"Form": record(data=must_have(File()))})

    assert example_arguments(machines(form, openapi="3.1"), {}, resolver=resolver) is None
