"""Nodes of the grid, in and out of service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .session import Session, admin_portal

if TYPE_CHECKING:
    from openvcloud_2_2_6 import Portal

GRID = 66
IN_AND_OUT = (
    ("maintenance", {"vmaction": "stop", "message": "new fans"}),
    ("enable", {"message": "fans are new"}),
)
READ_ONLY = ("get", "getConsumption")


@dataclass
class Node:
    """One physical machine."""

    portal: Portal
    id: int
    gid: int = GRID

    def service(self) -> None:
        """Out of service, and in again."""
        for name, arguments in IN_AND_OUT:
            getattr(self.portal.cloudbroker.computenode, name)(id=self.id, gid=self.gid, **arguments)

    def decommission(self) -> None:
        self._call("decommission", message="sold")

    def _call(self, name: str, **arguments) -> None:
        call = getattr(self.portal.cloudbroker.computenode, name)
        call(id=self.id, gid=self.gid, **arguments)


def nodes(portal: Portal) -> list[Node]:
    """All nodes of our grid."""
    found = portal.cloudbroker.computenode.list(gid=GRID)
    return [Node(portal, each["id"]) for each in found]


def activate_storage(portal: Portal, *, on: bool) -> None:
    """The storage nodes, all at once."""
    ovsnode = portal.cloudbroker.ovsnode
    action = "activateNodes" if on else "deactivateNodes"
    getattr(ovsnode, action)(nids=[1, 2])


def show_accounts(portal, account_id: int) -> None:
    """Everything about one account that can be read without further arguments."""
    accounts = portal.cloudapi.accounts
    for name in READ_ONLY:
        operation = getattr(accounts, name)
        if name == "get":
            operation(accountId=account_id)
        else:
            operation(accountId=account_id, start=0, end=10)


def story_nodes(_session: Session) -> None:
    """Out, in, and away."""
    with admin_portal() as portal:
        first, *_ = nodes(portal)
        first.service()
        first.decommission()


def story_storage(_session: Session) -> None:
    """Storage on."""
    with admin_portal() as admin:
        activate_storage(admin, on=True)


def story_accounts(session: Session) -> None:
    """Reading breaks nowhere."""
    show_accounts(session.portal, session.account_id)
