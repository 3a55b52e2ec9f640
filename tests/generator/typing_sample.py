"""What a user of an SDK writes, and what type checkers make of it: a type after `->`, or an error."""

from typing import reveal_type

import openvcloud_2_4_0 as before
import openvcloud_2_4_5 as ovc

portal = ovc.connect("https://portal.example", auth=ovc.Bearer("token"))

# a cloudspace has no public address before it is deployed
space = portal.cloudapi.cloudspaces.get(cloudspaceId=1)
reveal_type(space["publicipaddress"])  # -> str | None
reveal_type(portal.cloudapi.cloudspaces.list()[0]["publicipaddress"])  # -> str | None
reveal_type(portal.wait.cloudspace_deployed(cloudspaceId=1)["name"])  # -> str
print(space["publicip"])  # error

status: str = space["status"]
reveal_type(portal.cloudapi.portforwarding.list(cloudspaceId=1)[0]["publicPort"])  # -> str

create = portal.cloudapi.machines.create
reveal_type(create(cloudspaceId=1, name="web", imageId=1, disksize=10, sizeId=1))  # -> int
reveal_type(create(cloudspaceId=1, name="web", imageId=1, disksize=10, _async=False))  # -> int
task = create(cloudspaceId=1, name="web", imageId=1, disksize=10, _async=True)
reveal_type(task)  # -> Task[int]
reveal_type(task.result(timeout=60))  # -> int
create(cloudspaceId=1, nmae="web", imageId=1, disksize=10)  # error
create(cloudspaceId="1", name="web", imageId=1, disksize=10)  # error
portal.cloudapi.machines.get(1)  # error


def either(*, wanted: bool) -> None:
    """A call that may become a task."""
    reveal_type(create(cloudspaceId=1, name="web", imageId=1, disksize=10, _async=wanted))  # -> int | Task[int]


consumption = portal.cloudapi.accounts.getConsumption
reveal_type(consumption(accountId=1, start=0, end=1))  # -> bytes
reveal_type(consumption(accountId=1, start=0, end=1, _to="usage.zip"))  # -> Path

old = before.connect("https://portal.example").cloudbroker.computenode
old.enable(id=1, gid=1, message="")  # error
old.enable(id=1, gid=1, message="", _async=True)  # error
before.connect("https://portal.example").cloudbroker.node.enable(nid=1)
