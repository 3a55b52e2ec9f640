"""Implement cloudbroker/image: create, change and delete images for all accounts or for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.runtime.urls import split_url
from ovcgen.simulator.actors import disks, locations_sizes_images
from ovcgen.simulator.actors.broker.cloudapi_adapters import with_arguments
from ovcgen.simulator.actors.deletion import check_confirmed_name
from ovcgen.simulator.http_errors import Denied, HttpBadRequest, HttpNotFound, UnknownObject
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.state_records import NEW, Disk, Image
from ovcgen.simulator.timing import changing, steady

Json = Any
BOOTS = ("bios", "uefi")
SMALLEST = 10  # GB
UNCHANGEABLE = ("DELETED", "DESTROYED", "CREATING")
GONE = ("DELETED", "DESTROYING", "DESTROYED")


def _create(call: ActorCall) -> Json:
    """Create an image and return true at once. It is downloaded afterwards."""
    _check_source(call)
    if call.arguments["boottype"] not in BOOTS:
        raise HttpBadRequest("boottype should be bios or uefi")
    call.state.images.add(
        Image(
            id=NEW,
            name=call.arguments["name"],
            type=call.arguments["imagetype"],
            size=SMALLEST,
            username=call.arguments.get("username"),
            account_id=_owner(call),
            status=changing(call.now, "CREATING", (call.pace.copy, "CREATED")),
        )
    )
    return True


def _create_and_wait(call: ActorCall) -> Outcome:
    return Outcome(_create(call), after=call.pace.copy)


def _create_disc(call: ActorCall) -> Json:
    """Create a CD-ROM image: a disk of type C, from which machines can be started."""
    _check_source(call)
    status = changing(call.now, "CREATING", (call.pace.copy, "CREATED"))
    owner = 0 if call.behaves("disc-create-ignores-account") else _owner(call)
    call.state.disks.add(Disk(NEW, call.arguments["name"], "C", 0, owner, status))
    return True


def _check_source(call: ActorCall) -> None:
    """Check that `url` looks like a URL. A real portal would request it."""
    parts = split_url(str(call.arguments["url"]))
    if parts.scheme not in ("http", "https", "ftp") or not parts.netloc:
        raise HttpBadRequest(f"{call.arguments['url']} can not be reached")
    locations_sizes_images.location_of_grid(call, call.arguments["gid"])


def _owner(call: ActorCall) -> int:
    account_id: int = call.arguments.get("accountId") or 0
    account = call.state.accounts.records.get(account_id)
    if account and account.status.at(call.now) in GONE and not call.behaves("image-create-in-deleted-account"):
        raise HttpBadRequest(f"Account {account_id} is {account.status.at(call.now)}")
    return account_id


def _image(call: ActorCall) -> Image:
    """Return the image that `imageId` names. In old releases, `imageId` is a reference id, here the id as text.

    Raises:
        HttpBadRequest: no image has that reference id (old releases).
        UnknownObject: no image has that id.
    """
    wanted = call.arguments["imageId"]
    try:
        return call.state.images.find(wanted)
    except UnknownObject:
        if call.behaves("broker-image-reference-id"):
            raise HttpBadRequest(f'Image with id "{wanted}" not found') from None
        raise


def _delete(call: ActorCall) -> Json:
    """Delete an image. System images can be deleted, too."""
    if call.behaves("broker-image-delete-unknown") and call.arguments["imageId"] not in call.state.images.records:
        return True
    image = _image(call)
    check_confirmed_name(call, image.name)
    return _end(call, image)


def _delete_many(call: ActorCall) -> Json:
    """Delete images, up to the first one that can't be deleted."""
    for number in call.arguments["imageIds"]:
        _end(call, call.state.images.find(number))
    return True


def _end(call: ActorCall, image: Image) -> Json:
    if image.status.at(call.now) not in ("CREATED", "DELETED"):
        raise Denied(f"Can not delete an image that is {image.status.at(call.now)}")
    if not call.behaves("broker-image-delete-destroys"):
        return locations_sizes_images.delete_image(call, image)
    call.state.images.put(replace(image, status=steady("DESTROYED")))  # even if machines use it
    return True


def _delete_disc(call: ActorCall) -> Json:
    if call.state.disks.find(call.arguments["diskId"]).type != "C":
        raise HttpBadRequest("This disk is no CD-ROM image")
    return disks.TABLE["/cloudapi/disks/delete"](with_arguments(call, detach=True, name=None))


def _known(call: ActorCall) -> Image:
    """Return the image that `imageId` names. An unknown image is an HttpBadRequest (400) here, not a 404."""
    try:
        return _image(call)
    except HttpNotFound as error:
        raise HttpBadRequest(error.message) from error


def _turned(status: str, *, before: str) -> Behaviour:
    """Return a behaviour that sets the status of an image to `status` and returns null.

    In old releases, the result is a list of three values, or a sentence if the present status is not `before`.
    """

    def turn(call: ActorCall) -> Json:
        image = _known(call)
        present = image.status.at(call.now)
        if call.behaves("broker-image-switch-answers"):
            if present != before:
                return "Image was not DISABLED" if status == "CREATED" else "Image could not be DISABLED"
            call.state.images.put(replace(image, status=steady(status)))
            return [image.id, True, True]
        if present == "DESTROYED" and status == "CREATED" and call.behaves("broker-image-enable-destroyed"):
            raise HttpBadRequest("Can not enable a destroyed image")
        if present in UNCHANGEABLE:
            raise HttpBadRequest(f"Image {image.id} is {present}")
        call.state.images.put(replace(image, status=steady(status)))
        return None

    return turn


def _edit(call: ActorCall) -> None:
    image, given_values = _image(call) if call.behaves("broker-image-edit-missing") else _known(call), call.arguments
    if image.status.at(call.now) in UNCHANGEABLE:
        raise HttpBadRequest(f"Can not edit an image that is {image.status.at(call.now)}")
    owner = given_values.get("accountId")
    if call.behaves("broker-image-edit-keeps-owner"):
        owner = owner or None
    call.state.images.put(
        replace(
            image,
            name=given_values.get("name") or image.name,
            username=given_values.get("username") or image.username,
            account_id=image.account_id if owner is None else owner,
        )
    )


def _update_nodes(call: ActorCall) -> Json:
    """Check the stack ids in `enabledStacks` and return true. The list is not stored."""
    _image(call)
    for number in call.arguments.get("enabledStacks") or ():
        if str(number) not in {str(node.id) for node in call.state.nodes}:
            raise HttpBadRequest(f"There is no stack {number}")
    return True


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/image/createImage": _create,
    "/cloudbroker/image/syncCreateImage": _create_and_wait,
    "/cloudbroker/image/createCDROMImage": _create_disc,
    "/cloudbroker/image/delete": _delete,
    "/cloudbroker/image/deleteImages": _delete_many,
    "/cloudbroker/image/deleteCDROMImage": _delete_disc,
    "/cloudbroker/image/restore": locations_sizes_images.TABLE["/cloudapi/images/restore"],
    "/cloudbroker/image/enable": _turned("CREATED", before="DISABLED"),
    "/cloudbroker/image/disable": _turned("DISABLED", before="CREATED"),
    "/cloudbroker/image/edit": _edit,
    "/cloudbroker/image/updateNodes": _update_nodes,
}
