"""What runs where, for people who read tables."""

from __future__ import annotations

from collections import Counter

from openvcloud_2_2_6 import types

from .session import Session


class Report:
    """Numbers of one account."""

    def __init__(self, session: Session) -> None:
        self.cloudapi = session.portal.cloudapi
        self.space = session.space()
        self.states: Counter[str] = Counter()

    def rows(self):
        """A line for each machine."""
        for machine in self.cloudapi.machines.list(cloudspaceId=self.space["id"]):
            self.states[machine["status"]] += 1
            details: types.Machine = self.cloudapi.machines.get(machineId=machine["id"])
            addresses = ", ".join(nic["ipAddress"] for nic in details["interfaces"])
            yield f"{machine['name']:<12} {machine.get('memory', 0):>6} {details['osImage']:<20} {addresses}"

    def disks(self) -> dict[str, int]:
        """How much of each kind."""
        total: dict[str, int] = {}
        for disk in self.cloudapi.disks.list(accountId=self.space["accountId"], type=None):
            total[disk["type"]] = total.get(disk["type"], 0) + disk["sizeMax"]
        return total

    def forwards(self) -> list[str]:
        """Which ports are open."""
        rules = self.cloudapi.portforwarding.list(cloudspaceId=self.space["id"])
        return [f"{rule['publicIp']}:{rule['publicPort']} -> {rule['localPort']}" for rule in rules]

    def capacity(self) -> float:
        """How many GB of memory we may still use."""
        account = self.cloudapi.accounts.get(accountId=self.space["accountId"])
        limit = account["resourceLimits"]["CU_M"]
        return limit if limit is None or limit < 0 else float(limit)


def story_report(session: Session) -> None:
    """Everything once."""
    report = Report(session)
    for row in report.rows():
        print("   ", row)
    print("   ", dict(report.states), report.disks(), report.forwards(), report.capacity())
