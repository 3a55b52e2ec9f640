"""Implement cloudapi/accounts: show and change accounts, and report their consumption."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import acl
from ovcgen.simulator.http_errors import Crash, HttpBadRequest
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.resource_quotas import account_consumption, check_covered, limits_of
from ovcgen.simulator.rights import ace_of
from ovcgen.simulator.state_records import CAP, Account

Json = Any
HOUR, MOST_HOURS = 3600, 24 * 366
CONSTANT_UNITS = {"CU_S": 0, "CU_A": 0, "CU_NO": 0, "CU_NP": 0}


def _list(call: ActorCall) -> Json:
    """Return the accounts that have an access entry of the caller. Administrators don't see others either."""
    mine = [account for account in call.state.accounts if ace_of(account.acl, call.caller.name)]
    visible = [account for account in mine if account.status.at(call.now) in ("CONFIRMED", "DISABLED")]
    return [
        {
            "id": account.id,
            "name": account.name,
            "acl": [acl.entry_as_stored(call, ace) for ace in account.acl],
            "creationTime": account.created,
            "updateTime": account.updated,
        }
        for account in visible[:CAP]
    ]


def _get(call: ActorCall) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    return {
        "id": account.id,
        "guid": account.id,
        "_ckey": "",
        "_meta": ["osismodel", "cloudbroker", "account", 1],
        "name": account.name,
        "acl": [{**acl.entry_as_stored(call, ace), "canBeDeleted": len(account.acl) > 1} for ace in account.acl],
        "status": account.status.at(call.now),
        "creationTime": account.created,
        "updateTime": account.updated,
        "deactivationTime": 0,
        "DCLocation": "",
        "company": "",
        "companyurl": "",
        "displayname": "",
        "resourceLimits": dict(account.limits),
        **_access_emails(call, account),
    }


def _access_emails(call: ActorCall, account: Account) -> Json:
    silent = call.behaves("account-without-access-emails")
    return {} if silent else {"sendAccessEmails": account.send_access_emails}


def _update(call: ActorCall) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    if call.behaves("account-update-destroyed-refused") and account.status.at(call.now) == "DESTROYED":
        raise HttpBadRequest("Cannot edit deleted account.")
    emails = None if call.behaves("account-without-access-emails") else call.arguments.get("sendAccessEmails")
    limits = limits_of(call.arguments, account.limits)
    check_covered(limits, account_consumption(call, account))
    changed = replace(
        account,
        name=call.arguments.get("name") or account.name,
        limits=limits,
        send_access_emails=account.send_access_emails if emails is None else emails,
        updated=int(call.now),
    )
    call.state.accounts.put(changed)
    return True


def _consumed(call: ActorCall) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    return {**CONSTANT_UNITS, **account_consumption(call, account)}


def _consumed_by_type(call: ActorCall) -> Json:
    unit = call.arguments["cutype"]
    if unit not in ("CU_M", "CU_C", "CU_D", "CU_NP", "CU_I"):
        raise HttpBadRequest(f"Invalid cloud unit type: {unit}")
    return _consumed(call)[unit]


def _templates(call: ActorCall) -> Json:
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


def _consumption(call: ActorCall) -> Outcome:
    """Return a zip with one empty file per hour of the period, from the creation of the account until now."""
    account = call.state.accounts.find(call.arguments["accountId"])
    first = max(int(call.arguments["start"]), account.created) // HOUR
    last = min(int(call.arguments["end"]), int(call.now)) // HOUR
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for hour in range(first, min(last + 1, first + MOST_HOURS)):
            archive.writestr(zipfile.ZipInfo(f"{account.id}/{hour * HOUR}.bin"), b"")
    return Outcome(packed.getvalue(), file=f"account_{account.id}.zip")


def _never(call: ActorCall) -> Json:
    """Raise Crash: older releases declare these operations but do not implement them."""
    raise Crash(f"{call.operation.path} is not implemented")


TABLE: dict[str, Behaviour] = {
    "/cloudapi/accounts/list": _list,
    "/cloudapi/accounts/get": _get,
    "/cloudapi/accounts/update": _update,
    "/cloudapi/accounts/getConsumedCloudUnits": _consumed,
    "/cloudapi/accounts/getConsumedCloudUnitsByType": _consumed_by_type,
    "/cloudapi/accounts/listTemplates": _templates,
    "/cloudapi/accounts/getConsumption": _consumption,
    "/cloudapi/accounts/create": _never,
    "/cloudapi/accounts/delete": _never,
    **acl.user_behaviours("account"),
}
