"""Implement cloudapi/machines/create: check name, size, image and address, and create a machine with disks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, Unavailable
from ovcgen.simulator.operation_call import ActorCall, Outcome
from ovcgen.simulator.resource_quotas import check_room
from ovcgen.simulator.state_records import NEW, Cloudspace, Disk, Image, Machine
from ovcgen.simulator.timing import Timeline, changing, steady

Json = Any
LARGEST = 2000  # GB
MOST_MACHINES = 250  # of a cloudspace, in some releases
NEVER = 1e12  # thirty thousand years; JSON has no infinity


def create(call: ActorCall) -> Json:
    """Create a machine as `machines/create` does, from the arguments of the call, and return an Outcome with its id.

    The response is sent when the machine runs.

    Raises:
        HttpBadRequest: a parameter is invalid, or a limit would be exceeded.
        HttpConflict: the name is taken.
        UnknownObject: there is no such cloudspace, image or size.
        Unavailable: the private network has no free address.
        Crash: the name is blank; also as for `consumption`.
    """
    given = call.arguments
    space = call.state.cloudspaces.find(given["cloudspaceId"])
    check_parent(call, space, accepted="machine-create-in-deleted-space")
    check_name_is_free(call, space.id, given["name"])
    _check_count(call, space)
    size_id, memory, vcpus = dimensions(call, HttpBadRequest("Give either sizeId or both memory and vcpus."))
    _check_size(call, space, size_id)
    image = _usable_image(call, space)
    status = changing(call.now, "", (call.pace.create, "RUNNING"))
    machine = create_machine(call, space, image, (size_id, memory, vcpus), _disk_sizes(call, image), status)
    return Outcome(machine.id, after=call.pace.create)


def create_machine(
    call: ActorCall,
    space: Cloudspace,
    image: Image,
    size: tuple[int, int, int],
    disks: Sequence[int],
    status: Timeline,
    *,
    disk_status: str = "ASSIGNED",
) -> Machine:
    """Store and return a new machine with its disks. Its name and description are arguments of the call.

    Args:
        call: The call that creates the machine. Its arguments are not checked.
        space: The cloudspace of the machine, which gets the highest free address of its private network.
        image: The image of its boot disk.
        size: Size id (0 for none), memory in MB, number of vcpus.
        disks: Disk sizes in GB, boot disk first.
        status: Status of the machine over time.
        disk_status: Status of its disks.

    Raises:
        HttpBadRequest: the limits of the cloudspace or account would be exceeded.
        Unavailable: the private network has no free address.
        Crash: as for `consumption`.
    """
    size_id, memory, vcpus = size
    check_room(call, space, {"CU_M": memory / 1024.0, "CU_C": vcpus, "CU_D": sum(disks)})
    login, password = _login_of(image, f"{space.secret}{call.arguments['name']}")
    machine = call.state.machines.add(
        Machine(
            id=NEW,
            cloudspace_id=space.id,
            name=call.arguments["name"],
            description=call.arguments.get("description") or "",
            status=status,
            image_id=image.id,
            size_id=size_id,
            memory=memory,
            vcpus=vcpus,
            created=int(call.now),
            updated=int(call.now),
            address=free_private_address(call, space),
            address_at=NEVER if call.behaves("machine-address-from-lease") else leased_at(call, status),
            login=login,
            password=password,
        )
    )
    _add_disks(call, machine, disks, disk_status)
    return machine


def leased_at(call: ActorCall, status: Timeline) -> float:
    """Return when the firewall will give a new machine its IP address, in seconds since the epoch.

    That is `pace.address` seconds after the last change in `status`, the machine's status over time.
    """
    return max(since for since, _ in status.steps) + call.pace.address


def disk_status(call: ActorCall, status: str) -> Timeline:
    """Return the timeline of a disk that keeps the status `status`. Some releases leave the status empty."""
    return steady("" if call.behaves("disk-status-empty") else status)


def check_parent(call: ActorCall, space: Cloudspace, *, accepted: str) -> None:
    """Refuse to create a machine in a cloudspace that is in the recycle bin.

    The check of rights has refused such a call already, unless the caller is an administrator. `accepted` is the id of
    the behaviour of the releases that allow the creation.

    Raises:
        HttpBadRequest: the cloudspace is DELETED, and this release does not allow the creation.
    """
    if space.status.at(call.now) == "DELETED" and not call.behaves(accepted):
        raise HttpBadRequest("Can not create machine on deleted Cloud Space, restore it first")


def _check_count(call: ActorCall, space: Cloudspace) -> None:
    if not call.behaves("machine-count-250"):
        return
    free = ("DESTROYED",) if call.behaves("machine-count-includes-bin") else ("DESTROYED", "DELETED", "ERROR")
    counted = [machine for machine in call.state.machines_of(space.id) if machine.status.at(call.now) not in free]
    if len(counted) >= MOST_MACHINES:
        raise HttpBadRequest(f"Can not create more than {MOST_MACHINES} Virtual Machines per Cloud Space")


def _check_size(call: ActorCall, space: Cloudspace, size_id: int) -> None:
    """Refuse a size that the cloudspace does not allow. Old releases also refuse disk sizes that the size lacks."""
    boot = call.arguments["disksize"]
    if call.behaves("machine-size-of-cloudspace") and space.sizes and size_id not in space.sizes:
        raise HttpBadRequest("Cannot create machine with specified size on this cloudspace")
    if call.behaves("machine-disksize-of-size"):
        if boot not in call.state.sizes.find(size_id).disks:
            raise HttpBadRequest(f"Disk size of {boot}GB is invalid for sizeId {size_id}.")
    elif not call.behaves("machine-any-size"):
        check_offered(space, size_id)


def check_offered(space: Cloudspace, size_id: int) -> None:
    """Refuse a size that the cloudspace does not allow. Size id 0 means freely chosen memory and vcpus.

    Raises:
        HttpBadRequest: the size is not allowed.
    """
    if size_id and space.sizes and size_id not in space.sizes:
        raise HttpBadRequest(f"Size {size_id} is not allowed in this cloudspace.")


def _usable_image(call: ActorCall, space: Cloudspace) -> Image:
    """Return the image of the call. It must be complete, and belong to all accounts or to this one."""
    image = call.state.images.find(call.arguments["imageId"])
    foreign = image.account_id not in (0, space.account_id) and not call.behaves("machine-image-of-others")
    if foreign:
        raise HttpBadRequest("Specified image can't be used by this account")
    if image.status.at(call.now) != "CREATED":
        raise HttpBadRequest(f"Image {image.id} is not available.")
    return image


def _login_of(image: Image, salt: str) -> tuple[str, str]:
    """Return user name and password for a machine of an image. For a template without user name: placeholders."""
    if image.account_id and not image.username:
        return "Custom login", "Custom password"
    return image.username or "cloudscalers", hashlib.sha256(salt.encode()).hexdigest()[:9]


def check_name_is_free(call: ActorCall, cloudspace_id: int, name: str) -> None:
    """Refuse a name that another machine of the cloudspace has.

    Upper and lower case count. Destroyed machines do not count; in some releases, neither do machines that are DELETED
    or have the status ERROR.

    Raises:
        HttpConflict: another machine has the name.
        Crash: the name is blank.
    """
    if not name.strip():
        raise Crash("empty name")
    free = {
        "DESTROYED": True,
        "DELETED": call.behaves("machine-name-free-in-bin"),
        "ERROR": call.behaves("machine-name-of-errors-free"),
    }
    for machine in call.state.machines_of(cloudspace_id):
        if machine.name == name and not free.get(machine.status.at(call.now)):
            raise HttpConflict("Selected name already exists")


def dimensions(call: ActorCall, missing_error: Exception) -> tuple[int, int, int]:
    """Return (size id, memory in MB, vcpus) from the arguments: `sizeId`, or `memory` and `vcpus` with size id 0.

    Releases that need a size ignore `memory` and `vcpus`; some releases accept an odd memory.

    Raises:
        UnknownObject: there is no such size.
        HttpBadRequest: a size and memory or vcpus were given, the memory is odd, or one of the two is negative.
        Exception: `missing_error`, if no size and not both memory and vcpus were given (0 counts as not given).
    """
    size_id, memory, vcpus = (call.arguments.get(name) for name in ("sizeId", "memory", "vcpus"))
    if call.behaves("machine-size-required"):
        memory = vcpus = None  # unknown parameters
    free = memory is not None or vcpus is not None
    if size_id and free:
        raise HttpBadRequest("Give sizeId, or memory and vcpus, not both.")
    if size_id:
        size = call.state.sizes.find(size_id)
        return size.id, size.memory, size.vcpus
    if not memory or not vcpus:
        raise missing_error
    if memory < 0 or (memory % 2 and not call.behaves("machine-odd-memory")):
        raise HttpBadRequest("Memory has to be an even number of MB.")
    if vcpus < 0:
        raise HttpBadRequest("The number of vcpus has to be positive.")
    return 0, memory, vcpus


def _disk_sizes(call: ActorCall, image: Image) -> list[int]:
    boot, data = call.arguments["disksize"], call.arguments.get("datadisks") or []
    if boot < image.size:
        raise HttpBadRequest(
            f"Disk size of {boot} GB is too small for image {image.name}, which needs {image.size} GB."
        )
    for size in (boot, *data):
        if not 0 < size <= LARGEST:
            raise HttpBadRequest(f"Invalid disk size: {size} GB, at most {LARGEST} are possible.")
    return [boot, *data]


def free_private_address(call: ActorCall, space: Cloudspace) -> str:
    """Return the highest address of a cloudspace's private network that no machine has. Nothing is stored.

    The four lowest addresses and the broadcast address are never returned; a destroyed machine has no address.

    Raises:
        Unavailable: there is no free address.
    """
    living = [machine for machine in call.state.machines_of(space.id) if machine.status.at(call.now) != "DESTROYED"]
    taken = {machine.address for machine in living}
    network = IPv4Network(space.network)
    for number in range(network.num_addresses - 2, 3, -1):  # the first addresses are reserved for the router
        if str(network[number]) not in taken:
            return str(network[number])
    raise Unavailable(f"No free address in {space.network}")


def _add_disks(call: ActorCall, machine: Machine, sizes: Sequence[int], status: str) -> None:
    account_id = call.state.cloudspaces.find(machine.cloudspace_id).account_id
    named = [("Boot disk", "B", sizes[0]), *((f"Disk nr {n}", "D", size) for n, size in enumerate(sizes[1:], 1))]
    metadata = [] if call.behaves("machine-without-metadata-disk") else [("Metadata iso", "M", 0)]
    for name, kind, size in (*named, *metadata):
        text = f"Machine disk of type {kind}"
        call.state.disks.add(Disk(NEW, name, kind, size, account_id, disk_status(call, status), machine.id, text))
