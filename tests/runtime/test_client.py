"""What a caller holds: a portal, and what its calls give."""

import inspect
import pickle
import subprocess
import sys
from typing import Literal, overload

import pytest

from tests.runtime.conftest import RESET, SILENCE, answer

GUID = "0e1f9e5a-6c1d-4b6b-8b1f-2f4e7f0d9a11"


def test_a_call_gives_its_value_or_a_task(runtime, connect, operation, portal):
    """A task where `_async` is true; it can be passed on and found again."""
    portal.says(answer(7), answer(GUID), answer(b"", 202, kind=""), answer([True, 7]))
    client, create = connect(), operation(tasks=True)
    assert client.call(create, {"_async": False}) == 7
    task = client.call(create, {"_async": True})
    assert (task.guid, repr(task)) == (GUID, f"Task('{GUID}', running)")
    assert client.call(runtime.tasks.GET, {"taskguid": task}) is None
    assert client.call(runtime.tasks.GET, {"taskguid": GUID}) == [True, 7]
    assert client.task(task).result() == 7
    assert [seen.body for seen in portal.seen[2:]] == [f"taskguid={GUID}".encode()] * 3


@pytest.mark.parametrize(
    "said", [answer(), answer("OK"), answer(f"{GUID} "), answer(b"", 202, kind=""), answer(7, 202)]
)
def test_a_task_without_a_guid_may_be_running(runtime, connect, operation, portal, said):
    """An answer with neither a guid nor a result raises OutcomeUnknown, because the task may be running."""
    portal.says(said)
    with pytest.raises(runtime.errors.OutcomeUnknown) as caught:
        connect().call(operation(name="string", tasks=True), {"_async": True, "name": "web"})
    assert (caught.value.operation, caught.value.arguments) == ("cloudapi.machines.act", {"name": "web"})
    assert len(portal.seen) == 1


@pytest.mark.parametrize("value", [7, False, ["a"], {}])
def test_a_release_without_tasks_answers_at_once(connect, operation, portal, value):
    """Before 2.2 `_async` is a parameter nobody knows."""
    portal.says(answer(value))
    task = connect().call(operation(tasks=True), {"_async": True})
    assert (task.done(), task.result()) == (True, value)
    assert len(portal.seen) == 1


@pytest.mark.parametrize("flag", [1, 0, "true", "", []])
def test_async_is_a_boolean(runtime, connect, operation, portal, flag):
    """For the portal any value is true, even 0."""
    with pytest.raises(runtime.errors.ArgumentError, match="takes True or False for '_async'"):
        connect().call(operation(tasks=True), {"_async": flag})
    assert portal.seen == []


def test_an_unknown_name_is_not_sent(connect, operation, portal):
    """The portal would swallow it."""
    with pytest.raises(TypeError, match="Did you mean 'name'"):
        connect().call(operation(name="string"), {"name": "web", "nmae": "web"})
    assert portal.seen == []


@pytest.mark.parametrize("guid", ["", None, 7])
def test_a_task_has_a_guid(runtime, connect, guid):
    """Without one there is nothing to ask for."""
    with pytest.raises(runtime.errors.ArgumentError, match="'taskguid'"):
        connect().task(guid)


def test_a_portal_closes_itself(runtime, portal, operation):
    """`with` is all it takes."""
    with runtime.portal.Portal(f"{portal.url}/") as client:
        client.call(operation(), {})
        assert (client.url, repr(client)) == (portal.url, f"Portal('{portal.url}')")


def test_groups_and_actors_know_their_portal(runtime, connect):
    """And say so."""
    client = connect()
    assert repr(runtime.client.Actor(client)) == f"<Actor of {client!r}>"
    assert isinstance(runtime.client.Actor(client), runtime.client.Group)


def test_a_portal_is_not_pickled(connect):
    """It holds connections, and perhaps a secret."""
    with pytest.raises(TypeError, match="open one in each process"):
        pickle.dumps(connect())


def test_a_client_with_other_options_is_the_same_client(runtime, connect, operation, portal):
    """`with_options` returns a client that shares connections and logins; the original keeps its own options."""
    client = connect(retries=0)
    hurried = client.with_options(timeout=1, retries=1)
    portal.says(answer(1), RESET, answer(2), RESET, SILENCE)
    assert (client.call(operation(), {}), hurried.call(operation(retry="read"), {})) == (1, 2)
    with pytest.raises(runtime.errors.TransportError):
        client.call(operation(retry="read"), {})
    with pytest.raises(runtime.errors.OutcomeUnknown, match="no answer in time"):
        hurried.call(operation(), {})
    assert len(portal.seen) == 5


@pytest.mark.parametrize(
    "options", [{"retries": -1}, {"retries": 1.5}, {"retries": True}, {"timeout": 0}, {"timeout": "5"}]
)
def test_options_are_numbers(runtime, connect, options):
    """A `timeout` or `retries` of a wrong type or out of range raises ArgumentError."""
    for make in (connect, connect().with_options):
        with pytest.raises(runtime.errors.ArgumentError, match="takes"):
            make(**options)


def test_help_shows_the_overload_that_covers_the_others(runtime):
    """The signature of an overloaded method has the keywords of its overloads and the union of their types."""

    class Files(runtime.client.Actor):
        @overload
        def read(self, *, name: "str", _to: "None" = None) -> "bytes": ...
        @overload
        def read(self, *, name: "str", _to: "str") -> "Path": ...  # noqa: F821
        def read(self, **arguments):
            """Read a file."""

        @overload
        def copy(self, *, name: "str", _async: "Literal[False]" = False) -> "int": ...
        @overload
        def copy(self, *, name: "str", _async: "bool") -> "int | Task[int]": ...  # noqa: F821
        def copy(self, **arguments):
            """Copy a file."""

    assert str(inspect.signature(Files.read)) == "(self, *, name: 'str', _to: 'str | None' = None) -> 'bytes | Path'"
    assert str(inspect.signature(Files.copy)) == "(self, *, name: 'str', _async: 'bool' = False) -> 'int | Task[int]'"


def test_a_client_loads_only_what_its_first_call_needs(runtime):
    """Importing the client loads no module that only errors, tasks or uploads need, beyond those of requests."""
    package = runtime.client.__name__.removesuffix(".client")
    later = {"difflib", "html", "inspect", "uuid", f"{package}.tasks", f"{package}.waiters"}
    program = (
        f"import sys; sys.path = {sys.path}; import requests; before = set(sys.modules)\n"
        f"import {package}.portal; print(*set(sys.modules) - before)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert later.isdisjoint(done.stdout.split())


def test_an_object_that_stands_for_an_address_is_taken(runtime, portal):
    """An object whose text is a URL, such as a simulated portal, is accepted as the address."""

    class Address:
        def __str__(self):
            return portal.url

    with runtime.client.Client(Address()) as client:
        assert client.url == portal.url
