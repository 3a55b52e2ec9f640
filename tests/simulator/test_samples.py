"""Values that are true to a shape."""

import pytest

from ovcgen.model.api import Api, Definition, Operation
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Traits,
)
from ovcgen.simulator.samples import sample

NODE = Record((Property("id", Scalar("integer"), required=True), Property("next", Reference("Node"))), None)
API = Api("9.9", "T", "7.0", "", (), (Definition("Node", NODE),))


def given(schema, **arguments):
    """What an operation of the actor `nodes` with that result answers."""
    return sample(Operation("g", "nodes", "get", "POST", "/g/nodes/get", (), (), schema), API, arguments)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        pytest.param(Scalar("string"), "", id="text"),
        pytest.param(Scalar("integer"), 0, id="number"),
        pytest.param(Scalar("number"), 0.0, id="float"),
        pytest.param(Scalar("boolean"), True, id="truth"),
        pytest.param(Scalar("integer", Traits(constraints=(("minimum", Constant.of(5)),))), 5, id="at least 5"),
        pytest.param(Scalar("string", Traits(enum=(Constant.of("A"), Constant.of("B")))), "A", id="enum"),
        pytest.param(Array(Scalar("integer")), [], id="list"),
        pytest.param(Array(Scalar("integer"), "csv", Traits(constraints=(("minItems", Constant.of(2)),))), [0, 0]),
        pytest.param(Map(Scalar("string")), {}, id="map"),
        pytest.param(Anything(), None, id="anything"),
        pytest.param(Nothing(), None, id="nothing"),
        pytest.param(
            Composed(tuple(Record((Property(name, Scalar("string")),), None) for name in "ab")),
            {"a": "", "b": ""},
            id="all of",
        ),
    ],
)
def test_a_value_fits_its_shape(schema, value):
    """The smallest one."""
    assert given(schema) == value


def test_a_recursive_shape_ends():
    """Optional members are left out in the depth."""
    assert given(Reference("Node"))["next"]["next"].keys() >= {"id"}


def test_it_names_what_was_asked_for():
    """`nodeId` is the `id` of a node, and other names are themselves."""
    shape = Record(tuple(Property(name, Scalar("integer")) for name in ("id", "size", "cloudspaceid")), None)

    assert given(shape, nodeId=7, size=3, cloudspaceId=2) == {"id": 7, "size": 3, "cloudspaceid": 2}


def test_a_value_of_another_kind_is_not_repeated():
    """True to the shape comes first."""
    assert given(Record((Property("id", Scalar("integer")),), None), nodeId="seven") == {"id": 0}
