"""system/contentmanager and the small actors beside it: what a portal tells of itself and its work."""

from __future__ import annotations

import base64
from typing import Any

from ovcgen.simulator.actors.broker.account import check_email
from ovcgen.simulator.actors.broker.sharing import tell
from ovcgen.simulator.call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpNotFound
from ovcgen.simulator.records import NEW, Event, StoredValue

Json = Any
LEVELS = ("info", "success", "warning", "error")
LONGEST = 50.0  # seconds that a question for events waits
SPACES = ("system", "cbgrid", "gcb")
LOGO = "portal logo"


def _actors(call: ActorCall) -> Json:
    """`cloudapi__machines`, for all that this portal has."""
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
    """The first event after the cursor; where there is none, nothing after a long wait."""
    cursor = call.arguments["cursor"]
    event = next((event for event in call.state.events if event.id > cursor), None)
    if event is None:
        return Outcome({"event": None, "cursor": int(cursor)}, after=min(LONGEST, call.pace.copy))
    shown = {
        "eventtype": "message",
        "title": event.title,
        "text": event.text,
        "type": event.level,
        "eventstreamid": event.stream,
        "hide": False,
        "refresh_hint": None,
    }
    return {"event": shown, "cursor": event.id}


def _send_event(call: ActorCall) -> Json:
    given = call.arguments
    level = given["level"] if given["level"] in LEVELS else "info"
    tell(call, Event(NEW, given["title"], given["text"], level, given.get("eventstreamid") or ""))
    return True


def _mail(call: ActorCall) -> Json:
    """Nothing is sent. A `honeypot`, which only machines fill in, is thanked for otherwise."""
    if call.arguments.get("honeypot"):
        return "Thank you"
    for name in ("sender_email", "receiver_email"):
        check_email(call.arguments[name])
    return "Success"


def _alert(call: ActorCall) -> Json:
    """Nothing here ever rings, so each alert is an unknown one."""
    raise Crash(f"no alert {call.arguments['alert']}")


def _no_condition(_call: ActorCall) -> Json:
    """False: there is no such error condition."""
    return False


def _purged(call: ActorCall) -> Json:
    """How many records were older than `-3d`: none is kept that long."""
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
