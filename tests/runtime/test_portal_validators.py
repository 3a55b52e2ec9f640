"""What the portal would refuse is refused before it is sent."""

from __future__ import annotations

import warnings

import pytest

from tests.runtime.conftest import answer

GOOD = {
    "name": ["ab", "a b", "ž" * 300],
    "username": ["abc", "jane.doe-1_2@itsyouonline", "a" * 39],
    "groupname": ["abc", "level1"],
    "password": ["12345678", "p" * 60],
    "accesstype": ["R", "RCX", "XCR", "ARCXDU", "CXDRAU"],
    "limit": [-1, 1, 0.5],
    "disk limit": [-1, 10],
    "address limit": [-1, 1],
}
BAD = {
    "name": ["a", "  ", "a<b", 'a"b', "it's"],
    "username": ["ab", "a" * 40, "jane doe", "a@b@c", "j\n"],
    "groupname": ["ab", "a@b"],
    "password": ["1234567", "p" * 61],
    "accesstype": ["W", "RC", "RCXX", "r", "RRR"],
    "limit": [0, -2],
    "disk limit": [0, 9, -2],
    "address limit": [0, -5],
}


def kind(value):
    return "string" if isinstance(value, str) else "number"


@pytest.mark.parametrize(("rule", "value"), [(rule, value) for rule, values in GOOD.items() for value in values])
def test_what_the_portal_takes_is_sent(runtime, rule, value):
    """The rule of the portal, neither wider nor narrower."""
    taken = runtime.operation.ParameterSpec("x", kind(value), validator=rule)
    operation = runtime.operation.OperationSpec("group.actor.act", "POST", "/act", (taken,))
    assert runtime.arguments.check_values(operation, {"x": value}) == [(taken, value)]


@pytest.mark.parametrize(("rule", "value"), [(rule, value) for rule, values in BAD.items() for value in values])
def test_what_the_portal_refuses_is_not_sent(runtime, rule, value):
    """The error says what it takes instead."""
    taken = runtime.operation.ParameterSpec("x", kind(value), validator=rule)
    operation = runtime.operation.OperationSpec("group.actor.act", "POST", "/act", (taken,))
    with pytest.raises(runtime.errors.ArgumentError) as caught:
        runtime.arguments.check_values(operation, {"x": value})
    assert caught.value.fix == f"Pass {runtime.portal_validators.RULES[rule].wants}."


@pytest.mark.parametrize(
    ("options", "value", "wants"),
    [
        ({"bounds": (1, 65535, None)}, 0, "at least 1"),
        ({"bounds": (1, 65535, None)}, 65536, "at most 65535"),
        ({"bounds": (None, None, 2)}, 1023, "a multiple of 2"),
        ({"choices": (1, 2)}, 3, "one of 1, 2"),
    ],
)
def test_numbers_outside_their_bounds_are_not_sent(runtime, options, value, wants):
    """Ports, sizes and memory have bounds that are known beforehand."""
    taken = runtime.operation.ParameterSpec("x", "integer", **options)
    operation = runtime.operation.OperationSpec("group.actor.act", "POST", "/act", (taken,))
    with pytest.raises(runtime.errors.ArgumentError, match=f"Pass {wants}"):
        runtime.arguments.check_values(operation, {"x": value})


CHOICES = (("sizeId",), ("memory", "vcpus"))


@pytest.mark.parametrize(
    ("how", "given", "is_taken"),
    [
        ("one_of", {"sizeId": 1}, True),
        ("one_of", {"memory": 2, "vcpus": 1}, True),
        ("one_of", {}, False),
        ("one_of", {"memory": 2}, False),
        ("one_of", {"sizeId": 1, "memory": 2, "vcpus": 1}, False),
        ("one_of", {"sizeId": 1, "memory": 2}, False),
        ("any_of", {"sizeId": 1}, True),
        ("any_of", {"sizeId": 1, "memory": 2, "vcpus": 1}, True),
        ("any_of", {}, False),
    ],
)
def test_arguments_that_belong_together(runtime, how, given, is_taken):
    """A size, or memory and vcpus: one whole choice, and not both where they exclude each other."""
    parameters = tuple(runtime.operation.ParameterSpec(name, "integer") for name in ("sizeId", "memory", "vcpus"))
    operation = runtime.operation.OperationSpec("group.actor.act", "POST", "/act", parameters, **{how: CHOICES})
    if is_taken:
        assert len(runtime.arguments.check_values(operation, given)) == len(given)
        return
    with pytest.raises(runtime.errors.ArgumentError, match="takes sizeId or memory and vcpus"):
        runtime.arguments.check_values(operation, given)


def test_a_list_as_long_as_the_portal_sends_is_suspicious(runtime, connect, portal):
    """There is no paging and no word about the rest: a warning, once for each place that calls."""
    portal.says(answer(list(range(200))))
    client, capped = connect(), listing(runtime)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        for _ in range(3):
            assert len(through_a_method(client, capped)) == 200
    assert [(message.category.__name__, message.filename) for message in told] == [("ListCapped", __file__)]
    assert "200 records" in str(told[0].message)


def listing(runtime):
    """A call that never answers more than 200 records."""
    return runtime.operation.OperationSpec("cloudapi.machines.list", "POST", "/cloudapi/machines/list", capped=200)


def through_a_method(client, operation):
    """What a method of a client does: one frame between the caller and the portal."""
    return (lambda: client.call(operation, {}))()


def test_a_shorter_list_is_complete(runtime, connect, portal):
    """Nothing is said about 199 records."""
    portal.says(answer(list(range(199))))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(connect().call(listing(runtime), {})) == 199
