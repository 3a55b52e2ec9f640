"""Trials of accounts, access lists and consumption."""

from tests.simulator.releases.world import ADMIN, BA, BC, BOB, WHY, A, C, M, trial

OLD = {"accountId": 1}


@trial("account-create-crashes", has=500, later=404)
def create_account(w):
    limits = dict.fromkeys(("maxMemoryCapacity", "maxVDiskCapacity", "maxCPUCapacity"), -1)
    more = {"maxNetworkPeerTransfer": -1, "maxNumPublicIP": -1, "access": BOB}
    return w.bob.post(f"{A}/create", name="new", **limits, **more).status


@trial("account-delete-crashes", has=(403, 500), later=(404, 404))
def delete_account_in_cloudapi(w):
    return tuple(who.post(f"{A}/delete", accountId=1).status for who in (w.bob, w.alice))


@trial("acl-without-explicit", has=False, later=True)
def explicit_in_acl(w):
    return "explicit" in w.alice.value(f"{A}/get", accountId=1)["acl"][0]


@trial("acl-not-upwards", has=([1], []), later=([1, 1, 1], []))
def add_user_to_machine(w):
    holders = (w.state.machines, w.state.cloudspaces, w.state.accounts)

    def counted():
        return [1 for holder in holders if any(ace.user == BOB for ace in holder.find(1).acl)]

    w.alice.value(f"{M}/addUser", machineId=1, userId=BOB, accesstype="R")
    added = counted()
    w.alice.value(f"{M}/deleteUser", machineId=1, userId=BOB)
    return added, counted()


@trial("account-without-access-emails", has=False, later=True)
def access_emails(w):
    return "sendAccessEmails" in w.alice.value(f"{A}/get", accountId=1)


@trial("acl-update-adds", has=(200, ["R", "RCX"]), later=(404, ["R"]))
def update_inherited_user(w):
    w.alice.value(f"{A}/addUser", accountId=1, userId=BOB, accesstype="R")
    status = w.alice.post(f"{C}/updateUser", cloudspaceId=1, userId=BOB, accesstype="RCX").status
    holders = (w.state.accounts, w.state.cloudspaces)
    return status, [ace.right for holder in holders for ace in holder.find(1).acl if ace.user == BOB]


@trial("acl-update-in-place", has=[BOB, ADMIN], later=[ADMIN, BOB])
def order_after_update(w):
    for name in (BOB, ADMIN):
        w.alice.value(f"{M}/addUser", machineId=1, userId=name, accesstype="R")
    w.alice.value(f"{M}/updateUser", machineId=1, userId=BOB, accesstype="RCX")
    return [ace.user for ace in w.state.machines.find(1).acl]


@trial("acl-update-removes-equal", has=(False, 0), later=(False, 1))
def update_to_inherited(w):
    w.alice.value(f"{A}/addUser", accountId=1, userId=BOB, accesstype="R")
    w.alice.value(f"{M}/addUser", machineId=1, userId=BOB, accesstype="RCX")
    answer = w.alice.value(f"{M}/updateUser", machineId=1, userId=BOB, accesstype="R")
    return answer, len([ace for ace in w.state.machines.find(1).acl if ace.user == BOB])


@trial("account-update-destroyed-refused", has=400, later=200)
def update_destroyed_account(w):
    w.set_status("accounts", 1, "DESTROYED")
    return w.root.post(f"{A}/update", accountId=1, name="new").status


@trial("consumption-crashes-without-size", has=500, later=200, earlier=200)
def consumption_without_size(w):
    w.change("machines", 1, size_id=0 if w.release >= "2.4.0" else 2)
    return w.alice.post(f"{A}/getConsumedCloudUnits", accountId=1).status


@trial("consumption-by-size", has=1.0, later=1.0)
def consumption_of_memory(w):
    return w.alice.value(f"{A}/getConsumedCloudUnits", accountId=1)["CU_M"]


@trial("consumption-counts-all-but-destroyed", has=0, later=0)
def cores_of_deleted_machines(w):
    w.alice.value(f"{M}/delete", machineId=1)
    return w.later().alice.value(f"{A}/getConsumedCloudUnits", accountId=1)["CU_C"]


@trial("consumption-memory-of-bin", has=(1.0, 0), later=(0, 0))
def memory_of_the_bin(w):
    w.alice.value(f"{M}/delete", machineId=1)
    units = w.later().alice.value(f"{A}/getConsumedCloudUnits", accountId=1)
    return units["CU_M"], units["CU_C"]


@trial("consumption-disks-of-bin", has=10, later=0)
def disks_of_the_bin(w):
    w.alice.value(f"{M}/delete", machineId=1)
    return w.later().alice.value(f"{A}/getConsumedCloudUnits", accountId=1)["CU_D"]


def statuses(w, number):
    """Return the responses to disabling, enabling and deleting an account."""
    return [w.root.post(f"{BA}/{name}", accountId=number, **WHY) for name in ("disable", "enable", "delete")]


@trial("broker-account-missing", has=["Account name not found"] * 3, later=["Account not found"] * 2 + [None])
def unknown_account(w):
    return [reply.value for reply in statuses(w, 99)]


@trial(
    "broker-account-destroyed-refused",
    has=[(400, "Specified account is destroyed")] * 2,
    later=[(400, "Account 1 is DESTROYED")] * 2,
    earlier=[(404, "Account name not found")] * 2,
)
def destroyed_account(w):
    w.set_status("accounts", 1, "DESTROYED")
    return [(reply.status, reply.value) for reply in statuses(w, 1)[:2]]


@trial("broker-delete-unknown-fine", has=[(200, None)] * 2, later=[(404, 0)] * 2)
def delete_unknown(w):
    replies = [
        w.root.post(f"{BA}/delete", accountId=99, **WHY),
        w.root.post(f"{BC}/destroy", cloudspaceId=99, **OLD, **WHY),
    ]
    return [(reply.status, reply.value if reply.status == 200 else 0) for reply in replies]


@trial("broker-delete-destroyed-missing", has=404, later=200)
def delete_destroyed_account(w):
    w.set_status("accounts", 1, "DESTROYED")
    return w.root.post(f"{BA}/delete", accountId=1, **WHY).status


@trial("accounts-delete-stops", has=(404, "CONFIRMED"), later=(200, "DESTROYED"))
def delete_many_accounts(w):
    other = w.store_account()
    status = w.root.post(f"{BA}/deleteAccounts", accountIds=[99, other], **WHY).status
    return status, w.later().status("accounts", other)
