"""Who works with us, and how they get in."""

from __future__ import annotations

from openvcloud_2_2_6 import ArgumentError, NotFound, OvcError, ServerError

from fleet import Session, admin_portal


def change_password(session: Session, old: str, new: str) -> str:
    """The portal's answer, in its own words."""
    code, message = session.portal.cloudapi.users.updatePassword(oldPassword=old, newPassword=new)
    return f"{code}: {message}"


def forgot_password(session: Session, address: str) -> bool:
    """Send a mail with a link, if anybody has that address."""
    try:
        session.portal.cloudapi.users.sendResetPasswordLink(emailaddress=address)
    except NotFound:
        return False
    return True


def new_account(session: Session, name: str):
    """An account for a new customer."""
    create = session.portal.cloudapi.accounts.create
    try:
        return create(name=name, access=["alice@itsyouonline"], maxCPUCapacity=4)
    except ServerError as error:
        return error.status


def share(session: Session, user: str, right: str = "R") -> None:
    """Let somebody see our account, for a moment."""
    accounts = session.portal.cloudapi.accounts
    account = accounts.get(accountId=session.account_id)
    known = [ace["userGroupId"] for ace in account["acl"] if ace["right"] != right]
    if user not in known:
        accounts.addUser(accountId=account["id"], userId=user, accesstype=right)
        accounts.deleteUser(accountId=account["id"], userId=user, recursivedelete=False)


def key_of(admin, username: str):
    return admin.cloudbroker.user.generateAuthorizationKey(username=username)


def story_password(session: Session) -> None:
    """Another password, with the wrong old one."""
    print("   ", change_password(session, "wrong", "long enough"))
    forgot_password(session, "nobody@example.org")


def story_account(session: Session) -> None:
    """A new customer, whom the portal does not want."""
    try:
        print("   ", new_account(session, "newcomer"))
    except ArgumentError as error:
        print("   ", error)


def story_share(session: Session) -> None:
    """Seen for a moment."""
    share(session, "bob@itsyouonline")


def story_key(_session: Session) -> None:
    """A key for somebody else."""
    with admin_portal() as admin:
        try:
            key_of(admin, "alice@itsyouonline")
        except OvcError as error:
            print("   ", error)
