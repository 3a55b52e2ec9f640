"""Which images customers may choose."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from openvcloud_2_2_6.cloudbroker.image import Image

import fleet

UBUNTU = "1"
RETIRED = {"imageId": "2"}


def publish(images: Image, image_id: str, public: bool = True) -> None:
    """Show an image to customers, or hide it."""
    switch = images.enable if public else images.disable
    switch(imageId=image_id)


def hide_all(portal, image_ids) -> None:
    """Hide several at once."""
    hide = partial(portal.cloudbroker.image.disable)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for image_id in image_ids:
            pool.submit(hide, imageId=str(image_id)).result()


async def show_all(images: Image, image_ids) -> None:
    """Show several at once."""
    await asyncio.gather(*(asyncio.to_thread(images.enable, imageId=str(each)) for each in image_ids))


def retire(portal, **extra) -> None:
    """Delete what nobody may use any more."""
    portal.cloudbroker.image.delete(**RETIRED, **extra)


def retire_with_reason(portal, image_id) -> None:
    """The same for portals that keep an audit of it (newer ones)."""
    if portal.cloudbroker.image.delete.__doc__.count("reason"):
        portal.cloudbroker.image.delete(imageId=int(image_id), reason="retired")


def sizes_by_name(portal) -> dict:
    """How large each image is, for the price list."""
    return {image["name"]: image["size"] for image in portal.cloudapi.images.list(accountId=1)}


def story_publish(session: fleet.Session) -> None:
    """Hide and show."""
    images = session.admin.cloudbroker.image
    publish(images, UBUNTU, public=False)
    publish(images, UBUNTU)
    with fleet.admin_portal() as portal:
        hide_all(portal, [1])
        asyncio.run(show_all(images, [1]))
        portal.cloudbroker.image.enable(imageId=UBUNTU)
        portal.cloudbroker.image.updateNodes(imageId="1", enabledStacks=["1", "2"])


def story_retire(session: fleet.Session) -> None:
    """Delete, and look at what is left."""
    with fleet.admin_portal() as portal:
        retire(portal)
        retire_with_reason(portal, 1)
        sizes_by_name(session.portal)
