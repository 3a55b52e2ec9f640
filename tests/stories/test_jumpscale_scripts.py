"""Test that whole scripts in the style of JumpScale's portal client run with one changed line."""

from __future__ import annotations

import runpy
import sys
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import ovcgen
import ovcgen.jumpscale

IMPORT = ("from JumpScale import j", "from ovcgen.jumpscale import j")

SPARE_MACHINES = """\
from JumpScale import j

pcl = j.clients.portal.getByInstance('main')
sizes = pcl.actors.cloudapi.sizes.list(1)
images = pcl.actors.cloudapi.images.list(None, 1)
ccl = pcl.getActor('cloudapi', 'machines')
vm = ccl.create(1, 'spare', 'made by a script', sizes[0]['id'], None, None, images[0]['id'], 10)
space = pcl.actors.cloudapi.cloudspaces.get(1)
pcl.actors.cloudapi.portforwarding.create(space['id'], space['publicipaddress'].split('/')[0], 7022, vm, 22, 'tcp')
for rule in pcl.actors.cloudapi.portforwarding.list(1, vm):
    print('%s -> %s' % (rule['publicPort'], rule['localPort']))
for machine in pcl.actors.cloudapi.machines.list(1):
    if machine['name'] == 'spare':
        ccl.stop(machine['id'])
        print('%(name)s %(status)s' % ccl.get(machine['id']))
        ccl.delete(machine['id'], permanently=True)
print([m['name'] for m in ccl.list(1) if m['name'] == 'spare'])
"""

OPENVCLOUD_CLIENT = """\
import os
import time
from js9 import j
from JumpScale9Lib.clients.portal.PortalClient import ApiError


class Client:
    def __init__(self, url, login, password):
        self.login = login
        self.api = j.clients.portal.get(url, 443)
        secret = self.api.cloudapi.users.authenticate(username=login, password=password)
        self.api._session.cookies.clear()
        self.api._session.cookies['beaker.session.id'] = secret
        self.api.load_swagger(group='cloudapi')

    def account_get(self):
        return Account(self, self.api.cloudapi.accounts.list()[0])


class Account:
    def __init__(self, client, model):
        self.client, self.model, self.id = client, model, model['id']

    def space_get(self, name, location):
        for space in self.client.api.cloudapi.cloudspaces.list():
            if space['name'] == name and space['accountId'] == self.id:
                return space
        self.client.api.cloudapi.cloudspaces.create(
            access=self.client.login, name=name, accountId=self.id, location=location,
            maxMemoryCapacity=-1, maxVDiskCapacity=-1, maxCPUCapacity=-1, maxNASCapacity=-1,
            maxNetworkOptTransfer=-1, maxNetworkPeerTransfer=-1, maxNumPublicIP=-1, externalnetworkId=None)
        return self.space_get(name, location)


client = Client(os.environ['OVC_URL'], os.environ['OVC_USERNAME'], os.environ['OVC_PASSWORD'])
account = client.account_get()
location = client.api.cloudapi.locations.list()[0]['locationCode']
space = account.space_get('lab', location)
print(space['name'], account.space_get('lab', location)['id'] == space['id'])
try:
    client.api.cloudapi.cloudspaces.create(access=client.login, name='lab', accountId=account.id, location=location)
except ApiError as err:
    print(err.response.status_code, err.response.json())
client.api.cloudapi.cloudspaces.delete(cloudspaceId=space['id'])
"""

TASKS = """\
import time
from JumpScale import j

pcl = j.clients.portal.getByInstance2("main")
machine = pcl.cloudapi.machines.create(cloudspaceId=1, name="backup", memory=512, vcpus=1, imageId=1, disksize=10)
task_guid = pcl.cloudapi.machines.snapshot(machineId=machine, name="nightly", _async=True)
print(len(task_guid.split("-")))
report = None
while report is None:
    report = pcl.system.task.get(taskguid=task_guid)
    time.sleep(0.01)
ok, result = report
print(ok, [snapshot["name"] for snapshot in pcl.cloudapi.machines.listSnapshots(machineId=machine)])
pcl.cloudapi.machines.delete(machineId=machine, permanently=True)
"""

RIGHTS = """\
import os
import requests
from JumpScale import j
from JumpScale.portal.portal.PortalClient2 import ApiError

answer = requests.post(os.environ['ITSYOUONLINE_URL'] + '/v1/oauth/access_token', params={
    'grant_type': 'client_credentials', 'response_type': 'id_token',
    'client_id': os.environ['CLIENT_ID'], 'client_secret': os.environ['CLIENT_SECRET']})
answer.raise_for_status()
api = j.clients.portal.get(data={'ip': os.environ['OVC_URL'], 'port': 443}, interactive=False)
api._session.headers['Authorization'] = 'bearer {}'.format(answer.content.decode('utf8'))
swagger = api.load_swagger(group='cloudapi')
print(swagger['swagger'], '/cloudapi/accounts/addUser' in swagger['paths'])
account = api.cloudapi.accounts.list()[0]['id']
api.cloudapi.accounts.addUser(accountId=account, userId='bob@itsyouonline', accesstype='RCX')
acl = dict((user['userGroupId'], user['right']) for user in api.cloudapi.accounts.get(accountId=account)['acl'])
print(''.join(sorted(acl['bob@itsyouonline'])))
api.cloudapi.accounts.deleteUser(accountId=account, userId='bob@itsyouonline', recursivedelete=True)
for call, arguments in ((api.cloudapi.accounts.get, {'accountId': 4711}),
                        (api.cloudapi.accounts.addUser, dict(accountId=account, userId='nobody', accesstype='R')),
                        (api.cloudbroker.account.delete, dict(accountId=account, reason='never'))):
    try:
        call(**arguments)
    except ApiError as e:
        print(e.response.status_code, e.response.ok)
"""

ADMINISTRATOR = """\
from JumpScale import j
import JumpScale.portal
from JumpScale.baselib.http_client.HttpClient import HTTPError

pcl = j.core.portal.getClientByInstance('admin')
resultcode, locations = pcl.wsclient.callWebService('cloudapi', 'locations', 'list')
print(resultcode, sorted(locations[0])[0])
account = pcl.actors.cloudbroker.account.create('night', 'alice@itsyouonline')
resultcode, found = pcl.wsclient.callWebService('cloudapi', 'accounts', 'get', params={'accountId': account})
print(resultcode, found['name'])
pcl.actors.cloudbroker.account.delete(account, 'testing')
try:
    pcl.actors.cloudbroker.account.delete(4711, reason='testing')
except HTTPError as e:
    print(e.status_code, e.msg)
"""

DISKS = """\
import os
pcl = None  # the line to change
location = pcl.cloudapi.locations.list()[0]
disk = pcl.cloudapi.disks.create(1, location['gid'], 'data', 'for the report', 10, 'D')
print(pcl.actors.cloudapi.disks.get(disk)['status'])
pcl.cloudapi.machines.attachDisk(1, disk)
pcl.cloudapi.disks.delete(disk, detach=True, reason='', permanently=True)
print(sorted(pcl.load_swagger(group='system')['paths'])[0].split('/')[1])
print(pcl.system.usermanager.whoami()['name'])
"""


@pytest.fixture(scope="module")
def portal() -> Iterator[Any]:
    """Start a simulated portal that all scripts share."""
    with ovcgen.simulate("2.4.5") as server:
        yield server


@pytest.fixture
def environment(portal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment variables in which scripts find the portal and their login."""
    variables = {
        "OVC_URL": portal.url,
        "OVC_USERNAME": portal.username,
        "OVC_PASSWORD": portal.password,
        "ITSYOUONLINE_URL": portal.itsyouonline,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def printed(script: str, old: str, new: str) -> list[str]:
    """Run a script with one line replaced, and return the lines that the script prints."""
    before, after = script.splitlines(), script.replace(old, new, 1).splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    output = StringIO()
    with TemporaryDirectory() as folder, redirect_stdout(output):
        path = Path(folder, "script.py")
        path.write_text("\n".join(after))
        runpy.run_path(str(path), run_name="__main__")
    return output.getvalue().splitlines()


@pytest.mark.usefixtures("environment")
def test_a_script_with_positional_arguments_runs() -> None:
    """A script's positional arguments are taken in the order of the catalog, and getActor returns an actor."""
    assert printed(SPARE_MACHINES, *IMPORT) == ["7022 -> 22", "spare HALTED", "[]"]


@pytest.mark.slow
@pytest.mark.usefixtures("environment")
def test_a_script_that_logs_in_with_the_session_cookie_runs() -> None:
    """A script may call authenticate without a login; arguments of older releases are ignored with a warning."""
    with pytest.warns(UserWarning, match="was left out") as warned:
        lines = printed(OPENVCLOUD_CLIENT, "from js9 import j", IMPORT[1])

    assert {"maxNASCapacity", "maxNetworkOptTransfer"} == {str(each.message).split("'")[1] for each in warned}
    assert lines[0] == "lab True"
    assert lines[1].startswith("409 ")


@pytest.mark.usefixtures("environment")
def test_a_script_that_polls_a_task_runs() -> None:
    """For a script a task is a guid, and system.task.get returns None or a pair."""
    assert printed(TASKS, *IMPORT) == ["5", "True ['nightly']"]


@pytest.mark.slow
@pytest.mark.usefixtures("environment")
def test_a_script_that_sets_the_authorization_header_runs(portal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """ApiError.response is the response of requests, and load_swagger returns the document as served."""
    monkeypatch.setenv("CLIENT_ID", portal.client_id)
    monkeypatch.setenv("CLIENT_SECRET", portal.client_secret)

    assert printed(RIGHTS, *IMPORT) == ["2.0 True", "CRX", "404 False", "404 False", "403 False"]


@pytest.mark.slow
@pytest.mark.usefixtures("environment")
def test_a_script_of_an_administrator_runs(portal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """callWebService and the errors of the oldest client work, and a group is loaded at its first use."""
    monkeypatch.setenv("OVC_URL_ADMIN", portal.url)
    monkeypatch.setenv("OVC_USERNAME", portal.admin["username"])
    monkeypatch.setenv("OVC_PASSWORD", portal.admin["password"])

    lines = printed(ADMINISTRATOR, *IMPORT)

    assert lines[1] == "0 night"
    assert lines[2].startswith("404 ")


@pytest.mark.usefixtures("environment")
def test_a_script_runs_with_a_client_of_ours() -> None:
    """portal_client takes the same arguments as the old client, and loads a group at its first use."""
    ours = (
        "__import__('ovcgen').portal_client(os.environ['OVC_URL'], auth=__import__('ovcgen').Credentials("
        "os.environ['OVC_USERNAME'], os.environ['OVC_PASSWORD']))"
    )

    lines = printed(DISKS, "None  # the line to change", ours)

    assert lines == ["CREATED", "system", "alice@itsyouonline"]


def test_only_missing_packages_are_stood_in_for() -> None:
    """An installed package has precedence over the replacement of its name, and other names stay unknown."""
    with pytest.raises(ModuleNotFoundError):
        __import__("jumpscale_of_somebody")
    assert type(sys.meta_path[-1]).__module__ == "ovcgen.jumpscale"


def test_other_parts_of_jumpscale_say_that_they_are_missing() -> None:
    """The error about another part of JumpScale names that part and the available ones."""
    with pytest.raises(AttributeError, match=r"no j\.clients\.osis.*j\.clients\.portal"):
        ovcgen.jumpscale.j.clients.osis.getNamespace("cloudbroker")


@pytest.mark.usefixtures("environment")
def test_an_instance_is_a_profile(portal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An instance has the address of the profile with its name, and the login that a command would use."""
    (tmp_path / "config.toml").write_text(f'[profiles.lab]\nurl = "{portal.url}"\n')
    monkeypatch.setenv("OVCGEN_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("OVC_URL")

    pcl = ovcgen.jumpscale.j.clients.portal.getByInstance("lab")

    assert pcl.actors.cloudapi.accounts.list()[0]["name"] == "acme"


def test_an_instance_without_an_address_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error about an instance without an address names the environment variables."""
    monkeypatch.delenv("OVC_URL", raising=False)
    with pytest.raises(ovcgen.UsageError, match="OVC_URL_BE_G8_1 or OVC_URL"):
        ovcgen.jumpscale.j.clients.portal.getByInstance("be-g8-1")


def test_a_secret_in_the_session_is_not_shown() -> None:
    """The representations of a script's headers and cookies do not show their values."""
    portal = ovcgen.jumpscale.j.clients.portal.get("127.0.0.1", 1, secret="hush-hush")
    portal._session.headers["Authorization"] = "bearer hush-hush"
    portal._session.cookies["beaker.session.id"] = "hush-hush"

    assert "hush" not in repr((portal, portal._session.headers, portal._session.cookies))


def test_wrong_positional_arguments_are_refused(portal: Any) -> None:
    """Too many positional arguments, or an argument given twice, raise TypeError as in Python."""
    pcl = ovcgen.portal_client(portal.url, release="2.4.5")
    with warnings.catch_warnings(), pcl:
        with pytest.raises(TypeError, match="takes 1 argument but 2 were given"):
            pcl.cloudapi.machines.get(1, 2)
        with pytest.raises(TypeError, match="multiple values for argument 'machineId'"):
            pcl.cloudapi.machines.get(1, machineId=1)
