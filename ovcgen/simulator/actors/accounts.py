"""cloudapi/accounts, and the part of cloudbroker/account that makes one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import acl
from ovcgen.simulator.call import Call
from ovcgen.simulator.limits import account_consumption, check_covered, limits_of
from ovcgen.simulator.records import CAP, NEW, Account, Ace, User
from ovcgen.simulator.refusals import Clash, Missing, Wrong
from ovcgen.simulator.rights import ace_of

Json = Any
CONSTANT_UNITS = {"CU_S": 0, "CU_A": 0, "CU_NO": 0, "CU_NP": 0}


def _list(call: Call) -> Json:
    """Only accounts on which the caller stands himself, administrators included."""
    mine = [account for account in call.state.accounts if ace_of(account.acl, call.caller.name)]
    shown = [account for account in mine if account.status.at(call.now) in ("CONFIRMED", "DISABLED")]
    return [
        {
            "id": account.id,
            "name": account.name,
            "acl": [acl.stored(ace) for ace in account.acl],
            "creationTime": account.created,
            "updateTime": account.updated,
        }
        for account in shown[:CAP]
    ]


def _get(call: Call) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    return {
        "id": account.id,
        "guid": account.id,
        "_ckey": "",
        "_meta": ["osismodel", "cloudbroker", "account", 1],
        "name": account.name,
        "acl": [{**acl.stored(ace), "canBeDeleted": len(account.acl) > 1} for ace in account.acl],
        "status": account.status.at(call.now),
        "creationTime": account.created,
        "updateTime": account.updated,
        "deactivationTime": 0,
        "DCLocation": "",
        "company": "",
        "companyurl": "",
        "displayname": "",
        "resourceLimits": dict(account.limits),
        "sendAccessEmails": account.send_access_emails,
    }


def _update(call: Call) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    emails = call.arguments.get("sendAccessEmails")
    limits = limits_of(call.arguments, account.limits)
    check_covered(limits, account_consumption(call.state, account, now=call.now))
    changed = replace(
        account,
        name=call.arguments.get("name") or account.name,
        limits=limits,
        send_access_emails=account.send_access_emails if emails is None else emails,
        updated=int(call.now),
    )
    call.state.accounts.put(changed)
    return True


def _consumed(call: Call) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    return {**CONSTANT_UNITS, **account_consumption(call.state, account, now=call.now)}


def _consumed_by_type(call: Call) -> Json:
    unit = call.arguments["cutype"]
    if unit not in ("CU_M", "CU_C", "CU_D", "CU_NP", "CU_I"):
        raise Wrong(f"Invalid cloud unit type: {unit}")
    return _consumed(call)[unit]


def _templates(call: Call) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    owned = [image for image in call.state.images if image.account_id == account.id]
    return [
        {
            "id": image.id,
            "name": image.name,
            "description": image.description,
            "type": image.type,
            "UNCPath": "",
            "size": image.size,
            "username": image.username,
            "accountId": image.account_id,
            "status": image.status.at(call.now),
        }
        for image in owned[:CAP]
    ]


def _create(call: Call) -> Json:
    """An administrator's: the new account belongs to `username`, who is made where he is not known and has an email."""
    owner = call.arguments["username"]
    _check_name(call)
    if owner not in call.state.users:
        email = call.arguments.get("emailaddress")
        if not email:
            raise Missing(f"User {owner} is not registered; give an emailaddress to make him")
        call.state.users[owner] = User(owner, emails=(email,))
    return _made(call, [owner])


def _made(call: Call, owners: list[str]) -> int:
    _check_name(call)
    entries, limits, now = tuple(Ace(owner, "CXDRAU") for owner in owners), limits_of(call.arguments), int(call.now)
    return call.state.accounts.add(Account(NEW, call.arguments["name"], entries, now, now, limits=limits)).id


def _check_name(call: Call) -> None:
    name = call.arguments["name"]
    if any(account.name == name and account.status.at(call.now) != "DESTROYED" for account in call.state.accounts):
        raise Clash(f"Account with name {name} already exists.")


def _create_own(call: Call) -> Json:
    """Older releases let a user make an account for the users in `access`."""
    users = call.arguments["access"]
    for user in users:
        if user not in call.state.users:
            raise Missing(f"User {user} is not registered on the system")
    return _made(call, users)


TABLE = {
    "/cloudapi/accounts/list": _list,
    "/cloudapi/accounts/get": _get,
    "/cloudapi/accounts/update": _update,
    "/cloudapi/accounts/getConsumedCloudUnits": _consumed,
    "/cloudapi/accounts/getConsumedCloudUnitsByType": _consumed_by_type,
    "/cloudapi/accounts/listTemplates": _templates,
    "/cloudapi/accounts/create": _create_own,
    "/cloudbroker/account/create": _create,
    **acl.behaviours("account"),
}
