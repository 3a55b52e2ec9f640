"""Calls that a portal itself calls deprecated."""

from __future__ import annotations

import inspect

import pytest

from tests.client.conftest import Listener, Open, field_of, plain


def test_a_deprecated_call_warns_where_it_is_made(portal: Listener, opened: Open) -> None:
    """Once the line is reached, in the caller's file; it is made all the same."""
    client = opened(plain(field_of("name"), operation={"deprecated": True}))

    with pytest.warns(DeprecationWarning, match=r"^things.call\(\) is deprecated.$") as caught:
        client.things.call(name="web")

    assert [message.filename for message in caught if "things.call" in str(message.message)] == [__file__]
    assert portal.bodies == ["name=web"]


def test_a_deprecated_call_has_its_signature_and_says_so(opened: Open) -> None:
    """What completion and help() show."""
    call = opened(plain(field_of("name"), operation={"deprecated": True, "description": "Calls."})).things.call

    assert list(inspect.signature(call).parameters) == ["name"]
    assert call.__doc__.startswith("Calls. things.call() is deprecated.")


def test_the_replacement_is_named(opened: Open) -> None:
    """Where a correction knows it."""
    client = opened(plain(operation={"deprecated": True, "x-use-instead": "things.make"}))

    with pytest.warns(DeprecationWarning, match=r"use things.make\(\)\.$"):
        client.things.call()


def test_other_calls_do_not_warn(portal: Listener, opened: Open) -> None:
    """Warnings are errors here."""
    opened(plain(operation={"x-use-instead": "things.make"})).things.call()

    assert len(portal.seen) == 1
