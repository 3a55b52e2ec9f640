"""Implement the history of machines and the audits of a portal."""

from __future__ import annotations

import json
from typing import Any

from ovcgen.simulator.actors import machines
from ovcgen.simulator.audit_recording import LASTS
from ovcgen.simulator.http_errors import HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import CAP, Audit, Machine

Json = Any
MESSAGES = {  # operation -> what the log of the oldest release says of it
    "machines/start": "Start",
    "machines/stop": "Stop",
    "machines/pause": "Pause",
    "machines/resume": "Resume",
    "machines/reboot": "Soft_reboot",
    "machines/reset": "Hard_reboot",
    "machines/snapshot": "Snapshot created",
    "machines/deleteSnapshot": "Snapshot deleted",
    "machines/rollbackSnapshot": "Snapshot rolled back",
    "machines/clone": "Cloned",
    "machines/delete": "Deleted",
}


def history(call: ActorCall) -> Json:
    """Return the result of `machines/getHistory`: recorded calls on the machine, newest first; [] if there are none.

    As in a portal, the id is compared as a text prefix: the history of machine 1 includes that of machine 10. Each is
    an object with `epoch` and `message`. At most 200 of the latest 30 days are returned; the oldest release returns log
    records, at most `size`.

    Raises:
        HttpNotFound: the machine is unknown or deleted.
    """
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) in machines.missing_statuses(call):
        raise HttpNotFound(f"Machine {machine.id} not found")
    start = str(machine.id)
    if call.behaves("history-log-records"):
        return _log_records(call, machine)
    recent = [audit for audit in call.state.audits if _of(audit, start) and call.now - LASTS < audit.time <= call.now]
    return [{"epoch": audit.time, "message": f"User {audit.user} called {_name(audit)}"} for audit in reversed(recent)][
        :CAP
    ]


def _log_records(call: ActorCall, machine: Machine) -> Json:
    """Return the history of a machine as the oldest release logs it: at most `size` records, newest first."""
    said = [
        (audit.time, MESSAGES[_name(audit)])
        for audit in call.state.audits
        if _name(audit) in MESSAGES
        and audit.status == 200
        and audit.time <= call.now
        and json.loads(audit.arguments).get("machineId") == machine.id
    ]
    records = [
        {"epoch": time, "message": message, "category": "machine.history.ui", "tags": str(machine.id), "level": 5}
        for time, message in [(machine.created, "Created"), *said]
    ]
    return records[::-1][: max(0, int(call.arguments["size"]))]


def _of(audit: Audit, start: str) -> bool:
    if "machineId" not in audit.arguments:
        return False
    return str(json.loads(audit.arguments).get("machineId")).startswith(start)


def _name(audit: Audit) -> str:
    """Return the path of an audit as `machines/stop`, without its group."""
    return "/".join(audit.path.split("/")[2:])


def _list(call: ActorCall) -> Json:
    """Return the matching audits, newest first. `page` is the index of the first audit, not a page number."""
    given = call.arguments
    wanted = {name: given.get(name) for name in ("username", "restcall", "statuscode")}
    matching = [
        audit
        for audit in call.state.audits
        if _matches(audit, wanted) and (given.get("epoch") or 0) <= audit.time <= call.now
    ]
    start, size = int(given.get("page") or 0), int(given.get("size") or CAP)
    return [_record(audit) for audit in matching[::-1][max(0, start) :][: max(0, size)]]


def _matches(audit: Audit, wanted: Json) -> bool:
    seen = {"username": audit.user, "restcall": f"/restmachine{audit.path}", "statuscode": audit.status}
    return all(value is None or value == seen[name] or _within(value, seen[name]) for name, value in wanted.items())


def _within(part: Json, whole: Json) -> bool:
    return isinstance(part, str) and isinstance(whole, str) and part in whole


def _record(audit: Audit) -> Json:
    return {
        "id": audit.id,
        "guid": str(audit.id),
        "user": audit.user,
        "result": "null",
        "call": f"/restmachine{audit.path}",
        "statuscode": audit.status,
        "args": "[]",
        "kwargs": audit.arguments,
        "timestamp": audit.time,
        "responsetime": 0.0,
        "tags": "",
    }


TABLE: dict[str, Behaviour] = {
    "/cloudapi/machines/getHistory": history,
    "/system/audits/listAudits": _list,
}
