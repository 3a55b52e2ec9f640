"""Implement export and import of machines as OVF on a WebDAV share.

No share is contacted: the simulator remembers what was exported to which address.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ovcgen.simulator.actors import machine_copies, machine_creation, machines
from ovcgen.simulator.http_errors import HttpBadRequest, HttpConflict, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import NEW, Appliance, Image
from ovcgen.simulator.timing import changing

Json = Any
COMING = "ERROR"  # status during the download: such machines are not listed
UNKNOWN_DISKS = (10,)  # GB; disks of a package that this portal did not export


def _export(call: ActorCall) -> Json:
    """Export a machine and return true at once. A real portal reports the result by mail."""
    place, machine = _place(call), call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) in machines.UNSEEN:
        raise HttpNotFound(f"Machine {machine.id} not found")
    sizes = tuple(disk.size for disk in call.state.disks_of(machine.id) if disk.type in ("B", "D"))
    if call.behaves("export-keeps-snapshot"):
        if any(snapshot.name == machine.name for snapshot in machine_copies.present_snapshots(call, machine)):
            return True  # the export fails in the background
        machine_copies.take_snapshot(call, machine, machine.name)
    call.state.appliances.add(Appliance(NEW, place, call.now + call.pace.copy, machine.image_id, sizes))
    return True


def _import(call: ActorCall) -> None:
    """Import a machine and return null at once. It is listed when the import is complete.

    If the name is taken, nothing is imported; a real portal reports this by mail only.
    """
    place, space = _place(call), call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    machine_creation.check_parent(call, space, accepted="import-in-deleted-space")
    size = machine_creation.dimensions(call, HttpBadRequest("Give either sizeId or both memory and vcpus."))
    machine_creation.check_offered(space, size[0])
    image, sizes = _content(call, place)
    try:
        machine_creation.check_name_is_free(call, space.id, call.arguments["name"])
    except HttpConflict:
        return
    there = call.pace.copy
    status = changing(call.now, COMING, (there, ""), (there + call.pace.create, "RUNNING"))
    machine_creation.create_machine(call, space, image, size, sizes, status, disk_status="")


def _content(call: ActorCall, place: str) -> tuple[Image, tuple[int, ...]]:
    """Return the image and the disk sizes of the latest export to that address, or defaults."""
    for appliance in reversed(list(call.state.appliances)):
        if appliance.place == place and appliance.since <= call.now:
            return call.state.images.find(appliance.image_id), appliance.disks
    return next(iter(call.state.images)), UNKNOWN_DISKS


def _place(call: ActorCall) -> str:
    """Return the URL of the folder on the share.

    Raises:
        HttpBadRequest: the link is not https, has a port or credentials, or its host has no dot.
    """
    link = str(call.arguments["link"])
    if call.behaves("ovf-links-unchecked"):
        return f"{link.rstrip('/')}/{str(call.arguments['path']).strip('/')}"
    try:
        parts = urlsplit(link)
        plain = parts.scheme == "https" and parts.hostname == parts.netloc.lower() and "." in parts.netloc
    except ValueError:
        plain = False
    if not plain:
        raise HttpBadRequest("link should be an https address of a host, without port, user and password")
    return f"{link.rstrip('/')}/{str(call.arguments['path']).strip('/')}"


TABLE: dict[str, Behaviour] = {
    "/cloudapi/machines/exportOVF": _export,
    "/cloudapi/machines/importOVF": _import,
}
