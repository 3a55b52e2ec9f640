"""Snapshots before an upgrade, and the way back after it."""

from __future__ import annotations

from openvcloud_2_2_6 import BadRequest

from .session import Session


def take(machines, machine_id: int, name: str) -> int:
    """Take a snapshot; its epoch."""
    machines.snapshot(machineId=machine_id, name=name)
    taken = [each for each in machines.listSnapshots(machineId=machine_id) if each["name"] == name]
    return taken[-1]["epoch"]


def roll_back(machines, machine_id: int, epoch: int) -> None:
    """Back to the snapshot of that epoch, which the portal wants as a text."""
    try:
        machines.rollbackSnapshot(machineId=machine_id, epoch=str(epoch))
    except BadRequest as error:
        print("   ", error.message)


def roll_back_by_name(machines, machine_id: int, name: str) -> None:
    machines.rollbackSnapshot(machineId=machine_id, name=name)


def roll_back_to_text(machines, machine_id: int, epoch: str) -> None:
    if not epoch.isdigit():
        epoch = "0"
    try:
        machines.rollbackSnapshot(machineId=machine_id, epoch=epoch)
    except BadRequest:
        machines.rollbackSnapshot(
            machineId=machine_id,
            epoch=f"{int(epoch) + 1}",
            name="before-upgrade",
        )


def newest(machines, machine_id: int) -> dict | None:
    """The last snapshot, if there is any."""
    snapshots = sorted(machines.listSnapshots(machineId=machine_id), key=lambda each: each["epoch"])
    return snapshots[-1] if snapshots else None


def story_snapshot(session: Session) -> None:
    """There and back again."""
    machines = session.portal.cloudapi.machines
    [machine, *_] = machines.list(cloudspaceId=session.space()["id"])
    epoch = take(machines, machine["id"], "before-upgrade")
    machines.stop(machineId=machine["id"])
    roll_back(machines, machine["id"], epoch)
    roll_back_by_name(machines, machine["id"], "before-upgrade")
    last = newest(machines, machine["id"])
    if last is not None:
        machines.deleteSnapshot(machineId=machine["id"], epoch=last["epoch"])
    machines.start(machineId=machine["id"])


def story_snapshot_as_text(session: Session) -> None:
    """With an epoch that somebody typed in."""
    machines = session.portal.cloudapi.machines
    machine = machines.list(cloudspaceId=session.space()["id"])[0]
    epoch = take(machines, machine["id"], "before-upgrade")
    machines.stop(machineId=machine["id"], force=True)
    roll_back_to_text(machines, machine["id"], str(epoch))
    machines.start(machineId=machine["id"])
