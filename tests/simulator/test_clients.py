"""Our own runtime against the simulator: logins, tasks, errors."""

import pytest

from ovcgen.model.runtime_specs import wire_operation
from ovcgen.runtime.errors import Conflict, NotFound
from ovcgen.runtime.portal import Portal
from ovcgen.runtime.portal_auth import AuthKey, Credentials, ItsYouOnline
from ovcgen.runtime.portal_errors import AuthExpired
from ovcgen.simulator import Pace, running

NEW = {"cloudspaceId": 1, "sizeId": 2, "imageId": 1, "disksize": 10, "datadisks": [5, 6]}


@pytest.fixture(scope="module")
def started(pinned):
    """A running portal in which a machine takes a moment."""
    with running(*pinned("2.4.5"), pace=Pace(create=0.2)) as portal:
        yield portal


@pytest.fixture
def call(started):
    """A function: one call with a login of that kind."""

    def call(auth, path, **arguments):
        operation = wire_operation(started.simulator.api.operation("POST", path))
        with Portal(started.url, auth=auth) as portal:
            value = portal.call(operation, arguments)
            return value.result(timeout=10) if arguments.get("_async") else value

    return call


def logins(started):
    """Each way in."""
    return {
        "token": ItsYouOnline(started.client_id, started.client_secret, url=started.itsyouonline),
        "password": Credentials(started.username, started.password),
    }


@pytest.mark.parametrize("kind", ["token", "password"])
def test_every_login_leads_to_the_same_user(started, call, kind):
    """An application key, or name and password."""
    name = call(logins(started)[kind], "/system/usermanager/whoami")["name"]

    assert name == started.username


def test_a_task_is_waited_for(started, call):
    """And answers what the call answers."""
    login = logins(started)["token"]
    number = call(login, "/cloudapi/machines/create", name="by-task", _async=True, **NEW)

    assert call(login, "/cloudapi/machines/get", machineId=number)["name"] == "by-task"
    with pytest.raises(Conflict):
        call(login, "/cloudapi/machines/create", name="by-task", **NEW)
    with pytest.raises(NotFound, match="Could not find 99 of type vmachine"):
        call(login, "/cloudapi/machines/get", machineId=99)


def test_an_unknown_key(call):
    """419."""
    with pytest.raises(AuthExpired):
        call(AuthKey("unknown"), "/cloudapi/accounts/list")
