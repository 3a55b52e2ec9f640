"""Cloudspaces for tests: made in the evening, gone in the morning."""

from __future__ import annotations

import ovcgen

from .session import Session, admin_portal, open_portal

DEFAULTS = {
    "location": "be-demo-1",
    "maxMemoryCapacity": 8,
    "maxVDiskCapacity": 100,
}


def create_space(portal, account_id: int, name: str, user: str) -> int:
    params = dict(DEFAULTS, accountId=account_id, name=name)
    params["access"] = user
    return portal.cloudapi.cloudspaces.create(**params)


def destroy_space(admin, account_id: int, space_id: int) -> None:
    """Away with it, whatever is in it."""
    arguments = {
        "accountId": account_id,
        "cloudspaceId": str(space_id),
        "reason": "night is over",
    }
    admin.cloudbroker.cloudspace.destroy(**arguments)


def destroy_spaces(admin, account_id: int, space_ids: list) -> None:
    for space_id in space_ids:
        admin.cloudbroker.cloudspace.destroy(
            accountId=account_id,  # whose it is
            cloudspaceId=str(space_id),
            reason="night is over",
        )


def destroy_unless_kept(admin, spaces: list, **who) -> None:
    """Away with all that have no `keep` in their names."""
    destroy = admin.cloudbroker.cloudspace.destroy
    for space in spaces:
        if "keep" not in space["name"]:
            destroy(cloudspaceId=str(space["id"]), reason="night is over", **who)


def wait_until_deployed(portal, space_id: int) -> str:
    space = portal.wait.cloudspace_deployed(cloudspaceId=space_id, timeout=30)
    return space["status"]


def story_space(session: Session) -> None:
    """Made and destroyed, one by one."""
    portal = open_portal()
    account_id = session.account_id
    user = portal.system.usermanager.whoami()["name"]
    space_id = create_space(portal, account_id, "night", user)
    assert wait_until_deployed(portal, space_id) == "DEPLOYED"
    with admin_portal() as admin:
        destroy_space(admin, account_id, space_id)


def story_spaces(session: Session) -> None:
    """Made and destroyed, many at once."""
    user = session.portal.system.usermanager.whoami()["name"]
    account_id = session.account_id
    tasks = [
        session.portal.cloudapi.cloudspaces.create(
            accountId=account_id, location="be-demo-1", name=f"night-{number}", access=user, _async=True
        )
        for number in range(2)
    ]
    assert ovcgen.wait
    spaces = [task.result(timeout=60) for task in tasks]
    with admin_portal() as admin:
        destroy_spaces(admin, account_id, spaces)


def story_spaces_by_name(session: Session) -> None:
    """Only those that nobody keeps."""
    user = session.portal.system.usermanager.whoami()["name"]
    space_id = create_space(session.portal, session.account_id, "day", user)
    spaces = [each for each in session.portal.cloudapi.cloudspaces.list() if each["id"] == space_id]
    with admin_portal() as admin:
        destroy_unless_kept(admin, spaces, accountId=session.account_id)
