"""Implement cloudbroker/grid and cloudbroker/health: grids, their settings, and upgrades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.documents.yaml_reader import parse_yaml
from ovcgen.errors import SpecRefused
from ovcgen.simulator.actors.locations_sizes_images import location_of_grid
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, Unavailable
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import NEW, GridLocation, InstalledVersion, NetworkIds
from ovcgen.simulator.timing import changing, steady

Json = Any


def _add(call: ActorCall) -> Json:
    given = call.arguments
    if any(given["gid"] == location.gid or given["locationcode"] == location.code for location in call.state.locations):
        raise HttpConflict(f"Location {given['locationcode']} or grid {given['gid']} exists already")
    call.state.locations.add(GridLocation(NEW, given["gid"], given["name"], given["locationcode"]))
    call.state.network_ids.put(NetworkIds(given["gid"], ()))
    return "Location has been added successfully, do not forget to add networkids and external IP addresses"


def _rename(call: ActorCall) -> Json:
    location = location_of_grid(call, call.arguments["gid"])
    call.state.locations.put(replace(location, name=call.arguments["name"]))
    return True


def _change_settings(call: ActorCall) -> Json:
    location = location_of_grid(call, call.arguments["id"])
    try:
        settings = parse_yaml(str(call.arguments["settings"]).encode("utf-8", "surrogatepass"), "settings")
    except SpecRefused as error:
        raise HttpBadRequest(error.what) from error
    call.state.locations.put(replace(location, settings=settings))
    return "Settings have been changed"


def _check_machines(_call: ActorCall) -> Json:
    return "Scheduled check on VMS"


def _system_space(call: ActorCall) -> Json:
    """Return why no system space can be created, with status 200: the nodes have no free physical disks."""
    location_of_grid(call, call.arguments["id"])
    call.state.images.find(call.arguments["imageId"])
    if call.arguments.get("sizeId") is not None:
        call.state.sizes.find(call.arguments["sizeId"])
    return "Could not create a system space: there are no physical disks available"


def _versions(call: ActorCall) -> Json:
    wanted = call.arguments.get("status")
    versions = [version for version in call.state.versions if wanted in (None, version.status.at(call.now))]
    return [
        {
            "id": version.id,
            "guid": version.id,
            "name": version.name,
            "url": version.url,
            "manifest": "",
            "status": version.status.at(call.now),
            "creationTime": version.created,
            "updateTime": version.created,
        }
        for version in versions
    ]


def _delete_version(call: ActorCall) -> Json:
    call.state.versions.drop(call.state.versions.find(call.arguments["id"]).id)
    return True


def _upgrade(call: ActorCall) -> Json:
    """Install a new version. Until it is installed, most calls get 503."""
    url = str(call.arguments["url"])
    if not url.startswith(("http://", "https://")):
        raise HttpBadRequest(f"{url} can not be reached")
    for version in list(call.state.versions):
        if version.status.at(call.now) == "CURRENT":
            previous = changing(call.now, "CURRENT", (call.pace.deploy, "PREVIOUS"))
            call.state.versions.put(replace(version, status=previous))
    name = url.rstrip("/").rpartition("/")[2].removesuffix(".yml") or url
    status = changing(call.now, "INSTALLING", (call.pace.deploy, "CURRENT"))
    call.state.versions.add(InstalledVersion(NEW, name, url, status, int(call.now)))
    return {"redirect_url": "/wiki_gcb/upgrade"}


def _upgrade_failed(call: ActorCall) -> Json:
    """Stop an upgrade: the previous version is current again. Returns whether there was one."""
    versions = list(call.state.versions)
    failed = [version for version in versions if version.status.at(call.now) == "INSTALLING"]
    for version in failed:
        call.state.versions.put(replace(version, status=steady("ERROR")))
    for version in versions if failed else ():
        if version.status.at(call.now) == "CURRENT":
            call.state.versions.put(replace(version, status=steady("CURRENT")))
    return bool(failed)


def _run_script(call: ActorCall) -> Json:
    if not call.state.upgrading(call.now) and not call.behaves("upgrade-script-of-current"):
        raise Crash("no version is being installed")
    return "Upgrade script was run successfully"


def _status(call: ActorCall) -> Json:
    if call.state.upgrading(call.now):
        raise Unavailable("The environment is being upgraded, please try again later.")
    return True


def _health(_call: ActorCall) -> Json:
    return {"mongodb": True, "influxdb": True, "healtcheckalive": True}


def _nothing(_call: ActorCall) -> None:
    """Return null: the work is done in the background."""


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/grid/add": _add,
    "/cloudbroker/grid/rename": _rename,
    "/cloudbroker/grid/changeSettings": _change_settings,
    "/cloudbroker/grid/checkVMs": _check_machines,
    "/cloudbroker/grid/createSystemSpace": _system_space,
    "/cloudbroker/grid/listVersions": _versions,
    "/cloudbroker/grid/deleteVersion": _delete_version,
    "/cloudbroker/grid/purgeLogs": _nothing,
    "/cloudbroker/grid/executeMaintenanceScript": _nothing,
    "/cloudbroker/grid/upgrade": _upgrade,
    "/cloudbroker/grid/upgradeFailed": _upgrade_failed,
    "/cloudbroker/grid/runUpgradeScript": _run_script,
    "/cloudbroker/grid/status": _status,
    "/cloudbroker/health/status": _health,
}
