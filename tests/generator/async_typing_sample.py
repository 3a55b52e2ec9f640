"""What a user of an SDK's asynchronous modules writes, and what type checkers make of it: a type, or an error."""

from typing import reveal_type

import openvcloud_2_4_0.aio as before
import openvcloud_2_4_5.aio as ovc


async def calls(portal: ovc.Portal) -> None:
    """Calls and their results."""
    space = await portal.cloudapi.cloudspaces.get(cloudspaceId=1)
    reveal_type(space["publicipaddress"])  # -> str | None
    reveal_type((await portal.cloudapi.cloudspaces.list())[0]["name"])  # -> str
    print(space["publicip"])  # error
    print(portal.cloudapi.cloudspaces.get(cloudspaceId=1)["name"])  # error
    await portal.cloudapi.machines.get(1)  # error
    consumption = portal.cloudapi.accounts.getConsumption
    reveal_type(await consumption(accountId=1, start=0, end=1))  # -> bytes
    reveal_type(await consumption(accountId=1, start=0, end=1, _to="usage.zip"))  # -> Path
    reveal_type((await portal.with_response(portal.cloudapi.machines.get, machineId=1)).value["name"])  # -> str
    reveal_type(await portal.with_options(timeout=9).cloudapi.disks.delete(diskId=1))  # -> bool


async def tasks(portal: ovc.Portal, *, wanted: bool) -> None:
    """Calls that may become tasks."""
    create = portal.cloudapi.machines.create
    reveal_type(await create(cloudspaceId=1, name="web", imageId=1, disksize=10))  # -> int
    task = await create(cloudspaceId=1, name="web", imageId=1, disksize=10, _async=True)
    reveal_type(await task)  # -> int
    reveal_type(await task.result(timeout=60))  # -> int
    reveal_type(await task.exception())  # -> TaskError | None
    either = await create(cloudspaceId=1, name="web", imageId=1, disksize=10, _async=wanted)
    reveal_type(either)  # -> int | AsyncTask[int]
    await create(cloudspaceId=1, nmae="web", imageId=1, disksize=10)  # error
    reveal_type(await portal.system.task.get(taskguid=task))  # -> list[Any] | None
    async for ended in ovc.as_completed([task], timeout=900):
        reveal_type(ended)  # -> AsyncTask[Any]
    reveal_type((await ovc.wait([task])).running)  # -> list[AsyncTask[Any]]


async def main() -> None:
    """Waiters, deprecated calls and the portal itself."""
    async with ovc.connect("https://portal.example", auth=ovc.Bearer("token")) as portal:
        reveal_type(portal)  # -> Portal
        reveal_type((await portal.wait.machine_reachable(machineId=7, timeout=300))["name"])  # -> str
        await portal.wait.machine_deleted(machineId=7)
        await calls(portal)
        await tasks(portal, wanted=True)
    old = before.connect("https://portal.example").cloudbroker.computenode
    await old.enable(id=1, gid=1, message="")  # error
    await before.connect("https://portal.example").cloudbroker.node.enable(nid=1)
