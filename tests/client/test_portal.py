"""What a runtime client looks like to those who hold one, and how it complains."""

from __future__ import annotations

import copy
import inspect
import operator
import pickle
import pydoc
import traceback
from typing import Any

import pytest

import ovcgen
from ovcgen.client.legacy_portal_client import PortalClient
from ovcgen.client.portal import nearest_name, operation_named
from ovcgen.normalise.names import CLIENT_NAMES
from ovcgen.runtime.errors import ArgumentError
from ovcgen.runtime.tasks import Task
from ovcgen.workflows import connect
from ovcgen.workflows.resolve import resolve
from tests.client.conftest import Listener, Open, RuntimePortal, field_of, plain

GUID = "0b7e2b4a-8f6c-4a43-9a38-3f2a2c1a7f11"


class MachinesGroup:
    """What Python itself says of such a method."""

    def get(self, *, machineId: int, reason: object = None) -> None:
        """As the portal's, with no portal behind it."""

    def add(self, *, a: int, b: int, c: int) -> None:
        """Three required keywords."""


def words(call: object, *positional: object, **keywords: object) -> str:
    """The text of the TypeError that a call raises."""
    with pytest.raises(TypeError) as caught:
        call(*positional, **keywords)  # type: ignore[operator]
    return str(caught.value)


def test_a_signature_is_real(cloud: RuntimePortal) -> None:
    """Keyword-only, what must be given first, with types, and with what comes back."""
    signature = inspect.signature(cloud.cloudapi.machines.create)

    assert list(signature.parameters)[:3] == ["cloudspaceId", "name", "imageId"]
    assert {parameter.kind for parameter in signature.parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert str(signature.parameters["name"]) == "name: 'str'"
    assert str(signature.parameters["datadisks"]) == "datadisks: 'list[int] | None' = None"
    assert str(signature.parameters["_async"]) == "_async: 'bool' = False"


def test_every_signature_can_be_drawn(cloud: RuntimePortal) -> None:
    """No default before its time, no name twice."""
    for name in cloud._named:
        group, actor, method = name.split(".")
        if group in ("cloudapi", "cloudbroker", "libcloud", "system"):
            assert inspect.signature(getattr(getattr(getattr(cloud, group), actor), method))


def test_help_tells_what_a_call_takes(cloud: RuntimePortal) -> None:
    """As for a function that somebody wrote."""
    text = pydoc.plain(pydoc.render_doc(cloud.cloudapi.machines.create))

    assert "(*, cloudspaceId: 'int', name: 'str'" in " ".join(text.split()).replace("( ", "(")  # 3.13 breaks lines
    assert "\n        sizeId: " in text
    assert "not described" not in text


def test_names_can_be_completed(cloud: RuntimePortal) -> None:
    """On a portal, a group and an actor; nothing is loaded or sent for it."""
    assert {"cloudapi", "system", "swagger", "task"} <= set(dir(cloud))
    assert {"machines", "cloudspaces"} <= set(dir(cloud.cloudapi))
    assert {"create", "list"} <= set(dir(cloud.cloudapi.machines))


@pytest.fixture(scope="module")
def connected() -> RuntimePortal:
    """Return a client as `connect` makes it for release 2.4.5."""
    return connect.client_for(RuntimePortal, "https://portal.example", resolve("2.4.5"))


def test_methods_have_names(cloud: RuntimePortal) -> None:
    """For tracebacks and for those who print one."""
    method = cloud.cloudapi.machines.create

    assert (method.__name__, method.__qualname__) == ("create", "Machines.create")
    assert repr(cloud.cloudapi.machines).startswith("<Machines of RuntimePortal('http://127.0.0.1:")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("cloudapi.accounts.create", ". It is gone since release 2.4.0: use cloudbroker.account.create()."),
        ("cloudapi.users.validate", ". It is gone since release 2.3.0."),
        ("cloudapi.machines.nothing", ""),
    ],
)
def test_a_removed_operation_names_its_replacement(connected: RuntimePortal, path: str, says: str) -> None:
    """The AttributeError says the same as that of a generated SDK, and hasattr() is False as ever."""
    *holders, name = path.split(".")
    holder = operator.attrgetter(".".join(holders))(connected)

    with pytest.raises(AttributeError) as error:
        getattr(holder, name)

    assert str(error.value) == f"{type(holder).__name__!r} object has no attribute {name!r}{says}"
    assert not hasattr(holder, name)


def test_missing_arguments_in_pythons_words(opened: Open) -> None:
    """One, two and three of them."""
    required = [field_of(name, "integer", required=True) for name in ("a", "b", "c")]
    client = opened(plain(*required, operation={"operationId": "add", "tags": ["machines"]}))

    for given in ({}, {"a": 1}, {"a": 1, "c": 2}):
        told, python = words(client.machines.add, **given), words(MachinesGroup().add, **given)
        assert told == python.replace("MachinesGroup.add", "machines.add")


@pytest.mark.parametrize("given", [{}, {"machineId": 1}, {"machineId": 1, "reason": "r"}])
@pytest.mark.parametrize("positional", [(1,), (1, 2)])
def test_positional_arguments_in_pythons_words(
    opened: Open, positional: tuple[int, ...], given: dict[str, object]
) -> None:
    """There may be none, and a sentence says what to write instead."""
    parameters = field_of("machineId", "integer", required=True), field_of("reason")
    client = opened(plain(*parameters, operation={"operationId": "get", "tags": ["machines"]}))

    told, python = words(client.machines.get, *positional, **given), words(MachinesGroup().get, *positional, **given)
    free = [name for name in ("machineId", "reason") if name not in given]
    example = f", as in {free[0]}=..." if free else "."
    assert told == f"{python}. Pass each argument by its name{example}"


def test_a_wrong_name_gets_the_nearest_right_one(portal: Listener, cloud: RuntimePortal) -> None:
    """The portal itself would swallow it."""
    told = words(cloud.cloudapi.machines.get, machineId=1, machineid=2)

    assert told == ("cloudapi.machines.get() got an unexpected keyword argument 'machineid'. Did you mean 'machineId'?")
    assert portal.seen == []


@pytest.mark.parametrize("name", ["self", "_request_options", "unknown", "positional", "given"])
def test_names_of_our_own_are_no_arguments(cloud: RuntimePortal, name: str) -> None:
    """How the client is written can't be seen through it."""
    assert f"unexpected keyword argument {name!r}" in words(cloud.cloudapi.locations.list, **{name: 1})


def test_a_wrong_value_is_not_sent(portal: Listener, cloud: RuntimePortal) -> None:
    """bravado has no part in it."""
    with pytest.raises(ArgumentError):
        cloud.cloudapi.machines.get(machineId="seven")

    assert portal.seen == []


def test_a_group_that_was_not_fetched_says_how_to_fetch_it(cloud: RuntimePortal) -> None:
    """It may well exist."""
    with pytest.raises(AttributeError, match=r"without a group 'things'; it has: .*\. .*groups="):
        _ = cloud.things


def test_a_group_that_a_document_does_not_have_is_not_to_be_fetched(opened: Open) -> None:
    """The error for an unknown group of a document lists the groups of the document, and does not advise fetching."""
    with pytest.raises(AttributeError, match=r"^This client has no 'pets'; it has: things\.$"):
        _ = opened(plain()).pets


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param(
            "cloudap", "'RuntimePortal' object has no attribute 'cloudap'. Did you mean 'cloudapi'?", id="group"
        ),
        pytest.param(
            "cloudapi.machine",
            "'CloudapiGroup' object has no attribute 'machine'. Did you mean 'machines'?",
            id="actor",
        ),
        pytest.param(
            "cloudapi.machines.lst", "'Machines' object has no attribute 'lst'. Did you mean 'list'?", id="call"
        ),
        pytest.param("wait.machine_runing", "no waiter 'machine_runing'. Did you mean 'machine_running'?", id="waiter"),
    ],
)
def test_a_misspelt_attribute_suggests_the_right_one(path: str, says: str) -> None:
    """The suggestion is in the text of the error once, also in the traceback that Python prints."""
    with ovcgen.connect("https://portal.example", release="2.4.5") as portal:
        held: Any = portal
        *holders, name = path.split(".")
        for holder in holders:
            held = getattr(held, holder)
        with pytest.raises(AttributeError) as error:
            getattr(held, name)

    assert says in str(error.value)
    assert "".join(traceback.format_exception(error.value)).count("Did you mean") == 1


def test_private_names_are_no_groups(cloud: RuntimePortal) -> None:
    """Python asks for many."""
    with pytest.raises(AttributeError, match="'RuntimePortal' object has no attribute '_repr_html_'"):
        _ = cloud._repr_html_


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])
def test_a_portal_is_not_copied(cloud: RuntimePortal, copied: object) -> None:
    """It holds connections and a login."""
    assert words(copied, cloud) == (
        "A portal holds connections and can't be pickled or copied; open one in each process."
    )


def test_an_unfinished_portal_does_not_ask_itself_for_ever() -> None:
    """Whoever makes one without `__init__` gets an AttributeError, no RecursionError."""
    with pytest.raises(AttributeError):
        _ = RuntimePortal.__new__(RuntimePortal).cloudapi


def test_groups_are_made_once(cloud: RuntimePortal) -> None:
    """Two looks, one object."""
    assert cloud.cloudapi is cloud.cloudapi
    assert cloud.cloudapi.machines is cloud.cloudapi.machines


def test_no_group_can_hide_behind_our_names() -> None:
    """Whatever a portal has beside its groups is reserved when groups are named."""
    ours = {name for name in dir(PortalClient) if not name.startswith("_")} | {"url", "release", "corrections"}

    assert ours <= CLIENT_NAMES


def test_operations_are_found_by_name(cloud: RuntimePortal) -> None:
    """As the command line needs them."""
    found = operation_named(cloud, "cloudapi.machines.create")

    assert found is not None
    assert found.place == "POST /cloudapi/machines/create"
    assert operation_named(cloud, "cloudapi.machines.craete") is None


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("cloudapi.machines.craete", "cloudapi.machines.create"),
        ("cloudapi.machine.create", "cloudapi.machines.create"),
        ("CLOUDAPI.MACHINES.CREATE", "cloudapi.machines.create"),
        ("something.else.altogether", ""),
        ("", ""),
    ],
)
def test_the_nearest_operation_is_named(cloud: RuntimePortal, wrong: str, near: str) -> None:
    """Or none, where a guess would only confuse."""
    assert nearest_name(cloud, wrong) == near


def test_a_task_through_bravado(portal: Listener, cloud: RuntimePortal) -> None:
    """Started, asked for and ended."""
    portal.body = GUID
    task = cloud.cloudapi.machines.delete(machineId=7, _async=True)
    portal.body = [True, None]

    assert isinstance(task, Task)
    assert task.result() is None
    assert portal.bodies == ["machineId=7&_async=true", f"taskguid={GUID}"]


def test_false_and_absent_start_no_task(portal: Listener, cloud: RuntimePortal) -> None:
    """`_async` is sent only when it is true."""
    cloud.cloudapi.machines.delete(machineId=7, _async=False)
    cloud.cloudapi.machines.delete(machineId=7)

    assert portal.bodies == ["machineId=7", "machineId=7"]
