"""Trials of the portal's core, of rights and of logins."""

from dataclasses import replace

from ovcgen.simulator.json_web_tokens import shared_key, sign
from tests.simulator.conftest import Visitor
from tests.simulator.releases.world import ALICE, BC, BM, BOB, WHY, A, C, D, M, U, trial

W = "/system/usermanager"


@trial("python-repr-without-accept", has=("text/plain", "True"), later=("application/json", "true"))
def answer_without_accept(w):
    reply = w.alice.send("POST", f"{M}/stop", query="machineId=1", headers={})
    return reply.kind, reply.text


@trial("unknown-authkey-html", has=(419, "", True), later=(419, "application/json", False))
def unknown_key(w):
    reply = Visitor(w.simulator, "nobody's key").post(f"{A}/list")
    return reply.status, reply.kind, "<html>" in reply.text


@trial("expired-jwt-accepted", has=200, later=401)
def expired_token(w):
    key = shared_key("a secret of thirty-two characters or more")
    auth_secrets = w.simulator.auth_secrets
    w.simulator.auth_secrets = replace(auth_secrets, provider=key.public)
    token = sign({"username": "alice", "iss": "itsyouonline", "exp": w.clock.now - 1}, key)
    headers = {"accept": "application/json", "authorization": f"bearer {token}"}
    status = w.guest.send("POST", f"{A}/list", headers=headers).status
    w.simulator.auth_secrets = auth_secrets
    return status


@trial("crash-without-error-number", has=(500, False), later=(500, True))
def crash(w):
    w.set_status("machines", 1, "DESTROYED")
    reply = w.alice.post(f"{M}/stop", machineId=1)
    return reply.status, "eco-66-" in reply.text


@trial("no-202-and-501", has=409, later=200)
def resize_while_running(w):
    return w.alice.post(f"{M}/resize", machineId=1, sizeId=3).status


@trial("container-for-number-crashes", has=500, later=400)
def list_for_a_number(w):
    return w.alice.json(f"{M}/get", {"machineId": [1]}).status


@trial("authkey-header-ignored", has=401, later=200)
def secret_in_header(w):
    headers = {"accept": "application/json", "authorization": f"authkey {w.simulator.auth_secrets.portal}"}
    return w.guest.send("POST", f"{A}/list", headers=headers).status


@trial("no-background-calls", has=(list, 404), later=(str, 202))
def background_call(w):
    answer = w.alice.value(f"{A}/list", _async="1")
    guid = w.alice.value(f"{M}/stop", machineId=1, _async="1")
    return type(answer), w.alice.post("/system/task/get", taskguid=guid).status


@trial("audit-after-call", has=[], later=["User alice@itsyouonline called machines/stop"])
def history_of_a_running_call(w):
    w.alice.value(f"{M}/stop", machineId=1, _async="1")
    return [entry["message"] for entry in w.alice.value(f"{M}/getHistory", machineId=1, size=9)]


@trial("calls-during-upgrade", has=200, later=503)
def call_during_upgrade(w):
    w.set_status("versions", 1, "INSTALLING")
    return w.alice.post(f"{A}/list").status


@trial("broker-needs-level", has=(403, 200, 200), later=(200, 403, 403))
def broker_groups(w):
    people = [w.visitor("one", "admin"), w.visitor("two", "level1"), w.visitor("three", "level3")]
    return tuple(who.post(f"{BC}/applyConfig", cloudspaceId=1).status for who in people)


@trial("nodes-need-level2", has=(403, 200), later=(403, 403))
def node_groups(w):
    people = [w.visitor("one", "level1"), w.visitor("two", "level2")]
    call = {"gid": 66, "nodestype": "node", "script": "x"}
    return tuple(who.post("/cloudbroker/grid/executeMaintenanceScript", **call).status for who in people)


def network(**values):
    """Return the parameters of a new external network."""
    first = {"name": "n", "subnet": "192.0.2.0/24", "gateway": "192.0.2.1"}
    return {**first, "startip": "192.0.2.9", "endip": "192.0.2.9", "gid": 66, **values}


@trial("broker-looks-at-no-object", has=200, later=404)
def network_for_an_unknown_account(w):
    return w.root.post("/cloudbroker/iaas/addExternalNetwork", **network(accountId=99)).status


@trial("broker-unchecked", has=200, later=403)
def network_by_a_user(w):
    return w.bob.post("/cloudbroker/iaas/addExternalNetwork", **network()).status


@trial("nodes-unchecked", has=True, later=False)
def activation_by_a_user(w):
    return w.bob.json("/cloudbroker/ovsnode/activateNodes", {"nids": []}).status != 403


@trial("broker-calls-as-caller", has=(403, 401), later=(403, 200), earlier=(200, 200))
def broker_call_by_a_level(w):
    level = Visitor(w.simulator, "level-key")
    w.visitor("level", "level1")
    w.state.users["level"] = w.state.users["level"].__class__("level", groups=("level1",), authkey="level-key")
    return level.post(f"{BM}/stop", machineId=1, **WHY).status, w.admin.post(f"{BM}/stop", machineId=1, **WHY).status


@trial("broker-calls-as-admin", has=200, later=403)
def broker_call_by_a_level_as_admin(w):
    return broker_call_by_a_level(w)[0]


@trial("broker-checks-like-cloudapi", has=400, later=200)
def bad_name_for_broker(w):
    return w.root.post(f"{BC}/update", cloudspaceId=1, name="<new>").status


@trial("login-needs-account", has=(200, 401), later=(200, 200))
def login_with_and_without_account(w):
    return w.login(ALICE, "alice-password").status, w.login(BOB, "bob-password").status


@trial("login-failure-bare", has=(401, "", "Unauthorized"), later=(401, "application/json", None))
def failed_login(w):
    reply = w.login(ALICE, "wrong")
    return reply.status, reply.kind, None if reply.kind else reply.text


@trial("whoami-name", has=ALICE, later={"name": ALICE, "admin": False})
def whoami(w):
    return w.alice.value(f"{W}/whoami")


@trial("user-delete-keeps-sessions", has=True, later=False)
def session_of_a_deleted_user(w):
    w.root.value("/cloudbroker/user/delete", username=BOB)
    return w.bob.post(f"{A}/list").status == 200


@trial("user-delete-underscore-crashes", has=500, later=200)
def delete_user_with_underscore(w):
    w.visitor("under_score", "user")
    return w.root.post("/cloudbroker/user/delete", username="under_score").status


@trial("user-create-needs-password", has=400, later=200)
def create_user_without_password(w):
    return w.root.post("/cloudbroker/user/create", username="erin", emailaddress="e@example.org").status


@trial("status-check-without-bin", has=404, later=403)
def write_to_a_destroyed_cloudspace(w):
    w.set_status("cloudspaces", 1, "DESTROYED")
    return w.alice.post(f"{C}/update", cloudspaceId=1, name="new").status


@trial("disk-without-account-missing", has=404, later=403)
def disc_without_account(w):
    return w.alice.post(f"{D}/get", diskId=w.store_disk("C", account_id=0)).status


@trial("set-data-text-crashes", has=(500, 500), later=(200, 400))
def set_data_as_text(w):
    return tuple(w.alice.post(f"{U}/setData", data=text).status for text in ('{"a": 1}', "no json"))


@trial("password-operations", has=200, later=404)
def change_password(w):
    new = {"oldPassword": "alice-password", "newPassword": "another-one"}
    return w.alice.post(f"{U}/updatePassword", **new).status


@trial("broker-authorization-key", has=(401, 401), later=(404, 404))
def authorization_key(w):
    return tuple(
        who.post("/cloudbroker/user/generateAuthorizationKey", username=BOB).status for who in (w.bob, w.admin)
    )
