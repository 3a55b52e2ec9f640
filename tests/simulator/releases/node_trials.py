"""Trials of nodes, grids, libcloud and the system actors."""

from tests.simulator.releases.world import trial

N, V = "/cloudbroker/computenode", "/libcloud/libvirt"
NODE = {"id": 1, "gid": 66, "message": "x"}


@trial("computenode-operations", has=["ENABLED", True, 404, 400], later=[404] * 4)
def compute_nodes(w):
    replies = [
        w.root.post(f"{N}/enable", **NODE),
        w.root.post(f"{N}/maintenance", **NODE, vmaction="move"),
        w.root.post(f"{N}/enable", **{**NODE, "id": 9}),
        w.root.post(f"{N}/maintenance", **NODE, vmaction="burn"),
    ]
    return [reply.value if reply.status == 200 else reply.status for reply in replies]


@trial("computenode-status", has=(200, 500, 412), later=(404, 404, 404))
def set_status(w):
    wanted = ("ENABLED", "DECOMMISSIONED", "ENABLED")
    return tuple(w.root.post(f"{N}/setStatus", **NODE, status=status).status for status in wanted)


@trial("computenode-maintenance-unwritten", has=(500, "ENABLED"), later=(500, "MAINTENANCE"))
def set_maintenance(w):
    status = w.root.post(f"{N}/setStatus", **NODE, status="MAINTENANCE").status
    return status, w.state.nodes.find(1).status


@trial("computenode-rebalance", has=200, later=404)
def rebalance(w):
    given = {"name": "n", "gid": 66, "mountpoint": "/", "uuid": "u"}
    return w.root.post(f"{N}/btrfs.rebalance", **given).status


@trial("node-active", has=(True, None), later=(None, "ENABLED"))
def state_of_a_node(w):
    record = w.root.get("/system/gridmanager/getNodes", id=1).value[0]
    return record.get("active"), record.get("status")


@trial("activate-nodes-crashes", has=500, later=200)
def activate(w):
    return w.root.post("/cloudbroker/ovsnode/activateNodes", nids=[1]).status


@trial("node-operations-missing", has=404, later=200)
def maintenance(w):
    return w.root.post("/cloudbroker/node/maintenance", nid=1, vmaction="stop").status


@trial("upgrade-script-of-current", has=200, later=500)
def upgrade_script(w):
    return w.root.post("/cloudbroker/grid/runUpgradeScript").status


@trial("libvirt-registry", has=True, later=False)
def registry(w):
    return w.root.post(f"{V}/listNodes").status == 200


@trial("network-ids-as-stack", has=1001, later=1002)
def network_ids(w):
    first = w.root.value(f"{V}/getFreeNetworkId", gid=66)
    w.root.value(f"{V}/releaseNetworkId", gid=66, networkid=first)
    return w.root.value(f"{V}/getFreeNetworkId", gid=66)


@trial("netmgr-public", has=200, later=404)
def netmgr(w):
    return w.guest.post("/jumpscale/netmgr/fw.list", gid=66, domain="1").status


@trial("jumpscript-unchecked", has=200, later=400)
def jumpscript(w):
    given = {"organization": "o", "name": "n", "gid": 66, "nid": 99}
    return w.root.post("/system/agentcontroller/executeJumpscript", **given).status


@trial("mail-errors-200", has=(200, True), later=(400, False))
def mail(w):
    given = {"sender_name": "a", "sender_email": "no address", "receiver_email": "b@example.org", "subject": "s"}
    reply = w.guest.post("/system/emailsender/send", **given, body="b", smtp_key="k")
    return reply.status, reply.text.strip('"').startswith("Error:")


@trial("nodes-active-filter", has=0, later=2)
def active_nodes(w):
    return len(w.root.get("/system/gridmanager/getNodes", active="true").value)
