"""Scripts from the time of the portal client: everything in dicts, tasks are guids."""

from __future__ import annotations

import os

import ovcgen
from ovcgen import connect as connect_to


def client(*, admin: bool = False):
    """A client of whatever the portal serves today."""
    user = "ADMIN" if admin else "PORTAL"
    auth = ovcgen.Credentials(os.environ[f"{user}_USER"], os.environ[f"{user}_PASSWORD"])
    return ovcgen.portal_client(os.environ["PORTAL_URL"], auth=auth, groups=("cloudapi", "cloudbroker", "system"))


def make_machine(pcl, name: str) -> int:
    """The old way to make a machine."""
    params = {"cloudspaceId": 1, "name": name, "sizeId": 1, "imageId": 1}
    params["disksize"] = 10
    params.update(description="made by a script", datadisks=[10])
    return pcl.actors.cloudapi.machines.create(**params)


def make_template(pcl, machine_id: int):
    params = {
        "machineId": machine_id,
        "templatename": "legacy",
    }
    try:
        return pcl.actors.cloudapi.machines.convertToTemplate(**params)
    except ovcgen.ServerError as error:
        return error.status


def destroy_space(pcl, space_id: int) -> None:
    params = {"cloudspaceId": str(space_id), "accountId": 1}
    params["reason"] = "script"
    pcl.actors.cloudbroker.cloudspace.destroy(**params)


def story_legacy(_session) -> None:
    """A machine and its template."""
    pcl = client()
    machine_id = make_machine(pcl, "legacy")
    pcl.actors.cloudapi.machines.stop(machineId=machine_id)
    make_template(pcl, machine_id)
    pcl.actors.cloudapi.machines.delete(**{"machineId": machine_id})  # noqa: PIE804
    pcl.close()


def story_legacy_space(_session) -> None:
    """A cloudspace that is not wanted any more."""
    pcl = client()
    space_id = pcl.cloudapi.cloudspaces.create(
        **{"accountId": 1, "location": "be-demo-1", "name": "legacy", "access": os.environ["PORTAL_USER"]}  # noqa: PIE804
    )
    pcl.close()
    with client(admin=True) as admin:
        destroy_space(admin, space_id)


def story_runtime(_session) -> None:
    """The runtime client, which has the names of the portal."""
    auth = ovcgen.Credentials(os.environ["ADMIN_USER"], os.environ["ADMIN_PASSWORD"])
    with connect_to(os.environ["PORTAL_URL"], auth=auth, groups=["cloudbroker"]) as portal:
        portal.cloudbroker.image.disable(imageId="1")
        switch_on = portal.cloudbroker.image.enable
        switch_on(imageId="1")
