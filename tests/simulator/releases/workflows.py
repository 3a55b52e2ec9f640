"""Define the fifteen workflows of the cloud API as steps, with the differences between releases at each step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.simulator.releases.world import ALICE, BOB, PUBLIC, A, C, D, I, M, P, S, U

NETWORK = "/cloudapi/externalnetwork/list"
LINK = {"link": "https://cloud.example.org/remote.php/webdav/", "username": "u", "passwd": "p", "path": "exports"}
SPACE = {"accountId": 1, "location": "be-demo-1", "name": "new", "access": ALICE}
MACHINE = {"cloudspaceId": 1, "name": "web2", "description": "web", "sizeId": 2, "imageId": 1, "disksize": 10}
FREE = {**MACHINE, "sizeId": "", "memory": 2048, "vcpus": 2}
FORWARD = {"cloudspaceId": 1, "publicIp": PUBLIC, "publicPort": 2200, "localPort": 22, "protocol": "tcp"}
DISK = {"accountId": 1, "gid": 66, "name": "data", "description": "data", "size": 10, "type": "D", "iops": 2000}
WHY = {"reason": "x"}


@dataclass(frozen=True)
class Step:
    """One call of a workflow, with the expected response.

    Attributes:
        values: The arguments. `$name` is the response value of the step of that name, and `$name.0.key` is a part of
            that value; a refused step has the value 0.
        status: The expected status.
        answer: The expected value, its type, or items that the value contains; None accepts any value.
        name: The name by which later steps refer to this step.
        who: The name of the attribute of `World` that sends the call.
        otherwise: The expected status or value by the id of a behaviour that a release has.
    """

    path: str
    values: Mapping = field(default_factory=dict)
    status: int = 200
    answer: object = None
    name: str = ""
    who: str = "alice"
    verb: str = "POST"
    otherwise: Mapping = field(default_factory=dict)


def create(name="machine", otherwise=None, **values):
    """Return a step that creates a machine."""
    return Step(f"{M}/create", {**MACHINE, **values}, answer=int, name=name, otherwise=otherwise or {})


def on(operation, machine="$machine", **more):
    """Return a step that calls an operation on a machine."""
    known = {key: more.pop(key) for key in ("status", "answer", "name", "otherwise") if key in more}
    return Step(f"{M}/{operation}", {"machineId": machine, **more}, **known)


MISSING_RESTORE = {"machine-restore-missing": 404}
WORKFLOWS = {
    "1 login and discovery": (
        Step("/system/usermanager/whoami", answer=dict, otherwise={"whoami-name": str}),
        Step(f"{U}/authenticate", {"username": ALICE, "password": "alice-password"}, answer=str, who="guest"),
        Step(f"{U}/authenticate", {"username": ALICE, "password": "wrong"}, 401, who="guest"),
        Step("/system/docgenerator/prepareCatalog", {"group": "cloudapi", "format": "jsonraw"}, answer=dict),
        Step("/cloudapi/locations/list", answer=list),
        Step(f"{A}/list", answer=list),
        Step(f"{I}/list", {"cloudspaceId": 1, "accountId": 1}, answer=list),
        Step(f"{S}/list", {"cloudspaceId": 1}, answer=list),
        Step(f"{S}/list", {"location": "be-demo-1"}, answer=list, otherwise={"sizes-of-all-cloudspaces": 400}),
        Step(NETWORK, {"accountId": 1}, answer=list),
    ),
    "2 create a cloudspace": (
        Step(f"{C}/create", SPACE, answer=int, name="space"),
        Step(f"{C}/get", {"cloudspaceId": "$space"}, answer={"status": "DEPLOYED"}),
        Step(f"{C}/create", SPACE, 409),
    ),
    "3 machine with SSH access": (
        create(datadisks=[10]),
        Step(f"{M}/create", MACHINE, 409),
        on("get", answer={"status": "RUNNING"}),
        Step(f"{P}/create", {**FORWARD, "machineId": "$machine"}, answer=True),
        Step(f"{P}/create", {**FORWARD, "machineId": "$machine"}, 409),
        Step(f"{P}/list", {"cloudspaceId": 1, "machineId": "$machine"}, answer=list),
    ),
    "4 machine of a free size": (
        Step(f"{M}/create", {**FREE, "datadisks": [20, 50]}, answer=int, otherwise={"machine-size-required": 400}),
        Step(
            f"{M}/create",
            {**FREE, "name": "odd", "memory": 1023},
            400,
            otherwise={"machine-size-required": 400, "machine-odd-memory": 200},
        ),
        Step(f"{M}/create", {**MACHINE, "name": "small", "imageId": 2}, 400),
        Step(f"{M}/create", {**MACHINE, "name": "own data", "userdata": '{"a": 1}'}, answer=int),
    ),
    "5 power cycle": (
        on("stop", 1, answer=True),
        on("get", 1, answer={"status": "HALTED"}),
        on("start", 1, answer=True),
        on("reboot", 1, answer=True, otherwise={"reboot-answers-null": "null"}),
        on("reset", 1),
        on("pause", 1, answer=True),
        on("resume", 1, answer=True),
        on("getConsoleUrl", 1, answer=str),
        on("getHistory", 1, size=10, answer=list),
        on("stop", 1),
        on("pause", 1, status=503, otherwise={"power-writes-status-first": 500}),
    ),
    "6 snapshot and rollback": (
        Step(
            f"{M}/snapshot",
            {"machineId": 1, "name": "before"},
            answer=dict,
            otherwise={"snapshot-answers-epoch": int},
        ),
        Step(f"{M}/snapshot", {"machineId": 1, "name": "before"}, 400, otherwise={"snapshot-same-name": 200}),
        Step(
            f"{M}/snapshot",
            {"machineId": 1, "name": "before", "force": "true"},
            answer=dict,
            otherwise={"snapshot-answers-epoch": int, "snapshot-without-force": 400},
        ),
        Step(f"{M}/listSnapshots", {"machineId": 1}, answer=list, name="snapshots"),
        Step(f"{M}/rollbackSnapshot", {"machineId": 1, "epoch": "$snapshots.0.epoch"}, 409),
        on("stop", 1),
        Step(f"{M}/rollbackSnapshot", {"machineId": 1, "epoch": "$snapshots.0.epoch"}, answer=True),
        Step(
            f"{M}/rollbackSnapshot",
            {"machineId": 1, "name": "none"},
            400,
        ),
        on("start", 1),
        Step(f"{M}/deleteSnapshot", {"machineId": 1, "epoch": "$snapshots.0.epoch"}, answer=True),
    ),
    "7 resize": (
        Step(f"{M}/resize", {"machineId": 1, "sizeId": 3}, answer=True, otherwise={"machine-resize-halted-only": 409}),
        Step(f"{M}/resize", {"machineId": 1, "sizeId": 1}, 400, otherwise={"machine-resize-halted-only": 409}),
        on("stop", 1),
        Step(f"{M}/resize", {"machineId": 1, "sizeId": 1}, answer=True),
        Step(
            f"{M}/resize",
            {"machineId": 1, "memory": 4096, "vcpus": 2},
            answer=True,
            otherwise={"machine-size-required": 400},
        ),
        on("start", 1),
    ),
    "8 data disk": (
        Step(f"{D}/create", DISK, answer=int, name="disk"),
        Step(
            f"{D}/get",
            {"diskId": "$disk"},
            answer={"status": "CREATED"},
            otherwise={"disk-status-empty": {"status": ""}},
        ),
        Step(f"{M}/attachDisk", {"machineId": 1, "diskId": "$disk"}, answer=True),
        Step(f"{D}/limitIO", {"diskId": "$disk", "iops": 1000}, answer=True),
        Step(f"{D}/limitIO", {"diskId": "$disk", "iops": 10}, 400, otherwise={"disk-limit-without-minimum": 200}),
        Step(f"{D}/resize", {"diskId": "$disk", "size": 11}, answer=True, otherwise={"disk-resize-missing": 404}),
        Step(f"{D}/delete", {"diskId": "$disk", "detach": "false"}, 409),
        Step(f"{M}/detachDisk", {"machineId": 1, "diskId": "$disk"}, answer=True),
        Step(f"{D}/delete", {"diskId": "$disk", "detach": "false"}, answer=True, who="root"),
        Step(f"{D}/restore", {"diskId": "$disk", **WHY}, who="root", otherwise={"disk-restores-missing": 404}),
        Step(
            f"{D}/delete",
            {"diskId": "$disk", "detach": "false", "permanently": "true"},
            who="root",
            otherwise={"disk-delete-destroys": 404},
        ),
        Step(
            f"{M}/addDisk",
            {"machineId": 1, "diskName": "more", "description": "more", "size": 10, "type": "D"},
            answer=int,
        ),
    ),
    "9 golden machine and clones": (
        Step(f"{M}/clone", {"machineId": 1, "name": "copy"}, 409),
        on("stop", 1),
        Step(f"{M}/snapshot", {"machineId": 1, "name": "golden"}),
        Step(f"{M}/clone", {"machineId": 1, "name": "copy", "cloudspaceId": 1}, answer=int, name="clone"),
        on("get", "$clone", answer={"status": "RUNNING"}),
        on("stop", "$clone"),
        Step(f"{M}/clone", {"machineId": "$clone", "name": "copy of a copy"}, 405),
        on("delete", 1, status=409),
    ),
    "10 template": (
        Step(
            f"{M}/createTemplate",
            {"machineId": 1, "templateName": "gold", "templatename": "gold"},
            409,
            otherwise={"template-answers-image": 200, "template-disabled": 404},
        ),
        on("stop", 1),
        Step(
            f"{M}/createTemplate",
            {"machineId": 1, "templateName": "gold", "templatename": "gold"},
            answer=True,
            otherwise={"template-answers-image": int, "template-disabled": 404},
        ),
        Step(f"{A}/listTemplates", {"accountId": 1}, answer=list, name="templates"),
        Step(
            f"{M}/create",
            {**MACHINE, "imageId": "$templates.0.id"},
            answer=int,
            name="machine",
            otherwise={"template-disabled": 404},
        ),
        Step(
            f"{I}/delete",
            {"imageId": "$templates.0.id"},
            answer=True,
            otherwise={"template-disabled": 404, "image-delete-refused-in-use": 409},
        ),
        Step(f"{I}/restore", {"imageId": "$templates.0.id", **WHY}, otherwise={"disk-restores-missing": 404}),
        Step(
            f"{I}/delete",
            {"imageId": "$templates.0.id", "permanently": "true"},
            409,
            otherwise={"template-disabled": 404},
        ),
    ),
    "11 export and import": (
        Step(f"{M}/exportOVF", {"machineId": 1, **LINK}, answer=True),
        Step(
            f"{M}/exportOVF",
            {"machineId": 1, **LINK, "link": "http://here:80"},
            400,
            otherwise={"ovf-links-unchecked": 200},
        ),
        Step(f"{M}/importOVF", {"cloudspaceId": 1, "name": "imported", "sizeId": 2, **LINK}),
        Step(f"{M}/list", {"cloudspaceId": 1}, answer=list),
    ),
    "12 external network": (
        Step(NETWORK, {"accountId": 1}, answer=list),
        on("attachExternalNetwork", 1, answer=True),
        on("get", 1, answer=dict),
        on("listExternalNetworks", 1, answer=[1], otherwise={"one-external-network": 404}),
        on("detachExternalNetwork", 1, answer=True),
    ),
    "13 port forwards and router": (
        Step(f"{P}/create", {**FORWARD, "machineId": 1}),
        Step(f"{P}/create", {**FORWARD, "machineId": 1, "protocol": "udp"}, otherwise={"forward-port-once": 503}),
        Step(f"{P}/update", {**FORWARD, "machineId": 1, "id": 0, "localPort": 80}, answer=list),
        Step(
            f"{P}/updateByPort",
            {
                **FORWARD,
                "machineId": 1,
                "sourcePublicIp": PUBLIC,
                "sourcePublicPort": 2200,
                "sourceProtocol": "tcp",
                "publicPort": 2201,
            },
            answer=True,
            otherwise={"forward-update-by-port-missing": 404},
        ),
        Step(f"{P}/delete", {"cloudspaceId": 1, "id": 0}, answer=list),
        Step(f"{P}/delete", {"cloudspaceId": 1, "id": 9}, 404),
        Step(f"{C}/getDefenseShield", {"cloudspaceId": 1}, answer=dict),
        Step(f"{C}/getOpenvpnConfig", {"cloudspaceId": 1}, verb="GET"),
        Step(
            f"{C}/executeRouterOSScript",
            {"cloudspaceId": 1, "script": "/ip"},
            answer=True,
            otherwise={"cloudspace-operations-missing": 404},
        ),
    ),
    "14 sharing and quotas": (
        Step(f"{C}/addUser", {"cloudspaceId": 1, "userId": BOB, "accesstype": "R"}, answer=True),
        Step(f"{C}/addUser", {"cloudspaceId": 1, "userId": BOB, "accesstype": "R"}, 400),
        Step(f"{C}/addUser", {"cloudspaceId": 1, "userId": "nobody", "accesstype": "R"}, 404),
        Step(f"{C}/updateUser", {"cloudspaceId": 1, "userId": BOB, "accesstype": "RCX"}, answer=True),
        Step(f"{C}/deleteUser", {"cloudspaceId": 1, "userId": BOB}, answer=True),
        Step(f"{U}/getMatchingUsernames", {"usernameregex": "bob", "limit": 5}, answer=list),
        Step(f"{U}/get", {"username": ALICE}, answer=dict),
        Step(f"{U}/setData", {"data": '{"k": "v"}'}, otherwise={"set-data-text-crashes": 500}),
        Step(f"{C}/update", {"cloudspaceId": 1, "name": "renamed", "maxMemoryCapacity": 10}, answer=True),
        Step(
            f"{C}/addAllowedSize",
            {"cloudspaceId": 1, "sizeId": 2},
            answer=True,
            otherwise={"cloudspace-operations-missing": 404},
        ),
        Step(f"{A}/update", {"accountId": 1, "maxCPUCapacity": 9}, answer=True),
        Step(f"{A}/getConsumedCloudUnits", {"accountId": 1}, answer=dict),
        Step(f"{A}/getConsumption", {"accountId": 1, "start": 0, "end": 9}, verb="GET"),
    ),
    "15 recycle bin and tear-down": (
        on("delete", 1, answer=True),
        on("get", 1, status=404),
        Step(f"{M}/restore", {"machineId": 1, **WHY}, answer=True, otherwise=MISSING_RESTORE),
        Step(
            f"{M}/delete",
            {"machineId": 1, "permanently": "true"},
            answer=True,
            otherwise={"machine-delete-destroys": 404},
        ),
        Step(
            f"{C}/delete",
            {"cloudspaceId": 1},
            answer=True,
            otherwise={"machine-delete-destroys": True, "cloudspace-delete-blocked-by-bin": 409},
        ),
        Step(
            f"{C}/get",
            {"cloudspaceId": 1},
            404,
            otherwise={"machine-delete-destroys": 404, "cloudspace-delete-blocked-by-bin": 200},
        ),
        Step(f"{C}/list", {"_async": "1"}, answer=str, name="task", otherwise={"no-background-calls": list}),
        Step("/system/task/get", {"taskguid": "$task"}, answer=list, otherwise={"no-background-calls": 404}),
    ),
}
