"""Calls whose names are only known when they are made. Nobody can say from reading what breaks here."""

from __future__ import annotations

import json
import sys

from .session import Session, open_portal


def call(portal, dotted: str, **arguments):
    """`call(portal, "cloudapi.machines.list", cloudspaceId=1)`"""
    target = portal
    for part in dotted.split("."):
        target = getattr(target, part)
    return target(**arguments)


def image_action(portal, action: str, image_id: int) -> None:
    """Whatever somebody typed on the command line."""
    operation = getattr(portal.cloudbroker.image, action)
    operation(imageId=str(image_id))


def destroy_from_file(portal, text: str) -> None:
    """Arguments that come from a file."""
    portal.cloudbroker.cloudspace.destroy(**json.loads(text))


def convert(registry: dict, machine_id: int) -> None:
    """A client out of a registry of anything."""
    registry["portal"].cloudapi.machines.convertToTemplate(machineId=machine_id, templatename="dynamic")


def convert_all(jobs) -> None:
    """Jobs that somebody else has put together."""
    for portal, machine_id in jobs:
        portal.cloudapi.machines.convertToTemplate(machineId=machine_id, templatename=f"job-{machine_id}")


class Converter:
    """Not a portal at all, though it looks like one of its actors."""

    def convertToTemplate(self, document: str) -> str:
        return document.upper()


def story_dynamic(_session: Session) -> None:
    """Only what breaks nowhere."""
    portal = open_portal()
    if sys.argv:
        call(portal, "cloudapi.machines.list", cloudspaceId=1)
    assert Converter().convertToTemplate("a") == "A"
    portal.close()
