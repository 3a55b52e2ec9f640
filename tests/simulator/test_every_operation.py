"""Every operation of every pinned release answers: generated from the catalogs, not written one by one."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ovcgen.model.schema import File
from ovcgen.normalise import normalise
from ovcgen.release_behaviours import BY_ID, behaviour_ids
from ovcgen.releases.library import Library
from ovcgen.simulator import Simulator
from ovcgen.simulator.auth import log_in
from ovcgen.simulator.http_errors import Crash
from ovcgen.simulator.rights import INNER_CALLS
from ovcgen.simulator.state_records import TaskRecord
from tests.simulator.valid_calls import arguments, call, furnished
from tests.simulator.valid_values import BOB, REFUSED, refused

SPECS = Path(__file__).parents[2] / "specs"
RELEASES = ("2.1.6", "2.2.6", "2.3.0", "2.4.0", "2.4.4", "2.4.5")
UNKNOWN = 987654
CATEGORIES = {
    "machineId": "vmachine",
    "diskId": "disk",
    "cloudspaceId": "cloudspace",
    "accountId": "account",
    "imageId": "image",
    "sizeId": "size",
    "externalnetworkId": "externalnetwork",
    "externalNetworkId": "externalnetwork",
    "targetStackId": "node",
    "stackid": "node",
    "nid": "node",
    "gid": "location",
}
NO_OBJECT = {  # where such a parameter is a criterion, a new number, or refused with another text
    "/cloudbroker/image/enable": "imageId",
    "/cloudbroker/image/disable": "imageId",
    "/cloudbroker/grid/add": "gid",
    "/cloudbroker/cloudspace/migrateCloudspace": "gid",
    "/cloudapi/machines/detachExternalNetwork": "externalNetworkId",
    "/cloudbroker/machine/detachExternalNetwork": "externalNetworkId",
}
FOUND_BY_RIGHTS = {  # what only the rights check of newer releases looks up
    ("/cloudbroker/iaas/addExternalNetwork", "accountId"),
    ("/cloudbroker/image/createImage", "accountId"),
    ("/cloudbroker/image/syncCreateImage", "accountId"),
    ("/cloudbroker/image/createCDROMImage", "accountId"),
    ("/cloudbroker/image/edit", "accountId"),
    ("/cloudbroker/cloudspace/migrateCloudspace", "accountId"),
    ("/cloudbroker/cloudspace/destroy", "accountId"),
    ("/cloudbroker/machine/deleteDisk", "machineId"),
    ("/cloudbroker/machine/checkImageChain", "machineId"),
    ("/cloudbroker/machine/list", "cloudspaceId"),
    ("/cloudbroker/qos/limitInternalBandwith", "machineId"),
}
DELETIONS = ("/cloudbroker/account/delete", "/cloudbroker/cloudspace/destroy")
WITHOUT_STATE = (
    "/cloudbroker/node/scheduleJumpscripts",
    "/cloudbroker/node/unscheduleJumpscripts",
    "/cloudbroker/ovsnode/decommissionNode",
    "/cloudbroker/cloudspace/addExtraIP",
    "/cloudbroker/cloudspace/removeIP",
)
FOR_EVERYBODY = (  # no check beyond the login
    "/cloudapi/accounts/list",
    "/cloudapi/accounts/create",
    "/cloudapi/cloudspaces/list",
    "/cloudapi/externalnetwork/list",
    "/cloudapi/images/list",
    "/cloudapi/images/delete",
    "/cloudapi/images/restore",
    "/cloudapi/sizes/list",
    "/cloudapi/machines/list",
    "/cloudapi/users/getMatchingUsernames",
    "/cloudapi/users/setData",
    "/cloudapi/users/updatePassword",
    "/cloudbroker/qos/limitCPU",
    "/cloudbroker/zeroaccess/downloadSession",
    "/cloudbroker/zeroaccess/getSessionInitTime",
    "/cloudbroker/zeroaccess/listSessions",
    "/cloudbroker/zeroaccess/provision",
    "/cloudbroker/zeroaccess/sessionTextSearch",
)
GROUPS_OF_THE_PORTAL = (
    "/system/usermanager/create",
    "/system/usermanager/edit",
    "/system/usermanager/delete",
    "/system/usermanager/userget",
    "/system/agentcontroller/",
    "/system/audits/listAudits",
    "/system/errorconditionhandler/purge",
    "/system/job/purge",
    "/system/log/purge",
    "/system/logo/set",
    "/system/logo/delete",
    "/system/contentmanager/sendEvent",
)


@pytest.fixture(scope="module")
def normalised():
    """A function: the normalised document of a release, with definitions that jsonschema understands."""
    library = Library(SPECS)

    def load(release):
        spec = library.load(release)
        document = normalise(spec.document, spec.overlay, release=release)
        return {**document, "definitions": checked(document["definitions"])}

    return load


@pytest.fixture(params=RELEASES)
def portal(request, pinned, clock):
    """A simulator of each release."""
    return Simulator(*pinned(request.param), clock=clock, sleep=clock.sleep)


def furnish(portal):
    """A new state, with a task that has ended and one that has not."""
    portal.state = furnished(portal.release)
    portal.state.tasks["known"] = TaskRecord((True, 1), portal.clock())
    portal.state.tasks["running"] = TaskRecord((True, 1), portal.clock() + 60)


def required(parameter):
    """The least that a call can send."""
    return parameter.required


def every(_parameter):
    """The most."""
    return True


def checked(schema):
    """A JSON Schema of ours for jsonschema, which does not know x-nullable."""
    if isinstance(schema, list):
        return [checked(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: checked(value) for key, value in schema.items() if key != "x-nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("x-nullable") is True else plain


def complaints(document, operation, answer):
    """What jsonschema has against a body that the operation answered."""
    if isinstance(operation.result, File):
        return [] if answer.kind == "application/octet-stream" else [answer.kind]
    schema = document["paths"][operation.path][operation.method.lower()]["responses"]["200"].get("schema", {})
    whole = {**checked(schema), "definitions": document["definitions"]}
    return [error.message for error in jsonschema.Draft4Validator(whole).iter_errors(json.loads(answer.body))]


@pytest.mark.parametrize("chosen", [required, every], ids=["required values", "all values"])
def test_a_valid_call_succeeds(portal, normalised, chosen):
    """With what its catalog promises, but for those that a portal refuses whatever is sent."""
    document = normalised(portal.release)
    for operation in portal.api.operations:
        furnish(portal)
        answer = call(portal, operation, arguments(operation, chosen, behaviour_ids(portal.release)))
        expected = refused(portal.release, operation.path)
        assert answer.status == expected, (operation.place, answer.body, portal.crashes)
        if answer.status == 200:
            assert complaints(document, operation, answer) == [], operation.place
        assert [error for error in portal.crashes if not isinstance(error, Crash)] == [], operation.place


def test_a_guest_is_sent_away(portal):
    """401, except where the catalog's overlay says that guests are welcome."""
    for operation in portal.api.operations:
        assert (call(portal, operation, {}, key="").status == 401) is not operation.guest, operation.place


def test_a_missing_parameter_is_named(portal):
    """400 with the portal's text."""
    for operation in portal.api.operations:
        values = {parameter.name: 1 for parameter in operation.parameters if parameter.required}
        values = {**values, **arguments(operation, required)}
        for name in [parameter.name for parameter in operation.parameters if parameter.required]:
            rest = {other: value for other, value in values.items() if other != name}
            answer = call(portal, operation, rest)
            assert (answer.status, json.loads(answer.body)) == (400, f"Param with name:{name} is missing.")


def test_who_has_no_right_is_refused(portal):
    """403 wherever a right or a group is asked for; never where a login is enough."""
    for operation in portal.api.operations:
        if operation.guest:
            continue
        furnish(portal)
        portal.state.users[BOB] = replace(portal.state.users[BOB], authkey="the key of bob")
        answer = call(portal, operation, arguments(operation, required), key="the key of bob")
        restore = operation.path == "/cloudapi/cloudspaces/restore"  # of what nobody but an administrator can see
        assert (answer.status == (404 if restore else 403)) is closed(portal.release, operation), (
            operation.place,
            answer,
        )


def closed(release, operation):
    """Whether more than a login is needed; `users/get` is of oneself only."""
    path = operation.path
    if any(concerns(release, operation, name) for name in ("broker-unchecked", "nodes-unchecked")):
        return path in INNER_CALLS and "broker-calls-as-caller" in behaviour_ids(release)
    if path == "/cloudbroker/user/generateAuthorizationKey":
        return False
    if path.startswith(("/cloudapi/", "/cloudbroker/")):
        return path not in FOR_EVERYBODY
    return path.startswith(GROUPS_OF_THE_PORTAL)


@pytest.mark.parametrize("level", ["level1", "level2", "level3"])
def test_no_level_makes_an_administrator(pinned, clock, level):
    """The cloud broker names these groups, and asks for admin all the same."""
    portal = Simulator(*pinned("2.4.5"), clock=clock)
    for operation in portal.api.operations:
        if operation.path.startswith("/cloudbroker/") and not operation.guest:
            furnish(portal)
            portal.state.users["leveller"] = portal.state.users[BOB].__class__("leveller", groups=(level,))
            key = log_in(portal.state, "leveller", now=clock())
            answer = call(portal, operation, arguments(operation, required), key=key)
            assert (answer.status == 403) is (operation.path not in FOR_EVERYBODY), operation.place


def test_an_unknown_object_is_not_found(portal):
    """404 with the portal's text, to an administrator, for each parameter that names an object."""
    for operation in portal.api.operations:
        for parameter in operation.parameters:
            if skipped(operation, parameter) or finds_nothing(portal.release, operation, parameter):
                continue
            furnish(portal)
            unknown = str(UNKNOWN) if parameter.schema.kind == "string" else UNKNOWN
            values = {**arguments(operation, required, behaviour_ids(portal.release)), parameter.name: unknown}
            answer = call(portal, operation, values)
            text = not_found(portal.release, operation, parameter)
            assert (answer.status, json.loads(answer.body)) == (404, text), (operation.place, parameter.name)


def not_found(release, operation, parameter):
    """Return the text of the 404 for an unknown object; it differs for accounts and machines of cloudbroker."""
    known = behaviour_ids(release)
    if operation.path.startswith("/cloudbroker/account/") and "broker-looks-at-no-object" in known:
        return "Account name not found" if "broker-account-missing" in known else "Account not found"
    if operation.path.startswith("/cloudbroker/computenode/"):
        return f"ComputeNode with id {UNKNOWN} not found"
    if parameter.name == "machineId" and concerns(release, operation, "broker-machine-checks-first"):
        return f"Machine ID {UNKNOWN} was not found"
    return f"Could not find {UNKNOWN} of type {CATEGORIES[parameter.name]}"


def finds_nothing(release, operation, parameter):
    """Whether this release does not mind that the object is unknown: it is to be deleted, or is never looked at."""
    known = behaviour_ids(release)
    if operation.path == "/cloudapi/cloudspaces/create" and parameter.name == "externalnetworkId":
        return "cloudspace-network-id-as-text" in known  # a 400
    if operation.path == "/cloudbroker/image/edit" and parameter.name == "imageId":  # a 400
        return "broker-image-edit-missing" not in known
    if "broker-looks-at-no-object" not in known:
        return False
    if operation.path.startswith("/cloudbroker/image/") and parameter.name == "imageId":
        return bool({"broker-image-delete-unknown", "broker-image-reference-id"} & known)
    if (operation.path, parameter.name) in FOUND_BY_RIGHTS:
        return True
    return operation.path in DELETIONS and "broker-delete-unknown-fine" in known


def concerns(release, operation, name):
    """Return whether a release has a behaviour that concerns the operation."""
    return name in behaviour_ids(release) and BY_ID[name].touches(operation.path)


def skipped(operation, parameter):
    """Parameters that are no object's number, and operations that never look at it."""
    if parameter.name not in CATEGORIES or operation.path in REFUSED:
        return True
    searching = operation.path.startswith(("/system/", "/jumpscale/", "/libcloud/"))
    blind = operation.path.startswith(("/cloudbroker/computenode/", "/cloudbroker/node/", "/cloudbroker/grid/"))
    return (
        searching
        or (blind and parameter.name == "gid")
        or operation.path in WITHOUT_STATE
        or NO_OBJECT.get(operation.path) == parameter.name
    )
