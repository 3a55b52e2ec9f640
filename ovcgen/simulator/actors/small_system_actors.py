"""Implement system/contentmanager and small system actors: actors, events, mail, alerts and the logo."""

from __future__ import annotations

import base64
from typing import Any

from ovcgen.simulator.actors.broker.account import check_email
from ovcgen.simulator.actors.broker.cloudapi_adapters import store_event
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.state_records import NEW, Event, StoredValue

Json = Any
LEVELS = ("info", "success", "warning", "error")
LONGEST = 50.0  # maximum seconds that checkEvents waits
SPACES = ("system", "cbgrid", "gcb")
LOGO = "portal logo"


def _actors(call: ActorCall) -> Json:
    """Return the names of all actors of this release (`cloudapi__machines`), sorted."""
    return sorted(
        {f"{operation.path.split('/')[1]}__{operation.path.split('/')[2]}" for operation in call.api.operations}
    )


def _actors_with_paths(call: ActorCall) -> Json:
    return [[name, f"/opt/jumpscale7/apps/portals/main/base/{name}"] for name in _actors(call)]


def _spaces(_call: ActorCall) -> Json:
    return list(SPACES)


def _spaces_with_paths(call: ActorCall) -> Json:
    return [[name, f"/opt/jumpscale7/apps/portals/main/base/{name}"] for name in _spaces(call)]


def _events(call: ActorCall) -> Json:
    """Return the first event after `cursor`. If there is none, wait, and return an empty event."""
    cursor = call.arguments["cursor"]
    event = next((event for event in call.state.events if event.id > cursor), None)
    if event is None:
        return Outcome({"event": None, "cursor": int(cursor)}, after=min(LONGEST, call.pace.copy))
    message = {
        "eventtype": "message",
        "title": event.title,
        "text": event.text,
        "type": event.level,
        "eventstreamid": event.stream,
        "hide": False,
        "refresh_hint": None,
    }
    return {"event": message, "cursor": event.id}


def _send_event(call: ActorCall) -> Json:
    given = call.arguments
    level = given["level"] if given["level"] in LEVELS else "info"
    store_event(call, Event(NEW, given["title"], given["text"], level, given.get("eventstreamid") or ""))
    return True


def _mail(call: ActorCall) -> Json:
    """Check the addresses; no mail is sent. `honeypot` is a hidden field that only spam bots fill in."""
    if call.arguments.get("honeypot"):
        return "Thank you"
    for name in ("sender_email", "receiver_email"):
        try:
            check_email(call.arguments[name])
        except HttpBadRequest as error:
            if call.behaves("mail-errors-200"):
                return f"Error: {error.message}"
            raise
    return "Success"


def _alert(call: ActorCall) -> Json:
    """Raise Crash: the simulator has no alerts, so the alert is unknown."""
    raise Crash(f"no alert {call.arguments['alert']}")


def _no_condition(_call: ActorCall) -> Json:
    """Return false: the simulator has no error conditions."""
    return False


def _purged(call: ActorCall) -> Json:
    """Return the number of records older than `age` (`-3d`). It is always 0."""
    age = str(call.arguments["age"])
    if not age.startswith("-") or age[-1:] not in "mhdwMy" or not age[1:-1].isdecimal():
        raise HttpBadRequest(f"{age} is no age")
    return 0


def _logo(call: ActorCall) -> Json:
    note = call.state.notes.get(LOGO)
    if note is None:
        raise HttpNotFound("No logo has been set")
    return note.value


def _set_logo(call: ActorCall) -> Json:
    image = base64.b64encode(str(call.arguments["image"]).encode("utf-8", "surrogateescape")).decode()
    call.state.notes[LOGO] = StoredValue(image, 1e12)
    return "<script>window.location = document.referrer;</script>"


def _delete_logo(call: ActorCall) -> Json:
    call.state.notes.pop(LOGO, None)
    return "<script>window.location = document.referrer;</script>"


TABLE: dict[str, Behaviour] = {
    "/system/contentmanager/getActors": _actors,
    "/system/contentmanager/getActorsWithPaths": _actors_with_paths,
    "/system/contentmanager/getSpaces": _spaces,
    "/system/contentmanager/getSpacesWithPaths": _spaces_with_paths,
    "/system/contentmanager/checkEvents": _events,
    "/system/contentmanager/sendEvent": _send_event,
    "/system/emailsender/send": _mail,
    "/system/alerts/update": _alert,
    "/system/alerts/escalate": _alert,
    "/system/errorconditionhandler/delete": _no_condition,
    "/system/errorconditionhandler/purge": _purged,
    "/system/job/purge": _purged,
    "/system/log/purge": _purged,
    "/system/logo/get": _logo,
    "/system/logo/set": _set_logo,
    "/system/logo/delete": _delete_logo,
}
