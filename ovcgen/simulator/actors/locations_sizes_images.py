"""Implement locations, sizes, images and external networks in cloudapi."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors.deletion import asks_permanently, check_parent_is_there
from ovcgen.simulator.http_errors import Crash, Denied, HttpBadRequest, HttpConflict, NotPossible, UnknownObject
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import CAP, GridLocation, Image
from ovcgen.simulator.timing import steady

Json = Any


def _locations(call: ActorCall) -> Json:
    return [
        {
            "id": location.id,
            "guid": location.id,
            "_ckey": "",
            "_meta": ["cloudbroker", "location", 1],
            "gid": location.gid,
            "name": location.name,
            "locationCode": location.code,
            "flag": "black",
        }
        for location in call.state.locations
    ]


def location_of_grid(call: ActorCall, gid: Json) -> GridLocation:
    """Return the location with the grid id `gid`, which must be an integer: text is unknown.

    Raises:
        UnknownObject: there is no grid with that id.
    """
    for location in call.state.locations:
        if location.gid == gid:
            return location
    raise UnknownObject(gid, "location")


def _url(call: ActorCall) -> Json:
    return f"https://{next(iter(call.state.locations)).code}.example.org"


def _sizes(call: ActorCall) -> Json:
    space_id, code = call.arguments.get("cloudspaceId"), call.arguments.get("location")
    if call.behaves("sizes-of-all-cloudspaces"):
        code = None
    if space_id is None and code is None:
        raise HttpBadRequest("Give a cloudspaceId or a location.")
    if code is not None and code not in {location.code for location in call.state.locations}:
        raise HttpBadRequest(f"There is no location with code {code}")
    allowed = call.state.cloudspaces.find(space_id).sizes if space_id is not None else ()
    if call.behaves("sizes-of-all-cloudspaces"):
        allowed = ()
    return [
        {
            "id": size.id,
            "name": size.name,
            "vcpus": size.vcpus,
            "memory": size.memory,
            "description": "",
            "disks": list(size.disks),
        }
        for size in call.state.sizes
        if not allowed or size.id in allowed
    ]


def _images(call: ActorCall) -> Json:
    """Return the images of all accounts and of this account, sorted by account, type and name."""
    account_id, space_id = call.arguments.get("accountId"), call.arguments.get("cloudspaceId")
    if account_id is None and space_id is not None:
        account_id = call.state.cloudspaces.find(space_id).account_id
    usable = [image for image in call.state.images if image.status.at(call.now) == "CREATED"]
    images = [image for image in usable if image.account_id in (0, account_id)]
    return [
        {
            "id": image.id,
            "name": image.name,
            "description": image.description,
            "type": image.type,
            "size": image.size,
            "username": image.username,
            "accountId": image.account_id,
            "status": "CREATED",
        }
        for image in sorted(images, key=lambda image: (image.account_id, image.type, image.name))[:CAP]
    ]


def _delete_image(call: ActorCall) -> Json:
    """Delete an image of an account. System images are refused."""
    image = call.state.images.find(call.arguments["imageId"])
    if image.account_id == 0:
        raise NotPossible("Can not delete a system image")
    if image.status.at(call.now) not in ("CREATED", "DELETED"):
        raise Denied(f"Can not delete an image that is {image.status.at(call.now)}")
    return _few_stacks(call) or delete_image(call, image)


def _few_stacks(call: ActorCall) -> str:
    """Return the result of old releases for an image that is on no stack; "" if there is a stack.

    Here, every stack has every image, so the sentence is returned only if there are no stacks.

    Raises:
        Crash: there is exactly one stack, in the releases that fail then.
    """
    if call.behaves("image-delete-needs-two-stacks") and len(call.state.nodes) <= 1:
        if len(call.state.nodes) == 1:
            raise Crash("list index out of range")
        return "Could not find image template"
    return ""


def delete_image(call: ActorCall, image: Image) -> bool:
    """Delete an image and return true. Releases without a recycle bin for images remove the record.

    Raises:
        HttpConflict: the deletion is permanent, and a machine uses the image.
    """
    forever = asks_permanently(call) or call.behaves("image-delete-refused-in-use")
    users = [machine for machine in call.state.machines if machine.image_id == image.id]
    if forever and any(machine.status.at(call.now) != "DESTROYED" for machine in users):
        raise HttpConflict("Can not delete an image which is still used")
    if call.behaves("image-delete-removes"):
        call.state.images.drop(image.id)
    else:
        call.state.images.put(replace(image, status=steady("DESTROYED" if forever else "DELETED")))
    return True


def _restore_image(call: ActorCall) -> Json:
    image = call.state.images.find(call.arguments["imageId"])
    if image.status.at(call.now) != "DELETED":
        raise HttpBadRequest("Can only restore a deleted image")
    owner = call.state.accounts.records.get(image.account_id)
    if owner is not None:
        check_parent_is_there(call, owner.status.at(call.now))
    call.state.images.put(replace(image, status=steady("CREATED")))
    return True


def _networks(call: ActorCall) -> Json:
    """Return the external networks of all accounts and of this account."""
    account_id = call.arguments.get("accountId")
    networks = [network for network in call.state.networks if network.account_id in (0, account_id)]
    return [{"id": network.id, "name": network.name} for network in networks[:CAP]]


TABLE: dict[str, Behaviour] = {
    "/cloudapi/locations/list": _locations,
    "/cloudapi/locations/getUrl": _url,
    "/cloudapi/sizes/list": _sizes,
    "/cloudapi/images/list": _images,
    "/cloudapi/images/delete": _delete_image,
    "/cloudapi/images/restore": _restore_image,
    "/cloudapi/externalnetwork/list": _networks,
}
