"""Implement libcloud/libvirt: network ids, MAC addresses, consoles and stored values."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from ovcgen.simulator.http_errors import HttpConflict
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import NEW, Console, NetworkIds, StoredValue

Json = Any
IN_USE = ("DEPLOYED", "VIRTUAL")
FOR_EVER = 1e12  # JSON has no infinity
MOST = 65_536  # maximum number of ids in one range


def _mac_address(call: ActorCall) -> Json:
    """Return a new MAC address, different from those of all machines."""
    call.state.counters["mac"] += 1
    number = call.state.counters["mac"]
    return f"52:54:00:ff:{number >> 8 & 255:02x}:{number & 255:02x}"


def _network_id(call: ActorCall) -> Json:
    """Take and return a free network id of the grid, or null if there is none."""
    left = call.state.network_ids.find(call.arguments["gid"])
    if not left.free:
        return None
    first, *rest = left.free
    call.state.network_ids.put(replace(left, free=tuple(rest)))
    return int(first)


def _register_range(call: ActorCall) -> Json:
    """Add a range of network ids to a grid, both ends included. An id that a cloudspace uses is refused."""
    gid, first, last = (call.arguments[name] for name in ("gid", "start", "end"))
    known = next((id_ for id_ in call.state.network_ids if id_.id == gid), None)
    numbers = range(int(first), min(int(last), int(first) + MOST) + 1)
    for space in call.state.cloudspaces if known else ():
        if space.gid == gid and space.id in numbers and space.status.at(call.now) in IN_USE:
            raise HttpConflict(f"Network id {space.id} is in use by cloudspace {space.id}")
    free = known.free if known else ()
    call.state.network_ids.put(NetworkIds(gid, tuple(dict.fromkeys((*free, *numbers)))))
    return True


def _release(call: ActorCall) -> Json:
    """Make a network id free again. A value that is no number is ignored."""
    gid, number = call.arguments["gid"], str(call.arguments["networkid"])
    left = next((id_ for id_ in call.state.network_ids if id_.id == gid), NetworkIds(gid, ()))
    if number.isdecimal() and number.isascii():
        back = int(number)
        ids = (back, *left.free) if call.behaves("network-ids-as-stack") else (*left.free, back)
        call.state.network_ids.put(replace(left, free=tuple(dict.fromkeys(ids))))
    return True


def _register_console(call: ActorCall) -> Json:
    made = call.state.consoles.add(Console(NEW, call.arguments["gid"], str(call.arguments["url"])))
    return [made.id, True, True]


def _consoles(call: ActorCall) -> Json:
    return [console.url for console in call.state.consoles.of(call.arguments["gid"])]


def _store(call: ActorCall) -> Json:
    """Store a value for `timeout` seconds (0: for ever) and return its key."""
    key, lasts = str(uuid.uuid4()), call.arguments["timeout"]
    call.state.notes[key] = StoredValue(call.arguments["data"], call.now + lasts if lasts > 0 else FOR_EVER)
    return key


def _retrieve(call: ActorCall) -> Json:
    """Return a stored value, or null if it is missing or has expired. `reset` deletes it."""
    key = str(call.arguments["key"])
    note = call.state.notes.get(key)
    if note is not None and (call.arguments["reset"] or note.until <= call.now):
        del call.state.notes[key]
    return note.value if note is not None and note.until > call.now else None


TABLE: dict[str, Behaviour] = {
    "/libcloud/libvirt/getFreeMacAddress": _mac_address,
    "/libcloud/libvirt/getFreeNetworkId": _network_id,
    "/libcloud/libvirt/registerNetworkIdRange": _register_range,
    "/libcloud/libvirt/releaseNetworkId": _release,
    "/libcloud/libvirt/registerVNC": _register_console,
    "/libcloud/libvirt/listVNC": _consoles,
    "/libcloud/libvirt/storeInfo": _store,
    "/libcloud/libvirt/retreiveInfo": _retrieve,
}
