"""What is read of `x-done-when`."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from ovcgen.model.api import Operation, wait_method
from ovcgen.model.readers.swagger2 import read
from ovcgen.model.readers.waiters import waiters
from ovcgen.model.runtime_specs import wire_operation, wire_waiter
from ovcgen.model.schema import Nothing, Scalar
from ovcgen.model.waiter import ConditionSpec, ListEntry, WaiterSpec
from ovcgen.normalise import normalise
from tests.build import INTEGER, api, listed, must, named, operation, parameter, record

SAID: dict[str, Any] = {
    "doc": "Wait until the machine runs.",
    "until": [{"at": "/status", "is": ["RUNNING"]}, {"at": "/nics/*/ip", "not": ["", "Undefined"]}],
    "failed": ["ERROR", "DELETED"],
    "falls_back": {"from": ["STARTING"], "to": ["HALTED"]},
    "where": {"name": "name", "type": "string", "at": "/name", "description": "Its name."},
}
RUNNING = WaiterSpec(
    "machine_running",
    "POST",
    "/machines/get",
    (ConditionSpec("/status", ("RUNNING",)), ConditionSpec("/nics/*/ip", ("", "Undefined"), negated=True)),
    doc="Wait until the machine runs.",
    failure_states=("DELETED", "ERROR"),
    regress_from=("STARTING",),
    regress_to=("HALTED",),
    list_entry=ListEntry("name", "name", "string", "/name", "Its name."),
)


def found(said: Any, name: Any = "machine_running", *parameters: str) -> tuple[WaiterSpec, ...]:
    """The waiters of one operation."""
    body = {
        "x-done-when": {name: said},
        "parameters": [{"name": parameter, "in": "formData"} for parameter in parameters],
    }
    return waiters([("/machines/get", "post", body)])


def waits(one: Operation) -> list[tuple[str, str]]:
    """What can be waited for where that operation is all there is."""
    return [(waiter.name, asked.place) for waiter, asked in replace(api(one), waiters=(RUNNING,)).waits()]


def test_all_that_is_said_is_read() -> None:
    """Texts sorted, so that their order changes nothing."""
    assert found(SAID) == (RUNNING,)


def test_a_condition_is_enough() -> None:
    """The rest has defaults; `gone` has to be said."""
    until = [{"at": "/status", "is": ["DELETED"]}]

    assert found({"until": until}) == (
        WaiterSpec("machine_running", "POST", "/machines/get", (ConditionSpec("/status", ("DELETED",)),)),
    )
    assert found({"until": until, "gone": True})[0].missing_is_success


def test_an_api_has_its_waiters_sorted() -> None:
    """From whatever operations, and only these."""
    until = {"until": [{"at": "/status", "is": ["X"]}]}
    answers = {"responses": {"200": {"description": ""}}}
    document = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/a": {"post": {**answers, "x-done-when": {"b_done": until}}},
            "/b": {"get": {**answers, "x-done-when": {"a_done": until}}, "post": answers},
        },
    }

    assert [(waiter.name, waiter.method, waiter.path) for waiter in read(normalise(document), "1").waiters] == [
        ("a_done", "GET", "/b"),
        ("b_done", "POST", "/a"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "text",
        {},
        {"until": []},
        {"until": None},
        {"until": ["/status"]},
        {"until": [{"at": "/status"}]},
        {"until": [{"at": "status", "is": ["X"]}]},
        {"until": [{"at": "/status", "is": "X"}]},
        {"until": [{"at": "/status", "is": [1]}]},
        {**SAID, "failed": "ERROR"},
        {**SAID, "falls_back": []},
        {**SAID, "where": {}},
        {**SAID, "where": {**SAID["where"], "type": "object"}},
        {**SAID, "where": {**SAID["where"], "name": "class"}},
        {**SAID, "where": {**SAID["where"], "name": "a b"}},
        {**SAID, "where": {**SAID["where"], "name": "timeout"}},
        {**SAID, "where": {**SAID["where"], "name": "machineId"}},
    ],
)
def test_what_has_another_form_is_no_waiter(wrong: Any) -> None:
    """A catalog from anywhere may say anything under that name."""
    assert found(copy.deepcopy(wrong), "machine_running", "machineId") == ()


@pytest.mark.parametrize(
    "name", ["", "running", "Machine_running", "machine-running", "_until", "a_b\n", "__init__", 5]
)
def test_a_name_that_could_do_harm_is_no_waiter(name: Any) -> None:
    """It becomes a method."""
    assert found(SAID, name) == ()


def test_a_parameter_that_every_waiter_has_is_in_the_way() -> None:
    """One keyword can't mean two things."""
    assert found(SAID, "machine_running", "timeout") == ()


def test_only_waiters_whose_operation_is_there() -> None:
    """Groups may be left out."""
    get = operation("/machines/get")

    assert waits(get) == [("machine_running", "POST /machines/get")]
    assert waits(operation("/machines/list")) == []


def test_a_waiter_is_a_call() -> None:
    """What a caller gives, and gets: an entry of the list, or nothing for what is gone."""
    asked = operation("/machines/get", must(parameter("id", INTEGER)), result=listed(named("Machine")), tasks=True)

    called = wait_method(RUNNING, asked)
    gone = wait_method(replace(RUNNING, missing_is_success=True, list_entry=None), replace(asked, result=record()))

    assert (called.dotted, called.tasks, called.doc) == ("wait.machine_running", False, RUNNING.doc)
    assert [(parameter.key, parameter.schema, parameter.required) for parameter in called.parameters] == [
        ("name", Scalar("string"), True),
        ("id", INTEGER, True),
    ]
    assert called.result == named("Machine")
    assert (gone.result, [parameter.key for parameter in gone.parameters]) == (Nothing(), ["id"])


def test_the_runtime_gets_the_same() -> None:
    """With the very operation that it sends."""
    asked = wire_operation(operation("/machines/get", must(parameter("id", INTEGER))))

    sent = wire_waiter(RUNNING, asked)

    assert sent.operation is asked
    assert [(condition.at, condition.values, condition.negated) for condition in sent.until] == [
        ("/status", ("RUNNING",), False),
        ("/nics/*/ip", ("", "Undefined"), True),
    ]
    assert (sent.name, sent.failed, sent.falling, sent.fallen, sent.gone) == (
        "machine_running", ("DELETED", "ERROR"), ("STARTING",), ("HALTED",), False,
    )  # fmt: skip
    assert sent.entry is not None
    assert (sent.entry[0].name, sent.entry[0].kind, sent.entry[1]) == ("name", "string", "/name")
    assert sent.method_spec.known == {"id", "name", "timeout", "on_progress"}
