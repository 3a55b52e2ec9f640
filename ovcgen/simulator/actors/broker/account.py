"""Implement cloudbroker/account: create, change, disable, enable, delete and restore accounts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import accounts, cloudspaces
from ovcgen.simulator.actors.broker.cloudapi_adapters import (
    call_for_each,
    in_background_on_request,
    with_arguments,
    with_parameter_names,
)
from ovcgen.simulator.actors.deletion import check_confirmed_name, delete_account, is_forever, restore_cloudspace
from ovcgen.simulator.http_errors import HttpBadRequest, HttpConflict, HttpNotFound, Refused, UnknownObject
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.resource_quotas import UNITS, limits_of
from ovcgen.simulator.state_records import NEW, Account, Ace, User
from ovcgen.simulator.timing import changing, steady

Json = Any
EMAIL = re.compile(r"[^@.]+@[^@.]+\.[^@]+")  # the first dot has to come after the @
A = "/cloudapi/accounts"


def check_email(address: Json) -> None:
    """Check that a value is an email address by the rules of a portal.

    It needs one `@`, and a dot after it but none before it.

    Raises:
        HttpBadRequest: it is no email address.
    """
    if not isinstance(address, str) or not EMAIL.fullmatch(address):
        raise HttpBadRequest(f"{address} is not a valid email address")


def _create(call: ActorCall) -> Json:
    """Create an account and return its id. An unknown owner is created as a user, if an email address is given.

    The new user is kept even if a later check fails.
    """
    name, owner, email = call.arguments["name"], call.arguments["username"], call.arguments.get("emailaddress")
    if any(account.name == name and account.status.at(call.now) != "DESTROYED" for account in call.state.accounts):
        raise HttpConflict(f"Account with name {name} already exists.")
    user = call.state.users.get(owner)
    if user is not None and email and email not in user.emails:
        raise HttpConflict(f"User {owner} has another email address than {email}")
    if user is None:
        if not email:
            raise HttpBadRequest(f"Email address is required for the new user {owner}")
        check_email(email)
        call.state.users[owner] = User(owner, groups=("user",), emails=(email,), protected=True)
    limits, now, mails = limits_of(call.arguments), int(call.now), call.arguments.get("sendAccessEmails")
    made = Account(NEW, name, (Ace(owner, "CXDRAU"),), now, now, limits=limits, send_access_emails=mails is not False)
    return call.state.accounts.add(made).id


def _update(call: ActorCall) -> Json:
    """Change an account. Limits that are not given become unlimited."""
    _account(call)
    limits = {name: -1 if call.arguments.get(name) is None else call.arguments[name] for name in UNITS}
    return accounts.TABLE[f"{A}/update"](with_arguments(call, **limits))


def _account(call: ActorCall, number: Json = None) -> Account:
    """Return the account with that number, or the one that the call names.

    Raises:
        HttpNotFound: the account is unknown, or in some releases DESTROYED.
        HttpBadRequest: the account is DESTROYED, in other releases.
    """
    try:
        account = call.state.accounts.find(call.arguments["accountId"] if number is None else number)
    except UnknownObject:
        if call.behaves("broker-account-missing"):
            raise HttpNotFound("Account name not found") from None
        if call.behaves("broker-account-destroyed-refused"):
            raise HttpNotFound("Account not found") from None
        raise
    if account.status.at(call.now) == "DESTROYED":
        if call.behaves("broker-account-missing"):
            raise HttpNotFound("Account name not found")
        if call.behaves("broker-account-destroyed-refused"):
            raise HttpBadRequest("Specified account is destroyed")
    return account


def _checked(behaviour: Behaviour) -> Behaviour:
    """Return the same behaviour with a check of the account before it."""

    def run(call: ActorCall) -> Json:
        _account(call)
        return behaviour(call)

    return run


def _disable(call: ActorCall) -> Json:
    """Disable an account. Its machines are stopped first."""
    account = _account(call)
    if account.status.at(call.now) == "DESTROYED":
        raise HttpBadRequest(f"Account {account.id} is DESTROYED")
    for space in call.state.cloudspaces:
        for machine in call.state.machines_of(space.id) if space.account_id == account.id else ():
            if machine.status.at(call.now) in ("RUNNING", "PAUSED"):
                call.state.machines.put(replace(machine, status=changing(call.now, "HALTED")))
    call.state.accounts.put(replace(account, status=changing(call.now, "DISABLED"), updated=int(call.now)))
    return True


def _enable(call: ActorCall) -> Json:
    account = _account(call)
    if account.status.at(call.now) != "DISABLED":
        raise HttpBadRequest(f"Account {account.id} is {account.status.at(call.now)}")
    call.state.accounts.put(replace(account, status=changing(call.now, "CONFIRMED"), updated=int(call.now)))
    return True


def _delete(call: ActorCall) -> None:
    """Delete an account and return null. In most releases, an unknown or deleted account is no error."""
    _delete_one(call, call.arguments["accountId"])


def _delete_one(call: ActorCall, number: Json) -> None:
    try:
        account = _account(call, number)
    except Refused:
        if call.behaves("broker-delete-destroyed-missing"):
            raise
        return
    check_confirmed_name(call, account.name)
    if account.status.at(call.now) != "DESTROYED":
        delete_account(call, account, forever=is_forever(call, "account-delete-destroys"))


def _delete_many(call: ActorCall) -> None:
    """Delete several accounts. Any text for `permanently` counts as true, even `false`.

    In some releases, the call ends at the first account that can't be deleted.
    """
    if not call.behaves("accounts-delete-stops"):
        call_for_each(call, "accountIds", _delete_one)
        return
    for number in call.arguments["accountIds"]:
        _delete_one(call, number)


def _restore(call: ActorCall) -> None:
    account = _account(call)
    if account.status.at(call.now) != "DELETED":
        raise HttpBadRequest(f"Can't restore an account that is {account.status.at(call.now)}")
    for space in list(call.state.cloudspaces):
        if space.account_id == account.id and space.taken_along and space.status.at(call.now) == "DELETED":
            restore_cloudspace(call, space, address=cloudspaces.own_address(call, space))
    for image in call.state.images:
        if image.account_id == account.id and image.status.at(call.now) == "DELETED":
            call.state.images.put(replace(image, status=steady("CREATED")))
    for disk in () if call.behaves("account-delete-keeps-disks") else call.state.disks:
        if disk.account_id == account.id and disk.status.at(call.now) == "TOBEDELETED":
            call.state.disks.put(replace(disk, status=steady("CREATED"), deleted=0))
    call.state.accounts.put(replace(account, status=steady("CONFIRMED"), updated=int(call.now)))


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/account/create": _create,
    "/cloudbroker/account/update": _update,
    "/cloudbroker/account/disable": in_background_on_request(_disable),
    "/cloudbroker/account/enable": _enable,
    "/cloudbroker/account/delete": _delete,
    "/cloudbroker/account/deleteAccounts": _delete_many,
    "/cloudbroker/account/restore": _restore,
    "/cloudbroker/account/addUser": _checked(with_parameter_names(accounts.TABLE[f"{A}/addUser"], userId="username")),
    "/cloudbroker/account/deleteUser": _checked(
        with_parameter_names(accounts.TABLE[f"{A}/deleteUser"], userId="username")
    ),
}
