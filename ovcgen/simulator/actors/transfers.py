"""Machines to and from a WebDAV share, as OVF."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from ovcgen.simulator.actors import creation
from ovcgen.simulator.call import Behaviour, Call
from ovcgen.simulator.limits import check_room
from ovcgen.simulator.pace import Timeline, steady
from ovcgen.simulator.records import NEW, Disk, Machine
from ovcgen.simulator.refusals import Crash, Missing, Wrong

Json = Any
BOOT = 10  # GB; nobody knows the real one before the file is there
UNSEEN = ("DELETED", "DESTROYED", "DESTROYING", "ERROR")


def _check_link(call: Call) -> None:
    """https, no port, nobody's name and password in it, a host with a dot."""
    try:
        parts = urlsplit(str(call.arguments["link"]))
        port = parts.port
    except ValueError as error:
        raise Wrong("link is no URL") from error
    if parts.scheme != "https" or port is not None or "@" in parts.netloc or "." not in (parts.hostname or ""):
        raise Wrong("link should be an https address of a host, without port, user and password")


def _export(call: Call) -> Json:
    """True at once; how it went is told by mail."""
    _check_link(call)
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) in UNSEEN:
        raise Missing(f"Machine {machine.id} not found")
    return True


def _import(call: Call) -> None:
    """Null at once; the machine is listed when it is complete. A name that is taken is told by mail only."""
    given = call.arguments
    _check_link(call)
    if not given["name"].strip():
        raise Crash("empty name")
    space = call.state.cloudspaces.find(given["cloudspaceId"])
    size_id, memory, vcpus = creation.dimensions(call, Wrong("Give either sizeId or both memory and vcpus."))
    check_room(call.state, space, {"CU_M": memory / 1024.0, "CU_C": vcpus, "CU_D": BOOT}, now=call.now)
    machines = call.state.machines_of(space.id)
    if any(each.name == given["name"] and each.status.at(call.now) != "DESTROYED" for each in machines):
        return
    done = call.now + call.pace.copy
    machine = call.state.machines.add(
        Machine(
            id=NEW,
            cloudspace_id=space.id,
            name=given["name"],
            description=given.get("description") or "",
            status=Timeline(((call.now, "ERROR"), (done, "RUNNING"))),  # a status that nobody is shown, until it runs
            image_id=next(iter(call.state.images)).id,
            size_id=size_id,
            memory=memory,
            vcpus=vcpus,
            created=int(call.now),
            updated=int(call.now),
            address=creation.free_address(call, space),
            address_at=done + call.pace.address,
            login="cloudscalers",
            password=hashlib.sha256(f"{space.secret}{given['name']}".encode()).hexdigest()[:9],
        )
    )
    call.state.disks.add(Disk(NEW, "Boot disk", "B", BOOT, space.account_id, steady(""), machine.id))


TABLE: dict[str, Behaviour] = {
    "/cloudapi/machines/exportOVF": _export,
    "/cloudapi/machines/importOVF": _import,
}
