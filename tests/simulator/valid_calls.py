"""A call that succeeds, for every operation, and a portal's state in which it does."""

import json
from dataclasses import replace

from ovcgen.model.schema import Array, Map, Reference, Scalar
from ovcgen.simulator import HttpRequest
from ovcgen.simulator.seed import seeded
from ovcgen.simulator.state_records import NEW, Disk, Image, NetworkIds, PortForward, Snapshot
from ovcgen.simulator.timing import steady
from tests.simulator.valid_values import ACTION, ALICE, BEFORE, HALTED, NAMED, RUNNING, SPACE, VALUES


def arguments(operation, chosen, behaviours=frozenset()):
    """Return the arguments of a valid call: the parameters that `chosen` selects and those that the operation needs.

    `behaviours` are the ids of the release's behaviours.
    """
    old = [calls.get(operation.path, {}) for name, calls in BEFORE.items() if name in behaviours]
    special = {**ACTION.get(operation.path, {}), **{name: value for values in old for name, value in values.items()}}
    names = [parameter.name for parameter in operation.parameters if chosen(parameter) or parameter.name in special]
    declared = {parameter.name: parameter for parameter in operation.parameters}
    values = {name: special[name] if name in special else value_of(declared[name]) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def value_of(parameter):
    """A value that fits the parameter."""
    if parameter.name in NAMED and fits(parameter.schema, NAMED[parameter.name]):
        value = NAMED[parameter.name]
        return str(value) if value is not None and parameter.schema.kind == "string" else value
    match parameter.schema:
        case Scalar("string"):
            return {"groupname": "user", "username": ALICE}.get(parameter.validator, "text")
        case Scalar(kind):
            return VALUES[kind]
        case Array(Scalar(kind)):
            return [VALUES[kind]] if kind != "string" else ["1"]
        case Map() | Reference():
            return {}
    return "text"


def fits(schema, value):
    """A text is no number; what is a number may be written as a text."""
    return isinstance(schema, Scalar) and (not isinstance(value, str) or schema.kind == "string")


def call(portal, operation, values, *, key=None):
    """A JSON post, or a GET with the same in its query."""
    key = portal.auth_secrets.portal if key is None else key
    query = f"authkey={key}" if key else ""
    if operation.method == "GET":
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
        query = "&".join([query, *(f"{name}={text}" for name, text in texts.items())])
    body = json.dumps(values).encode() if operation.method == "POST" else b""
    headers = (("accept", "application/json"), ("content-type", "application/json"))
    return portal.answer(
        HttpRequest(operation.method, f"/restmachine{operation.called_path}", query.strip("&"), headers, body)
    )


def furnished(release=""):
    """A portal's state in which every operation can succeed: objects in each status that one of them needs."""
    state = seeded("demo", now=0, release=release)
    if len(state.disks) == 1:  # the oldest release has no metadata disk; the numbers below count on it
        state.disks.add(replace(state.disks.find(1), id=NEW, type="D"))
    state.accounts.drop(2)
    state.accounts.last = 1
    _people(state)
    _spaces(state)
    _machines(state)
    account = state.accounts.find(1)
    for name, status in (("shut", "DISABLED"), ("gone", "DELETED")):
        state.accounts.add(replace(account, id=NEW, name=name, status=steady(status)))
    for name, kind, status, machine_id in (
        ("attached", "D", "ASSIGNED", RUNNING),
        ("free", "D", "CREATED", None),
        ("binned", "D", "TOBEDELETED", None),
        ("disc", "C", "CREATED", None),
    ):
        state.disks.add(Disk(NEW, name, kind, 10, 1, steady(status), machine_id))
    state.images.add(Image(NEW, "mine", "Custom Templates", 10, account_id=1))
    state.images.add(Image(NEW, "binned", "Custom Templates", 10, account_id=1, status=steady("DELETED")))
    state.networks.add(replace(state.networks.find(1), id=NEW, name="unused", vlan=7))
    state.rules.add(PortForward(NEW, SPACE, "203.0.113.10", 2200, RUNNING, 22, "tcp"))
    state.snapshots.add(Snapshot(NEW, HALTED, "before", 1000, (("disk", "snapshot"),)))
    state.network_ids.put(NetworkIds(1, (5,)))
    return state


def _people(state):
    for name in ("carol", "dave"):
        state.users[name] = replace(state.users[ALICE], name=name, emails=(f"{name}@example.org",))
    entry = state.accounts.find(1).acl[0]
    account = state.accounts.find(1)
    state.accounts.put(replace(account, acl=(entry, replace(entry, user="carol", right="R"))))


def _spaces(state):
    space = state.cloudspaces.find(SPACE)
    carol = replace(state.accounts.find(1).acl[1])
    state.cloudspaces.put(replace(space, acl=(carol,), sizes=(1, 2, 3)))
    for status in ("DELETED", "VIRTUAL", "DISABLED", "DEPLOYED"):
        state.cloudspaces.add(replace(space, id=NEW, name=status, status=steady(status), public_ip=""))


def _machines(state):
    machine = state.machines.find(RUNNING)
    state.machines.put(replace(machine, acl=state.cloudspaces.find(SPACE).acl, tags=("red",)))
    for name, status in (("halted", "HALTED"), ("deleted", "DELETED"), ("moving", "MIGRATING")):
        made = state.machines.add(replace(machine, id=NEW, name=name, status=steady(status)))
        if made.id == HALTED:
            state.disks.add(Disk(NEW, "Boot disk", "B", 10, 1, steady("ASSIGNED"), made.id))
