"""Calls and arguments that a later release does not have any more."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from tests.runtime.conftest import Listener

WORDS = "machines.old() is not in release 2.3.0: use machines.new()."


def old(*, name: str) -> str:
    """Answers the name."""
    return name


def test_a_marked_function_warns_where_it_is_called(runtime: Any) -> None:
    """The warning names this file, not ours; the function answers as ever."""
    marked = runtime.deprecation.warning_with(WORDS)(old)

    with pytest.warns(DeprecationWarning, match="use machines.new") as caught:
        assert marked(name="web") == "web"

    assert [(str(message.message), message.filename) for message in caught] == [(WORDS, __file__)]


def test_a_marked_function_looks_as_before(runtime: Any) -> None:
    """Its name, text and signature stay, and tools find the mark where PEP 702 puts it."""
    marked = runtime.deprecation.warning_with(WORDS)(old)

    assert (marked.__name__, marked.__doc__, inspect.signature(marked)) == ("old", old.__doc__, inspect.signature(old))
    assert marked.__deprecated__ == WORDS


def test_python_shows_it_once_for_each_place(runtime: Any) -> None:
    """As its default filter does with all such warnings."""
    marked = runtime.deprecation.warning_with(WORDS)(old)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            marked(name="web")
        marked(name="web")

    assert len(caught) == 2


class Machines:
    """Calls as an SDK has them."""

    def __init__(self, portal: Any, operation: Any) -> None:
        self._portal, self._operation = portal, operation

    def destroy(self, **given: Any) -> Any:
        """One method between the user and the portal."""
        return self._portal.call(self._operation, given)


@pytest.fixture
def machines(runtime: Any, connect: Callable[..., Any]) -> Machines:
    """A call with arguments of which the next release takes only `reason`."""
    parameter = runtime.operation.ParameterSpec
    parameters = (
        parameter("reason", "string"),
        parameter("accountId", "integer"),
        parameter("level", "integer", required=True, default=3),
    )
    leaving = (("accountId", "2.4.4"), ("level", "2.4.4"))
    return Machines(
        connect(),
        runtime.operation.OperationSpec("cloudapi.machines.destroy", "POST", "/x", parameters, leaving=leaving),
    )


def test_an_argument_that_goes_warns_when_it_is_passed(machines: Machines, portal: Listener) -> None:
    """At the caller's line, with the name of the release; it is sent all the same."""
    with pytest.warns(DeprecationWarning, match="accountId") as caught:
        machines.destroy(accountId=7)

    assert [(str(message.message), message.filename) for message in caught] == [
        ("cloudapi.machines.destroy() does not take 'accountId' in release 2.4.4.", __file__)
    ]
    assert portal.seen[0].body == b"accountId=7&level=3"


@pytest.mark.parametrize("given", [{}, {"accountId": None, "reason": "old"}, {"level": 3}])
def test_what_is_not_passed_does_not_warn(machines: Machines, portal: Listener, given: dict[str, Any]) -> None:
    """None, and the default that an SDK fills in itself, are not passed."""
    machines.destroy(**given)

    assert len(portal.seen) == 1
