"""A script on an event loop creates machines as tasks, waits for them at once, and stores a file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.conftest import imported_sdk

LOOPS = ("asyncio", "trio")
MACHINE = {"cloudspaceId": 1, "imageId": 1, "disksize": 10, "vcpus": 1, "memory": 1024}


@pytest.fixture
def ovc() -> Any:
    """The asynchronous modules of the SDK of the simulated portal's release."""
    return import_module(f"{imported_sdk('2.4.5').__name__}.aio")


@pytest.fixture
def portal(ovc: Any, simulated: Any) -> Any:
    """A portal that an ordinary user is logged in to."""
    login = ovc.ItsYouOnline(simulated.client_id, simulated.client_secret, url=simulated.itsyouonline)
    return ovc.connect(simulated.url, auth=login)


@pytest.mark.parametrize("loop", LOOPS)
def test_machines_are_created_at_once(loop: str, ovc: Any, portal: Any, tmp_path: Path) -> None:
    """Tasks, waiters and file answers work on any event loop."""

    async def script() -> None:
        async with portal:
            [image, *_] = await portal.cloudapi.images.list()
            wanted = {**MACHINE, "imageId": image["id"]}
            create = portal.cloudapi.machines.create
            tasks = [await create(**wanted, name=name, description=name, _async=True) for name in ("web", "db")]
            created = [await task.result() async for task in ovc.as_completed(tasks, timeout=60)]
            assert sorted(created) == sorted([await task for task in tasks])
            for machine in created:
                reached = await portal.wait.machine_reachable(machineId=machine, timeout=60)
                assert reached["status"] == "RUNNING"
            names = {machine["name"] for machine in await portal.cloudapi.machines.list(cloudspaceId=1)}
            assert {"web", "db"} <= names
            stored = await portal.cloudapi.cloudspaces.getOpenvpnConfig(cloudspaceId=1, _to=tmp_path / "vpn.zip")
            assert stored.read_bytes()[:2] == b"PK"
            task = await portal.cloudapi.machines.stop(machineId=created[0], _async=True)
            assert [each.guid for each in (await ovc.wait([task], timeout=60)).ended] == [task.guid]
            assert (await portal.wait.machine_halted(machineId=created[0], timeout=60))["status"] == "HALTED"

    anyio.run(script, backend=loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_errors_are_those_of_the_blocking_modules(loop: str, ovc: Any, portal: Any) -> None:
    """An `except` clause of the blocking modules catches what an asynchronous call raises."""
    blocking = imported_sdk("2.4.5")

    async def script() -> None:
        async with portal:
            with pytest.raises(blocking.NotFound):
                await portal.cloudapi.machines.get(machineId=4711)
            with pytest.raises(blocking.ArgumentError):
                await portal.cloudapi.machines.get(machineId="7")
            with pytest.raises(TypeError, match="Did you mean 'machineId'"):
                await portal.cloudapi.machines.get(machinId=7)
            with pytest.raises(blocking.NotFound):
                await portal.wait.machine_running(machineId=4711, timeout=5)
            task = await portal.cloudapi.machines.get(machineId=4711, _async=True)
            assert isinstance(await task.exception(timeout=20), ovc.TaskFailed)

    anyio.run(script, backend=loop)


def test_a_deprecated_call_is_said_where_it_is_made() -> None:
    """The warning names the file of the program, not one of the SDK."""
    before = import_module(f"{imported_sdk('2.4.0').__name__}.aio")
    portal = before.connect("https://portal.invalid", timeout=0.1, retries=0)

    async def script() -> None:
        async with portal:
            with pytest.raises(before.TransportError), pytest.warns(DeprecationWarning, match="release") as warned:
                await portal.cloudbroker.computenode.enable(id=1, gid=1, message="why")
            with pytest.raises(before.TransportError), pytest.warns(DeprecationWarning, match="accountId") as leaving:
                await portal.cloudbroker.cloudspace.destroy(cloudspaceId="1", reason="why", accountId=1)
            assert [warning.filename for warning in (*warned, *leaving)] == [__file__, __file__]

    anyio.run(script)
