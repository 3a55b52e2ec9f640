"""The portal's own actors: the catalog, background tasks, logging in and asking who one is."""

from __future__ import annotations

from typing import Any

from ovcgen.simulator import tasks
from ovcgen.simulator.actors.users import session
from ovcgen.simulator.call import Call
from ovcgen.simulator.records import User
from ovcgen.simulator.refusals import Clash, Missing

Json = Any


def _catalog(call: Call) -> Json:
    """Never twice in the same key order."""
    call.state.counters["catalog"] += 1
    actors = [name for name in str(call.arguments.get("actors") or "").split(",") if name]
    group = str(call.arguments.get("group") or "")
    return call.catalog.of(group, actors, order=call.state.counters["catalog"])


def _task(call: Call) -> Json:
    return tasks.look(call.state, call.arguments["taskguid"], now=call.now)


def _kill(call: Call) -> Json:
    return tasks.kill(call.state, call.arguments["taskguid"], now=call.now, fixed=call.fixed_tasks)


def _authenticate(call: Call) -> Json:
    return session(call, call.arguments["name"], call.arguments["secret"])


def _whoami(call: Call) -> Json:
    return {"name": call.caller.name, "admin": call.caller.admin}


def _exists(call: Call) -> Json:
    return call.arguments["name"] in call.state.users


def _create_user(call: Call) -> Json:
    """The new user's name; with a provider it is `name@provider`."""
    given = call.arguments
    provider = given.get("provider")
    name = f"{given['username']}@{provider}" if provider else given["username"]
    if name in call.state.users:
        raise Clash(f"User {name} already exists")
    groups, emails = tuple(given.get("groups") or ()), tuple(given.get("emails") or ())
    call.state.users[name] = User(name, given.get("password") or "", groups, emails)
    return name


def _delete_user(call: Call) -> Json:
    if call.state.users.pop(call.arguments["username"], None) is None:
        raise Missing(f"User {call.arguments['username']} does not exist")
    return True


TABLE = {
    "/system/docgenerator/prepareCatalog": _catalog,
    "/system/task/get": _task,
    "/system/task/kill": _kill,
    "/system/usermanager/authenticate": _authenticate,
    "/system/usermanager/whoami": _whoami,
    "/system/usermanager/userexists": _exists,
    "/system/usermanager/create": _create_user,
    "/system/usermanager/delete": _delete_user,
}
